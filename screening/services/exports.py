"""Taking records out: asked for, noted in the audit trail, and streamed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from screening.exporters.registry import writer_named
from screening.exporters.writer import Writer
from screening.models import AuditEvent, Membership
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.exports import (
    Choice,
    chosen_records,
    exported_ids,
    exported_records,
)
from screening.selectors.reports import ReportFilters, sought


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way: its writer, its name, how many records, and its bytes."""

    writer: Writer
    name: str
    count: int
    pieces: Iterator[bytes]

    @property
    def headers(self) -> dict[str, str]:
        """What goes with the file: a download, never shown in place, kept by no cache."""
        return {
            "Content-Type": self.writer.content_type,
            "Content-Disposition": f'attachment; filename="{self.name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }


def export_records(*, membership: Membership, file_format: str, choice: Choice) -> Export:
    """Begin an export; the records are read while its pieces are taken.

    Args:
        membership: Who takes the records out; the file holds what this person may see.
        file_format: The name of a writer.
        choice: Which records.

    Returns:
        The export.

    Raises:
        PermissionDenied: The person may not export.
        ValidationError: There is no such format.
    """
    require(membership, Capability.EXPORT)
    writer = _writer(file_format)
    count = chosen_records(membership=membership, choice=choice).count()
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="records.exported",
        target=membership.review,
        after={"format": file_format, "records": count, **choice.as_dict()},
    )
    records = exported_records(membership=membership, choice=choice)
    return Export(writer, _name(membership, writer, choice), count, writer.stream(records))


def export_reports(*, membership: Membership, file_format: str, filters: ReportFilters) -> Export:
    """Begin an export of the reports that are sought, for whoever fetches them.

    Args:
        membership: Who takes them out; the file holds what this person may see.
        file_format: The name of a writer.
        filters: Which of the reports.

    Raises:
        PermissionDenied: The person may not export.
        ValidationError: There is no such format.
    """
    require(membership, Capability.EXPORT)
    writer = _writer(file_format)
    found = sought(membership=membership, filters=filters)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    asked = {name: value for name, value in asdict(filters).items() if value}
    AuditEvent.objects.append_by(
        membership,
        "reports.exported",
        membership.review,
        after={"format": file_format, "reports": len(ids), **asked},
    )
    day = timezone.localdate().isoformat()
    words = filters.retrieval.replace("_", "-")
    parts = (membership.review.slug, "reports", words, day)
    name = "-".join(part for part in parts if part) + f".{writer.ending}"
    return Export(writer, name, len(ids), writer.stream(exported_ids(membership, ids)))


def _writer(file_format: str) -> Writer:
    try:
        return writer_named(file_format)
    except ValueError as error:
        raise ValidationError(f"There is no format {file_format!r}.", code="unknown") from error


def _name(membership: Membership, writer: Writer, choice: Choice) -> str:
    parts = [membership.review.slug, choice.filters.stage, choice.filters.status]
    day = timezone.localdate().isoformat()
    words = "-".join(part.replace("_", "-") for part in (*parts, day) if part)
    return f"{words}.{writer.ending}"
