"""Which records a stage holds, and how the stage is set."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from screening.models import (
    Adjudication,
    Decision,
    Record,
    RetrievalAttempt,
    Review,
    Source,
    StageSettings,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.one_look import seen
from screening.selectors.prepared import Prepared, Slot


def settings_of(review: Review, stage: Stage) -> StageSettings:
    """How one stage of the review is screened."""
    key = ("settings", review.pk, stage)
    return seen(key, lambda: StageSettings.objects.get(review=review, stage=stage))


def in_stage(records: RecordQuerySet, stage: Stage) -> RecordQuerySet:
    """Narrow to the set of a stage: the screened records, or those whose report is sought.

    The same sets as `Record.objects.to_screen()` and `.at_full_text()`, but asked row by row, so
    that a question about one record does not work out the status of all of them.
    """
    if stage == Stage.TITLE_ABSTRACT:
        return records.to_screen()
    here = {"record": OuterRef("pk"), "stage": Stage.TITLE_ABSTRACT, "superseded_at__isnull": True}
    spoken_for = Exists(Decision.objects.filter(**here).exclude(verdict=Verdict.EXCLUDE)) | Exists(
        Adjudication.objects.filter(**here).exclude(verdict=Verdict.EXCLUDE)
    )  # cheap, and true of few: only their status is worked out
    passed = (
        Record.objects.filter(pk=OuterRef("pk"))
        .with_status(Stage.TITLE_ABSTRACT)
        .filter(Q(team_status=Status.INCLUDED.value))
    )
    standing = records.without_duplicates().without_removed()
    is_identified = Q(source__kind__in=Source.IDENTIFICATION_KINDS)
    is_other = Q(source__kind__in=Source.OTHER_METHOD_KINDS)
    return standing.filter(is_other | (is_identified & Q(spoken_for) & Exists(passed)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record that a stage holds stands there."""

    is_ruled: bool
    is_retrieved: bool


@cache
def _standing(stage: Stage) -> Prepared:
    ruling = Adjudication.objects.current().filter(record=OuterRef("pk"), stage=stage)

    def build() -> Any:
        records = in_stage(Record.objects.filter(pk=Slot("record")), stage)
        return with_retrieval(records).values_list(Exists(ruling), "retrieval")

    return Prepared(build)


def standing_of(record_id: int, stage: Stage) -> Standing | None:
    """How a record stands in a stage, in one query; None when the stage does not hold it."""
    found = _standing(stage).row(record=record_id)
    if found is None:
        return None
    is_ruled, retrieval = found
    return Standing(bool(is_ruled), retrieval == RetrievalAttempt.Outcome.RETRIEVED)


def is_in_stage(record: Record, stage: Stage) -> bool:
    """Whether the stage holds the record now."""
    return standing_of(record.pk, stage) is not None


def was_included_before(record: Record) -> bool:
    """Whether the record stands for a report of the review's previous version."""
    return Record.objects.filter(pk=record.pk).included_before().exists()


def is_included(record: Record) -> bool:
    """Whether its report is in the review: included at full text, or by the previous version."""
    if record.source.kind == Source.Kind.PREVIOUS_VERSION:
        return was_included_before(record)
    included = Record.objects.filter(pk=record.pk).with_status(Stage.FULL_TEXT)
    return bool(included.filter(team_status=Status.INCLUDED.value).exists())


def stage_of(record: Record) -> Stage:
    """The last stage that the record has reached."""
    return Stage.FULL_TEXT if is_in_stage(record, Stage.FULL_TEXT) else Stage.TITLE_ABSTRACT


def with_retrieval(records: RecordQuerySet) -> RecordQuerySet:
    """Annotate `retrieval`: the latest outcome of the report's log, or None without an attempt."""
    attempts = RetrievalAttempt.objects.filter(report__record=OuterRef("pk"))
    latest = attempts.order_by("-created_at", "-pk").values("outcome")[:1]
    return records.annotate(retrieval=Subquery(latest))


def retrieved(records: RecordQuerySet) -> RecordQuerySet:
    """Narrow to records whose report lies before us: only those are assessed at full text."""
    return with_retrieval(records).filter(Q(retrieval=RetrievalAttempt.Outcome.RETRIEVED))
