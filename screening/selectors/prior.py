"""What a file brings along of decisions made elsewhere, and whose they may be."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db.models import Q

from screening.importers.files import open_source
from screening.importers.parsed import ImportRefusedError, ParsedRecord
from screening.importers.prior_find import SIGNS
from screening.models import (
    ExclusionReason,
    ImportBatch,
    ImportProblem,
    Membership,
    StageSettings,
)
from screening.rules.roles import Capability
from screening.selectors.import_files import items_of, local_copy

TOOLS = {
    "rayyan": "Rayyan",
    "asreview": "ASReview",
    "covidence": "Covidence",
    "distillersr": "DistillerSR",
    "reviewapp": "another installation of this app",
    "table": "another tool",
}
#: Formats of which an export with decisions is known.
_TEXTS = frozenset({"ris", "csv", "bibtex", "nbib", "csl_json", "enw", "endnote_xml"})
_WORDS = (b"rayyan-", b"asreview", b"exclusion reason:", b"reviewapp")
_LONGEST = 20
_CHUNK = 1024 * 1024


@dataclass(slots=True)
class Brought:
    """Everybody and every reason that a file names, each with how often; no verdict."""

    tools: list[str] = field(default_factory=list)
    records: int = 0
    people: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    without_stage: int = 0

    @property
    def decisions(self) -> int:
        """How many verdicts the file brings, or notes of people without one."""
        return sum(self.people.values())

    @property
    def origin(self) -> str:
        """The tool, for people."""
        return " and ".join(TOOLS.get(tool, tool) for tool in self.tools)


def brought_by(batch: ImportBatch) -> Brought:
    """Read a batch's file as it was confirmed, for the decisions in it.

    Args:
        batch: A stored file.

    Returns:
        Who decided, with how many decisions each; empty for a file of plain search results.
    """
    brought = Brought()
    try:
        with local_copy(batch) as path:
            for item in items_of(batch, path) if _may_bring(batch, path) else ():
                if isinstance(item, ParsedRecord) and item.prior is not None:
                    _count(brought, item)
    except ImportRefusedError:
        return Brought()
    return brought


def _may_bring(batch: ImportBatch, path: Path) -> bool:
    """Look for the words of decisions, so that plain search results need not be read twice."""
    if batch.format not in _TEXTS:
        return batch.format == "xlsx"
    if batch.encoding.startswith("utf-16") or batch.encoding.startswith("utf-32"):
        return True
    source, before = open_source(path), b""
    head = source.head.text.partition("\n")[0].lower()
    if batch.format == "csv" and any(sign in head for sign in SIGNS):
        return True
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            text = before + chunk.lower()
            if any(word in text for word in _WORDS):
                return True
            before = text[-_LONGEST:]
    return False


def _count(brought: Brought, record: ParsedRecord) -> None:
    prior = record.prior
    if prior is None:
        return
    brought.records += 1
    if prior.tool not in brought.tools:
        brought.tools.append(prior.tool)
    brought.people.update(one.person for one in prior.decisions)
    brought.people.update(dict.fromkeys((person for person, _ in prior.notes), 0))
    brought.reasons.update(one.reason for one in prior.decisions if one.reason)
    brought.tags.update(prior.tags)
    brought.without_stage += sum(not one.stage for one in prior.decisions)


def members_to_choose(batch: ImportBatch) -> Sequence[Membership]:
    """Everybody of the review, former members too, by name."""
    members = Membership.objects.filter(review=batch.review_id).select_related("user")
    return list(members.order_by("deactivated_at", "user__name", "pk"))


def guessed_member(person: str, members: Sequence[Membership]) -> Membership | None:
    """The one member whose name or e-mail address is written there, in any case."""
    wanted = " ".join(person.lower().split())
    fitting = [one for one in members if wanted in {one.user.name.lower(), one.user.email}]
    return fitting[0] if wanted and len(fitting) == 1 else None


def guessed_reason(label: str, reasons: Sequence[ExclusionReason]) -> ExclusionReason | None:
    """The review's reason with that label, in any case."""
    wanted = " ".join(label.lower().split())
    return next((one for one in reasons if " ".join(one.label.lower().split()) == wanted), None)


def may_see_raw(membership: Membership, batch: ImportBatch) -> bool:
    """Whether the person may see the raw text of a file: it may hold the verdicts of others.

    A file without decisions is open to every member. One with decisions is open to those who may
    import, since they have seen it, and to everybody once no stage is blinded.
    """
    if not batch.prior or membership.can(Capability.IMPORT):
        return True
    return not StageSettings.objects.filter(review=batch.review_id, is_blinded=True).exists()


def mark_of(batch: ImportBatch) -> str:
    """What the keys of the decisions of an import begin with."""
    return f"import-{batch.pk}-"


def own_rows(batch: ImportBatch) -> dict[str, Q]:
    """How to know the decisions, tags and notes that an import brought, for each by its table."""
    if not batch.prior:
        nothing = Q(pk__in=[])
        return {"decisions": nothing, "record_tags": nothing, "notes": nothing}
    at = Q(created_at=datetime.fromisoformat(batch.prior["at"]))
    return {"decisions": Q(client_key__startswith=mark_of(batch)), "record_tags": at, "notes": at}


def without_hidden_raw(
    membership: Membership, problems: Iterable[ImportProblem]
) -> list[ImportProblem]:
    """The problems of imports, without the raw text that the person may not see; not to be saved.

    Args:
        membership: Who looks.
        problems: Rows with their batches.
    """
    shown = list(problems)
    for problem in shown:
        if problem.raw_text and not may_see_raw(membership, problem.batch):
            problem.raw_text = ""
    return shown
