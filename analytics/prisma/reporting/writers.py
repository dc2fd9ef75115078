"""Which report becomes which file."""

from collections.abc import Mapping
from types import MappingProxyType

from analytics.prisma.reporting.checklist import checklist_of
from analytics.prisma.reporting.documents import (
    report_as_csv,
    report_as_docx,
    rows_as_csv,
    searches_as_docx,
)
from analytics.prisma.reporting.facts import ReviewFacts
from analytics.prisma.reporting.searches import SEARCH_COLUMNS, search_report_of, search_rows

CHECKLIST, SEARCHES = "checklist", "searches"
DOCX, CSV = "docx", "csv"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        CSV: "text/csv; charset=utf-8",
    }
)


def written(facts: ReviewFacts, report: str, file_format: str) -> bytes:
    """A report as a file.

    Args:
        facts: What the review knows of itself.
        report: `checklist` or `searches`.
        file_format: `docx` or `csv`; the CSV of the searches is the table of searches.

    Returns:
        The bytes of the file.

    Raises:
        ValueError: For another report or format.
    """
    if report not in {CHECKLIST, SEARCHES} or file_format not in KINDS:
        raise ValueError(f"There is no report {report!r} as {file_format!r}.")
    if report == CHECKLIST:
        table = checklist_of(facts)
        return report_as_docx(table) if file_format == DOCX else report_as_csv(table).encode()
    if file_format == CSV:
        return rows_as_csv(SEARCH_COLUMNS, search_rows(facts)).encode()
    return searches_as_docx(search_report_of(facts), SEARCH_COLUMNS, search_rows(facts))
