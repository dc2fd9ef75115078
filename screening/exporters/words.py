"""The team's work on a record in the words that people, Rayyan's and ASReview's readers know."""

import re

from screening.exporters.exported import STAGE_WORDS, Exported, StageSight
from screening.importers.prior import PriorDecision

_RAYYAN = {"include": "Included", "exclude": "Excluded", "maybe": "Maybe"}
_ASREVIEW = {"included": "ASReview_relevant", "excluded": "ASReview_irrelevant"}
_LABELS = {"included": "1", "excluded": "0"}
_BLANKS = re.compile(r"\s+")


def sentence_of(one: Exported) -> str:
    """Say what is known of a record in one line.

    Args:
        one: The record.

    Returns:
        E.g. "Title & abstract: excluded (not self-supervised). Sam: exclude (not
        self-supervised)."; "" when nothing is known.

    Source: own definition.
    """
    return " ".join(_stage_line(sight) for sight in one.stages if sight.status)


def verdicts_of(sight: StageSight) -> str:
    """List the verdicts of a stage for a cell of a table.

    Args:
        sight: The stage.

    Returns:
        E.g. "Sam: exclude (not self-supervised); Olga: include".

    Source: own definition.
    """
    return "; ".join(_verdict(decision) for decision in sight.decisions)


def answers_of(sight: StageSight) -> str:
    """List what was answered to the question path at a stage, for a cell of a table.

    Args:
        sight: The stage.

    Returns:
        E.g. "Sam: Human images? yes, Trained without labels? no; Olga: Human images? no".

    Source: own definition.
    """
    told = [(one.person, ", ".join(f"{q} {a}" for q, a in one.answers)) for one in sight.decisions]
    return "; ".join(f"{person}: {answers}" for person, answers in told if answers)


def criteria_of(sight: StageSight) -> str:
    """Say under which version of the criteria each verdict of a stage was made.

    Args:
        sight: The stage.

    Returns:
        E.g. "Sam: 2; Olga: 1"; "" where no version is known.

    Source: own definition.
    """
    return "; ".join(f"{one.person}: {one.criteria}" for one in sight.decisions if one.criteria)


def _stage_line(sight: StageSight) -> str:
    status = sight.status + (f" ({sight.reason})" if sight.reason else "")
    ruled = f", {sight.ruling}" if sight.ruling else ""
    said = verdicts_of(sight)
    return f"{STAGE_WORDS[sight.stage]}: {status}{ruled}." + (f" {said}." if said else "")


def _verdict(decision: PriorDecision) -> str:
    reason = f" ({decision.reason})" if decision.reason else ""
    return f"{decision.person}: {decision.verdict}{reason}"


def rayyan_note(one: Exported) -> str:
    """Write the verdicts as Rayyan writes them into its notes.

    Args:
        one: The record.

    Returns:
        `RAYYAN-INCLUSION: {"Sam"=>"Excluded"} | RAYYAN-LABELS: a,b | RAYYAN-EXCLUSION-REASONS: c`
        of the last stage with verdicts; "" without verdicts and tags.

    Source: exports of Rayyan.
    """
    decided = [sight.decisions for sight in one.stages if sight.decisions]
    said = decided[-1] if decided else ()
    parts = []
    if said:
        pairs = ", ".join(f'"{_plain(d.person)}"=>"{_RAYYAN[d.verdict]}"' for d in said)
        parts.append(f"RAYYAN-INCLUSION: {{{pairs}}}")
    if one.tags:
        parts.append(f"RAYYAN-LABELS: {','.join(map(_plain, one.tags))}")
    reasons = dict.fromkeys(_plain(d.reason) for d in said if d.reason)
    if reasons:
        parts.append(f"RAYYAN-EXCLUSION-REASONS: {','.join(reasons)}")
    return " | ".join(parts)


def asreview_note(one: Exported) -> str:
    """Name the label by which ASReview knows a record again.

    Args:
        one: The record.

    Returns:
        ASReview_relevant or ASReview_irrelevant by the team's status at title and abstract; ""
        while it is open.

    Source: ASReview LAB, "Data format".
    """
    return _ASREVIEW.get(one.stage("title_abstract").status, "")


def included_of(one: Exported) -> str:
    """Return the label of ASReview's column `included`: "1", "0", or "" while it is open.

    Args:
        one: The record.

    Source: ASReview LAB, "Data format".
    """
    return _LABELS.get(one.stage("title_abstract").status, "")


def notes_of(one: Exported) -> list[str]:
    """Return the lines for a field of notes, in their order; none is empty.

    Args:
        one: The record.

    Source: own definition.
    """
    lines = [sentence_of(one), rayyan_note(one), asreview_note(one)]
    lines += [f"{person}: {flat(text)}" if person else flat(text) for person, text in one.notes]
    return [line for line in lines if line]


def flat(text: str) -> str:
    """Return a text on one line.

    Args:
        text: Any text.

    Source: own definition.
    """
    return _BLANKS.sub(" ", text).strip()


def _plain(text: str) -> str:
    """A text without the marks that part Rayyan's notes."""
    return flat(text.replace('"', "'").replace("|", "/").replace(",", " "))
