"""Year, volume, issue and pages in one comparable form."""

import re
from typing import NamedTuple

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_DATE_PAGE = re.compile(r"^(?:(\d{1,2})-([a-z]{3})|([a-z]{3})-(\d{1,4}))$")
_RANGE = re.compile(r"^([a-z]*)0*(\d+)([a-z]*)(?:\s*-+\s*([a-z]*)0*(\d+)([a-z]*))?")
_DASHES = re.compile(r"[‐‑‒–—−]|--+")
_PREFIX = re.compile(r"^(?:pp?|pages?|seiten?|s\.|art(?:icle)?(?: id| no)?)[.:\s]+")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
_NUMBER = re.compile(r"[a-z]*\s*0*(\d+)")
_MISSING = frozenset({"", "na", "n/a", "nan", "none", "null", "-", "--", "np", "no pagination"})
_ARTICLE_NUMBER = re.compile(r"^[a-hk]\d{3,}$")
_ROMAN = re.compile(r"^[ivxlc]+$")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Pages(NamedTuple):
    """First and last page as text without leading zeros; last is "" when not given."""

    first: str
    last: str


NO_PAGES = Pages("", "")


def clean_year(text: str | int | None) -> int | None:
    """Find the year in a field.

    Args:
        text: 2010, "2010", "2010 Mar", "c2010"; None or "NA" for none.

    Returns:
        The first number from 1500 to 2199, else None.

    Source:
        Own definition.
    """
    found = _YEAR.search(str(text)) if text else None
    return int(found[1]) if found else None


def clean_pages(text: str) -> Pages:
    """Read pages in any of the usual forms.

    Args:
        text: "482-91", "482--491", "e12724", "S11-S15", "pp. 3-9", "01-Oct" (1-10, turned into a
            date by a spreadsheet), "11-Sep" (11-9, that is 11-19) ...

    Returns:
        First and last page; an abbreviated last page is completed ("482-91" ends at 491). Empty
        when no page number can be read.

    Source:
        Own definition.
    """
    text = _DASHES.sub("-", text.strip().lower())
    if text in _MISSING:
        return NO_PAGES
    text = _PREFIX.sub("", text).replace(" - ", "-")
    if date := _DATE_PAGE.match(text):
        text = _undo_date(date)
    found = _RANGE.match(text)
    if not found:
        return NO_PAGES
    letter, first, tail, last_letter, last, last_tail = found.groups()
    start = f"{letter}{first}{tail}"
    if not last or (last_letter and last_letter != letter and not letter.startswith(last_letter)):
        return Pages(start, "")
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    end = f"{letter}{last}{last_tail}"
    return Pages(start, "" if end == start else end)


def _undo_date(date: re.Match[str]) -> str:
    """Write "01-Oct" as "1-10" and "Nov-19" as "11-19" again: what the spreadsheet had read."""
    day, month, month_first, rest = date.groups()
    first = day or _MONTHS.get(month_first)
    last = rest or _MONTHS.get(month)
    return f"{first}-{last}" if first and last else ""


def clean_number(text: str) -> str:
    """Read a volume or issue number.

    Args:
        text: "7", "07", "Vol. 7", "12 Suppl 1", "XII", "PP" ...

    Returns:
        The leading number without zeros ("12"), a Roman numeral as number; "" when there is none.

    Source:
        Own definition.
    """
    text = text.strip().lower()
    if text in _MISSING:
        return ""
    if _ROMAN.match(text):
        return str(_roman(text))
    found = _NUMBER.search(text)
    return found[1] if found else ""


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[char] for char in text]
    return sum(
        -value if any(later > value for later in values[place + 1 :]) else value
        for place, value in enumerate(values)
    )


def digits_of(page: str) -> str:
    """The number in a page, so that "P63" and "63", "e0137960" and "137960" agree.

    Args:
        page: a first or last page from `clean_pages`.

    Returns:
        Its digits without leading zeros; "" when it has none.

    Source:
        Own definition.
    """
    return re.sub(r"\D", "", page).lstrip("0")


def is_repaginated(one: Pages, two: Pages) -> bool:
    """Tell whether two different pages can be two ways to number the same article.

    Args:
        one: pages of a record.
        two: pages of another.

    Returns:
        True when the ranges overlap, or one is an article number ("e12724", "a1754") or counts
        from 1 and the other is a page of a volume. A supplement's page ("S42") is not an article
        number: an abstract in the supplement is another report than the paper in the volume.

    Source:
        Own definition.
    """
    if not one.first or not two.first:
        return False
    mine, theirs = bool(_ARTICLE_NUMBER.match(one.first)), bool(_ARTICLE_NUMBER.match(two.first))
    if mine or theirs:
        other = two if mine else one
        return mine != theirs and other.first.isdecimal()
    if not (one.first.isdecimal() and two.first.isdecimal()):
        return False
    return "1" in {one.first, two.first} or _overlap(one, two)


def _overlap(one: Pages, two: Pages) -> bool:
    low, high = sorted((one, two), key=lambda pages: int(pages.first))
    return low.last.isdecimal() and int(high.first) <= int(low.last)
