"""What an extraction spreadsheet holds, would bring, brought, and what hangs on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    ExtractionRow,
    SheetImport,
    Study,
    StudyReport,
)
from extraction.schema.definition import FormDefinition
from extraction.selectors.forms import current_form, definition_of
from extraction.sheets.checking import check_sheet, mapping_faults
from extraction.sheets.grid import Grid, read_grid
from extraction.sheets.mapping import Match, SheetMapping, mapping_from_json, suggested
from extraction.sheets.reading import Known, SheetReading, folded
from screening.importers.parsed import ImportRefusedError
from screening.models import Job, Membership, Review
from screening.selectors.stored import GONE

SHEET_JOB = "import_extraction_sheet"


def sheet_grid(sheet: SheetImport) -> Grid:
    """The stored file as a grid.

    Raises:
        ValidationError: It cannot be read.
    """
    try:
        with sheet.file.open("rb") as stream:
            content = stream.read()
    except FileNotFoundError as error:
        raise ValidationError(GONE) from error
    try:
        return read_grid(content, sheet.sheet)
    except ImportRefusedError as error:
        raise ValidationError(str(error)) from error


def form_for_sheets(review: Review) -> FormDefinition:
    """The form that checks the cells.

    Raises:
        ValidationError: None is published.
    """
    form = current_form(review)
    if form is None:
        raise ValidationError("No extraction form is published yet. Publish one first.")
    return definition_of(form)


def mapping_of(sheet: SheetImport, grid: Grid, form: FormDefinition) -> SheetMapping:
    """The chosen mapping, or a guess by the columns' names."""
    if sheet.mapping:
        return mapping_from_json(sheet.mapping)
    return suggested(grid.header, form)


def known_in(review: Review, match: Match) -> Known:
    """Studies by the key of that kind, and people by name and e-mail, in two queries."""
    studies = Study.objects.standing().filter(review=review)
    keys: dict[str, int | None] = {}
    titles = {}
    for study in studies:
        titles[study.pk] = study.title
        if match is not Match.DOI:
            _add(keys, _key_of(study, match), study.pk)
    if match is Match.DOI:
        links = StudyReport.objects.filter(study__review=review).exclude(report__record__doi="")
        for pk, doi in links.values_list("study_id", "report__record__doi"):
            _add(keys, doi, pk)
    return Known(keys, _people(review), titles)


def reading_of_sheet(sheet: SheetImport, mapping: SheetMapping, grid: Grid) -> SheetReading:
    """Every cell checked.

    Raises:
        ValidationError: The mapping has faults, named each.
    """
    form = form_for_sheets(sheet.review)
    faults = mapping_faults(mapping, form, grid)
    if faults:
        raise ValidationError(faults)
    return check_sheet(grid, form, mapping, known_in(sheet.review, mapping.match))


def sheet_job(sheet: SheetImport) -> Job | None:
    """The job that imports the sheet, if it was started."""
    return Job.objects.filter(idempotency_key=sheet_job_key(sheet)).first()


def sheet_job_key(sheet: SheetImport) -> str:
    """One job a sheet."""
    return f"extraction-sheet-{sheet.pk}"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a sheet brought, counted from its rows."""

    studies: int
    new_studies: int
    rows: int
    values: int


def brought_by(sheet: SheetImport) -> Brought:
    """Count what names the sheet."""
    values = ExtractedValue.objects.filter(sheet=sheet).aggregate(
        n=Count("pk"), studies=Count("extraction__study", distinct=True)
    )
    return Brought(
        studies=values["studies"],
        new_studies=Study.objects.filter(sheet=sheet).count(),
        rows=ExtractionRow.objects.filter(sheet=sheet).count(),
        values=values["n"],
    )


def hanging_on_sheet(sheet: SheetImport) -> list[str]:
    """What keeps a sheet from being undone, in words; empty when nothing does."""
    of_rows = Q(row_a__sheet=sheet) | Q(row_b__sheet=sheet)
    of_values = Q(value_a__sheet=sheet) | Q(value_b__sheet=sheet)
    settled = set(
        ConsensusRow.objects.filter(of_rows).values_list("reconciliation__study", flat=True)
    )
    settled |= set(
        ConsensusValue.objects.filter(of_values).values_list("reconciliation__study", flat=True)
    )
    changed = ExtractedValue.objects.filter(replaces__sheet=sheet).exclude(sheet=sheet).count()
    foreign = Q(extractions__isnull=False) & ~Q(extractions__sheet=sheet)
    made = Study.objects.filter(sheet=sheet)
    used = made.filter(foreign | Q(study_reports__isnull=False)).distinct().count()
    found = (
        (len(settled), "studies are being reconciled with its values"),
        (changed, "of its values were changed since"),
        (used, "of the studies it made have reports or other extractions"),
    )
    return [f"{count} {words}" for count, words in found if count]


def earlier_import(sheet: SheetImport) -> SheetImport | None:
    """The same sheet of the same file, imported before and not undone."""
    same = SheetImport.objects.standing().filter(
        review=sheet.review_id, sha256=sheet.sha256, sheet=sheet.sheet
    )
    return same.exclude(pk=sheet.pk).first()


def possible_extractors(review: Review) -> list[Membership]:
    """Members whose extraction an imported value may be; former ones too."""
    members = Membership.objects.filter(review=review, is_extractor=True).select_related("user")
    return sorted(members, key=lambda one: one.user.name.casefold())


def _people(review: Review) -> dict[str, int]:
    people: dict[str, int] = {}
    names: set[str] = set()
    for member in Membership.objects.filter(review=review).select_related("user"):
        name = folded(member.user.name)
        people[folded(member.user.email)] = member.pk
        if name in names:
            people.pop(name, None)  # two people of one name: only the e-mail tells them apart
        else:
            people[name] = member.pk
        names.add(name)
    return people


def _key_of(study: Study, match: Match) -> str:
    keys = {
        Match.LABEL: study.label,
        Match.ID: str(study.pk),
        Match.TITLE: study.title,
        Match.AUTHOR_YEAR: f"{study.first_author} {study.year or ''}",
    }
    return keys[match]


def _add(keys: dict[str, int | None], key: str, pk: int) -> None:
    key = folded(key)
    if key:
        keys[key] = None if keys.get(key, pk) != pk else pk


def described(sheets: Iterable[SheetImport]) -> list[tuple[SheetImport, str]]:
    """Each sheet with where it stands."""
    return [(one, _standing(one)) for one in sheets]


def _standing(sheet: SheetImport) -> str:
    if sheet.undone_at:
        return "undone"
    if sheet.imported_at:
        return "imported"
    return "being imported" if sheet.started_at else "not started"
