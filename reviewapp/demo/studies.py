"""The 79 studies with what is known of them, as one imported extraction each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils import timezone

from extraction.models import (
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    Study,
)
from extraction.schema.codec import from_json
from extraction.schema.definition import FormDefinition
from extraction.services.studies import StudyFacts, create_study, describe_study
from reviewapp.demo.answers import GROUP, Answer, experiment_answers_of, study_answers_of
from reviewapp.demo.tables import Row, results_of, studies
from screening.models import Membership, Report


def add_studies(*, lead: Membership, reports: Mapping[str, Report]) -> dict[str, Study]:
    """Make one study of each report, with the author, year and number that the paper prints.

    Returns:
        Reference number to study.
    """
    made = {}
    for row in studies():
        study = create_study(membership=lead, report=reports[row["ref_no"]])
        facts = StudyFacts(row["title"], row["first_author"], int(row["year"]), row["ref_no"])
        describe_study(membership=lead, study=study, facts=facts)
        Study.objects.filter(pk=study.pk).update(note=_note(row))
        made[row["ref_no"]] = study
    return made


def import_answers(
    *, team: Membership, form: ExtractionForm, studies_made: Mapping[str, Study]
) -> None:
    """Give each study one imported extraction with everything that is known of it.

    Args:
        team: The paper's team, whose extraction it is.
        form: The review's form, which checks every value.
        studies_made: Reference number to study.
    """
    definition = from_json(form.definition)
    values: list[ExtractedValue] = []
    for row in studies():
        extraction = Extraction.objects.create(
            study=studies_made[row["ref_no"]],
            form=form,
            extractor=team,
            origin=Extraction.Origin.IMPORT,
            submitted_at=timezone.now(),
        )
        values += _values(extraction, None, study_answers_of(definition, row))
        values += _experiments(extraction, definition, results_of(row["ref_no"]))
    ExtractedValue.objects.bulk_create(values)


def _note(row: Row) -> str:
    notes = [
        f"Reference {row['ref_no']}, {row['authors_as_cited']}",
        f"Year from: {row['year_basis']}." if row["year_basis"] != "reference list" else "",
        f"Known as {row['doi_or_arxiv']}." if row["doi_or_arxiv"] else "",
        f"Innate relationship, {row['innate_subtype']}." if row["innate_subtype"] else "",
        f"{row['flags'][0].upper()}{row['flags'][1:]}." if row["flags"] else "",
    ]
    return "\n".join(filter(None, notes))


def _experiments(
    extraction: Extraction, definition: FormDefinition, results: Sequence[Row]
) -> Iterator[ExtractedValue]:
    made = ExtractionRow.objects.bulk_create(
        ExtractionRow(extraction=extraction, group=GROUP, position=position)
        for position, _ in enumerate(results, start=1)
    )
    for experiment, row in zip(made, results, strict=True):
        yield from _values(extraction, experiment, experiment_answers_of(definition, row))


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
