"""Finding quotes in the files of their reports. Nothing of a value is changed."""

from collections.abc import Iterator
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from extraction.models import ConsensusValue, ExtractedValue, QuotePlace, SheetImport
from extraction.models.quotes import quote_digest
from extraction.selectors.quotes import find_passage
from screening.models import FullText, Job, Membership, Report
from screening.selectors.full_texts import QUOTES_JOB


class Progress(Protocol):
    """Told after every quote, inside its transaction."""

    def __call__(self, *, done: int, total: int, message: str) -> None:
        """Take the progress."""


def find_quotes_again(*, full_text: FullText, progress: Progress) -> int:
    """Look in a file for the quotes that were read in others of its report, or only typed.

    Called again it goes on where it stood; a quote that was looked for is not looked for again.

    Args:
        full_text: The file that is the report's now; a replaced one is left alone.
        progress: Told with every quote.

    Returns:
        How many quotes are not found.
    """
    if full_text.replaced_at is not None:
        return 0
    quotes = dict(_quotes(full_text))
    known = set(full_text.quote_places.values_list("digest", flat=True))
    for done, (quote, page) in enumerate(quotes.items(), start=1):
        if quote_digest(quote) in known:
            continue
        passage = find_passage([full_text], quote, page)
        with transaction.atomic():
            progress(done=done, total=len(quotes), message="Finding quotes")
            remember_place(
                full_text=full_text,
                quote=quote,
                page=passage.page if passage else None,
                rectangles=[list(box) for box in passage.rectangles] if passage else [],
            )
    digests = [quote_digest(quote) for quote in quotes]
    return full_text.quote_places.filter(digest__in=digests, page__isnull=True).count()


def find_quotes_of_sheet(*, sheet: SheetImport, progress: Progress) -> None:
    """Look in the files that are here already for the quotes that a spreadsheet brought.

    Called again it goes on where it stood.

    Args:
        sheet: An imported spreadsheet.
        progress: Told with every quote and every file.
    """
    quoting = sheet.values.exclude(quote="").values("extraction__study")
    files = FullText.objects.current().filter(report__study_report__study__in=quoting)
    ids = list(files.order_by("pk").values_list("pk", flat=True).distinct())
    for before, pk in enumerate(ids):

        def alive(*, message: str, before: int = before, **_of_file: int) -> None:
            progress(done=before, total=len(ids), message=message)

        find_quotes_again(full_text=FullText.objects.get(pk=pk), progress=alive)
        progress(done=before + 1, total=len(ids), message="Finding quotes")


def look_in_report(*, report: Report, asked_by: Membership) -> None:
    """Have a worker look in the file of a report that came to a study for the study's quotes."""
    full_text = FullText.objects.current().filter(report=report).first()
    if full_text is not None:
        Job.objects.enqueue(
            kind=QUOTES_JOB,
            review=asked_by.review,
            created_by=asked_by.user,
            params={"full_text_id": full_text.pk},
        )


def remember_place(
    *, full_text: FullText, quote: str, page: int | None, rectangles: list[list[float]]
) -> None:
    """Keep where a quote stands in a file, or that it was not found there."""
    QuotePlace.objects.update_or_create(
        full_text=full_text,
        digest=quote_digest(quote),
        defaults={"page": page, "rectangles": rectangles},
    )


def _quotes(full_text: FullText) -> Iterator[tuple[str, int | None]]:
    """Quotes of current values of the report's study that were not read in this file."""
    report = full_text.report_id
    older = Q(full_text__report=report) & ~Q(full_text=full_text)
    typed = Q(full_text__isnull=True)
    raw = ExtractedValue.objects.current().filter(
        older | typed, extraction__study__study_reports__report=report
    )
    settled = ConsensusValue.objects.current().filter(
        older | typed, reconciliation__study__study_reports__report=report
    )
    for values in (settled, raw):
        yield from values.exclude(quote="").values_list("quote", "page").order_by("-pk")
