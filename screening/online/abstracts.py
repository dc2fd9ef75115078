"""Abstracts as services give them, brought to plain paragraphs."""

import re
from html import unescape

_BREAKS = re.compile(r"</(?:jats:)?(?:p|title|sec|list-item|div|h\d)>|<br\s*/?>", re.I)
_TITLES = re.compile(r"<(?:jats:)?title>\s*([^<]*?)\s*:?\s*</(?:jats:)?title>", re.I)
_TAGS = re.compile(r"</?[a-z][\w:-]*(?:\s[^<>]*)?/?>", re.I)
_HEADING = re.compile(r"^(?:abstract|summary)\s*[:.]?\s*$", re.I)
_LEADING = re.compile(r"^(?:abstract|summary)\s*[:.]\s+", re.I)
_NOTHING = re.compile(
    r"^\W*(?:no abstract(?: is)? available|abstract not available|n/?a|none|null|\[?no abstract\]?)"
    r"\W*$",
    re.I,
)
#: Fewer letters are a caption or a stray word, no abstract.
_SHORTEST = 40


def plain_abstract(text: str) -> str:
    """Turn an abstract with JATS or HTML markup into paragraphs.

    Args:
        text: The abstract as a service gives it.

    Returns:
        Paragraphs separated by line ends, headings before their text with a colon; "" when it is
        no abstract (a placeholder, or shorter than 40 letters).

    Source: own definition.
    """
    marked = _TITLES.sub(lambda match: _heading(match.group(1)), text)
    bare = unescape(_TAGS.sub("", _BREAKS.sub("\n", marked)))
    lines = [" ".join(line.split()) for line in bare.split("\n")]
    kept = [line for line in lines if line and not _HEADING.match(line)]
    plain = _LEADING.sub("", "\n".join(kept))
    return "" if len(plain) < _SHORTEST or _NOTHING.match(plain) else plain


def _heading(words: str) -> str:
    return "\n" if _HEADING.match(words) or not words else f"\n{words}: "
