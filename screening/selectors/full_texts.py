"""Full texts of a review: finding one, and the pictures and words of its pages."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.http import Http404

from screening.models import FullText, Membership
from screening.selectors import pdf
from screening.selectors.cached_files import keep_within

QUOTES_JOB = "find_quotes_again"  # kind of the job that a file of a study asks for
CACHE_LIMIT_BYTES = 500 * 1024 * 1024
CACHE_CHECK_EVERY = 50


def full_text_or_404(membership: Membership, full_text_id: int) -> FullText:
    """A full text of the member's review, replaced ones too, since evidence may quote them.

    Raises:
        Http404: There is none in this review.
    """
    texts = FullText.objects.select_related("report__record__review", "uploaded_by__user")
    found = texts.filter(pk=full_text_id, report__record__review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such full text.")
    return found


def page_words(full_text: FullText, number: int) -> pdf.PageWords:
    """The words of a page with their rectangles.

    Raises:
        ValueError: There is no such page.
    """
    return pdf.words_of(partial(_content, full_text), number, key=_key(full_text))


def page_image(full_text: FullText, number: int, scale: float = 2.0) -> bytes:
    """The picture of a page as WebP, drawn once and kept by the file's hash.

    Args:
        full_text: The PDF.
        number: The page, from 1.
        scale: Wanted pixels per point; the nearest of `pdf.SCALES` is drawn.

    Returns:
        The picture.

    Raises:
        ValueError: There is no such page, or it cannot be drawn.
    """
    if not 1 <= number <= full_text.page_count:
        raise ValueError(f"This PDF has {full_text.page_count} pages; there is no page {number}.")
    scale = min(pdf.SCALES, key=lambda known: abs(known - scale))
    folder = cache_folder() / full_text.sha256[:2]
    kept = folder / f"{full_text.sha256}-{number}-{scale}.webp"
    if kept.is_file():
        return kept.read_bytes()
    content = partial(_content, full_text)
    picture = pdf.draw_page(content, number, scale, key=_key(full_text))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = kept.with_suffix(f".{id(picture)}.tmp")
    fresh.write_bytes(picture)
    fresh.replace(kept)
    if number % CACHE_CHECK_EVERY == 1:
        shrink_cache()
    return picture


def cache_folder() -> Path:
    """Where drawn pages are kept; it may be emptied at any time."""
    return Path(settings.DATA_DIR) / "cache" / "pages"


def shrink_cache(limit: int = CACHE_LIMIT_BYTES) -> int:
    """Delete the oldest drawn pages until the rest fits.

    Returns:
        How many were deleted.
    """
    return keep_within(cache_folder().glob("*/*.webp"), limit)


def _key(full_text: FullText) -> str:
    """A name that no other file ever has: its place in the storage is random."""
    return f"{full_text.sha256} {full_text.file.name}"


def _content(full_text: FullText) -> bytes:
    try:
        with full_text.file.open("rb") as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise pdf.PdfTrouble("The file of this report is not in the storage any more.") from error
    return content
