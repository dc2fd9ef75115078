"""The four sources of the demo, imported from their files like anybody's."""

from django.core.files.base import ContentFile

from reviewapp.demo.protocol import REFERENCES_NAME, SOURCES
from reviewapp.demo.references import REFERENCE, references_file
from reviewapp.demo.tables import DATA, studies
from screening.models import DuplicateLink, Membership, Record, Review, Source
from screening.selectors.import_files import reading_of
from screening.services.import_run import run_import
from screening.services.imports import fix_reading, take_in


def import_sources(*, lead: Membership) -> None:
    """Import the paper's references and the three lists, each as a database of its own."""
    for name, (file_name, note) in SOURCES.items():
        is_list = name != REFERENCES_NAME
        content = (DATA / file_name).read_bytes() if is_list else references_file()
        batch = take_in(
            membership=lead,
            source_name=name,
            kind=Source.Kind.DATABASE,
            upload=ContentFile(content, name=file_name),
        )
        Source.objects.filter(pk=batch.source_id).update(note=note)
        fix_reading(membership=lead, batch=batch, reading=reading_of(batch))
        run_import(batch=batch)


def reference_of(record: Record) -> str:
    """The number of an imported reference in the paper's list."""
    number: str = record.extra[REFERENCE][0]
    return number


def standing_records(*, review: Review) -> dict[str, Record]:
    """The record that stands for each of the 79: its own, or the one it is a duplicate of."""
    records = {
        reference_of(record): record
        for record in Record.objects.filter(review=review, source__name=REFERENCES_NAME)
    }
    links = DuplicateLink.objects.standing().filter(review=review).select_related("kept")
    kept = {link.record_id: link.kept for link in links}
    numbers = [row["ref_no"] for row in studies()]
    return {number: kept.get(records[number].pk, records[number]) for number in numbers}
