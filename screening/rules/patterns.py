"""Regular expressions that people write: refused when wrong, bounded so that none runs away."""

import re
import warnings

LONGEST = 60  # letters that one `*` or `+` takes at most
BUDGET = 4000  # how often the repeats of one pattern may be tried from one place
_QUANTIFIER = re.compile(r"\*|\+|\?|\{(\d*)(,?)(\d*)\}")


def is_expression(pattern: str) -> bool:
    """Whether a pattern is a regular expression: it stands between two slashes."""
    return len(pattern) > len("//") and pattern.startswith("/") and pattern.endswith("/")


def bounded(pattern: str) -> str:
    """Check a regular expression and bound its repeats.

    `*` and `+` take at most `LONGEST` letters. References back, named groups, repeats of what can
    be read in several ways, and repeats that could be tried more than `BUDGET` times are refused,
    so that the time a text takes grows with its length only.

    Args:
        pattern: An expression in Python's syntax, without the slashes.

    Returns:
        The expression with its repeats bounded.

    Raises:
        ValueError: It is no expression, finds nothing at all, or could run away; says why.

    Source:
        Own definition.
    """
    text = _Scanner(pattern).scanned()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a sign that may come to mean something else
            compiled = re.compile(text, re.IGNORECASE)
    except Warning as error:
        raise ValueError(f"it can be read in two ways: {error}") from error
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"it cannot be read: {error}") from error
    if compiled.fullmatch(""):
        raise ValueError("it also finds nothing at all; let it find one letter at least")
    return text


class _Scanner:
    """Walks through an expression once: bounds repeats, keeps what each group holds."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.repeats = [1]  # by open group: in how many ways it can be read
        self.last = 1  # the same of what a quantifier here would repeat
        self.product = 1

    def scanned(self) -> str:
        parts = []
        while self.place < len(self.pattern):
            parts.append(self._next())
        return "".join(parts)

    def _next(self) -> str:
        letter = self.pattern[self.place]
        quantifier = _QUANTIFIER.match(self.pattern, self.place)
        if letter == "\\":
            return self._escape()
        if letter == "[":
            return self._letters()
        if letter == "(":
            return self._open()
        if quantifier and (letter != "{" or quantifier.group(1) or quantifier.group(3)):
            return self._quantifier(quantifier)
        self.place += 1
        self.last = self._closed() if letter == ")" else 1
        if letter == "|":
            self.repeats[-1] = max(self.repeats[-1], 2)
        return letter

    def _closed(self) -> int:
        """In how many ways the group that ends here can be read; so can what it stands in."""
        if len(self.repeats) == 1:
            return 1  # a bracket too many, which compiling tells
        ways = self.repeats.pop()
        self.repeats[-1] = max(self.repeats[-1], ways)
        return ways

    def _escape(self) -> str:
        following = self.pattern[self.place + 1 : self.place + 2]
        if following.isdigit() and following != "0":
            raise ValueError("it refers back to a group, which is not possible here")
        self.place += 2
        self.last = 1
        return "\\" + following

    def _letters(self) -> str:
        start = self.place
        at = start + 1 + (self.pattern[start + 1 : start + 2] == "^")
        at += self.pattern[at : at + 1] == "]"
        while at < len(self.pattern) and self.pattern[at] != "]":
            at += 2 if self.pattern[at] == "\\" else 1
        self.place = at + 1
        self.last = 1
        return self.pattern[start : self.place]

    def _open(self) -> str:
        if self.pattern.startswith("(?P", self.place):
            raise ValueError("it names a group, which is not possible here")
        self.repeats.append(1)
        ahead = re.compile(r"\((\?(:|=|!|<=|<!))?").match(self.pattern, self.place)
        if ahead is None or (self.pattern.startswith("(?", self.place) and not ahead.group(1)):
            raise ValueError("it sets flags, which is not possible here")
        self.place = ahead.end()
        return ahead.group()

    def _quantifier(self, found: "re.Match[str]") -> str:
        sign = found.group()
        least, most = _bounds(found)
        if most > LONGEST:
            raise ValueError(f"it repeats more than {LONGEST} times ({sign})")
        if most > 1 and self.last > 1:
            raise ValueError(f"it repeats what can itself be read in several ways ({sign})")
        if most != least:
            self.product *= most - least + 1
        if self.product > BUDGET:
            raise ValueError("it has too many repeats; write fewer or shorter ones")
        if most != least:
            self.repeats[-1] = max(self.repeats[-1], most, 2)
        self.place = found.end()
        lazy = self.pattern[self.place : self.place + 1]
        if lazy and lazy in "?+":
            self.place += 1
        self.last = 1
        return f"{{{least},{most}}}" + ("?" if lazy == "?" else "")


def _bounds(found: "re.Match[str]") -> tuple[int, int]:
    sign = found.group()
    if sign in "*+?":
        return int(sign == "+"), 1 if sign == "?" else LONGEST
    least = int(found.group(1) or 0)
    if not found.group(2):
        return least, least
    return least, int(found.group(3)) if found.group(3) else max(least, LONGEST)
