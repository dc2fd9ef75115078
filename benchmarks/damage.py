# ruff: noqa: PLR2004 (every bare number in this file is a chance)
"""A record as another database would list it: each field with its own chance of damage.

The chances were set before the first measurement and not changed after it.
"""

import html
import random
import re
from collections.abc import Callable
from dataclasses import replace

from screening.dedup import DedupRecord

Dice = random.Random
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def damaged(record: DedupRecord, dice: Dice) -> DedupRecord:
    """Damage a record, field by field and independently.

    Args:
        record: as one database lists it.
        dice: where chance comes from.

    Returns:
        The same report with another id to be given.
    """
    return replace(
        record,
        title=_title(record.title, dice),
        authors=_authors(record.authors, dice),
        year=_year(record.year, dice),
        venue=_venue(record.venue, dice),
        volume=_often(record.volume, dice, 0.05, lambda text: f"Vol. {text}", 0.05),
        issue=_often(record.issue, dice, 0.25, lambda text: f"({text})", 0.05),
        pages=_pages(record.pages, dice),
        doi=_doi(record.doi, dice),
        pmid="" if dice.random() < 0.6 else record.pmid,
        abstract=_abstract(record.abstract, dice),
        type="" if dice.random() < 0.5 else record.type,
    )


def _often(text: str, dice: Dice, lost: float, change: Callable[[str], str], changed: float) -> str:
    chance = dice.random()
    if not text or chance < lost:
        return ""
    return change(text) if chance < lost + changed else text


def _title(text: str, dice: Dice) -> str:
    for chance, change in (
        (0.06, _typo),
        (0.02, _typo),
        (0.03, _without_subtitle),
        (0.04, _with_tail),
        (0.03, lambda t, _: html.escape(t.replace("'", "’"))),
        (0.04, _broken_letters),
        (0.10, lambda t, _: re.sub(r"[-–:,;]", " ", t)),
        (0.05, lambda t, _: t.upper()),
        (0.10, lambda t, _: t.title()),
        (0.10, lambda t, _: t.lower()),
        (0.05, lambda t, _: f"{t.rstrip('.')}."),
    ):
        if dice.random() < chance:
            text = change(text, dice)
    return text


def _typo(text: str, dice: Dice) -> str:
    place = dice.randrange(1, max(2, len(text) - 2))
    kind = dice.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
    if kind == 2:
        return text[:place] + dice.choice(ALPHABET) + text[place + 1 :]
    return text[:place] + text[place] + text[place:]


def _without_subtitle(text: str, _: Dice) -> str:
    head, _colon, rest = text.partition(": ")
    return head if len(head) > 25 and rest else text


def _with_tail(text: str, dice: Dice) -> str:
    return text + dice.choice([" [Review]", " (Review)", ". [English]", " [31 refs]"])


def _broken_letters(text: str, dice: Dice) -> str:
    if text.isascii():
        return text
    if dice.random() < 0.5:
        return text.encode().decode("cp1252", errors="replace")
    return text.encode("ascii", errors="replace").decode()


def _authors(names: tuple[str, ...], dice: Dice) -> tuple[str, ...]:
    if dice.random() < 0.02:
        return ()
    if len(names) > 3 and dice.random() < 0.08:
        names = names[: dice.choice([1, 3, 6])]
    form = dice.choice([str, _initials, _given_first, str.upper])
    return tuple(map(form, names))


def _initials(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{family} {''.join(word[0] for word in given.split())}" if comma and given else name


def _given_first(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family}" if comma and given else name


def _year(year: int | None, dice: Dice) -> int | None:
    chance = dice.random()
    if year is None or chance < 0.01:
        return None
    return year + dice.choice([-1, 1]) if chance < 0.04 else year


def _venue(text: str, dice: Dice) -> str:
    chance = dice.random()
    if chance < 0.03:
        return ""
    if chance < 0.35 and " " in text:
        return " ".join(word[: dice.choice([3, 4, 5])] for word in text.split() if len(word) > 3)
    return text.upper() if chance < 0.45 else text


def _pages(text: str, dice: Dice) -> str:
    chance = dice.random()
    ends = re.fullmatch(r"(\d+)\s*-+\s*(\d+)", text)
    if chance < 0.06:
        return ""
    if not ends:
        return text
    first, last = ends.groups()
    if chance < 0.25 and len(first) == len(last) and first[:-2] == last[:-2]:
        return f"{first}-{last[-2:]}"
    if chance < 0.35:
        return first
    return f"pp. {first}–{last}" if chance < 0.45 else text


def _doi(text: str, dice: Dice) -> str:
    chance = dice.random()
    if not text or chance < 0.35:
        return ""
    if chance < 0.5:
        return f"https://doi.org/{text}"
    return text.upper() if chance < 0.6 else text


def _abstract(text: str, dice: Dice) -> str:
    chance = dice.random()
    if chance < 0.25:
        return ""
    if chance < 0.4:
        return text[: dice.randrange(150, 900)]
    return f"{text} © 2015 The Publisher. All rights reserved." if chance < 0.5 else text
