"""Author lists as programs write them in one cell, split into single names."""

import ast
import re

_AND = re.compile(r"(?<!\s)\s++(?:and|&)\s++", re.I)
_ET_AL = re.compile(r"(?<![\s,])[\s,]*+\bet\.? al\.?\s*+$", re.I)
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?[\s-]*){1,4}(?:,?\s*(?:Jr|Sr|I{1,3})\.?)?$")
_SHORT_GIVEN = re.compile(r"^\S.*\s(?:[^\W\d_a-z]{1,4}|(?:[^\W\d_]\.-?\s?)+)$")


def split_names(cell: str) -> tuple[str, ...]:
    """Split one cell into its authors.

    Args:
        cell: "A; B", "A and B", "['A', 'B']", "Lim SM, Lau Y." or "Lim, S. M., Lau, Y. & Xu, L.".

    Returns:
        The names as written, in order, empty parts left out.

    Source: own definition, from the exports of PubMed, Scopus, IEEE, Embase, SciELO and ASReview.
    """
    text = _ET_AL.sub("", cell.strip())
    if text.startswith("[") and text.endswith("]"):
        listed = _as_list(text)
        if listed is not None:
            return listed
    if ";" in text:
        return _clean(text.split(";"))
    if "|" in text:
        return _clean(text.split("|"))
    if "," not in text or _one_comma_each(text):
        return _clean(_AND.split(text))
    return _by_commas(_AND.sub(", ", text))


def _as_list(text: str) -> tuple[str, ...] | None:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(value, list):
        return None
    sound = (str(name).encode("utf-8", "replace").decode() for name in value)  # no half letters
    return _clean(list(sound))


def _one_comma_each(text: str) -> bool:
    parts = _AND.split(text)
    return len(parts) > 1 and all(part.count(",") == 1 for part in parts)


def _by_commas(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) % 2 == 0 and _are_pairs(parts):
        return _clean([f"{parts[i]}, {parts[i + 1]}" for i in range(0, len(parts), 2)])
    if not any(part.endswith(".") for part in parts[:-1]):
        parts[-1:] = [parts[-1].rstrip(".")] if parts else []
    return _clean(parts)


def _are_pairs(parts: list[str]) -> bool:
    if all(_INITIALS.match(given) for given in parts[1::2]):
        return True
    if all(_SHORT_GIVEN.match(part) for part in parts):
        return False
    return any(" " not in part for part in parts)


def _clean(names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in (" ".join(raw.split()).strip(" ,;") for raw in names) if name)
