"""Records of an XML file one at a time, with line and raw text; entities are refused."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from screening.importers.draft import Draft
from screening.importers.files import SourceFile
from screening.importers.parsed import ImportRefusedError, Item, Problem, Severity

_CHUNK = 64 * 1024
_MAX_RECORD = 16 * 1024 * 1024
_MAX_DEPTH = 200
_SMALL = frozenset({"sub", "sup", "inf"})
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w.-]+)[\"']", re.I)


@dataclass(slots=True)
class Node:
    """One element: its name without prefix, its attributes, its children, its own text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    content: list["str | Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, in order, blanks squeezed."""
        return " ".join(self._all_text().split())

    def _all_text(self) -> str:
        words: list[str] = []
        for part in self.content:
            if isinstance(part, str):
                words.append(part)
                continue
            if part.tag in _SMALL and words and "\n" in words[-1]:
                words[-1] = words[-1].rstrip()  # the break is the file's layout, not the text's
            words.append(part._all_text())  # noqa: SLF001 - same class
        return "".join(words)

    def all(self, path: str) -> list["Node"]:
        """Return the elements at a path of names, e.g. `authors/author`."""
        found = [self]
        for name in path.split("/"):
            found = [child for node in found for child in node.children if child.tag == name]
        return found

    def first(self, *paths: str) -> str:
        """Return the text of the first element at the first path that has text."""
        for path in paths:
            for node in self.all(path):
                if node.text:
                    return node.text
        return ""


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """One record element, the line it begins on, and its own stretch of the file."""

    node: Node
    line: int
    raw: str


class _Collector:
    """Builds the record elements while expat reads; everything else is forgotten."""

    def __init__(self, tags: frozenset[str], encoding: str | None) -> None:
        self.ready: deque[XmlRecord] = deque()
        self.stack: list[Node] = []
        self.start = 0
        self.line = 0
        self.buffer = bytearray()
        self.offset = 0
        self._depth = 0
        self._tags = tags
        self.parser = expat.ParserCreate(encoding)
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._words
        self.parser.EntityDeclHandler = self._refuse
        self.parser.buffer_text = True

    def feed(self, chunk: bytes, *, is_last: bool) -> None:
        self.buffer += chunk
        try:
            self.parser.Parse(chunk, is_last)
        except ImportRefusedError:
            raise
        except (LookupError, ValueError) as error:  # expat asks Python for encodings it lacks
            raise ImportRefusedError(
                "The XML declares an encoding that cannot be read here; save it as UTF-8."
            ) from error
        keep_from = self.start if self.stack else self.parser.CurrentByteIndex
        cut = max(0, keep_from - self.offset)
        del self.buffer[:cut]
        self.offset += cut
        if self.stack and len(self.buffer) > _MAX_RECORD:
            raise ImportRefusedError(
                f"One record is larger than {_MAX_RECORD:,} bytes.", position=self.line
            )

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ImportRefusedError(
                f"More than {_MAX_DEPTH} elements stand inside each other; no export does that.",
                position=self.parser.CurrentLineNumber,
            )
        is_record = tag in self._tags or (not self._tags and self._depth == 2)  # noqa: PLR2004
        if not self.stack and not is_record:
            return
        node = Node(tag, {key.rpartition(":")[2]: value for key, value in attributes.items()})
        if self.stack:
            self.stack[-1].children.append(node)
            self.stack[-1].content.append(node)
        else:
            self.start = self.parser.CurrentByteIndex
            self.line = self.parser.CurrentLineNumber
        self.stack.append(node)

    def _words(self, text: str) -> None:
        if self.stack:
            self.stack[-1].content.append(text)

    def _close(self, _name: str) -> None:
        self._depth -= 1
        if not self.stack:
            return
        node = self.stack.pop()
        if not self.stack:
            from_ = self.start - self.offset
            to = self.buffer.find(b">", self.parser.CurrentByteIndex - self.offset) + 1
            raw = self.buffer[from_:to].decode("utf-8", "replace")
            self.ready.append(XmlRecord(node, self.line, raw))

    def _refuse(self, *_: object) -> None:
        raise ImportRefusedError(
            "The file declares entities, which can be used to harm; export it again without them.",
            position=self.parser.CurrentLineNumber,
        )


def stream_records(source: SourceFile, tags: frozenset[str]) -> Iterator[XmlRecord | Problem]:
    """Stream the record elements of an XML file.

    Args:
        source: The file.
        tags: Names of the elements that are records; empty = every child of the root.

    Yields:
        Records in order; a `rejected` problem with its line where the file is not well-formed.

    Raises:
        ImportRefusedError: The file declares entities or an encoding that cannot be read, or one
            record is beyond all measure.
    """
    collector = _Collector(tags, _encoding_of(source))
    with source.open() as stream:
        is_last = False
        while not is_last:
            chunk = stream.read(_CHUNK)
            is_last = not chunk
            try:
                collector.feed(chunk, is_last=is_last)
            except expat.ExpatError as error:
                yield from collector.ready
                yield _broken(collector, error)
                return
            while collector.ready:
                yield collector.ready.popleft()


def read_elements(
    source: SourceFile,
    tags: frozenset[str],
    fill: Callable[[Draft, Node], None],
    *,
    is_record: Callable[[Node], bool] = bool,
) -> Iterator[Item]:
    """Read an XML file: the one loop of all its kinds.

    Args:
        source: The file.
        tags: As in `stream_records`.
        fill: Puts what an element holds into the draft of its record.
        is_record: Says whether an element is a record at all; every one is when left out.

    Yields:
        Records and problems in the file's order.

    Raises:
        ImportRefusedError: As in `stream_records`.
    """
    for found in stream_records(source, tags):
        if isinstance(found, Problem):
            yield found
        elif is_record(found.node):
            draft = Draft(found.line, raw=found.raw)
            fill(draft, found.node)
            yield from draft.items()


def _encoding_of(source: SourceFile) -> str | None:
    match = _DECLARED.search(source.head.raw[:300])
    declared = match.group(1).decode().lower() if match else "utf-8"
    is_wrong = declared in {"utf-8", "utf8"} and source.encoding.name == "cp1252"
    return "iso-8859-1" if is_wrong else None


def _broken(collector: _Collector, error: expat.ExpatError) -> Problem:
    reason = expat.ErrorString(error.code) or "not well-formed"
    message = f"The XML is broken here ({reason}); what follows could not be read."
    raw = collector.buffer[-2000:].decode("utf-8", "replace") if collector.stack else ""
    return Problem(error.lineno, message, raw, Severity.REJECTED)
