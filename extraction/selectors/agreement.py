"""What two extractors answered to each question, over all studies, before anything was settled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extraction.models import ConsensusRow, ExtractedValue, Extraction, ExtractionRow
from extraction.permissions import EXTRACTIONS_NEEDED
from extraction.schema.alignment import align_rows
from extraction.schema.comparing import Answer
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, Group
from extraction.selectors.answers import scalar
from extraction.selectors.forms import definition_of
from screening.models import Review

Pairs = list[tuple[Answer | None, Answer | None]]
Contents = dict[int, dict[str, Answer]]
Places = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class PairedAnswers:
    """Both extractors' answers to one question, one pair a study or aligned row."""

    group: Group
    field: Field
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class PairedStudies:
    """All questions, and how many studies two people have submitted."""

    studies: int
    fields: list[PairedAnswers]


@dataclass(frozen=True, slots=True)
class _Read:
    """The values of every extraction that counts."""

    of_study: Mapping[int, dict[str, Answer]]
    of_row: Contents
    rows: Mapping[tuple[int, str], list[int]]
    kept: Mapping[tuple[int, str], list[Places]]


def paired_answers(review: Review) -> PairedStudies:
    """Pair what two people submitted for the same study, in a constant number of statements.

    Only studies that two people have submitted count: nobody is unblinded by it, and an import
    is no second reading. Rows are paired by content, or as a person paired them when reconciling;
    a row of one alone counts as answered by one alone.
    """
    sides = _sides(review)
    read = _read(review)
    forms = {one.form_id: one.form for pair in sides for one in pair}
    definitions = {pk: definition_of(form) for pk, form in forms.items()}
    found: dict[tuple[str, str], PairedAnswers] = {}
    for pair in sides:
        newest = max(pair, key=lambda one: one.form.version).form_id
        for group in definitions[newest].groups:
            for answers in _paired(group, pair, read):
                _add(found, group, answers)
    order = _order(definitions)
    return PairedStudies(
        len(sides), sorted(found.values(), key=lambda one: order[one.group.key, one.field.key])
    )


def _sides(review: Review) -> list[tuple[Extraction, Extraction]]:
    by_study: dict[int, list[Extraction]] = defaultdict(list)
    submitted = Extraction.objects.filter(
        study__review=review,
        study__joined_into__isnull=True,
        origin=Extraction.Origin.PAGE,
        submitted_at__isnull=False,
    )
    for one in submitted.select_related("form", "study").order_by("pk"):
        by_study[one.study_id].append(one)
    pairs = [(one[0], one[1]) for one in by_study.values() if len(one) >= EXTRACTIONS_NEEDED]
    return [pair[::-1] if pair[0].study.side_seed % 2 else pair for pair in pairs]


def _read(review: Review) -> _Read:
    in_review = {"extraction__study__review": review, "extraction__submitted_at__isnull": False}
    of_study: dict[int, dict[str, Answer]] = defaultdict(dict)
    of_row: Contents = defaultdict(dict)
    values = ExtractedValue.objects.current().filter(**in_review)
    for extraction, row, key, value, unit in values.values_list(
        "extraction_id", "row_id", "field", "value", "unit"
    ).iterator():
        known = scalar(value)
        if known is not None:
            (of_row[row] if row else of_study[extraction])[key] = Answer(known, unit)
    rows: dict[tuple[int, str], list[int]] = defaultdict(list)
    standing = ExtractionRow.objects.filter(removed_at__isnull=True, **in_review)
    for pk, extraction, group in standing.values_list("pk", "extraction_id", "group"):
        rows[extraction, group].append(pk)
    kept: dict[tuple[int, str], list[Places]] = defaultdict(list)
    said = ConsensusRow.objects.standing().filter(reconciliation__study__review=review)
    for study, group, row_a, row_b in said.values_list(
        "reconciliation__study_id", "group", "row_a_id", "row_b_id"
    ):
        kept[study, group].append((row_a, row_b))
    return _Read(of_study, of_row, rows, kept)


def _paired(
    group: Group, pair: tuple[Extraction, Extraction], read: _Read
) -> list[tuple[dict[str, Answer], dict[str, Answer]]]:
    a, b = pair
    if not group.repeating:
        return [(read.of_study[a.pk], read.of_study[b.pk])]
    places = read.kept.get((a.study_id, group.key))
    if places is None:
        rows_a, rows_b = read.rows.get((a.pk, group.key), []), read.rows.get((b.pk, group.key), [])
        aligned = align_rows(group, _contents(rows_a, read), _contents(rows_b, read))
        places = [
            (
                rows_a[one.a] if one.a is not None else None,
                rows_b[one.b] if one.b is not None else None,
            )
            for one in aligned
        ]
    return [(_content(left, read), _content(right, read)) for left, right in places]


def _contents(rows: Sequence[int], read: _Read) -> list[dict[str, Answer]]:
    return [_content(row, read) for row in rows]


def _content(row: int | None, read: _Read) -> dict[str, Answer]:
    return read.of_row.get(row, {}) if row is not None else {}


def _add(
    found: dict[tuple[str, str], PairedAnswers],
    group: Group,
    answers: tuple[dict[str, Answer], dict[str, Answer]],
) -> None:
    for field in group.fields:
        a, b = answers[0].get(field.key), answers[1].get(field.key)
        if a is not None or b is not None:
            place = (group.key, field.key)
            known = found.setdefault(place, PairedAnswers(group, field, []))
            known.pairs.append((a, b))


def _order(definitions: Mapping[int, FormDefinition]) -> dict[tuple[str, str], int]:
    """The order of the forms; what only an older version asks comes where it stood there."""
    keys = [
        (group.key, field.key)
        for form in definitions.values()
        for group in form.groups
        for field in group.fields
    ]
    return {key: place for place, key in enumerate(dict.fromkeys(keys))}
