"""Table 1 recomputed: which experiment the policy reports, and the numbers of each study."""

import math
import re
from collections.abc import Callable, Iterator
from statistics import fmean
from typing import Any

from reviewapp.bundles.verifying.answers import Answer, Line, Study
from reviewapp.bundles.verifying.gains import Experiment, Form, folded, words_of
from reviewapp.bundles.verifying.held import Difference, Held

AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?\s*%?")
WHOLE = re.compile(r"\b(?:full|all|whole|complete)\b", re.IGNORECASE)
WORD = re.compile(r"[a-z0-9]{4,}")
COMMON = frozenset(
    re.findall(
        r"\w+",
        "classification detection diagnosis recognition prediction disease versus with from "
        "binary label class image finding control normal task",
    )
)
ALL = 100  # percent
Chosen = tuple[str, str]


def choices_of(held: Held, form: Form, experiments: list[Experiment]) -> dict[int, Chosen]:
    """The experiments that stand for each study: at the most labels and at the fewest."""
    by_study: dict[int, list[Experiment]] = {}
    for one in experiments:
        by_study.setdefault(one.study.number, []).append(one)
    by_hand = _by_hand(held)
    found = {}
    for number, own in by_study.items():
        ruled = _ruled([one for one in own if not one.is_refused], form)
        usable = {one.line.key for one in own if not one.is_refused}
        hand = tuple(_now(key, {one.line.key for one in own}, held) for key in by_hand[number]) \
            if number in by_hand else ()  # fmt: skip
        stands = bool(hand) and all(key in usable for key in hand if key)
        found[number] = (hand[0], hand[1]) if stands else ruled
    return found


def _by_hand(held: Held) -> dict[int, Chosen]:
    return {
        int(row["study"]): (row["full_row"], row["subset_row"])
        for row in held.table("reported_choices")
        if not row["ended_at"]
    }


def _now(key: str, known: set[str], held: Held) -> str:
    """An extractor's row goes on to mean the reconciled row that was made of it."""
    if key in known or not key:
        return key
    for row in held.table("consensus_rows"):
        if key in {f"e{row['row_a']}", f"e{row['row_b']}"}:
            return f"c{row['id']}"
    return key


def _ruled(rows: list[Experiment], form: Form) -> Chosen:
    """Evaluation, metric, model, task, comparator, amount of labels: in this order."""
    if not rows:
        return "", ""
    spec = form["comparison"]
    policy = spec.get("policy", {})

    def text(key: str) -> Callable[[Experiment], str]:
        return lambda one: words_of(one.line.answers.get(spec.get(key, ""))) or "not stated"

    rows = _preferred(rows, text("evaluation_field"), policy.get("evaluation_preference", ()))
    rows = _preferred(rows, lambda one: one.metric, policy.get("metric_priority", ()))
    rows = _one_model(rows, spec, policy)
    rows = _one_task(rows, spec, policy)
    preference = policy.get("comparator_preference", ())
    rows = _preferred(rows, lambda one: one.comparator_class, preference)
    return _by_labels(rows, spec, policy)


def _preferred(
    rows: list[Experiment], value: Callable[[Experiment], str], preference: Any
) -> list[Experiment]:
    found = list(dict.fromkeys(map(value, rows)))
    chosen = next((one for one in preference if one in found), found[0])
    return [one for one in rows if value(one) == chosen]


def _joined(line: Line, keys: Any) -> str:
    texts = (words_of(line.answers.get(key)) for key in keys)
    return " / ".join(text for text in texts if text)


def _one_model(rows: list[Experiment], spec: Any, policy: Any) -> list[Experiment]:
    def model(one: Experiment) -> str:
        return _joined(one.line, spec.get("model_fields", ()))

    scores: dict[str, dict[tuple[str, str], float]] = {}
    for one in rows:
        fraction = words_of(one.line.answers.get(spec.get("fraction_field", "")))
        place = (_joined(one.line, spec.get("task_fields", ())), fraction)
        scores.setdefault(model(one), {}).setdefault(place, one.signed[0])
    is_average = policy.get("model_choice", "best_average") == "best_average"
    best = max(scores, key=lambda name: (fmean if is_average else max)(scores[name].values()))
    return [one for one in rows if model(one) == best]


def _one_task(rows: list[Experiment], spec: Any, policy: Any) -> list[Experiment]:
    keys = spec.get("task_fields", ())
    if policy.get("task_choice", "title_then_highest") == "title_then_highest":
        hits = [
            len(_words(_joined(one.line, keys[:1])) & _words(one.study.row["title"]))
            for one in rows
        ]
        rows = [one for one, hit in zip(rows, hits, strict=True) if hit == max(hits)]
    best = _joined(_best(rows).line, keys)
    return [one for one in rows if _joined(one.line, keys) == best]


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in WORD.findall(text.casefold())} - COMMON


