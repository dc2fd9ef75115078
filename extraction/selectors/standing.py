"""Whether quotes still stand in the report: in the file they were read in, moved, or not found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from extraction.models import ConsensusValue, ExtractedValue, QuotePlace, Study
from extraction.models.quotes import quote_digest
from extraction.permissions import can_read_values
from extraction.selectors.forms import definition_of
from screening.models import FullText, Membership, Review


class QuoteState(StrEnum):
    """How a quote stands to the report as it is now."""

    HERE = "here"
    MOVED = "found again"
    LOST = "quote not found"
    OLDER = "marked in an older file"
    UNSEEN = "not looked for yet"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it was stored with a value of a study."""

    study_id: int
    full_text_id: int | None
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a quote is to be read now.

    Attributes:
        state: How it stands.
        full_text_id: The file to open: the current one when the quote is there.
        page: Its page there.
        rectangles: Its marks there; empty for the ones stored with the value.
    """

    state: QuoteState
    full_text_id: int | None
    page: int | None
    rectangles: tuple[tuple[float, ...], ...] = ()

    @property
    def is_lost(self) -> bool:
        """Whether a person has to look."""
        return self.state is QuoteState.LOST


@dataclass(frozen=True, slots=True)
class LostQuote:
    """A quote that the report does not have any more, for the person who has to look."""

    study: Study
    field: str
    quote: str
    page: int | None
    full_text_id: int | None
    is_reconciled: bool


@dataclass(frozen=True, slots=True)
class _Files:
    """Current files by study and by report, the report of each file, places of quotes."""

    of_study: Mapping[int, Sequence[int]]
    of_report: Mapping[int, int]
    report_of: Mapping[int, int]
    places: Mapping[tuple[int, str], QuotePlace]


def standings(quoted: Iterable[Quoted]) -> dict[Quoted, Standing]:
    """How quotes stand, in three queries however many they are."""
    asked = list(dict.fromkeys(quoted))
    if not asked:
        return {}
    files = _files(asked)
    return {one: _standing(one, files) for one in asked}


def quoted_by(value: ExtractedValue | ConsensusValue, study_id: int) -> Quoted:
    """The quote of a value."""
    return Quoted(study_id, value.full_text_id, value.page, value.quote)


def lost_quotes(membership: Membership, study: Study | None = None) -> list[LostQuote]:
    """Quotes that are not found in the reports' current files, as far as a member may see them.

    Own and readable raw values, and reconciled ones; each study, field and quote once, the
    reconciled one first.

    Args:
        membership: Who asks.
        study: Only this study's; None for the whole review.
    """
    studies = _studies_with_lost(membership.review, study)
    values = [*_reconciled(studies), *_readable(membership, studies, is_list=study is None)]
    found = standings(quoted for _, quoted, _ in values)
    lost: dict[tuple[int, str, str], LostQuote] = {}
    for value, quoted, of_study in values:
        if not found[quoted].is_lost:
            continue
        lost.setdefault(
            (of_study.pk, value.field, value.quote),
            LostQuote(
                study=of_study,
                field=_label(value),
                quote=value.quote,
                page=value.page,
                full_text_id=value.full_text_id,
                is_reconciled=isinstance(value, ConsensusValue),
            ),
        )
    return list(lost.values())


_Found = tuple[ExtractedValue | ConsensusValue, Quoted, Study]


def _label(value: ExtractedValue | ConsensusValue) -> str:
    """The field as the form names it."""
    of = value.extraction if isinstance(value, ExtractedValue) else value.reconciliation
    fields = (field for group in definition_of(of.form).groups for field in group.fields)
    return next((field.label for field in fields if field.key == value.field), value.field)


def _studies_with_lost(review: Review, study: Study | None) -> list[int]:
    """Studies of whose reports some quote was looked for in the current file, and not found."""
    missed = QuotePlace.objects.filter(
        page__isnull=True,
        full_text__replaced_at__isnull=True,
        full_text__report__study_report__study__review=review,
    )
    if study is not None:
        missed = missed.filter(full_text__report__study_report__study=study)
    return list(missed.values_list("full_text__report__study_report__study", flat=True).distinct())


def _reconciled(studies: Sequence[int]) -> list[_Found]:
    values = ConsensusValue.objects.current().filter(reconciliation__study__in=studies)
    known = values.exclude(quote="").select_related("reconciliation__study", "reconciliation__form")
    return [
        (value, quoted_by(value, value.reconciliation.study_id), value.reconciliation.study)
        for value in known
    ]


def _readable(membership: Membership, studies: Sequence[int], *, is_list: bool) -> list[_Found]:
    values = ExtractedValue.objects.current().filter(extraction__study__in=studies)
    if is_list:  # the list of all studies names one's own only
        values = values.filter(extraction__extractor=membership)
    known = values.exclude(quote="").select_related("extraction__study", "extraction__form")
    may_read: dict[int, bool] = {}
    found: list[_Found] = []
    for value in known:
        extraction = value.extraction
        if extraction.pk not in may_read:
            may_read[extraction.pk] = can_read_values(membership, extraction)
        if may_read[extraction.pk]:
            found.append((value, quoted_by(value, extraction.study_id), extraction.study))
    return found


def _files(asked: Sequence[Quoted]) -> _Files:
    current = FullText.objects.current().filter(
        report__study_report__study__in={one.study_id for one in asked}
    )
    of_study: dict[int, list[int]] = defaultdict(list)
    of_report: dict[int, int] = {}
    for pk, report, study in current.order_by("-report__study_report__is_main", "pk").values_list(
        "pk", "report_id", "report__study_report__study_id"
    ):
        of_study[study].append(pk)
        of_report[report] = pk
    named = {one.full_text_id for one in asked if one.full_text_id}
    report_of = dict(FullText.objects.filter(pk__in=named).values_list("pk", "report_id"))
    places = QuotePlace.objects.filter(full_text__in=of_report.values())
    return _Files(
        of_study, of_report, report_of, {(one.full_text_id, one.digest): one for one in places}
    )


def _standing(quoted: Quoted, files: _Files) -> Standing:
    as_read = (quoted.full_text_id, quoted.page)
    if quoted.full_text_id is None:
        texts = files.of_study.get(quoted.study_id, ())
    else:
        now = files.of_report.get(files.report_of.get(quoted.full_text_id, 0))
        texts = [now] if now is not None else []
    if not texts or quoted.full_text_id in texts:
        return Standing(QuoteState.HERE, *as_read)
    if not quoted.quote.strip():
        return Standing(QuoteState.OLDER if quoted.full_text_id else QuoteState.HERE, *as_read)
    digest = quote_digest(quoted.quote)
    looked = [files.places[text, digest] for text in texts if (text, digest) in files.places]
    for place in looked:
        if place.page is not None:
            boxes = tuple(tuple(box) for box in place.rectangles)
            return Standing(QuoteState.MOVED, place.full_text_id, place.page, boxes)
    state = QuoteState.LOST if len(looked) == len(texts) else QuoteState.UNSEEN
    return Standing(state, *as_read)
