"""The 79 studies with what is known of them, as one imported extraction each."""

from collections.abc import Mapping

from django.core.files.base import ContentFile

from extraction.models import Study, StudyReport
from extraction.services.sheet_run import run_sheet
from extraction.services.sheets import map_sheet, take_in_sheet
from extraction.sheets.mapping import Match, SheetMapping
from reviewapp.demo.answers import (
    RESULT_MEANING,
    STUDY_MEANING,
    results_sheet,
    studies_sheet,
)
from reviewapp.demo.tables import Row, studies
from screening.models import AuditEvent, Membership, Report


def add_studies(*, lead: Membership, reports: Mapping[str, Report]) -> None:
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


def import_answers(*, lead: Membership, team: Membership) -> None:
    """Import what is known of the studies, from two spreadsheets like anybody's.

    Args:
        lead: Who imports.
        team: The paper's team, whose extraction it is.

    Raises:
        ValueError: A cell does not fit the form.
    """
    sheets = (
        ("studies.csv", studies_sheet(), STUDY_MEANING),
        ("results.csv", results_sheet(), RESULT_MEANING),
    )
    for name, content, meaning in sheets:
        sheet = take_in_sheet(membership=lead, upload=ContentFile(content, name=name))
        mapping = SheetMapping(columns=tuple(meaning.values()), match=Match.LABEL)
        sheet = map_sheet(membership=lead, sheet=sheet, mapping=mapping, extractor=team)
        run_sheet(sheet=sheet)
        refused = [one for one in sheet.problems if not one["is_question"]]
        if refused:
            raise ValueError(f"{name}: {refused[0]['address']}: {refused[0]['message']}")


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
