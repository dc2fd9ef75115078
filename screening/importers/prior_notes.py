"""Decisions inside a note: Rayyan's, ASReview's labels, Covidence's exclusion reason."""

import re

from screening.importers.prior import Prior, PriorDecision

_VERDICTS = {
    "included": "include",
    "excluded": "exclude",
    "maybe": "maybe",
    "true": "include",
    "false": "exclude",
}
_SEGMENT = re.compile(
    r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES):\s*"
    r"(.*?)\s*(?=\|\s*(?:RAYYAN-[A-Z-]+|USER-NOTES):|$)",
    re.S,
)
_SAID = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=\\?>\s*"?(Included|Excluded|Maybe|true|false)\b', re.I)
_NOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=\\?>\s*\[(.*?)\](?=\s*[,}]|\s*$)', re.S)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ASREVIEW = re.compile(r"\bASReview_(relevant|irrelevant|not_seen|prior)\b[.;,]?\s*")
_LABELS = {"relevant": "include", "irrelevant": "exclude"}
_REASON = re.compile(r"(?:^|;\s*)Exclusion reason:\s*([^;\n]+)", re.I)
_SIGNED = re.compile(
    r"(?<![^;()\n])([^;()\n]+?) \((\d{4}-\d\d-\d\d[^)]*)\)\s*\(([^)]*)\):\s*([^;]+)"
)


def prior_of_note(note: str) -> Prior | None:
    """Read the decisions out of a note.

    Args:
        note: The value of a field of notes, e.g. RIS `N1`, BibTeX `note`, a column `notes`.

    Returns:
        What people had decided; None when the note tells of no decision.

    Source: exports of Rayyan and ASReview, and Covidence's CSV and RIS.
    """
    if "RAYYAN-" in note:
        return _rayyan(note)
    if "ASReview_" in note:
        return _asreview(note)
    return _covidence(note) if "xclusion reason:" in note else None


def _rayyan(note: str) -> Prior | None:
    parts: dict[str, str] = dict(_SEGMENT.findall(note))
    said = _SAID.findall(parts.get("RAYYAN-INCLUSION", ""))
    reasons = _listed(parts.get("RAYYAN-EXCLUSION-REASONS", ""))
    further = f"Further reasons: {', '.join(reasons[1:])}" if len(reasons) > 1 else ""
    decisions = []
    for person, word in said:
        verdict = _VERDICTS[word.lower()]
        is_out = verdict == "exclude"
        reason, more = (reasons[0], further) if is_out and reasons else ("", "")
        decisions.append(PriorDecision(_plain(person), verdict, reason=reason, note=more))
    notes = tuple(
        (_plain(person), _plain(text))
        for person, texts in _NOTED.findall(parts.get("USER-NOTES", ""))
        for text in _QUOTED.findall(texts)
    )
    tags = tuple(_listed(parts.get("RAYYAN-LABELS", "")))
    return Prior("rayyan", tuple(decisions), tags, notes) if decisions or tags or notes else None


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in map(str.strip, text.split(",")) if part))


def _plain(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\").strip()


def _asreview(note: str) -> Prior | None:
    labels = _ASREVIEW.findall(note)
    verdict = next((_LABELS[label] for label in labels if label in _LABELS), "")
    if not verdict:
        return None
    rest = _ASREVIEW.sub("", note).strip()
    return Prior("asreview", (PriorDecision("", verdict, "title_abstract", note=rest),))


def _covidence(note: str) -> Prior | None:
    reason = _REASON.search(note)
    if not reason:
        return None
    decision = PriorDecision("", "exclude", "full_text", reason.group(1).strip())
    notes = tuple((who.strip(), text.strip()) for who, _, _, text in _SIGNED.findall(note))
    return Prior("covidence", (decision,), notes=notes)
