"""How far each study is, derived in SQL at every read."""

from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
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
from django.db.models.functions import Coalesce

from extraction.models import Extraction, ExtractionSettings, Study
from extraction.permissions import EXTRACTIONS_NEEDED
from screening.models import Review


class StudyState(StrEnum):
    """How far a study is, in the team's words; the name in small letters is its key."""

    NEW = "Not extracted"
    EXTRACTING = "Being extracted"
    READY = "Ready to reconcile"
    RECONCILING = "Being reconciled"
    TO_VERIFY = "Ready to verify"
    VERIFYING = "Being verified"
    FINAL = "Final"
    IMPORTED = "Imported"

    @property
    def key(self) -> str:
        """The state in addresses and in SQL."""
        return self.name.lower()


def with_state(studies: QuerySet[Study]) -> QuerySet[Any]:
    """Annotate `state` and the counts it follows from; says nothing of whose is how far.

    `pages` counts extractions in the form without what former members left unfinished,
    `submitted` those of them that are submitted, `imports` the imported ones.
    """
    of_study = Extraction.objects.filter(study=OuterRef("pk"))
    in_form = of_study.filter(origin=Extraction.Origin.PAGE)
    done = Q(submitted_at__isnull=False)
    active = Q(extractor__deactivated_at__isnull=True, extractor__user__is_active=True)
    counted = studies.annotate(
        pages=count_of(in_form.filter(done | active)),
        submitted=count_of(in_form.filter(done)),
        imports=count_of(of_study.filter(origin=Extraction.Origin.IMPORT)),
    )
    all_submitted = Q(submitted__gt=0, submitted=F("pages"))
    verified = ExtractionSettings.objects.filter(
        review=OuterRef("review"), mode=ExtractionSettings.Mode.VERIFIED
    )
    a_alone = {"reconciliation__extraction_a__isnull": False}
    a_alone["reconciliation__extraction_b__isnull"] = True
    return counted.annotate(
        state=Case(
            _when(StudyState.FINAL, reconciliation__finalised_at__isnull=False),
            _when(StudyState.VERIFYING, **a_alone),
            _when(StudyState.RECONCILING, reconciliation__isnull=False),
            _when(StudyState.READY, submitted__gte=EXTRACTIONS_NEEDED),
            When(all_submitted & Q(imports__gt=0), then=Value(StudyState.READY.key)),
            When(all_submitted & Exists(verified), then=Value(StudyState.TO_VERIFY.key)),
            _when(StudyState.EXTRACTING, pages__gt=0),
            _when(StudyState.IMPORTED, imports__gt=0),
            default=Value(StudyState.NEW.key),
            output_field=CharField(),
        )
    )


def state_counts(review: Review) -> dict[StudyState, int]:
    """How many studies stand in each state, every state named, in one statement."""
    studies = with_state(Study.objects.standing().filter(review=review)).order_by()
    found = dict(studies.values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return {state: found.get(state.key, 0) for state in StudyState}


def state_of(study: Study) -> StudyState:
    """The state of one study."""
    found = with_state(Study.objects.filter(pk=study.pk)).values_list("state", flat=True)
    return StudyState[found.get().upper()]


def count_of(found: QuerySet[Any]) -> Coalesce:
    """A count of rows of a study as a subquery; `found` names its study by `OuterRef`."""
    counted = found.order_by().values("study").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _when(state: StudyState, **condition: Any) -> When:
    return When(**condition, then=Value(state.key))


def hidden_readings(review: Review) -> list[str]:
    """What blinding hides of studies that not all have read yet, in words."""
    if not review.is_extraction_blinded:
        return []
    studies = with_state(Study.objects.filter(review=review))
    is_hidden = studies.filter(state=StudyState.EXTRACTING.key).exists()
    return ["studies are being extracted blinded"] if is_hidden else []
