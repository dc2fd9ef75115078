"""The 79 studies with what is known of them, as one imported extraction each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils import timezone

from extraction.models import (
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    Study,
    StudyReport,
)
from extraction.schema.codec import from_json
from reviewapp.demo.answers import GROUP, Answer, experiment_answers_of, study_answers_of
from reviewapp.demo.tables import Row, results_of, studies
from screening.models import AuditEvent, Membership, Report


def add_studies(*, lead: Membership, reports: Mapping[str, Report]) -> list[Study]:
    """Make one study of each report, in the order of the table, as one event of the audit trail.

    The studies are not made one by one by `create_study`: the reports were included a moment ago
    in this very transaction, and asking so 79 times over would take half of the loading time.
    """
    rows = studies()
    made = Study.objects.bulk_create(_study(lead, row) for row in rows)
    StudyReport.objects.bulk_create(
        StudyReport(study=study, report=reports[row["ref_no"]], is_main=True)
        for study, row in zip(made, rows, strict=True)
    )
    AuditEvent.objects.append(
        review=lead.review,
        actor=lead.user,
        action="studies.imported",
        target=lead.review,
        after={"studies": [study.pk for study in made]},
    )
    return made


def import_answers(*, team: Membership, form: ExtractionForm, made: Sequence[Study]) -> None:
    """Give each study one imported extraction with everything that is known of it.

    Args:
        team: The paper's team, whose extraction it is.
        form: The review's form, which checks every value.
        made: The studies in the order of the table.
    """
    definition = from_json(form.definition)
    extractions = Extraction.objects.bulk_create(
        Extraction(
            study=study,
            form=form,
            extractor=team,
            origin=Extraction.Origin.IMPORT,
            submitted_at=timezone.now(),
        )
        for study in made
    )
    results = [
        (extraction, position, result)
        for extraction, row in zip(extractions, studies(), strict=True)
        for position, result in enumerate(results_of(row["ref_no"]), start=1)
    ]
    experiments = ExtractionRow.objects.bulk_create(
        ExtractionRow(extraction=extraction, group=GROUP, position=position)
        for extraction, position, _ in results
    )
    values: list[ExtractedValue] = []
    for extraction, row in zip(extractions, studies(), strict=True):
        values += _values(extraction, None, study_answers_of(definition, row))
    for experiment, (extraction, _, result) in zip(experiments, results, strict=True):
        values += _values(extraction, experiment, experiment_answers_of(definition, result))
    ExtractedValue.objects.bulk_create(values)


def _study(lead: Membership, row: Row) -> Study:
    return Study(
        review=lead.review,
        title=row["title"],
        first_author=row["first_author"],
        year=int(row["year"]),
        label=row["ref_no"],
        note=_note(row),
        created_by=lead,
    )


def _note(row: Row) -> str:
    notes = [
        f"Reference {row['ref_no']}, {row['authors_as_cited']}",
        f"Year from: {row['year_basis']}." if row["year_basis"] != "reference list" else "",
        f"Known as {row['doi_or_arxiv']}." if row["doi_or_arxiv"] else "",
        f"Innate relationship, {row['innate_subtype']}." if row["innate_subtype"] else "",
        f"{row['flags'][0].upper()}{row['flags'][1:]}." if row["flags"] else "",
    ]
    return "\n".join(filter(None, notes))


def _values(
    extraction: Extraction, row: ExtractionRow | None, answers: Iterable[Answer]
) -> Iterator[ExtractedValue]:
    for answer in answers:
        yield ExtractedValue(
            extraction=extraction,
            row=row,
            field=answer.field,
            value=answer.value,
            unit=answer.unit,
            **answer.proof,
        )
