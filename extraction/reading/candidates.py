"""Sentences in which a field's value is likely to stand, for a person to look at. Never a value."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from extraction.reading.folding import fold_text
from extraction.reading.sentences import is_row, sentences
from extraction.schema.fields import Field, FieldType
from extraction.schema.metrics import METRICS, Metric, metric_of

MAX_CANDIDATES = 20
_BETWEEN = " \x07 "  # between sentences, so that no pattern reaches from one into the next
MIN_WORD = 2
MIN_LABEL = 4
TERM, METRIC, LABEL, NUMBER, PERCENT, ROW, DATE = 4.0, 4.0, 1.5, 1.5, 2.0, 1.0, 2.0
_PERCENT = re.compile(r"\d(?:[\d.,]*\d)?\s?%")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)?(?![\w])")
_SHARE = re.compile(r"(?<![\w.])[01]?[.,]\d{2,}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STOP = frozenset({"with", "from", "that", "this", "value", "values", "number", "used", "which"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, its bounds in the page's text, and the words that make it likely."""

    page: int
    start: int
    end: int
    quote: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or pattern that speaks for a sentence, how much, and how it is called to people."""

    name: str
    pattern: re.Pattern[str]
    weight: float


def can_have_candidates(field: Field) -> bool:
    """Whether a field's values leave traces that can be looked for: numbers and vocabularies."""
    return bool(cues_of(field))


def cues_of(field: Field, metric: str = "") -> list[Cue]:
    """What speaks for a sentence as the place of a field's value.

    Args:
        field: A field of a form.
        metric: The metric that the row names, for a number that is one; empty when unknown.

    Returns:
        Cues, empty for a text in the extractor's own words.

    Source:
        Own definition.
    """
    cues: list[Cue] = []
    if field.type in {FieldType.CHOICE, FieldType.CHOICES}:
        cues += [
            _words_cue(term.shown, (term.key, term.label, *term.aliases), TERM)
            for term in field.terms
        ]
        cues += _metric_cues(field, "")
    elif field.type is FieldType.NUMBER:
        cues += _metric_cues(field, metric)
        cues.append(Cue("number", _NUMBER, NUMBER))
        if any(unit.scale is not None for unit in field.units):
            cues.append(Cue("percentage", _PERCENT, PERCENT))
            cues.append(Cue("fraction", _SHARE, PERCENT))
    elif field.type is FieldType.DATE:
        cues.append(Cue("year", _YEAR, DATE))
    return cues + _label_cues(field) if cues else []


def find_candidates(
    field: Field, pages: Mapping[int, str], metric: str = "", most: int = MAX_CANDIDATES
) -> list[Candidate]:
    """Rank the sentences of a report by how likely they tell a field's value.

    A number needs a number in its sentence and one cue more, a vocabulary field one of its words.

    Args:
        field: The field.
        pages: Text by page number.
        metric: The metric that the row names, if it does.
        most: How many are given at most.

    Returns:
        The likeliest first; of equals the one that stands first.

    Source:
        Own definition: the sum of the weights of the cues that are met.
    """
    cues = cues_of(field, metric)
    needed = {FieldType.NUMBER: NUMBER, FieldType.DATE: DATE}.get(field.type)
    found = []
    for number in sorted(pages) if cues else ():
        bounds = list(sentences(pages[number]))
        for at, met in _met(cues, [pages[number][start:end] for start, end in bounds]).items():
            if _is_enough(met, needed):
                found.append(_candidate(number, pages[number], bounds[at], met))
    found.sort(key=lambda one: (-one.score, one.page, one.start))
    return found[:most]


def _candidate(page: int, text: str, bounds: tuple[int, int], met: list[Cue]) -> Candidate:
    passage = text[bounds[0] : bounds[1]]
    score = sum(cue.weight for cue in met) + (ROW if is_row(passage) else 0)
    reasons = tuple(dict.fromkeys(cue.name for cue in met))
    return Candidate(page, *bounds, as_quote(passage), score, reasons)


def as_quote(passage: str) -> str:
    """A passage as it is quoted: on one line, words cut at line ends whole again."""
    return " ".join(re.sub("[\u00ad\ufffe\x02]\\s*", "", passage).split())


def _is_enough(met: list[Cue], needed: float | None) -> bool:
    """A vocabulary's word; for a number, a number and anything else that speaks for it."""
    if needed is None:
        return any(cue.weight >= TERM for cue in met)
    has_value = any(cue.pattern in {_NUMBER, _YEAR} for cue in met)
    return has_value and sum(cue.weight for cue in met) >= max(needed, DATE)


def _met(cues: list[Cue], passages: Sequence[str]) -> dict[int, list[Cue]]:
    """The cues that each passage meets, by its number; looked for in all passages at once."""
    folded = [fold_text(passage) for passage in passages]
    starts = list(accumulate((len(text) + len(_BETWEEN) for text in folded), initial=0))
    text = _BETWEEN.join(folded)
    met: dict[int, list[Cue]] = {}
    for cue in cues:
        places = {bisect_right(starts, hit.start()) - 1 for hit in cue.pattern.finditer(text)}
        for place in places:
            met.setdefault(place, []).append(cue)
    return met


def _metric_cues(field: Field, metric: str) -> Iterator[Cue]:
    """The named metric, or, for a field that depends on one or lists them, all that are known."""
    named = metric_of(metric) if metric else None
    if named:
        yield _metric_cue(named, METRIC)
    elif field.metric_field or any(metric_of(term.key) for term in field.terms):
        known = {term.key for term in field.terms}
        for one in METRICS:
            if one.key not in known:
                yield _metric_cue(one, METRIC if field.type is not FieldType.NUMBER else PERCENT)


def _metric_cue(metric: Metric, weight: float) -> Cue:
    return _words_cue(metric.key, (metric.key, metric.label, *metric.aliases), weight)


def _label_cues(field: Field) -> list[Cue]:
    words = re.findall(r"[a-z][a-z-]+", fold_text(field.label))
    return [
        _words_cue(word, (word,), LABEL)
        for word in dict.fromkeys(words)
        if len(word) >= MIN_LABEL and word not in _STOP
    ]


def _words_cue(name: str, words: tuple[str, ...], weight: float) -> Cue:
    """Any of some words, whole, in singular or plural, with blanks or hyphens between."""
    forms = {fold_text(word).strip() for word in words}
    parts = sorted((form for form in forms if len(form) >= MIN_WORD), key=len, reverse=True)
    inner = "|".join(re.sub(r"(?:\\ |\\-|-)+", "[ -]?", re.escape(part)) for part in parts)
    return Cue(name, re.compile(rf"(?<![\w])(?:{inner or '(?!)'})s?(?![\w])"), weight)