def _best(rows: list[Experiment]) -> Experiment:
    return max(rows, key=lambda one: (*one.signed, -one.line.position))


def _by_labels(rows: list[Experiment], spec: Any, policy: Any) -> Chosen:
    kinds: dict[str, dict[float, list[Experiment]]] = {}
    for one in rows:
        kind, number = _amount(words_of(one.line.answers.get(spec.get("fraction_field", ""))))
        kinds.setdefault(kind, {}).setdefault(number, []).append(one)
    kinds.pop("unknown", None)
    if "share" in kinds:
        kinds.pop("count", None)
    ranked = {number: own for one in kinds.values() for number, own in one.items()}
    if not ranked:
        return _best(rows).line.key, ""
    high, low = max(ranked), min(ranked)
    is_one = high == low or policy.get("fraction_choice") == "highest"
    return _best(ranked[high]).line.key, "" if is_one else _best(ranked[low]).line.key


def _amount(text: str) -> tuple[str, float]:
    found = [one.rstrip() for one in AMOUNT.findall(text)]
    if not found:
        return ("all", math.inf) if WHOLE.search(text) else ("unknown", 0.0)
    if len(found) > 1:
        return "unknown", 0.0
    number = float(found[0].rstrip("% ").replace(",", ""))
    if not found[0].endswith("%"):
        return "count", number
    if number > ALL:
        return "unknown", 0.0
    return ("all", math.inf) if number == ALL else ("share", number / ALL)


def differing_table1(
    held: Held, form: Form, studies: list[Study], experiments: list[Experiment]
) -> Iterator[Difference]:
    """Rows of Table 1 that differ from what the raw values and the policy give."""
    exported = {int(row["study"]): row for row in held.rows("results/table1.csv")}
    chosen = choices_of(held, form, experiments)
    by_key = {one.line.key: one for one in experiments}
    for study in studies:
        told = exported.pop(study.number, None)
        if told is None:
            yield Difference("Table 1", f"study {study.number}", "no row", "a row")
            continue
        full, subset = chosen.get(study.number, ("", ""))
        found = {"experiment": full, "subset_experiment": subset}
        found |= _numbers(form, by_key.get(full), by_key.get(subset)) | _facts(form, study)
        for name, value in found.items():
            if name in told and told[name] != value:
                where = f"{name} of study {study.number}"
                yield Difference("Table 1", where, told[name], value)
    for number in sorted(exported):
        yield Difference("Table 1", f"study {number}", "a row", "no such study")


def _numbers(form: Form, full: Experiment | None, subset: Experiment | None) -> dict[str, str]:
    spec = form.get("comparison")
    if not spec:
        return {}
    found = {
        side: words_of(full.line.answers.get(side)) if full else ""
        for side in (spec["arm"]["field"], spec["comparator"]["field"])
    }
    return found | {
        "difference": _text(full.absolute if full else None),
        "relative_difference_full": _text(full.relative if full else None),
        "relative_difference_subset": _text(subset.relative if subset else None),
    }


def _facts(form: Form, study: Study) -> dict[str, str]:
    """What the study itself answers, in the words of the form."""
    own = {"first_author": study.row["first_author"], "year": study.row["year"]}
    found = {**own, "title": study.row["title"]}
    for group in form["groups"]:
        for field in () if group.get("repeating") else group["fields"]:
            if field["key"] not in found:
                found[field["key"]] = _worded(study.answers.get(field["key"]), field)
    return found if form.get("comparison") else _rows(form, study) | found


def _rows(form: Form, study: Study) -> dict[str, str]:
    """What the rows of each part say, where the form compares nothing."""
    found = {}
    for group in form["groups"]:
        for field in group["fields"] if group.get("repeating") else ():
            lines = sorted(
                (one for one in study.lines if one.group == group["key"]),
                key=lambda one: one.position,
            )
            texts = (_worded(one.answers.get(field["key"]), field) for one in lines)
            told = "; ".join(dict.fromkeys(filter(None, texts)))
            found[f"{group['key']}_{field['key']}"] = told
    return found


def _worded(answer: Answer | None, field: Any) -> str:
    if answer is None or not field.get("terms") or isinstance(answer.value, bool):
        return _plain(answer.value) if answer else ""
    parts = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    return "; ".join(_term(part, field["terms"]) for part in parts)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else "; ".join(value)


def _term(word: str, terms: Any) -> str:
    for term in terms:
        names = (term["key"], term.get("label", ""), *term.get("aliases", ()))
        if folded(word) in map(folded, names):
            return str(term.get("label") or term["key"])
    return word


def _text(value: float | None) -> str:
    if value is None:
        return ""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
