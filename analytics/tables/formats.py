"""The formats of Table 1: name, ending, media type and writer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.tables import print_writers, writers
from analytics.tables.docx import to_docx
from analytics.tables.model import Table
from analytics.tables.xlsx import to_xlsx

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Format:
    """One format; a writer gives text (to be encoded as UTF-8) or bytes."""

    ending: str
    kind: str
    write: Callable[[Table], str | bytes]

    def encoded(self, table: Table) -> bytes:
        """The file's bytes."""
        written = self.write(table)
        return written.encode() if isinstance(written, str) else written


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format("csv", "text/csv; charset=utf-8", writers.to_csv),
        "csv-excel": Format("csv", "text/csv; charset=utf-8", writers.to_excel_csv),
        "xlsx": Format("xlsx", f"{OFFICE}.spreadsheetml.sheet", to_xlsx),
        "docx": Format("docx", f"{OFFICE}.wordprocessingml.document", to_docx),
        "latex": Format("tex", "application/x-tex; charset=utf-8", print_writers.to_latex),
        "markdown": Format("md", "text/markdown; charset=utf-8", print_writers.to_markdown),
        "html": Format("html", "text/html; charset=utf-8", print_writers.to_html),
        "json": Format("json", "application/json", writers.to_json),
    }
)
