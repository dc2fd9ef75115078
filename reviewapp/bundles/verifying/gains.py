"""Gains recomputed from the raw values: both brought to one scale, the difference, the refusal."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from reviewapp.bundles.verifying.agreement import same
from reviewapp.bundles.verifying.answers import Answer, Line, Study
from reviewapp.bundles.verifying.held import Difference, Held

RANGE = re.compile(r"^\s*[-+]?[\d.,]+\s*(?:-|–|—|to|\.\.)\s*[\d.,]+\s*%?\s*$", re.IGNORECASE)
WEAKEST_LAST = ("reconciled", "verified", "imported")
Form = dict[str, Any]


@dataclass(slots=True)
class Experiment:
    """One comparable pair of values."""

    study: Study
    line: Line
    status: str
    metric: str
    is_lower_better: bool
    value: float | None
    other: float | None
    is_share: bool
    comparator_class: str
    is_refused: bool
    values: list[int]

    @property
    def absolute(self) -> float | None:
        """The difference; percentage points of shares. Positive is always better."""
        if self.is_refused or self.value is None or self.other is None:
            return None
        sign = -1 if self.is_lower_better else 1
        return sign * (self.value - self.other) * (100 if self.is_share else 1)

    @property
    def relative(self) -> float | None:
        """The difference over the comparator's value, in percent."""
        if self.is_refused or self.value is None or self.other is None:
            return None
        sign = -1 if self.is_lower_better else 1
        return sign * 100 * (self.value - self.other) / self.other

    @property
    def signed(self) -> tuple[float, float]:
        """Both values, turned so that higher is better."""
        sign = -1 if self.is_lower_better else 1
        return sign * (self.value or 0), sign * (self.other or 0)


def reported_form(held: Held) -> Form | None:
    """The newest form, under the review's policy where it compares anything."""
    forms = held.table("forms")
    if not forms:
        return None
    form: Form = json.loads(max(forms, key=lambda row: int(row["version"]))["definition"])
    for row in held.table("reporting_settings") if form.get("comparison") else ():
        policy = json.loads(row["policy"] or "{}")
        if policy:
            form["comparison"]["policy"] = policy
    return form


def comparing_form(held: Held) -> Form | None:
    """The same form, if it compares anything."""
    form = reported_form(held)
    return form if form and form.get("comparison") else None


def words_of(answer: Answer | None) -> str:
    """An answer as text; several choices joined."""
    if answer is None:
        return ""
    if isinstance(answer.value, bool):
        return "yes" if answer.value else "no"
    return "; ".join(answer.value) if isinstance(answer.value, tuple) else answer.value.strip()


def folded(text: str) -> str:
    """Without regard to case and blanks."""
    return " ".join(text.casefold().split())


def _metric_of(name: str, form: Form, catalogue: list[Any]) -> Any:
    for metric in form["comparison"].get("metrics", ()):
        names = [metric["key"], metric.get("label", ""), *metric.get("aliases", ())]
        if folded(name) in map(folded, filter(None, names)):
            bounds = {"low": metric.get("low", "0"), "high": metric.get("high", "1")}
            return {"key": metric["key"], "direction": metric.get("direction", "higher"), **bounds}
    return next((one for one in catalogue if folded(name) in one["names"]), None)


def _number(answer: Answer | None, field: Any, metric: Any) -> tuple[Decimal | None, str]:
    """A value on the common scale and the scale's name; no value where it cannot be used."""
    text = words_of(answer)
    if answer is None or field is None or not text or RANGE.match(text):
        return None, ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None, ""
    units = {unit["key"]: unit for unit in field.get("units", ())}
    unit = units.get(answer.unit)
    if not number.is_finite() or (units and unit is None):
        return None, ""
    if unit is None or unit.get("scale") is None:
        return number, unit["key"] if unit else ""
    scale = Decimal(str(unit["scale"]))
    low, high = (_bound(metric, unit, name, scale) for name in ("low", "high"))
    number *= scale
    is_outside = (low is not None and number < low) or (high is not None and number > high)
    return (None, "") if is_outside else (number, "share")


