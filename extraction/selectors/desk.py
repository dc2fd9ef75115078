"""The extraction list: studies with their state, reports without a study, what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from extraction.models import Assignment, Extraction, ExtractionSettings, Study
from extraction.permissions import EXTRACTIONS_NEEDED
from extraction.selectors.settings import settings_of
from extraction.selectors.states import StudyState, count_of, with_state
from screening.models import FullText, Membership, Record, Report, Review
from screening.models.status import with_team_status
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability

OPEN = (StudyState.NEW, StudyState.EXTRACTING, StudyState.IMPORTED)
TO_SETTLE = (StudyState.READY, StudyState.RECONCILING)
TO_VERIFY = (StudyState.TO_VERIFY, StudyState.VERIFYING)
DRAFT, SETTLE, VERIFY, EXTRACT = "Your draft", "Reconcile", "Verify", "Extract"


@dataclass(frozen=True, slots=True)
class DeskStudy:
    """One study of the list, as one member sees it."""

    study: Study
    state: StudyState
    own: str = ""  # draft, submitted, or nothing
    waits: str = ""
    can_start: bool = False
    people: tuple[str, ...] = ()  # for a lead


def desk_of(membership: Membership) -> QuerySet[Any]:
    """Every study of the review with its state and what it asks of this member, in SQL."""
    own = Extraction.objects.filter(
        study=OuterRef("pk"), extractor=membership, origin=Extraction.Origin.PAGE
    )
    standing = Assignment.objects.standing().filter(study=OuterRef("pk"))
    begun = Extraction.objects.filter(study=OuterRef("study"), extractor=OuterRef("member"))
    of_others = standing.filter(~Exists(begun), task=Assignment.Task.EXTRACT)
    to_settle = standing.filter(task=Assignment.Task.SETTLE)
    studies = with_state(
        Study.objects.standing().filter(review=membership.review).select_related("review")
    ).annotate(
        own_id=Subquery(own.values("pk")[:1], output_field=IntegerField()),
        own_submitted_at=Subquery(own.values("submitted_at")[:1], output_field=DateTimeField()),
        is_mine=Exists(standing.filter(task=Assignment.Task.EXTRACT, member=membership)),
        reserved=count_of(of_others.exclude(member=membership)),
        is_mine_to_settle=Exists(to_settle.filter(member=membership)),
        has_settler=Exists(to_settle),
    )
    return _with_waits(studies, membership)


def desk_rows(studies: Iterable[Study], *, names_people: bool = False) -> list[DeskStudy]:
    """Annotated studies as the list shows them."""
    return [_desk_study(study, names_people=names_people) for study in studies]


def with_people(studies: QuerySet[Any]) -> QuerySet[Any]:
    """Fetch who is named for each study and who extracts it, in two more statements."""
    return studies.prefetch_related("extractions__extractor__user", "assignments__member__user")


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
    return desk_of(membership).exclude(waits="").count()


def readable_texts(study: Study) -> QuerySet[FullText]:
    """Current full texts of a study's reports, the main report's first."""
    return (
        FullText.objects.current()
        .filter(report__study_report__study=study)
        .select_related("report__record")
        .order_by("-report__study_report__is_main", "pk")
    )


def _with_waits(studies: QuerySet[Any], membership: Membership) -> QuerySet[Any]:
    settings = settings_of(membership.review)
    is_open = Q(own_id__isnull=True, state__in=[one.key for one in OPEN])
    is_verified = settings.mode == ExtractionSettings.Mode.VERIFIED
    needed = 1 if is_verified else EXTRACTIONS_NEEDED
    has_seat = Q(pages__lt=needed)
    is_free = Q(reserved__lt=needed - F("pages"))
    may_take = Q(is_mine=True) if settings.is_assigned_only else Q(is_mine=True) | is_free
    is_left_to_me = Q(is_mine_to_settle=True) | Q(has_settler=False)
    is_others = Q(own_id__isnull=True)
    may_settle = Q(state__in=[one.key for one in TO_SETTLE]) & is_left_to_me
    if settings.is_reconciliation_blinded:
        may_settle &= is_others
    asked_to_verify = Q(state__in=[one.key for one in TO_VERIFY]) & is_left_to_me
    if is_verified:
        asked_to_verify |= Q(state=StudyState.IMPORTED.key, is_mine_to_settle=True)
    may_verify = asked_to_verify & is_others
    never = Q(pk__in=[])
    can_start = is_open & has_seat & may_take if membership.can(Capability.EXTRACT) else never
    asks = Q(can_start=True) & (Q(is_mine=True) | ~Q(state=StudyState.IMPORTED.key))
    is_draft = Q(own_id__isnull=False, own_submitted_at__isnull=True)
    found: QuerySet[Any] = studies.annotate(
        can_start=Case(
            When(can_start, then=Value(value=True)),
            default=Value(value=False),
            output_field=BooleanField(),
        )
    ).annotate(
        waits=Case(
            When(is_draft, then=Value(DRAFT)),
            When(may_settle if membership.can(Capability.RECONCILE) else never, then=Value(SETTLE)),
            When(may_verify if membership.can(Capability.VERIFY) else never, then=Value(VERIFY)),
            When(asks, then=Value(EXTRACT)),
            default=Value(""),
            output_field=CharField(),
        )
    )
    return found


def _desk_study(study: Study, *, names_people: bool) -> DeskStudy:
    known = vars(study)
    own = ""
    if known["own_id"] is not None:
        own = "submitted" if known["own_submitted_at"] else "draft"
    return DeskStudy(
        study,
        StudyState[cast("str", known["state"]).upper()],
        own,
        known["waits"],
        known["can_start"],
        _people(study) if names_people else (),
    )


def _people(study: Study) -> tuple[str, ...]:
    named = [one.member for one in study.assignments.all() if one.withdrawn_at is None]
    working = [one.extractor for one in study.extractions.all() if one.is_of_page]
    return tuple(dict.fromkeys(member.user.name for member in (*working, *named)))
