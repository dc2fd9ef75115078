"""Which of the wanted reports a document is: by the DOI in it, then by its title."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from screening.dedup.identifiers import clean_doi
from screening.dedup.text import fold

PAGES_WITH_DOI = 2  # a report's own DOI stands on its first pages, those it cites at its end
HEAD_LENGTH = 4_000  # folded characters among which a title is looked for
TITLE_SURE = 92.0  # alike enough to be the title without asking anybody
TITLE_AGREES = 70.0  # alike enough to confirm a DOI that might be a cited one
TITLE_MARGIN = 4.0  # so much better than the next title
TITLE_LENGTH = 25  # shorter titles stand in too many documents to decide anything
WORDS_SHARED = 0.5  # share of a title's words below which it is not looked for
MOST_CANDIDATES = 5
LEAST_SCORE = 55.0

_LINE_HYPHEN = re.compile("[-\u00ad\x02\ufffe]\\s*\n")
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that is looked for: its key, title, and the DOIs of all its records."""

    key: int
    title: str
    dois: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of a file: its name, its stated DOIs and title, and the text of its pages."""

    name: str
    pages: Sequence[str]
    title: str = ""
    dois: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report the document may be, and how alike the titles are (0 to 100)."""

    key: int
    score: float
    has_doi: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The report a document is, or None, and the best candidates, best first."""

    key: int | None
    method: str  # "doi", "title" or ""
    candidates: tuple[Candidate, ...]


class Finder:
    """Finds documents among the reports that are wanted."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        """Put the wanted reports in order.

        Args:
            wanted: The reports, each key once.
        """
        self._titles = {one.key: fold(one.title) for one in wanted}
        self._words = {key: frozenset(title.split()) for key, title in self._titles.items()}
        self._by_doi: dict[str, set[int]] = defaultdict(set)
        for one in wanted:
            for doi in filter(None, map(clean_doi, one.dois)):
                self._by_doi[doi].add(one.key)

    def find(self, document: Document) -> Finding:
        """Say which report a document is.

        A DOI decides when the file states it, when it is the first in the text, or when the title
        agrees; not when the title of another report stands in the document. Without a DOI a title
        decides when it is long enough and clearly better than the next.

        Args:
            document: What was read of the file.

        Returns:
            The finding; its key is None when a person has to say.

        Source:
            Own definition.
        """
        scores = self._title_scores(document)
        by_doi, is_own = self._by_identifier(document, scores)
        best = self._sure_title(scores)
        named = (set(scores) | by_doi) or set(self._named_alike(document.name, scores))
        candidates = tuple(
            sorted(
                (Candidate(key, scores.get(key, 0.0), key in by_doi) for key in named),
                key=lambda one: (not one.has_doi, -one.score, one.key),
            )[:MOST_CANDIDATES]
        )
        if len(by_doi) == 1 and is_own:
            (key,) = by_doi
            contradicted = best is not None and best != key and scores.get(key, 0.0) < TITLE_SURE
            return Finding(None if contradicted else key, "" if contradicted else "doi", candidates)
        if best is not None and (not by_doi or best in by_doi):
            return Finding(best, "doi" if best in by_doi else "title", candidates)
        return Finding(None, "", candidates)

    def _by_identifier(self, document: Document, scores: dict[int, float]) -> tuple[set[int], bool]:
        """The reports whose DOI the document has, and whether it can be taken for its own."""
        for doi in map(clean_doi, document.dois):
            if doi in self._by_doi:
                return set(self._by_doi[doi]), True
        found: set[int] = set()
        is_first = False
        known_before = False
        for spellings in _dois(document.pages[:PAGES_WITH_DOI]):
            keys = {key for doi in spellings for key in self._by_doi.get(doi, ())}
            is_first = is_first or (bool(keys) and not known_before)
            known_before = True
            found |= keys
        agrees = any(scores.get(key, 0.0) >= TITLE_AGREES for key in found)
        return found, is_first or agrees

    def _title_scores(self, document: Document) -> dict[int, float]:
        first = document.pages[0] if document.pages else ""
        text = f"{document.title}\n{_LINE_HYPHEN.sub('', first)}"
        head = fold(text)[:HEAD_LENGTH]
        words = set(head.split())
        scores = {}
        for key, title in self._titles.items():
            shared = len(self._words[key] & words)
            if shared and shared >= WORDS_SHARED * len(self._words[key]):
                shorter_first = (title, head) if len(title) <= len(head) else (head, title)
                score = fuzz.partial_ratio(*shorter_first, score_cutoff=LEAST_SCORE)
                if score and len(title) <= len(head) + TITLE_LENGTH:
                    scores[key] = score
        return scores

    def _sure_title(self, scores: dict[int, float]) -> int | None:
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], -len(self._titles[pair[0]])))
        if not ranked or ranked[0][1] < TITLE_SURE:
            return None
        key, score = ranked[0]
        title = self._titles[key]
        rivals = [
            other
            for other, its_score in ranked[1:]
            if its_score > score - TITLE_MARGIN and self._titles[other] not in title
        ]
        same = [other for other, _ in ranked[1:] if self._titles[other] == title]
        return None if rivals or same or len(title) < TITLE_LENGTH else key

    def _named_alike(self, name: str, scores: dict[int, float]) -> Iterator[int]:
        """Reports whose title resembles the file's name: for a person to look at, no more."""
        words = fold(name.removesuffix(".pdf").replace("_", " "))
        for key, title in self._titles.items():
            score = fuzz.token_set_ratio(words, title) if len(words) >= TITLE_LENGTH // 2 else 0.0
            if score >= TITLE_AGREES:
                scores[key] = score
                yield key


def _dois(pages: Sequence[str]) -> Iterator[set[str]]:
    """Each DOI of a text in its possible spellings: as it stands, and joined over a line break."""
    tokens = [(match.group(), match.end()) for match in _TOKEN.finditer("\n".join(pages))]
    for place, (token, _) in enumerate(tokens):
        doi = clean_doi(token)
        if not doi and token.rstrip().endswith("/") and "10." in token:
            doi = token.lower()
        if doi:
            following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
            yield {doi, clean_doi(token + following)}
