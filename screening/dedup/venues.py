"""Venues: full names, abbreviations and what a venue says about the kind of document."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from screening.dedup.text import fold

_SMALL = frozenset(
    [
        "the",
        "of",
        "and",
        "in",
        "on",
        "for",
        "a",
        "an",
        "de",
        "la",
        "le",
        "et",
        "und",
        "der",
        "die",
        "das",
        "y",
        "und",
        "fur",
        "du",
        "des",
    ]
)
_PREPRINT = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|ssrn|research square|preprints?"
    r"|techrxiv|osf|corr|authorea)\b"
)
_REGISTRY = re.compile(r"\b(?:clinicaltrials gov|isrctn|trial registr\w*|clinical trials registry)")
_ABSTRACTS = re.compile(r"\b(?:abstracts?|annual meeting|congress|poster)\b")
_NEAR = 88.0
_ALIKE = 60.0


@lru_cache(maxsize=8192)
def fold_venue(text: str) -> str:
    """Fold a venue's name and leave out the small words.

    Args:
        text: a journal or proceedings name as delivered.

    Returns:
        The words that carry the name, "" for none or "NA".

    Source:
        Own definition.
    """
    text = text.partition("=")[0].partition(" : ")[0]
    folded = fold(re.sub(r"\(.*?\)", " ", text))
    words = [word for word in folded.split() if word not in _SMALL]
    return "" if folded in {"na", "n a", "nan", "none"} else " ".join(words)


def is_preprint_venue(venue: str) -> bool:
    """Tell whether a folded venue is a preprint server.

    Args:
        venue: from `fold_venue`.

    Returns:
        True for arXiv, bioRxiv, SSRN and their like.

    Source:
        Own definition.
    """
    return bool(_PREPRINT.search(venue))


def is_registry(venue: str) -> bool:
    """Tell whether a folded venue is a register of trials.

    Args:
        venue: from `fold_venue`.

    Returns:
        True for ClinicalTrials.gov, ISRCTN and their like.

    Source:
        Own definition.
    """
    return bool(_REGISTRY.search(venue))


@lru_cache(maxsize=8192)
def is_same_venue(one: str, two: str) -> bool | None:
    """Compare two folded venues, abbreviations included.

    Args:
        one: from `fold_venue`.
        two: from `fold_venue`.

    Returns:
        True for the same or an abbreviated name, False for names that share nothing, None when
        one is missing or nothing can be said.

    Source:
        Own definition.
    """
    if not one or not two:
        return None
    if one == two:
        return True
    short, long = sorted((one.split(), two.split()), key=len)
    if _is_abbreviation(short, long) or _is_acronym(short, long):
        return True
    likeness = fuzz.token_set_ratio(one, two)
    if likeness >= _NEAR:
        return True
    return False if likeness < _ALIKE else None


def _is_abbreviation(short: list[str], long: list[str]) -> bool:
    """Every word of one is the beginning of a word of the other, in the same order."""
    rest = iter(long)
    return all(
        any(word.startswith(other) or other.startswith(word) for other in rest) for word in short
    )


def _is_acronym(short: list[str], long: list[str]) -> bool:
    initials = "".join(word[0] for word in long)
    return any(len(word) > 2 and word in initials for word in short)  # noqa: PLR2004
