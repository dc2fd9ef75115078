"""Decisions in the columns of a table: ASReview, Covidence, DistillerSR, and their kin."""

import re
from collections.abc import Mapping, Sequence

from screening.importers.headers import squeeze
from screening.importers.prior import Prior, PriorDecision

_VERDICTS = {
    **dict.fromkeys(("include", "included", "yes", "y", "relevant", "eligible", "1"), "include"),
    **dict.fromkeys(("exclude", "excluded", "no", "n", "irrelevant", "ineligible", "0"), "exclude"),
    **dict.fromkeys(("not relevant", "not eligible", "reject", "rejected"), "exclude"),
    **dict.fromkeys(("maybe", "unsure", "unclear", "uncertain", "cannot tell"), "maybe"),
    **dict.fromkeys(("can't tell", "not sure"), "maybe"),
}
#: Columns in which ASReview and labelled data sets keep their label, the most telling first.
_LABELS = (
    "asreview label",
    "included",
    "label included",
    "included label",
    "final included",
    "included final",
)
_STAGES = (
    ("full_text", re.compile(r"full[ -]?text|level\s*2\b|^2$", re.I)),
    ("title_abstract", re.compile(r"title|abstract|ti ?ab|level\s*1\b|^1$|^screening$", re.I)),
)
_STAGE_WORDS = re.compile(
    r"\b(?:title\s*(?:and|&)\s*abstract|full[ -]?text)(?:\s+(?:screening|review))?[\s:–-]*", re.I
)
_WHO = re.compile(
    r"^(.*?)['’]?s?[\s:–-]+(?:screening\s+)?(?:decision|vote|verdict|judge?ment)$", re.I
)
_NOBODY = frozenset({"", "final", "team", "consensus", "overall", "human", "review", "screening"})
_QUESTION = re.compile(r"includ|eligib|exclude|relevan|\bdecision\b|\bverdict\b", re.I)
_REASON = re.compile(r"\breasons?\b|\bwhy\b", re.I)
_NOTE = re.compile(r"\b(?:comments?|notes?)\b", re.I)

Extra = Mapping[str, tuple[str, ...]]
Found = tuple[Prior, frozenset[str]]


def verdict_of(text: str) -> str:
    """Read a verdict out of a cell.

    Args:
        text: E.g. "Include", "No", "1", "Exclude - wrong population".

    Returns:
        include, exclude or maybe; "" when it is none.

    Source: own definition.
    """
    words = " ".join(text.lower().replace("_", " ").split()).strip(" .")
    if words in _VERDICTS:
        return _VERDICTS[words]
    first = re.match(r"(include|exclude|maybe)d?\b", words)
    return first.group(1) if first else ""


def stage_in(text: str) -> str:
    """Find the stage that a heading or a cell speaks of.

    Args:
        text: E.g. "Level 2: Full Text", "Title and abstract screening".

    Returns:
        title_abstract, full_text, or "".

    Source: own definition.
    """
    return next((stage for stage, sign in _STAGES if sign.search(text)), "")


def prior_of_columns(extra: Extra, keywords: Sequence[str]) -> Found | None:
    """Read the decisions out of a row's unmapped columns.

    Args:
        extra: Column -> values.
        keywords: The record's keywords; Covidence's tags stand there.

    Returns:
        The decisions and the columns they were read from; None without a decision.

    Source: exports of ASReview LAB, Covidence and DistillerSR.
    """
    names = {squeeze(name): name for name in extra}
    return _distiller(extra, names) or _reviewers(extra, names, keywords) or _label(extra, names)


def _value(extra: Extra, name: str | None) -> str:
    values = extra.get(name, ()) if name else ()
    return values[0].strip() if values else ""


def _label(extra: Extra, names: Mapping[str, str]) -> Found | None:
    label = next((names[name] for name in _LABELS if name in names), None)
    verdict = {"1": "include", "1.0": "include", "0": "exclude", "0.0": "exclude"}.get(
        _value(extra, label), ""
    )
    if not verdict or label is None:
        return None
    person = next(
        (names[n] for n in ("asreview user name", "asreview user email") if n in names), None
    )
    note, at = names.get("asreview note"), names.get("asreview time")
    decision = PriorDecision(
        _value(extra, person),
        verdict,
        "title_abstract",
        note=_value(extra, note),
        at=_value(extra, at),
    )
    tags = names.get("asreview tags")
    listed = tuple(part for part in re.split(r"[;,]\s*", _value(extra, tags)) if part)
    used = {label, person, note, at, tags} - {None}
    return Prior("asreview", (decision,), listed), frozenset(map(str, used))


def _distiller(extra: Extra, names: Mapping[str, str]) -> Found | None:
    user = names.get("user") or names.get("reviewer") or names.get("user name")
    if not user or not ("refid" in names or "reference id" in names):
        return None
    level = names.get("level") or names.get("form") or names.get("form name")
    others = [name for name in extra if name not in {user, level}]
    asked = [name for name in others if _QUESTION.search(name) and not _REASON.search(name)]
    question = next((name for name in asked if verdict_of(_value(extra, name))), None)
    if question is None:
        return None
    reason = next((name for name in others if _REASON.search(name)), None)
    note = next((name for name in others if _NOTE.search(name)), None)
    verdict = verdict_of(_value(extra, question))
    decision = PriorDecision(
        _value(extra, user),
        verdict,
        stage_in(_value(extra, level)) or stage_in(question),
        reason=_value(extra, reason) if verdict == "exclude" else "",
        note=_value(extra, note),
    )
    used = {user, level, question, reason, note} - {None}
    return Prior("distillersr", (decision,)), frozenset(map(str, used))


def _reviewers(extra: Extra, names: Mapping[str, str], keywords: Sequence[str]) -> Found | None:
    """One column per reviewer: "Ann Lee: vote", or "Reviewer 1" (a name) and "Reviewer 1 vote"."""
    decisions, used = [], set()
    reason = next((name for name in extra if _REASON.search(name) and "xclu" in name), None)
    for name in extra:
        match = _WHO.match(_STAGE_WORDS.sub("", name).strip())
        verdict = verdict_of(_value(extra, name))
        if not match or not verdict or match.group(1).strip().lower() in _NOBODY:
            continue
        who = names.get(squeeze(match.group(1)))
        person = _value(extra, who) if who else match.group(1).strip()
        why = _value(extra, reason) if verdict == "exclude" else ""
        decisions.append(PriorDecision(person, verdict, stage_in(name), reason=why))
        used |= {name, who, reason} - {None}
    if not decisions:
        return None
    tool = "covidence" if "covidence" in names else "table"
    tags = tuple(keywords) if tool == "covidence" else ()
    return Prior(tool, tuple(decisions), tags), frozenset(map(str, used))
