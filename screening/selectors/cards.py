"""All that the screening page and the record page show of one record."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.db.models import Exists, OuterRef, Q

from screening.models import (
    Adjudication,
    Decision,
    DuplicateLink,
    ExclusionReason,
    FullText,
    GivenAnswer,
    HighlightTerm,
    Membership,
    Note,
    PilotDecision,
    Record,
    RecordCompletion,
    RecordTag,
    Source,
    StageSettings,
)
from screening.rules.consensus import Stage, Status
from screening.rules.highlights import Piece, counted, marked
from screening.rules.roles import Capability
from screening.selectors.blinding import (
    Sight,
    are_labels_open,
    sight_of,
    sight_of_open,
    visible_notes,
    visible_tags,
)
from screening.selectors.completions import abstract_completion
from screening.selectors.path import answers_of
from screening.selectors.prepared import Prepared, Slot
from screening.selectors.shown import ShownRecord, shown_record


@dataclass(frozen=True, slots=True)
class Link:
    """A way out of the app to the report."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Text:
    """Title and abstract with their highlighted words, and how many there are of each list."""

    title: Sequence[Piece]
    paragraphs: Sequence[Sequence[Piece]]
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Card:
    """One record as one person may see it at one stage."""

    record: Record
    shown: ShownRecord
    stage: Stage
    text: Text
    sources: Sequence[Source]
    links: Sequence[Link]
    status: Status
    mine: Decision | PilotDecision | None
    others: Sequence[Decision]
    answers: Mapping[int, Sequence[GivenAnswer]]
    is_open: bool
    ruling: Adjudication | None
    notes: Sequence[Note]
    tags: Sequence[RecordTag]
    full_text: FullText | None
    completion: RecordCompletion | None
    may_complete: bool


def card_of(*, membership: Membership, record: Record, stage: Stage) -> Card:
    """Gather what the person may see of the record at the stage."""
    return _card(membership, record, stage, sight_of(membership, record, stage))


def open_card(*, membership: Membership, record: Record, settings: StageSettings) -> Card:
    """The card of a record that was just handed out to the person."""
    sight = sight_of_open(membership, record, settings)
    return _card(membership, record, Stage(settings.stage), sight)


def _card(membership: Membership, record: Record, stage: Stage, sight: Sight) -> Card:
    mine = [one for one in sight.decisions if one.reviewer_id == membership.pk]
    are_open = are_labels_open(membership, record, stage, sight)
    has = beside(record)
    shown = shown_record(record, is_alone=not has.duplicates)
    asked: dict[str, Any] = {"membership": membership, "record": record, "are_open": are_open}
    return Card(
        record=record,
        shown=shown,
        stage=stage,
        text=highlighted(shown, terms_of(membership)),
        sources=shown.sources,
        links=links_of(shown),
        status=sight.status,
        mine=mine[0] if mine else None,
        others=[one for one in sight.decisions if one.reviewer_id != membership.pk],
        answers=answers_of(sight.decisions) if has.answers else {},
        is_open=sight.is_open,
        ruling=sight.ruling,
        notes=visible_notes(**asked) if has.notes else [],
        tags=visible_tags(**asked) if has.tags else [],
        full_text=_full_text(record) if has.full_text else None,
        completion=abstract_completion(shown) if has.completion or has.duplicates else None,
        may_complete=membership.can(Capability.COMPLETE),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """Whether anything lies beside a record; most have nothing, and nothing is asked for then."""

    notes: bool
    tags: bool
    duplicates: bool
    full_text: bool
    completion: bool
    answers: bool


def _build_beside() -> Any:
    of = {"record": OuterRef("pk")}
    return Record.objects.filter(pk=Slot("record")).values_list(
        Exists(Note.objects.filter(**of)),
        Exists(RecordTag.objects.filter(**of)),
        Exists(DuplicateLink.objects.standing().filter(kept=OuterRef("pk"))),
        Exists(FullText.objects.current().filter(report__record=OuterRef("pk"))),
        Exists(RecordCompletion.objects.filter(undone_at__isnull=True, **of)),
        Exists(GivenAnswer.objects.filter(decision__record=OuterRef("pk"))),
        Exists(GivenAnswer.objects.filter(pilot_decision__record=OuterRef("pk"))),
    )


_BESIDE = Prepared(_build_beside)


def beside(record: Record) -> Beside:
    """What lies beside the record, whoever may see it, in one query."""
    found = _BESIDE.row(record=record.pk) or (False,) * 7
    *has, in_main_round, in_pilot = found
    return Beside(*map(bool, [*has, in_main_round or in_pilot]))


def _full_text(record: Record) -> FullText | None:
    return FullText.objects.current().filter(report__record=record).first()


def terms_of(membership: Membership) -> Sequence[tuple[str, str]]:
    """The review's highlighted words and the person's own: pairs of list and pattern."""
    asked = Q(member__isnull=True) | Q(member=membership)
    terms = HighlightTerm.objects.filter(asked, review=membership.review_id)
    return list(terms.values_list("list", "pattern"))


def highlighted(record: ShownRecord, pairs: Sequence[tuple[str, str]]) -> Text:
    """Title and abstract with the highlighted words of `terms_of`."""
    title = marked(record.title, pairs)
    lines = [line.strip() for line in re.split(r"\n\s*", record.abstract) if line.strip()]
    paragraphs = [marked(line, pairs) for line in lines]
    counts = counted([*title, *(piece for line in paragraphs for piece in line)])
    used = [name for name in HighlightTerm.List.values if counts.get(name)]
    return Text(title, paragraphs, [(name, counts[name]) for name in used])


def reasons_of(membership: Membership) -> Sequence[ExclusionReason]:
    """The review's reasons to exclude, in their order."""
    reasons = ExclusionReason.objects.filter(review=membership.review_id, retired_at__isnull=True)
    return list(reasons)


def duplicates_of(record: Record) -> Sequence[DuplicateLink]:
    """The records of the same report that stand as duplicates of this one."""
    links = DuplicateLink.objects.standing().filter(kept=record)
    return list(links.select_related("record__source").order_by("pk"))


def links_of(record: ShownRecord) -> Sequence[Link]:
    """Where the report can be found: by its identifiers, the listed addresses, or a search."""
    links = []
    if record.doi:
        links.append(
            Link(f"DOI {record.doi}", f"https://doi.org/{quote(record.doi, safe='/:;()')}")
        )
    if record.pmid:
        links.append(
            Link(f"PubMed {record.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/")
        )
    if record.arxiv_id:
        links.append(Link(f"arXiv {record.arxiv_id}", f"https://arxiv.org/abs/{record.arxiv_id}"))
    known = {link.url for link in links}
    for listed in record.urls:
        url = str(listed.get("url", ""))
        if url not in known and urlsplit(url).scheme in {"http", "https"}:
            links.append(Link(str(listed.get("label") or urlsplit(url).netloc), url))
    if not record.pmid:
        term = quote(record.title)
        links.append(
            Link("Search PubMed for the title", f"https://pubmed.ncbi.nlm.nih.gov/?term={term}")
        )
    return links
