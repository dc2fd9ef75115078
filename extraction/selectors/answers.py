"""The answers of studies in plain data: reconciled, else imported; blinded values never.

They are read study by study, so that a large review never lies in memory twice, and of each study
it is known by a print what it was read from, so that only what changed needs to be read again.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, Scalar, StudyAnswers
from extraction.selectors.answer_rows import (
    Head,
    Sight,
    StoredRow,
    heads_of,
    rows_of,
    settled_values,
    typed_values,
)
from extraction.selectors.memory import collection_paused
from screening.models import Review

Cells = dict[str, Cell | None]
OfRows = dict[int, Cells]
Layer = tuple[Mapping[str, Cell | None], Sequence[AnswerRow]]
UNMARKED = (False, "", "")  # no rectangle, no reason, nobody who settled it
new_tuple = tuple.__new__


class Decoded(dict[str | None, Scalar | None]):
    """Stored JSON texts with what they say; each is read once."""

    def __missing__(self, text: str | None) -> Scalar | None:
        """Read a text that did not come before; nothing stored says nothing."""
        self[text] = found = None if text is None else scalar(json.loads(text))
        return found


def study_answers(
    *,
    review: Review,
    include_raw: bool = False,
    only_reconciled: bool = False,
    as_of: datetime | None = None,
    studies: Collection[int] | None = None,
) -> list[StudyAnswers]:
    """All answers of a review's studies, in a constant number of queries.

    Args:
        review: The review.
        include_raw: Also take an extractor's unreconciled values where nothing better is known
            and every extractor of the study has submitted (so nobody is unblinded by it).
        only_reconciled: Take nothing but what a second person settled or verified.
        as_of: The answers as they stood at this moment; now without it. What cannot be told of
            the past is named in `extraction.selectors.past`.
        studies: Ids of the only studies to be read; all of the review without it.

    Returns:
        One item a study, by id. For each cell the reconciled value, else the imported one, else
        (if asked for) the raw one; rows of a group come from the best layer that has any.
    """
    with collection_paused():
        sight = Sight(include_raw, only_reconciled, as_of)
        heads = heads_of(review, sight, studies)
        rows = rows_of(review, sight, studies)
        return list(answers_of(review, heads, rows, sight, studies))


def answers_of(
    review: Review,
    heads: Iterable[Head],
    rows: Mapping[int, Sequence[StoredRow]],
    sight: Sight,
    studies: Collection[int] | None = None,
) -> Iterator[StudyAnswers]:
    """Read the values of studies whose heads and rows are known, one study after the other.

    Args:
        review: The review.
        heads: Of the studies asked for, by id.
        rows: Their rows by study.
        sight: Which answers are read.
        studies: Ids of the only studies to be read; all of the review without it.
    """
    typed = typed_values(review, sight, studies)
    settled = settled_values(review, sight, studies)
    decoded = Decoded()
    for head in heads:
        own = rows.get(head.study_id, ())
        cells, of_rows = _settled_cells(settled(head.study_id), head, decoded)
        layers: list[Layer] = [(cells, _rows(own, None, of_rows))]
        values = [] if sight.only_reconciled else list(typed(head.study_id))
        standings = ((head.imported, AnswerStatus.IMPORTED), (head.raw, AnswerStatus.RAW))
        for extraction, status in standings:
            if extraction is not None:
                cells, of_rows = _typed_cells(values, extraction, status, decoded)
                layers.append((cells, _rows(own, extraction, of_rows)))
        yield StudyAnswers(
            study_id=head.study_id,
            first_author=head.first_author,
            year=head.year,
            title=head.title,
            is_final=head.is_final,
            cells=_merged_cells([layer for layer, _ in layers]),
            rows=_merged_rows([layer for _, layer in layers]),
        )


def scalar(value: object) -> Scalar | None:
    """A stored JSON value as the pure rooms know it; None for a cleared cell."""
    if isinstance(value, list):
        return tuple(map(str, value))
    return value if isinstance(value, bool | str) else None


def _merged_cells(layers: Iterable[Mapping[str, Cell | None]]) -> dict[str, Cell]:
    merged: Cells = {}
    for layer in layers:
        for key, cell in layer.items():
            merged.setdefault(key, cell)
    return _answered(merged)


def _answered(cells: Mapping[str, Cell | None]) -> dict[str, Cell]:
    return {key: cell for key, cell in cells.items() if cell is not None}


def _merged_rows(layers: Iterable[Sequence[AnswerRow]]) -> list[AnswerRow]:
    merged: list[AnswerRow] = []
    for layer in layers:
        known = {row.group for row in merged}
        merged.extend(row for row in layer if row.group not in known)
    return merged


def _rows(stored: Sequence[StoredRow], extraction: int | None, cells: OfRows) -> list[AnswerRow]:
    """The rows of one extraction, or the settled ones; what was settled as no answer is none."""
    return [
        AnswerRow(row.key, row.group, row.position, _answered(cells.get(row.pk, {})))
        for row in stored
        if row.extraction_id == extraction
    ]


def _typed_cells(
    values: Iterable[tuple[Any, ...]], extraction: int, status: AnswerStatus, decoded: Decoded
) -> tuple[Cells, OfRows]:
    """The cells of one extraction; a cell is made as the tuple it is, since there are so many."""
    cells: Cells = {}
    of_rows: OfRows = defaultdict(dict)
    for _, of, row, key, stored, unit, pk, page, quote, location, url, text, is_marked in values:
        known = decoded[stored]
        if known is not None and of == extraction:
            (cells if row is None else of_rows[row])[key] = new_tuple(
                Cell,
                (known, unit, status, (pk,), None, page, quote, location, url, text)
                + ((True, "", "") if is_marked else UNMARKED),
            )
    return cells, of_rows


def _settled_cells(
    values: Iterable[tuple[Any, ...]], head: Head, decoded: Decoded
) -> tuple[Cells, OfRows]:
    status = AnswerStatus.VERIFIED if head.is_verification else AnswerStatus.RECONCILED
    cells: Cells = {}
    of_rows: OfRows = {}
    for _, row, key, stored, unit, pk, a, b, rationale, decided_by, *proof in values:
        known = decoded[stored]
        cell = None
        if known is not None:
            raw = tuple(one for one in (a, b) if one is not None)
            page, quote, location, url, text, is_marked = proof
            cell = Cell(
                value=known,
                unit=unit,
                status=status,
                value_ids=raw,
                consensus_id=pk,
                page=page,
                quote=quote,
                location=location,
                source_url=url,
                full_text_id=text,
                is_marked=bool(is_marked),
                rationale=rationale,
                decided_by=decided_by,
            )
        (cells if row is None else of_rows.setdefault(row, {}))[key] = cell
    return cells, of_rows
