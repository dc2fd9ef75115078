"""What is kept of records that were compared: their keys and forms, so that new ones meet them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from screening.dedup.blocking import keys_of, pack_keys
from screening.dedup.forms import dump_form, load_form, rules_version
from screening.dedup.normal import Normal, normalise
from screening.dedup.records import DedupRecord
from screening.models import ComparedRecord, DuplicateLink, DuplicateSuggestion, Record, Review
from screening.selectors.rulings import Rulings

FEED = 1000
ASKED = 500

Pairs = Iterable[tuple[int, int]]


def name_of(pk: int) -> str:
    """An id as text whose order is that of the numbers."""
    return f"{pk:012d}"


def as_dedup(record: Record) -> DedupRecord:
    """A record as the engine takes it; identifiers hidden in its links are found there."""
    links = [str(link.get("url", "")) for link in record.urls if isinstance(link, dict)]
    return DedupRecord(
        id=name_of(record.pk),
        title=record.title,
        authors=tuple(map(str, record.authors)),
        year=record.year,
        venue=record.venue,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi or next((url for url in links if "doi.org/" in url), ""),
        pmid=record.pmid or next((url for url in links if "pubmed" in url), ""),
        arxiv_id=record.arxiv_id or next((url for url in links if "arxiv.org/" in url), ""),
        abstract=record.abstract,
        type=record.record_type,
    )


def new_records(review: Review) -> QuerySet[Record]:
    """Records of the review that were not compared under the present rules."""
    compared = ComparedRecord.objects.filter(record=OuterRef("pk"), version=rules_version())
    rest = Record.objects.filter(review=review).filter(~Exists(compared))
    return rest.defer("raw_text", "extra", "keywords").order_by("pk")


def normal_forms(records: QuerySet[Record]) -> Iterator[Normal]:
    """Records in comparable form, read in portions."""
    for record in records.iterator(chunk_size=FEED):
        yield normalise(as_dedup(record))


def remember(
    review: Review, forms: Sequence[Normal], told: Callable[[int], None] = lambda _: None
) -> None:
    """Keep what later records are compared with.

    Call it when the answer about these records is written: whatever is not remembered is
    compared again.
    """
    version = rules_version()
    for start in range(0, len(forms), ASKED):
        rows = [
            ComparedRecord(
                record_id=int(form.id),
                review=review,
                version=version,
                keys=pack_keys(keys_of(form)),
                form=dump_form(form),
            )
            for form in forms[start : start + ASKED]
        ]
        ComparedRecord.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["record"],
            update_fields=["review", "version", "keys", "form"],
        )
        told(start + len(rows))


def forget(review: Review) -> None:
    """Let the next look for duplicates compare all records of the review again."""
    ComparedRecord.objects.filter(review=review).delete()


def _current(ids: Sequence[int]) -> QuerySet[ComparedRecord]:
    """What is kept of some records, if it is of the present rules.

    Without their review: told that too, SQLite walks through all of the review for each portion.
    """
    return ComparedRecord.objects.filter(record__in=ids, version=rules_version())


class Compared:
    """The records of a review that were compared before; see `screening.dedup.increment.Known`."""

    def __init__(self, review: Review, rulings: Rulings) -> None:
        """Look at one review, with the rulings that stand in it."""
        self._review, self._rulings = review, rulings
        self._rows = ComparedRecord.objects.filter(review=review, version=rules_version())

    @property
    def is_empty(self) -> bool:
        """Whether no record was compared yet under the present rules."""
        return not self._rows.exists()

    def keys(self) -> list[tuple[str, bytes]]:
        """Id and packed keys of every known record."""
        rows = self._rows.order_by().values_list("record_id", "keys")
        return [(name_of(pk), bytes(keys)) for pk, keys in rows.iterator(chunk_size=5 * FEED)]

    def forms(self, ids: Collection[str]) -> Iterator[Normal]:
        """The comparable forms of some known records."""
        asked = sorted(map(int, ids))
        for start in range(0, len(asked), ASKED):
            rows = _current(asked[start : start + ASKED])
            yield from map(load_form, rows.values_list("form", flat=True))

    def tied(self, ids: Collection[str]) -> set[str]:
        """These records and all that are tied to them by links, questions or rulings."""
        partners: dict[int, list[int]] = {}
        for one, two in self._ties():
            partners.setdefault(one, []).append(two)
            partners.setdefault(two, []).append(one)
        found = set(map(int, ids))
        rest = list(found)
        while rest:
            for other in partners.get(rest.pop(), ()):
                if other not in found:
                    found.add(other)
                    rest.append(other)
        if not found:
            return set()
        return {name_of(pk) for pk in self._known(found)}

    def _known(self, ids: Collection[int]) -> Iterator[int]:
        asked = sorted(ids)
        for start in range(0, len(asked), ASKED):
            rows = _current(asked[start : start + ASKED])
            yield from rows.values_list("record_id", flat=True)

    def _ties(self) -> Iterator[tuple[int, int]]:
        links = DuplicateLink.objects.standing().filter(review=self._review)
        yield from links.values_list("record_id", "kept_id")
        asked = DuplicateSuggestion.objects.filter(review=self._review)
        yield from asked.values_list("first_id", "second_id")
        yield from self._rulings.apart
