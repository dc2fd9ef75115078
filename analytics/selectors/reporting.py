"""What a review knows of itself for the PRISMA 2020 checklist and the PRISMA-S report."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from analytics.prisma.flow import Flow, FlowError
from analytics.prisma.reporting.facts import (
    ExcludedReport,
    FormFacts,
    ReviewFacts,
    SearchRun,
    SourceFacts,
    StageFacts,
)
from analytics.selectors.agreement import agreement_of, may_see_agreement
from analytics.selectors.comparing import comparing_form
from analytics.selectors.moments import settings_then
from analytics.selectors.prisma import flow_of
from extraction.models import ExtractionSettings, Study
from extraction.permissions import EXTRACTIONS_NEEDED
from extraction.schema.comparison import ReportingPolicy
from extraction.selectors.forms import definition_of
from extraction.selectors.past import form_then
from extraction.selectors.settings import choices_then
from screening.models import DuplicateLink, Membership, Record, Review, Search
from screening.rules.consensus import Stage
from screening.selectors.moments import existing, standing

STAGE_NAMES = {Stage.TITLE_ABSTRACT: "Title and abstract", Stage.FULL_TEXT: "Full text"}


def facts_of(
    *, review: Review, membership: Membership | None = None, as_of: datetime | None = None
) -> ReviewFacts:
    """Everything for the reports, read now.

    Args:
        review: The review.
        membership: Who asks; what this person may not know yet is left out (the agreement of a
            blinded stage) or stands as awaiting (conflicts of others). Nobody means the whole
            truth.
        as_of: The moment of which every number is; now without it. Question, criteria, protocol
            and the texts of searches are always those of now.

    Returns:
        The facts; the flow is missing where it does not add up.
    """
    try:
        flow = flow_of(review=review, membership=membership, as_of=as_of)
    except FlowError:
        flow = None
    choices = choices_then(review, as_of)
    is_verified = choices["mode"] == ExtractionSettings.Mode.VERIFIED
    return ReviewFacts(
        moment=timezone.localtime(),
        title=review.title,
        question=review.question,
        criteria=tuple(str(sentence) for sentence in review.inclusion_criteria),
        registration=review.registration,
        protocol=review.protocol,
        stages=tuple(_stage(review, stage, membership, as_of) for stage in Stage),
        sources=_sources(flow) if flow else (),
        searches=_searches(review, as_of),
        duplicates=_duplicates(review, as_of),
        flow=_numbers(flow) if flow else None,
        is_running=bool(flow and flow.is_running),
        excluded=_excluded(review, flow) if flow else (),
        studies=_studies(review, flow) if flow else (),
        extractors=1 if is_verified else EXTRACTIONS_NEEDED,
        is_extraction_blinded=bool(choices["is_extraction_blinded"]),
        form=_form(review, as_of),
    )


def _stage(
    review: Review, stage: Stage, membership: Membership | None, as_of: datetime | None
) -> StageFacts:
    settings = review.stage_settings.get(stage=stage)
    if as_of is not None:
        settings = settings_then(review, stage, as_of)
    told = ""
    if membership is None or may_see_agreement(membership, stage):
        told = _agreement(review, stage, membership, as_of)
    return StageFacts(
        STAGE_NAMES[stage],
        settings.verdicts_needed,
        settings.is_blinded,
        settings.is_own_ruling_barred,
        told,
    )


def _agreement(
    review: Review, stage: Stage, membership: Membership | None, as_of: datetime | None
) -> str:
    found = agreement_of(review=review, stage=stage, membership=membership, as_of=as_of)
    alpha = found.alpha
    if not found.records or alpha.value is None:
        return ""
    has_interval = alpha.low is not None and alpha.high is not None
    interval = f" (95 % interval {alpha.low:.2f} to {alpha.high:.2f})" if has_interval else ""
    return (
        f"Agreement before any adjudication on {found.records:,} records judged by two or more "
        f"of {found.reviewers} people: Krippendorff's alpha {alpha.value:.2f}{interval}."
    )


def _sources(flow: Flow) -> tuple[SourceFacts, ...]:
    counts, declared = flow.counts, flow.declared_counts
    return tuple(
        SourceFacts(
            rows.name,
            rows.kind.value.replace("_", " "),
            counts[f"source.{i}"],
            declared.get(f"source.{i}", 0),
        )
        for i, rows in enumerate(flow.sources)
    )


def _searches(review: Review, as_of: datetime | None) -> tuple[SearchRun, ...]:
    imported = Q(batches__records__isnull=False) & existing(as_of, "batches__records__")
    searches = (
        Search.objects.filter(existing(as_of), source__review=review)
        .select_related("source")
        .annotate(records=Count("batches__records", filter=imported))
        .order_by("source__name", "searched_on", "pk")
    )
    return tuple(
        SearchRun(
            source=one.source.name,
            kind=one.source.get_kind_display(),
            platform=one.interface,
            searched_on=one.searched_on,
            strategy=one.query,
            hits=one.hits,
            records=one.records,
        )
        for one in searches
    )


def _duplicates(review: Review, as_of: datetime | None) -> dict[str, int]:
    links = DuplicateLink.objects.filter(standing(as_of, "undone_at"), review=review).order_by()
    counts = dict(links.values_list("method").annotate(Count("pk")))
    return {
        str(method.label): counts[method.value]
        for method in DuplicateLink.Method
        if method.value in counts
    }


def _numbers(flow: Flow) -> dict[str, int]:
    declared = flow.declared_counts.get("duplicates", 0)
    return {**flow.counts, "declared_duplicates": declared}


def _excluded(review: Review, flow: Flow) -> tuple[ExcludedReport, ...]:
    reason_of = {
        pk: reason.name
        for column in (flow.databases, flow.other)
        for reason in column.reasons
        for pk in reason.ids
    }
    records = Record.objects.filter(review=review).in_bulk(sorted(reason_of))
    return tuple(
        ExcludedReport(_cited(records[pk]), reason)
        for pk, reason in sorted(reason_of.items())
        if pk in records
    )


def _cited(record: Record) -> str:
    who = " ".join(part for part in (record.first_author, str(record.year or "")) if part)
    return f"{who}. {record.title}" if who else record.title


def _studies(review: Review, flow: Flow) -> tuple[str, ...]:
    studies = Study.objects.filter(Q(pk__in=flow.included.total_studies), review=review)
    return tuple(str(study) for study in studies.order_by("first_author", "year", "pk"))


def _form(review: Review, as_of: datetime | None) -> FormFacts | None:
    form = form_then(review, as_of)
    if form is None:
        return None
    definition = definition_of(form)
    fields = [field for group in definition.groups for field in group.fields]
    reported = comparing_form(review, as_of=as_of)
    comparison = reported.comparison if reported else None
    results = {comparison.arm.field, comparison.comparator.field} if comparison else set()
    return FormFacts(
        title=definition.title,
        version=form.version,
        fields=tuple(field.label for field in fields),
        outcomes=tuple(field.label for field in fields if field.key in results),
        policy=_policy(comparison.policy) if comparison else (),
        has_comparison=comparison is not None,
    )


def _policy(policy: ReportingPolicy) -> tuple[str, ...]:
    """Which result is taken when a study gives several, in sentences."""
    choices = {
        "Metric, first choice first": ", ".join(policy.metric_priority),
        "Model": policy.model_choice.replace("_", " "),
        "Task": policy.task_choice.replace("_", " "),
        "Comparator, first choice first": ", ".join(policy.comparator_preference),
        "Label fractions": policy.fraction_choice.replace("_", " "),
    }
    told = "; ".join(f"{name}: {choice}" for name, choice in choices.items() if choice)
    source = f" ({policy.source})" if policy.source else ""
    return (f"Where a study gives several results{source}: {told}.",) if told else ()
