"""Names and addresses of people out of every text, as far as a machine can tell them."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType

from reviewapp.bundles.belongs import PEOPLE

DOMAIN = "pseudonym.invalid"
SOMEONE = f"someone@{DOMAIN}"
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
LEAST = 3
SEVERAL = 2


class Care(Enum):
    """How much is replaced in a column.

    Words of the team lose addresses of any kind and every name; a raw row as a source gave it
    loses the team's addresses and full names; what an article says loses the team's addresses
    only, since a reviewer may be its author.
    """

    TEAM = "team"
    RAW = "raw"
    ARTICLE = "article"


_ARTICLE = {
    "records": ("title", "abstract", "authors", "venue", "keywords", "urls", "doi"),
    "completions": ("value",),
    "studies": ("title", "first_author", "label"),
    "extracted_values": ("value", "quote", "source_url"),
    "consensus_values": ("value", "quote", "source_url"),
    "full_text_pages": ("text",),
    "data_sets": ("name", "other_names"),
    "batch_pdfs": ("opening",),
    "searches": ("query",),
    "saved_searches": ("query", "understood"),
    "forms": ("definition",),
    "table1": ("",),
    "gains": ("",),
}
_RAW = {
    "records": ("raw_text", "extra"),
    "import_problems": ("raw_text", "corrected_text"),
}
CARE: Mapping[tuple[str, str], Care] = MappingProxyType(
    {(table, column): Care.ARTICLE for table, columns in _ARTICLE.items() for column in columns}
    | {(table, column): Care.RAW for table, columns in _RAW.items() for column in columns}
)


def pseudonym(number: int) -> tuple[str, str]:
    """Address and name that stand for person `number` of the bundle."""
    return f"person-{number}@{DOMAIN}", f"Person {number}"


class Scrubber:
    """Replaces what names the people of one bundle."""

    def __init__(self, people: Iterable[tuple[int, str, str]]) -> None:
        """Prepare for people given as number, address, name."""
        full: dict[str, str] = {}
        single: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        for number, email, name in people:
            address, shown = pseudonym(number)
            if email:
                self._addresses[email.casefold()] = address
            words = name.split()
            if len(words) >= SEVERAL:
                first, last = " ".join(words[:-1]), words[-1]
                for form in (name, f"{last}, {first}", f"{last} {first}"):
                    full.setdefault(form.casefold(), shown)
            elif len(name) >= LEAST:
                single.setdefault(name, shown)
        self._full, self._single = full, single
        self._full_words = _one_of(full, re.IGNORECASE)
        self._single_words = _one_of(single)

    def cell(self, table: str, column: str, text: str) -> str:
        """A cell without what names somebody of the team."""
        if not text or table == PEOPLE:
            return text
        care = CARE.get((table, column), Care.TEAM)
        text = ADDRESS.sub(lambda found: self._address(found[0], care), text)
        if care is Care.ARTICLE:
            return text
        if self._full_words:
            text = self._full_words.sub(lambda found: self._full[found[0].casefold()], text)
        if self._single_words and care is Care.TEAM:
            text = self._single_words.sub(lambda found: self._single[found[0]], text)
        return text

    def _address(self, found: str, care: Care) -> str:
        known = self._addresses.get(found.casefold())
        if known:
            return known
        is_ours = found.endswith(f"@{DOMAIN}")
        return SOMEONE if care is Care.TEAM and not is_ours else found


def _one_of(words: Iterable[str], flags: int = 0) -> re.Pattern[str] | None:
    longest_first = sorted(words, key=len, reverse=True)
    if not longest_first:
        return None
    either = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", flags)
