"""The texts of a review's records as a ranking reads them: as shown, with best fields."""

import hashlib
import json
import zlib
from collections.abc import Sequence

from django.db.models import Count, Max

from screening.models import (
    DuplicateLink,
    FieldChoice,
    PriorDecisions,
    Record,
    RecordCompletion,
    Review,
)
from screening.ranking.texts import record_text
from screening.ranking.vectors import FORMAT
from screening.selectors.shown import shown_records

DIGEST_BYTES = 8


def texts_of(review: Review) -> tuple[list[int], list[str]]:
    """Ids and texts of all that the vectors of a review hold.

    Args:
        review: The review.

    Returns:
        The records by their ids; before them, with negative ids, those of the earlier review
        whose decisions the ranking learns from.
    """
    ids, texts = prior_texts(review)
    records = Record.objects.filter(review=review)
    heads = records.filter(kept_links__undone_at__isnull=True, kept_links__isnull=False)
    merged = heads.distinct().defer("raw_text", "extra").select_related("source").order_by("pk")
    best = {one.pk: record_text(one.title, one.abstract) for one in shown_records(merged)}
    rows = records.order_by("pk").values_list("pk", "title", "abstract")
    for pk, title, abstract in rows.iterator(chunk_size=2000):
        ids.append(pk)
        texts.append(best.get(pk) or record_text(title, abstract))
    return ids, texts


def prior_texts(review: Review) -> tuple[list[int], list[str]]:
    """The earlier review's records: the n-th has the id -n."""
    prior = standing_prior(review)
    rows = prior_rows(prior) if prior else []
    return [-number for number in range(1, len(rows) + 1)], [text for text, _ in rows]


def standing_prior(review: Review) -> PriorDecisions | None:
    """The earlier decisions that the review's ranking learns from, if any."""
    return PriorDecisions.objects.filter(review=review, withdrawn_at__isnull=True).first()


def prior_rows(prior: PriorDecisions) -> list[tuple[str, bool]]:
    """Text and relevance of each record of an earlier review."""
    return [(text, bool(is_relevant)) for text, is_relevant in unpacked(prior.rows)]


def packed(rows: Sequence[tuple[str, bool]]) -> bytes:
    """Rows as `PriorDecisions.rows` keeps them."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def unpacked(kept: bytes | memoryview) -> list[tuple[str, bool]]:
    """What `packed` wrote."""
    rows: list[tuple[str, bool]] = json.loads(
        zlib.decompress(bytes(kept)).decode("utf-8", "surrogatepass")
    )
    return rows


def digests_of(texts: Sequence[str]) -> bytes:
    """Eight bytes for the form of the vectors and per text, one after the other."""
    return b"".join(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
        for text in (FORMAT, *texts)
    )


def text_state(review: Review) -> list[int | str]:
    """What changes whenever a text may have: the form of vectors, counts and highest ids."""
    state: list[int | str] = [FORMAT]
    of_records = {"record__review": review}
    for rows in (
        Record.objects.filter(review=review),
        DuplicateLink.objects.standing().filter(review=review),
        FieldChoice.objects.standing().filter(review=review),
        RecordCompletion.objects.filter(undone_at__isnull=True, **of_records),
        PriorDecisions.objects.filter(review=review, withdrawn_at__isnull=True),
    ):
        found = rows.order_by().aggregate(n=Count("pk"), last=Max("pk"))
        state += [found["n"], found["last"] or 0]
    return state
