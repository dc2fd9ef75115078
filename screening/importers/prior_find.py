"""Finding what people had decided: in the notes and columns of every record."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from screening.importers.headers import squeeze
from screening.importers.parsed import Item, ParsedRecord
from screening.importers.prior import Prior
from screening.importers.prior_columns import prior_of_columns
from screening.importers.prior_notes import prior_of_note

#: Fields of notes: RIS, BibTeX, nbib, EndNote, tables.
_NOTES = frozenset({"n1", "rn", "note", "notes", "annote", "gn", "researchnotes", "research notes"})
#: Words of which one stands in every heading that leads to a decision.
SIGNS = ("includ", "asreview", "vote", "decision", "verdict", "judg", "refid", "reference id")


def with_prior(items: Iterable[Item]) -> Iterator[Item]:
    """Attach to each record what people had decided on it, and take it out of `extra`.

    Rows of one reference that follow each other (DistillerSR writes one per person) become one
    record.

    Args:
        items: What a reader gives.

    Yields:
        The items; a record without decisions as it came.
    """
    waiting: ParsedRecord | None = None
    heads: dict[str, str] = {}
    for item in items:
        if not isinstance(item, ParsedRecord):
            yield item
            continue
        record = _found(item, heads)
        if waiting is not None and _is_same(waiting, record):
            waiting = _merged(waiting, record)
            continue
        if waiting is not None:
            yield waiting
        waiting = record if _reference(record) else None
        if waiting is None:
            yield record
    if waiting is not None:
        yield waiting


def _kind(name: str) -> str:
    """What may stand under a tag or heading: a note, a decision, or nothing of ours."""
    squeezed = squeeze(name)
    if squeezed in _NOTES:
        return "note"
    return "table" if any(sign in squeezed for sign in SIGNS) else ""


def _found(record: ParsedRecord, heads: dict[str, str]) -> ParsedRecord:
    if record.prior is not None or not record.extra:
        return record
    is_table = False
    for name, values in record.extra.items():
        kind = heads.get(name)
        if kind is None:
            kind = heads[name] = _kind(name)
        if kind == "note":
            found = _in_notes(record, name, values)
            if found is not None:
                return found
        is_table = is_table or kind == "table"
    table = prior_of_columns(record.extra, record.keywords) if is_table else None
    if table is None:
        return record
    prior, used = table
    extra = {name: values for name, values in record.extra.items() if name not in used}
    return replace(record, prior=prior, extra=extra)


def _in_notes(record: ParsedRecord, name: str, values: tuple[str, ...]) -> ParsedRecord | None:
    for note in values:
        prior = prior_of_note(note)
        if prior is None:
            continue
        if prior.tool == "covidence" and "Covidence #" in record.extra:
            prior = replace(prior, tags=record.keywords)
        left = tuple(value for value in values if prior_of_note(value) is None)
        extra = {key: found for key, found in record.extra.items() if key != name}
        return replace(record, prior=prior, extra=extra | ({name: left} if left else {}))
    return None


def _reference(record: ParsedRecord) -> str:
    """The number by which DistillerSR's rows belong together; "" for any other record."""
    if record.prior is None or record.prior.tool != "distillersr":
        return ""
    numbers = [values for name, values in record.extra.items() if squeeze(name) == "refid"]
    return numbers[0][0] if numbers else ""


def _is_same(one: ParsedRecord, other: ParsedRecord) -> bool:
    return bool(_reference(other)) and _reference(one) == _reference(other)


def _merged(one: ParsedRecord, other: ParsedRecord) -> ParsedRecord:
    first, second = one.prior, other.prior
    if first is None or second is None:
        return one
    prior = Prior(first.tool, first.decisions + second.decisions, first.tags, first.notes)
    return replace(one, prior=prior, raw_text=one.raw_text + other.raw_text)
