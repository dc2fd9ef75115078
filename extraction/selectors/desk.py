"""The extraction list: studies with their state, reports without a study, what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Prefetch, Q, QuerySet

from extraction.models import Extraction, Study
from extraction.permissions import EXTRACTIONS_NEEDED
from screening.models import FullText, Membership, Record, Report, Review
from screening.models.status import with_team_status
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability


class StudyState(StrEnum):
    """How far a study is, in the team's words."""

    NEW = "Not extracted"
    EXTRACTING = "Being extracted"
    READY = "Ready to reconcile"
    RECONCILING = "Being reconciled"
    FINAL = "Final"
    IMPORTED = "Imported"


@dataclass(frozen=True, slots=True)
class DeskStudy:
    """One study of the list, as one member sees it."""

    study: Study
    state: StudyState
    own: Extraction | None
    waits: str = ""
    can_start: bool = False


def desk_studies(membership: Membership) -> list[DeskStudy]:
    """Every study of the review with its state and what it asks of this member."""
    studies = (
        Study.objects.filter(review=membership.review)
        .select_related("reconciliation", "review")
        .prefetch_related(
            Prefetch("extractions", Extraction.objects.order_by("pk")), "study_reports"
        )
        .order_by("first_author", "year", "pk")
    )
    return [_desk_study(study, membership) for study in studies]


def reports_without_study(review: Review) -> list[Report]:
    """Included reports that belong to no study yet."""
    records = with_team_status(
        Record.objects.filter(
            review=review, report__isnull=False, report__study_report__isnull=True
        ),
        Stage.FULL_TEXT,
    )
    included = [
        record.pk for record in records if getattr(record, "team_status", "") == Status.INCLUDED
    ]
    before = Record.objects.filter(review=review).included_before()
    free = Report.objects.filter(study_report__isnull=True)
    wanted = free.filter(Q(record__in=included) | Q(record__in=before.values("pk")))
    return list(wanted.select_related("record"))


def waiting_for(membership: Membership) -> int:
    """How many studies ask something of this member now."""
    return sum(bool(one.waits) for one in desk_studies(membership))


def readable_texts(study: Study) -> QuerySet[FullText]:
    """Current full texts of a study's reports, the main report's first."""
    return (
        FullText.objects.current()
        .filter(report__study_report__study=study)
        .select_related("report__record")
        .order_by("-report__study_report__is_main", "pk")
    )


def state_of(study: Study, extractions: Sequence[Extraction]) -> StudyState:
    """The team's state of a study; says nothing of whose extraction is how far."""
    reconciliation = getattr(study, "reconciliation", None)
    if reconciliation is not None:
        return StudyState.FINAL if reconciliation.finalised_at else StudyState.RECONCILING
    of_pages = [one for one in extractions if one.origin == Extraction.Origin.PAGE]
    submitted = [one for one in of_pages if one.submitted_at]
    has_import = len(of_pages) < len(extractions)
    if len(submitted) >= EXTRACTIONS_NEEDED:
        return StudyState.READY
    if has_import and submitted and len(submitted) == len(of_pages):
        return StudyState.READY
    if of_pages:
        return StudyState.EXTRACTING
    return StudyState.IMPORTED if has_import else StudyState.NEW


def _desk_study(study: Study, membership: Membership) -> DeskStudy:
    extractions = list(study.extractions.all())
    state = state_of(study, extractions)
    of_pages = [one for one in extractions if one.origin == Extraction.Origin.PAGE]
    own = next((one for one in of_pages if one.extractor_id == membership.pk), None)
    is_open = state in {StudyState.NEW, StudyState.EXTRACTING, StudyState.IMPORTED}
    can_start = (
        own is None
        and is_open
        and len(of_pages) < EXTRACTIONS_NEEDED
        and membership.can(Capability.EXTRACT)
    )
    waits = ""
    if own is not None and own.submitted_at is None:
        waits = "Your draft"
    elif state in {StudyState.READY, StudyState.RECONCILING} and membership.can(
        Capability.RECONCILE
    ):
        waits = "Reconcile"
    elif can_start and state is not StudyState.IMPORTED:
        waits = "Extract"
    return DeskStudy(study, state, own, waits, can_start)
