"""Comparable forms as text, so that a known record need not be read and folded again."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from screening.dedup.locators import Pages
from screening.dedup.names import Person
from screening.dedup.normal import Normal
from screening.dedup.titles import Title

_TITLE, _PEOPLE, _FAMILIES, _PAGES, _KINDS = map(
    Normal._fields.index, ("title", "people", "families", "pages", "kinds")
)


def dump_form(record: Normal) -> str:
    """Write a record's comparable form.

    Args:
        record: in comparable form.

    Returns:
        One JSON document; `load_form` gives an equal record back.

    Source:
        Own definition.
    """
    return json.dumps(record, default=sorted, separators=(",", ":"), ensure_ascii=False)


def load_form(text: str) -> Normal:
    """Read a record's comparable form.

    Args:
        text: from `dump_form` of the same `rules_version`.

    Returns:
        The record.

    Source:
        Own definition.
    """
    values: list[Any] = json.loads(text)
    key, squeezed, other, numbers, parts, telling, kinds = values[_TITLE]
    values[_TITLE] = Title(
        key, squeezed, other, frozenset(numbers), frozenset(parts), telling, frozenset(kinds)
    )
    values[_PEOPLE] = tuple(
        [Person(tuple(family), tuple(given), group) for family, given, group in values[_PEOPLE]]
    )
    values[_FAMILIES] = frozenset(values[_FAMILIES])
    values[_PAGES] = Pages(*values[_PAGES])
    values[_KINDS] = frozenset(values[_KINDS])
    return Normal(*values)


@cache
def rules_version() -> str:
    """Name the state of this package's code: another one may judge a pair in another way.

    Returns:
        Sixteen hexadecimal digits over the source of every module here.

    Source:
        Own definition.
    """
    digest = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
