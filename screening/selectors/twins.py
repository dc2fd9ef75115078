"""Two records side by side: each field of both, with the differences marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from screening.dedup.differences import Piece, mark_differences
from screening.models import DuplicateLink, DuplicateSuggestion, Membership, NotDuplicate, Record
from screening.selectors.duplicates import best_of, own_verdicts

Row = DuplicateSuggestion | DuplicateLink | NotDuplicate


@dataclass(frozen=True, slots=True)
class TwinField:
    """One field of both records; no pieces where a record does not give it."""

    label: str
    left: Sequence[Piece]
    right: Sequence[Piece]
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Twin:
    """Two records of a pair, the kept or older one on the left; `kept` is or would be kept."""

    left: Record
    right: Record
    fields: Sequence[TwinField]
    reasons: Sequence[dict[str, Any]]
    left_verdicts: Sequence[Any]
    right_verdicts: Sequence[Any]
    kept: Record
    other: Record


def twin_of(*, membership: Membership, row: Row) -> Twin:
    """Set two records side by side.

    Args:
        membership: Who looks; only their own verdicts are shown.
        row: A suggestion, a link or a ruling.
    """
    left, right = (
        (row.kept, row.record) if isinstance(row, DuplicateLink) else (row.first, row.second)
    )
    kept = left if isinstance(row, DuplicateLink) else best_of((left, right))
    verdicts = own_verdicts(membership=membership, records=(left, right))
    return Twin(
        left=left,
        right=right,
        fields=list(_fields(left, right)),
        reasons=[] if isinstance(row, NotDuplicate) else row.reasons,
        left_verdicts=verdicts.get(left.pk, []),
        right_verdicts=verdicts.get(right.pk, []),
        kept=kept,
        other=right if kept == left else left,
    )


def _fields(left: Record, right: Record) -> Iterable[TwinField]:
    yield TwinField("Title", *mark_differences(left.title, right.title), is_title=True)
    for label, name in (
        ("Authors", "authors"),
        ("Year", "year"),
        ("Venue", "venue"),
        ("Volume", "volume"),
        ("Issue", "issue"),
        ("Pages", "pages"),
        ("DOI", "doi"),
        ("PubMed", "pmid"),
        ("arXiv", "arxiv_id"),
        ("Type", "record_type"),
        ("Abstract", "abstract"),
    ):
        one, two = _text(getattr(left, name)), _text(getattr(right, name))
        if one and two:
            yield TwinField(label, *mark_differences(one, two))
        elif one or two:
            yield TwinField(label, _whole(one), _whole(two))


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _whole(text: str) -> list[Piece]:
    return [Piece(text, is_other=False)] if text else []