def _bound(metric: Any, unit: Any, name: str, scale: Decimal) -> Decimal | None:
    if metric is not None:
        return None if metric[name] is None else Decimal(str(metric[name]))
    return None if unit.get(name) is None else Decimal(str(unit[name])) * scale


def experiments_of(held: Held, form: Form, studies: list[Study]) -> list[Experiment]:
    """Every experiment of the compared group."""
    spec, catalogue = form["comparison"], held.json("results/metrics.json")
    group = next(one for one in form["groups"] if one["key"] == spec["group"])
    fields = {one["key"]: one for one in group["fields"]}
    return [
        _experiment(study, line, spec, fields, _metric_of(
            words_of(line.answers.get(spec["metric_field"])), form, catalogue))
        for study in studies
        for line in study.lines
        if line.group == spec["group"]
    ]  # fmt: skip


def _experiment(study: Study, line: Line, spec: Any, fields: Any, metric: Any) -> Experiment:
    sides = [spec["arm"]["field"], spec["comparator"]["field"]]
    (value, scale), (other, other_scale) = (
        _number(line.answers.get(side), fields.get(side), metric) for side in sides
    )
    if metric is None:  # nobody knows which value is the better one
        value = other = None
    answers = [line.answers[side] for side in sides if side in line.answers]
    kind, is_barred = _comparator(line, spec)
    is_lost = value is None or other is None or scale != other_scale or is_barred
    typed = words_of(line.answers.get(spec["metric_field"]))
    return Experiment(
        study=study,
        line=line,
        status=max((one.status for one in answers), key=WEAKEST_LAST.index, default=""),
        metric=metric["key"] if metric else typed or "not stated",
        is_lower_better=bool(metric and metric["direction"] == "lower"),
        value=None if value is None else float(value),
        other=None if other is None else float(other),
        is_share=(scale or other_scale) == "share",
        comparator_class=kind,
        is_refused=is_lost or (other is not None and other <= 0),
        values=list(dict.fromkeys(pk for one in answers for pk in one.values)),
    )


def _comparator(line: Line, spec: Any) -> tuple[str, bool]:
    """The class of the comparator, and whether the policy bars it."""
    policy = spec.get("policy", {})
    text = words_of(line.answers.get(spec.get("comparator_field", "")))
    kinds = policy.get("comparators", ()) if text else ()
    kind = next(
        (one for one in kinds if any(w.casefold() in text.casefold() for w in one["words"])), None
    )
    key = kind["key"] if kind else ""
    first = (policy.get("comparator_preference") or [""])[0]
    is_barred = bool(kind and not kind.get("usable", True))
    return key, is_barred or (not policy.get("allow_other_architecture", True) and key != first)


def differing_gains(held: Held, experiments: list[Experiment]) -> Iterator[Difference]:
    """Exported gains that differ from what the raw values give."""
    exported = {row["experiment"]: row for row in held.rows("results/gains.csv")}
    computed = {one.line.key: one for one in experiments}
    for key in sorted({*exported, *computed}):
        if key not in exported or key not in computed:
            where = f"experiment {key}"
            yield Difference("gain", where, str(key in exported), str(key in computed))
            continue
        told, found = exported[key], computed[key]
        pairs = {
            "study": (told["study"], str(found.study.number)),
            "status": (told["status"], found.status),
            "metric": (told["metric"], found.metric),
            "value": (_float(told["value"]), found.value),
            "comparator_value": (_float(told["comparator_value"]), found.other),
            "absolute_gain": (_float(told["absolute_gain"]), found.absolute),
            "relative_gain": (_float(told["relative_gain"]), found.relative),
            "refused": (bool(told["refused_reason"]), found.is_refused),
            "values": (json.loads(told["values"]), found.values),
        }
        for name, (one, other) in pairs.items():
            if not same(one, other):
                where = f"{name} of experiment {key} of study {found.study.number}"
                yield Difference("gain", where, str(one), str(other))


def _float(text: str) -> float | None:
    return float(text) if text else None
