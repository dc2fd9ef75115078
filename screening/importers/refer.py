"""EndNote's tagged text (.enw, refer/BibIX): percent signs and one letter."""

import re
from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item, Problem
from screening.importers.reader import ReadOptions
from screening.importers.tagged import (
    Block,
    Blocks,
    Syntax,
    lines_of,
    on_one_line,
    read_blocks,
    records_of,
)

_TAG = r"[0-9A-Za-z@!?*~^<>+#$&%=|\[\](),.:;/-]"
_SIGN = re.compile(r"^%[0A-Z] ?\S", re.M)
_CORE = re.compile(r"^%[TA] ?\S", re.M)
_TYPED = re.compile(r"^%0 ", re.M)
_SYNTAX = Syntax(
    tag=_TAG, before="%", after=r"(?=\s|$)", starts=frozenset({"0"}), is_blank_end=True
)
_SCALARS = {
    "0": ("type", 0),
    "T": ("title", 0),
    "X": ("abstract", 0),
    "D": ("year", 0),
    "8": ("year", 1),
    "J": ("venue", 0),
    "B": ("venue", 1),
    "V": ("volume", 0),
    "N": ("issue", 0),
    "P": ("pages", 0),
    "R": ("doi", 0),
    "M": ("doi", 3),
    "G": ("language", 0),
}


class ReferReader:
    """Reads %-tagged text; `%0` opens a record, or an empty line where no `%0` is used."""

    name = "enw"
    label = "EndNote (.enw)"

    def confidence(self, head: Head) -> float:
        """Nearly certain when lines begin with %T or %A and more of the kind."""
        text = head.plain
        return 0.93 if _CORE.search(text) and len(_SIGN.findall(text)) > 1 else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # the format names its fields itself
        blocks = _with_first_type(_blocks(source))
        if _TYPED.search(source.head.plain):
            blocks = _reject_untyped(blocks)
        return records_of(blocks, _fill)


def _reject_untyped(blocks: Blocks) -> Blocks:
    for block in blocks:
        if isinstance(block, Problem) or _type_of(block):
            yield block
        else:
            message = "A block without a type line (%0), as the other records of the file have."
            yield Problem(block.position, message, block.raw_text)


def _type_of(block: Block) -> str:
    return next((value.strip() for tag, value in block.fields if tag == "0"), "")


def _with_first_type(blocks: Blocks) -> Blocks:
    """Join a lone type line at the top of the file to the record below: one with two types."""
    first: Block | None = None
    for block in blocks:
        if isinstance(block, Problem):
            yield block
        elif block.position == 1 and [tag for tag, _ in block.fields] == ["0"]:
            first = block
        elif first is not None:
            yield _joined(first, block)
            first = None
        else:
            yield block
    if first is not None:
        yield first


def _blocks(source: SourceFile) -> Blocks:
    """Cut at %0 and at empty lines; tags that stand above their %0 belong to it."""
    waiting: Block | None = None
    for block in read_blocks(source, _SYNTAX):
        if isinstance(block, Problem):
            yield block
            continue
        opens = block.fields[0][0] == "0"
        if waiting is not None:
            belongs = opens and _is_adjacent(waiting, block)
            yield _joined(waiting, block) if belongs else waiting
            waiting = None
            if belongs:
                continue
        if opens:
            yield block
        else:
            block.problems.clear()
            waiting = block
    if waiting is not None:
        yield waiting


def _is_adjacent(first: Block, second: Block) -> bool:
    return first.position + len(first.raw) == second.position


def _joined(first: Block, second: Block) -> Block:
    return Block(
        first.position,
        first.fields + second.fields,
        first.raw + second.raw,
        first.problems + second.problems,
    )


def _fill(draft: Draft, block: Block) -> None:
    for tag, text in block.fields:
        value = on_one_line(text)
        if tag == "A":
            draft.authors.extend([value] if value else [])
        elif tag == "K":
            draft.keywords += lines_of(text)
        elif tag == "U":
            draft.link(value, column="url")
        elif tag in _SCALARS:
            name, rank = _SCALARS[tag]
            draft.add(name, value, tag=f"%{tag}", rank=rank)
        else:
            draft.keep(f"%{tag}" if tag else "", value)
