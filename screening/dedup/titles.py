"""Titles: the comparable core, and what a title says about the kind of document."""

import re
from typing import NamedTuple

from screening.dedup.text import fold, repair

_EDGE = ' .:;\n\t"“”„'
_OPEN, _CLOSE = "[({", "])}"
_LANGUAGES = (
    "chinese|german|french|spanish|italian|japanese|russian|polish|portuguese|korean|turkish|dutch"
    "|danish|swedish|norwegian|finnish|hungarian|czech|slovak|greek|hebrew|arabic|persian|croatian"
    "|serbian|romanian|bulgarian|ukrainian|slovenian|english"
)
_TAIL = re.compile(
    rf"^(?:(?:in |article in |text in )?(?:{_LANGUAGES})(?: (?:and|or|with|;|/) ?(?:{_LANGUAGES}))*"
    r"(?: summary| abstract)?|reviews?|comments?|see comments?|letter|editorial|abstract|summary"
    r"|corrected|structured abstract|review article|article|meeting abstract|\d+ refs?|proceedings?"
    r"|(?:erratum|published erratum|corrected and republished|summary for|original|corrected"
    r"|republished|reprint|retraction|comment|see comment|abstract|clin.* trial).*"
    r"|.*(?:refs|references))$"
)
_OPEN_TAIL = re.compile(
    r"\s*\[(?:published )?(?:erratum|see comment|comment in|retraction in|summary for).*$"
    r"|\[corrected\]",
    re.IGNORECASE | re.DOTALL,
)
_GENERIC = re.compile(
    r"^(?:editorials?|introductions?|preface|foreword|abstracts?|letters?|repl(?:y|ies)|discussion"
    r"|conclusions?|summary|erratum|corrections?|index|contents|news|obituary|oral|posters?"
    r"|presentations?|conference|meeting|session|to|the|of|editors?|authors?|from|and|in|this|issue"
    r"|scientific|annual|general|\s)+$"
)
_TELLING = 18
_WORDS_OF_CORE = 4
_NUMBER = re.compile(r"\d+")
_PART = re.compile(
    r"\b(?:parts?|pt|section|chapter|phase|study|volume|vol|type|stage|paper|session|number|no"
    r"|experiment|update|report|series)\s+(one|two|three|four|five|[a-h]|\d+|[ivx]+)\b"
)
_ROMAN_VALUES = {
    name: str(value)
    for value, name in enumerate(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], start=1
    )
}
_WORD_VALUES = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}

_KINDS = {
    "retraction": re.compile(r"^(?:retract|withdraw|removed\b|notice of (?:retract|withdraw))"),
    "concern": re.compile(r"^(?:editorial )?expression of concern"),
    "erratum": re.compile(
        r"^(?:(?:author|publisher)s? )?(?:errat|corrig|correction|addend|corrected and republ)"
    ),
    "reply": re.compile(
        r"^(?:(?:the )?authors? )?(?:in )?(?:repl(?:y|ies)|response|rejoinder|rebuttal)\b"
        r"|\b(?:authors?s?|the) (?:repl(?:y|ies)|response|rejoinder)$|\breply$"
    ),
    "comment": re.compile(
        r"^(?:(?:invited|editorial|expert) )?(?:commentary|comments?|editorial|letter|re)\b"
        r"|\b(?:commentary|comment on|letter to the editor)\b"
    ),
    "book review": re.compile(r"\bbook reviews?\b"),
    "cover": re.compile(
        r"^(?:(?:front|inside|back|outside)(?: front| back)? )?cover\b"
        r"|^issue (?:information|highlights|cover)|\b(?:cover (?:image|picture|story))\b"
    ),
    "protocol": re.compile(r"\bprotocols?\b"),
    "registration": re.compile(r"\b(?:nct\d{8}|isrctn\d{8}|chictr\w+|eudract)\b"),
}


_HINT = re.compile(
    r"retract|withdraw|remov|concern|errat|corri|correct|addend|repl|respon|rejoin|rebut|comment"
    r"|editor|letter|^re\b|book|cover|issue|protocol|nct|isrctn|chictr|eudract"
)


class Title(NamedTuple):
    """What the rules need to know of a title.

    Attributes:
        key: folded words of the core, tails such as "[Chinese]" cut off.
        squeezed: the key without blanks, so that hyphens do not matter.
        other: folded second title (vernacular or translated), "" when there is none.
        numbers: numbers named in the title, Roman ones as Arabic.
        parts: parts named in the title ("part II", "B").
        telling: True when the title is long enough and not as common as to name no report.
        kinds: special kinds of document that the words tell, such as "erratum".
    """

    key: str
    squeezed: str
    other: str
    numbers: frozenset[str]
    parts: frozenset[str]
    telling: bool
    kinds: frozenset[str]


NO_TITLE = Title("", "", "", frozenset(), frozenset(), telling=False, kinds=frozenset())


def read_title(text: str) -> Title:
    """Split a title into its core and what stands around it.

    Args:
        text: the title as delivered.

    Returns:
        The title's parts; every part is empty for an empty title.

    Source:
        Own definition.
    """
    core, other = _cut_tails(_OPEN_TAIL.sub("", repair(text)))
    key = fold(core)
    if key in {"", "na", "n a", "none", "no title", "untitled", "title not available"}:
        return NO_TITLE
    squeezed = key.replace(" ", "")
    return Title(
        key=key,
        squeezed=squeezed,
        other=other,
        numbers=_numbers(key),
        parts=_parts(key),
        telling=len(squeezed) >= _TELLING and not _GENERIC.match(key),
        kinds=_kinds(key),
    )


def _cut_tails(text: str) -> tuple[str, str]:
    other = ""
    while True:
        text = text.strip(_EDGE)
        start = _last_bracket(text)
        if start is None:
            return text, other
        if start == 0:
            text = text[1:-1].lstrip()
            continue
        head, bracket = text[:start], text[start:]
        words = fold(bracket)
        if _TAIL.match(words):
            text = head
        elif not other and _is_second_title(bracket, words, head):
            text, other = head, words
        else:
            return text, other


def _last_bracket(text: str) -> int | None:
    """Where the bracket that ends a text begins, or None."""
    if not text or text[-1] not in _CLOSE:
        return None
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        if text[place] in _CLOSE:
            depth += 1
        elif text[place] in _OPEN:
            depth -= 1
            if not depth:
                return place
    return None


def _is_second_title(bracket: str, words: str, head: str) -> bool:
    enough = len(words.split()) >= _WORDS_OF_CORE and len(head.split()) >= _WORDS_OF_CORE
    return bracket.startswith("[") and enough


def _numbers(key: str) -> frozenset[str]:
    found = {number.lstrip("0") or "0" for number in _NUMBER.findall(key)}
    found.update(_ROMAN_VALUES[word] for word in key.split() if word in _ROMAN_VALUES)
    return frozenset(found)


def _parts(key: str) -> frozenset[str]:
    found = {_ROMAN_VALUES.get(part, _WORD_VALUES.get(part, part)) for part in _PART.findall(key)}
    last = key.rpartition(" ")[2]
    if last in _ROMAN_VALUES:
        found.add(_ROMAN_VALUES[last])
    return frozenset(found)


def _kinds(key: str) -> frozenset[str]:
    if not _HINT.search(key):
        return frozenset()
    return frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(key))
