"""The one reader of all line-tagged formats: lines become blocks, blocks become records."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from screening.importers.bounds import Room, Stray
from screening.importers.draft import Draft
from screening.importers.files import SourceFile, count_lines, with_plain_line_ends
from screening.importers.parsed import Item, Problem

_COUNTER = re.compile(r"^\s*(?:<?\d{1,6}[.>]?|Record \d+ of \d+|\[\d+\])\s*$", re.I)
_TITLES = frozenset({"TI", "T1"})
_TAIL = 2  # so many tags after an end line still belong to the record before it
_BLANK = re.compile(r"[\r\n]+")
_ONE_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)")


@dataclass(frozen=True)
class Syntax:
    """How one format writes its tags.

    Attributes:
        tag: Pattern of a tag.
        before: Pattern of what may stand before a tag in its line.
        after: Pattern of what follows the tag and is no part of the value.
        starts: Tags that open a record; empty = any tag opens one.
        ends: Tags that close a record.
        is_blank_end: An empty line closes a record.
        is_continued_by_indent: Only indented lines continue a value.
        ignored: Tags of the file, not of a record (FN, VR, EF of Web of Science).
        edges: How the first and the last line of nearly every record begin; such records are cut
            at one stroke.
        marker: Matches a line that stands between records and opens the next (Ovid's `<12.>`).
    """

    tag: str
    before: str = ""
    after: str = ""
    starts: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    is_blank_end: bool = False
    is_continued_by_indent: bool = False
    ignored: frozenset[str] = frozenset()
    edges: tuple[str, str] | None = None
    marker: re.Pattern[str] | None = None

    @cached_property
    def marks(self) -> frozenset[str]:
        """The tags that are no field of a record."""
        return self.starts | self.ends | self.ignored

    @cached_property
    def line(self) -> re.Pattern[str]:
        """A tagged line without its line end; group 1 = tag, group 2 = value."""
        return re.compile(rf"{self.before}({self.tag}){self.after}(.*)")

    @cached_property
    def single(self) -> re.Pattern[str]:
        """A tagged line within a text; groups as in `line`."""
        return re.compile(rf"^{self.line.pattern}", re.M)

    @cached_property
    def fields(self) -> re.Pattern[str]:
        """A tagged line and the lines that continue it, as `line` with several in group 2."""
        opening = rf"{self.before}{self.tag}{self.after}"
        return re.compile(
            rf"^{self.before}({self.tag}){self.after}(.*(?:\n(?!{opening}).*)*)", re.M
        )

    def whole_at(self, window: str, at: int) -> str:
        """Return the stretch from a first to the next last line, or "" if none begins here."""
        if not (self.edges and window.startswith(self.edges[0], at)):
            return ""
        line_end = "\n" if "\n" in window else "\r"
        last = window.find(line_end + self.edges[1], at)
        if last < 0:
            return ""
        end = window.find(line_end, last + 1)
        return window[at : end + 1] if end >= 0 else window[at:]


@dataclass(slots=True)
class Block:
    """The lines of one record: `fields` holds (tag, value) in the file's order.

    A value stands as it is written, also its blanks; its lines are parted by LF (`lines_of`).
    """

    position: int
    fields: list[tuple[str, str]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_closed: bool = False
    is_headless: bool = False

    @property
    def raw_text(self) -> str:
        """Return the block's own stretch of the file."""
        return "".join(self.raw)


Blocks = Iterator[Block | Problem]
Fill = Callable[[Draft, Block], None]


def lines_of(value: str) -> list[str]:
    """Return the lines of a value.

    Args:
        value: A value of a block.

    Returns:
        Its lines without the blanks around them; empty ones are left out.

    Source: own definition.
    """
    if "\n" not in value:
        value = value.strip()
        return [value] if value else []
    return [line for line in map(str.strip, value.split("\n")) if line]


def on_one_line(value: str) -> str:
    """Join the lines of a value by blanks.

    Args:
        value: A value of a block.

    Returns:
        The value without line breaks and without blanks around it.

    Source: own definition.
    """
    return value.strip() if "\n" not in value else " ".join(lines_of(value))


def records_of(blocks: Iterable[Block | Problem], fill: Fill) -> Iterator[Item]:
    """Turn blocks into records, each with its problems before it.

    Args:
        blocks: As `read_blocks` yields them.
        fill: Puts a block's fields into a draft; the one part that is the format's own.

    Yields:
        Records and problems in the file's order.
    """
    for block in blocks:
        if isinstance(block, Problem):
            yield block
            continue
        draft = Draft(block.position, raw=block.raw_text, problems=block.problems)
        fill(draft, block)
        yield from draft.items()


def read_blocks(source: SourceFile, syntax: Syntax) -> Blocks:
    """Cut a file into blocks, one per record.

    Args:
        source: The file.
        syntax: The format's tags.

    Yields:
        A block per record; a problem for text that stands outside every record.
    """
    return cut_blocks(source.windows(), syntax)


def cut_blocks(windows: Iterable[tuple[int, str]], syntax: Syntax) -> Blocks:
    """Cut text into blocks: whole records at one stroke, anything doubtful line by line.

    Args:
        windows: (number of its first line, text of whole lines).
        syntax: The format's tags.

    Yields:
        A block per record; a problem for text that stands outside every record.

    Source: own definition.
    """
    cutter = _Cutter(syntax)
    for first, window in windows:
        number, at = first, 0
        while at < len(window):
            stretch, block = "", None
            if cutter.block is None:
                stretch = syntax.whole_at(window, at)
                block = _whole_block(number, stretch, syntax) if stretch else None
            if block is not None:
                yield from cutter.strays()
                if done := cutter.exchange(block):
                    yield done
            else:
                match = _ONE_LINE.match(window, at)
                stretch = match.group() if match else window[at:]
                yield from cutter.take(number, stretch)
            at += len(stretch)
            number += count_lines(stretch)
            if cutter.block is None and (blank := _BLANK.match(window, at)):
                at = blank.end()
                number += count_lines(blank.group())
    yield from cutter.close()


def _whole_block(number: int, stretch: str, syntax: Syntax) -> Block | None:
    """Read a stretch as one record; None when more than its edges open or close a record."""
    plain = with_plain_line_ends(stretch).rstrip("\n")
    fields = syntax.single.findall(plain)
    if len(fields) <= plain.count("\n"):  # some lines continue others
        fields = syntax.fields.findall(plain)
    opens = fields[0][0] in syntax.starts
    tag, rest = fields.pop()
    closes = tag in syntax.ends and "\n" not in rest
    is_one = syntax.marks.isdisjoint([tag for tag, _ in fields[1:]])
    return Block(number, fields, [stretch], is_closed=True) if opens and closes and is_one else None


def _is_tail(block: Block, done: Block) -> bool:
    """Say whether a few tags after an end line belong to the record before it.

    With a second title they are a record of their own that lost its edges.
    """
    has_title = [any(tag in _TITLES for tag, _ in one.fields) for one in (block, done)]
    return block.is_headless and len(block.fields) <= _TAIL and not all(has_title)


class _Cutter:
    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self.block: Block | None = None
        self._room = Room()
        self._values: list[str] = []  # the lines of the block's last field
        self._done: Block | None = None  # held back: a few tags after its end line are its own
        self._stray = Stray("record")

    def exchange(self, block: Block | None) -> Block | None:
        """Hold a finished block back and hand over the one before it."""
        done, self._done = self._done, block
        return done

    def take(self, number: int, line: str) -> Blocks:
        """Take one line with its line end."""
        syntax = self._syntax
        if syntax.marker is not None and syntax.marker.match(line):
            yield from self._emit()
            yield from self.strays()
            self._open(number).raw.append(line)
            return
        match = syntax.line.fullmatch(line.rstrip("\r\n"))
        if match:
            yield from self._tagged(number, line, match)
        elif not line.strip():
            yield from self._blank(line)
        elif self.block is None or self._is_after_tail():
            self._outside(number, line)
        else:
            self._continue(self.block, number, line)

    def _outside(self, number: int, line: str) -> None:
        if not _COUNTER.match(line):  # which only numbers the records
            self._stray.add(number, line)

    def _tagged(self, number: int, line: str, match: re.Match[str]) -> Blocks:
        tag, value = match.groups()
        if tag in self._syntax.ignored:
            yield from self.close()
            return
        if tag in self._syntax.ends:
            yield from self._end(number, line)
            return
        opens = tag in self._syntax.starts
        if opens and self.block is not None:
            yield from self._emit("The record has no end line; the next one begins here.", number)
        block = self.block
        if block is None:
            yield from self.strays()
            block = self._open(number)
            if self._syntax.starts and not opens:
                block.is_headless = True
                self._warn(
                    number, f"The record begins with {tag}, its first line is missing.", line
                )
        if self._room.has(line):
            self._field(block, tag, value)
            block.raw.append(line)

    def _open(self, number: int) -> Block:
        self.block = Block(number)
        self._room.open()
        return self.block

    def _field(self, block: Block, tag: str, value: str) -> None:
        self._settle(block)
        block.fields.append((tag, ""))
        self._values = [value]

    def _settle(self, block: Block) -> None:
        """Give the block's last field its lines."""
        if self._values:
            block.fields[-1] = (block.fields[-1][0], "\n".join(self._values))
            self._values = []

    def _end(self, number: int, line: str) -> Blocks:
        if self.block is None:
            self._outside(number, line)
            return
        self.block.raw.append(line)
        self.block.is_closed = True
        yield from self._emit()

    def _blank(self, line: str) -> Blocks:
        if self.block is None:
            return
        if self._syntax.is_blank_end:
            yield from self._emit()
        elif self._room.has(line):
            self.block.raw.append(line)

    def _is_after_tail(self) -> bool:
        """Say whether only a few tags and then a blank line follow an end line."""
        block = self.block
        return block is not None and block.is_headless and not block.raw[-1].strip()

    def _continue(self, block: Block, number: int, line: str) -> None:
        if not self._room.has(line):
            return
        block.raw.append(line)
        if self._syntax.is_continued_by_indent and not line[:1].isspace():
            self._warn(number, "The line has no tag and is not indented; it was kept.", line)
            self._field(block, "", line.strip())
        elif not block.fields:
            self._field(block, "", line.strip())
        else:
            self._values.append(line.strip())

    def _warn(self, number: int, message: str, line: str) -> None:
        if self.block is not None:
            self.block.problems.append(Problem(number, message, line.rstrip("\r\n")[:1000]))

    def _emit(self, unclosed: str = "", number: int = 0) -> Blocks:
        block = self.block
        if block is None:
            return
        self._settle(block)
        if cut := self._room.said("record"):
            self._warn(block.position, cut, "")
        is_open = bool(self._syntax.ends) and not block.is_closed
        if is_open and self._done is not None and _is_tail(block, self._done):
            self._done.fields += block.fields
            self._done.raw += block.raw
            self.block = None
            return
        if is_open and unclosed:
            self._warn(number, unclosed, "")
        self.block = None
        if done := self.exchange(block):
            yield done

    def strays(self) -> Iterator[Problem]:
        """Report the lines that stood outside every record so far."""
        yield from self._stray.take()

    def close(self) -> Blocks:
        """Hand over what is still open at the end of the file (or at a line of the file's own)."""
        if self.block is not None:
            yield from self._emit("The last record has no end line.", self.block.position)
        if done := self.exchange(None):
            yield done
        yield from self.strays()
