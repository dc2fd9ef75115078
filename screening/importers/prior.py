"""What people decided on a record before it came here, as another program's export says it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

VERDICTS = ("include", "exclude", "maybe")
STAGES = ("title_abstract", "full_text")


@dataclass(frozen=True, slots=True)
class PriorDecision:
    """One person's verdict, in the export's own words.

    `person` is the name as written; "" stands for the one nameless person of a tool that keeps no
    names. `stage` is empty where the export does not say it. `verdict` is include, exclude or
    maybe. `at` is the time as written. `criteria` is the version of the criteria that it was made
    under, `answers` are those to the question path; our own exports alone tell them.
    """

    person: str
    verdict: str
    stage: str = ""
    reason: str = ""
    note: str = ""
    at: str = ""
    criteria: str = ""
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Prior:
    """All that one record brings along: decisions, tags, and notes as (person, text)."""

    tool: str
    decisions: tuple[PriorDecision, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON data; empty parts are left out."""
        decisions = [
            {name: _json(value) for name, value in asdict(one).items() if value or name == "person"}
            for one in self.decisions
        ]
        parts = {
            "decisions": decisions,
            "tags": list(self.tags),
            "notes": [list(note) for note in self.notes],
        }
        return {"tool": self.tool} | {name: part for name, part in parts.items() if part}

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who decided or wrote a note, in the record's order."""
        names = [one.person for one in self.decisions] + [person for person, _ in self.notes]
        return tuple(dict.fromkeys(names))


def prior_from(data: Mapping[str, Any]) -> Prior | None:
    """Read back what `Prior.as_dict` wrote.

    Args:
        data: JSON data from a file.

    Returns:
        The decisions; None when the data is of another shape.

    Source: own definition.
    """
    try:
        decisions = tuple(_decision(one) for one in data.get("decisions", ()))
        notes = tuple((_text(person), _text(text)) for person, text in data.get("notes", ()))
        tags = tuple(_text(tag) for tag in data.get("tags", ()))
        return Prior(_text(data["tool"]), decisions, tags, notes)
    except (KeyError, TypeError, ValueError):
        return None


def _decision(data: Mapping[str, Any]) -> PriorDecision:
    given = dict(data)
    answers = tuple((_text(question), _text(told)) for question, told in given.pop("answers", ()))
    texts = {name: _text(value) for name, value in given.items()}
    decision = PriorDecision(**texts, answers=answers)
    if decision.verdict not in VERDICTS or decision.stage not in {"", *STAGES}:
        raise ValueError(f"{decision.verdict!r} at {decision.stage!r} is no verdict")
    return decision


def _json(value: Any) -> Any:
    return [list(pair) for pair in value] if isinstance(value, tuple) else value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
