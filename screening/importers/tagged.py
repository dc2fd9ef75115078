"""The shared reader of line-tagged formats: lines become blocks of (tag, value) pairs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from screening.importers.parsed import Problem

_COUNTER = re.compile(r"^\s*(?:<?\d{1,6}[.>]?|Record \d+ of \d+|\[\d+\])\s*$", re.I)

_TAIL = 2  # so many tags after an end line still belong to the record before it


@dataclass(frozen=True, slots=True)
class Syntax:
    """How one format writes its tags.

    Attributes:
        tag: Matches a tagged line; group 1 = tag, group 2 = value (may be missing).
        starts: Tags that open a record; empty = any tag opens one.
        ends: Tags that close a record.
        is_blank_end: An empty line closes a record.
        is_continued_by_indent: Only indented lines continue a value.
        ignored: Tags of the file, not of a record (FN, VR, EF of Web of Science).
        marker: Matches a line that stands between records and opens the next (Ovid's `<12.>`).
    """

    tag: re.Pattern[str]
    starts: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    is_blank_end: bool = False
    is_continued_by_indent: bool = False
    ignored: frozenset[str] = frozenset()
    marker: re.Pattern[str] | None = None


@dataclass(slots=True)
class Block:
    """The lines of one record: `fields` holds (tag, lines of the value) in the file's order."""

    position: int
    fields: list[tuple[str, list[str]]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_closed: bool = False
    is_headless: bool = False

    @property
    def raw_text(self) -> str:
        """Return the block's own stretch of the file."""
        return "".join(self.raw)


def read_blocks(lines: Iterable[tuple[int, str]], syntax: Syntax) -> Iterator[Block | Problem]:
    """Cut lines into blocks, one per record.

    Args:
        lines: (number from 1, line with its line end).
        syntax: The format's tags.

    Yields:
        A block per record; a problem for text that stands outside every record.

    Source: own definition.
    """
    cutter = _Cutter(syntax)
    match_tag = syntax.tag.match
    marks = syntax.starts | syntax.ends | syntax.ignored
    for number, line in lines:
        match, block = match_tag(line), cutter.block
        if match and block is not None:
            tag, value = match.groups()
            if tag not in marks:  # nearly every line
                block.fields.append((tag, [value.strip() if value else ""]))
                block.raw.append(line)
                continue
        yield from cutter.take(number, line, match)
    yield from cutter.close()


class _Cutter:
    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self.block: Block | None = None
        self._done: Block | None = None  # held back: a few tags after its end line are its own
        self._stray: list[tuple[int, str]] = []

    def take(
        self, number: int, line: str, match: re.Match[str] | None
    ) -> Iterator[Block | Problem]:
        if self._syntax.marker is not None and self._syntax.marker.match(line):
            yield from self._emit()
            yield from self._strays()
            self.block = Block(number, raw=[line])
            return
        if match:
            yield from self._tagged(number, line, match)
        elif not line.strip():
            yield from self._blank(line)
        elif self.block is None or self._is_after_tail():
            self._stray.append((number, line))
        else:
            self._continue(self.block, number, line)

    def _tagged(self, number: int, line: str, match: re.Match[str]) -> Iterator[Block | Problem]:
        tag, value = match.group(1), (match.group(2) or "").strip()
        if tag in self._syntax.ignored:
            yield from self.close()
            return
        if tag in self._syntax.ends:
            yield from self._end(number, line)
            return
        opens = tag in self._syntax.starts
        if opens and self.block is not None:
            yield from self._emit("The record has no end line; the next one begins here.", number)
        if self.block is None:
            yield from self._strays()
            self.block = Block(number)
            if self._syntax.starts and not opens:
                self.block.is_headless = True
                self._warn(
                    number, f"The record begins with {tag}, its first line is missing.", line
                )
        self.block.fields.append((tag, [value]))
        self.block.raw.append(line)

    def _end(self, number: int, line: str) -> Iterator[Block | Problem]:
        if self.block is None:
            self._stray.append((number, line))
            return
        self.block.raw.append(line)
        self.block.is_closed = True
        yield from self._emit()

    def _blank(self, line: str) -> Iterator[Block | Problem]:
        if self.block is None:
            return
        if self._syntax.is_blank_end:
            yield from self._emit()
        else:
            self.block.raw.append(line)

    def _is_after_tail(self) -> bool:
        """Say whether only a few tags and then a blank line follow an end line."""
        block = self.block
        return block is not None and block.is_headless and not block.raw[-1].strip()

    def _continue(self, block: Block, number: int, line: str) -> None:
        block.raw.append(line)
        if self._syntax.is_continued_by_indent and not line[:1].isspace():
            self._warn(number, "The line has no tag and is not indented; it was kept.", line)
            block.fields.append(("", [line.strip()]))
        elif not block.fields:
            block.fields.append(("", [line.strip()]))
        else:
            block.fields[-1][1].append(line.strip())

    def _warn(self, number: int, message: str, line: str) -> None:
        if self.block is not None:
            self.block.problems.append(Problem(number, message, line.rstrip("\r\n")[:1000]))

    def _emit(self, unclosed: str = "", number: int = 0) -> Iterator[Block | Problem]:
        block = self.block
        if block is None:
            return
        is_open = bool(self._syntax.ends) and not block.is_closed
        if is_open and block.is_headless and len(block.fields) <= _TAIL and self._done is not None:
            self._done.fields += block.fields
            self._done.raw += block.raw
            self.block = None
            return
        if is_open and unclosed:
            self._warn(number, unclosed, "")
        self.block = None
        yield from self._release()
        self._done = block

    def _release(self) -> Iterator[Block]:
        done, self._done = self._done, None
        if done is not None:
            yield done

    def _strays(self) -> Iterator[Problem]:
        stray = [(number, line) for number, line in self._stray if not _COUNTER.match(line)]
        self._stray = []
        if stray:
            raw = "".join(line for _, line in stray)
            count = len(stray)
            words = "line stands" if count == 1 else "lines stand"
            yield Problem(stray[0][0], f"{count} {words} outside every record.", raw[:1000])

    def close(self) -> Iterator[Block | Problem]:
        """Hand over what is still open at the end of the file (or at a line of the file's own)."""
        if self.block is not None:
            yield from self._emit("The last record has no end line.", self.block.position)
        yield from self._release()
        yield from self._strays()
