"""The items of a JSON file one at a time: lists are walked, wrappers opened."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from screening.importers.files import SourceFile, count_lines
from screening.importers.parsed import ImportRefusedError, Problem, Severity

#: One item may not be longer than so many letters.
MAX_ITEM = 16 * 1024 * 1024
_PIECE = 256 * 1024
_WRAPPERS = frozenset({"message", "items", "results", "data", "papers", "works"})
_BLANK = " \t\r\n,\ufeff"


@dataclass(frozen=True, slots=True)
class JsonItem:
    """One item and its own stretch of the file."""

    value: Any
    raw: str


def stream_items(source: SourceFile) -> Iterator[JsonItem | Problem]:
    """Stream the items of a JSON file, of several documents one after another, or of JSON lines.

    Args:
        source: The file.

    Yields:
        Items in order; a `rejected` problem with its line where the JSON breaks off.

    Raises:
        ImportRefusedError: It breaks before the first item.
    """
    with source.text() as stream:
        walker = _Walker(stream)
        has_items = False
        try:
            for item in walker.items():
                yield item
                has_items = True
        except (ValueError, RecursionError) as error:
            message = (
                f"The JSON is broken in line {walker.line_of(error)}, "
                f"or one item is longer than {MAX_ITEM:,} letters"
            )
            if not has_items:
                line = walker.line_of(error)
                raise ImportRefusedError(f"{message}. Export it again.", position=line) from error
            raw = walker.rest(2000)
            what = f"{message}; what follows could not be read."
            yield Problem(walker.line_of(error), what, raw, Severity.REJECTED)


class _Walker:
    """A window on the text that slides from item to item."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._line = 1  # of the window's first letter
        self._is_last = False

    def items(self) -> Iterator[JsonItem]:
        while letter := self._peek():
            if letter == "[":
                yield from self._list()
            elif letter == "{":
                yield from self._object()
            else:
                yield self._value()

    def _list(self) -> Iterator[JsonItem]:
        self._at += 1
        while (letter := self._peek()) != "]":
            if not letter:
                raise ValueError("the list is not closed")
            item = self._value()
            is_page = isinstance(item.value, dict) and "message-type" in item.value
            yield from _opened(item.value) if is_page else (item,)
        self._at += 1

    def _object(self) -> Iterator[JsonItem]:
        """Walk an object that may wrap the items; if it does not, it is the item itself."""
        self._at += 1
        own: dict[str, Any] = {}
        is_wrapper = False
        while (letter := self._peek()) != "}":
            if letter != '"':
                raise ValueError("a name is missing")
            name = self._value().value
            if self._peek() != ":":
                raise ValueError("a colon is missing")
            self._at += 1
            inner = self._peek()
            if name in _WRAPPERS and (
                self._opens_objects() or (name == "message" and inner == "{")
            ):
                is_wrapper = True
                yield from self._list() if inner == "[" else self._object()
            else:
                own[name] = self._value().value
        self._at += 1
        if not is_wrapper:
            yield JsonItem(own, json.dumps(own, ensure_ascii=False))

    def _opens_objects(self) -> bool:
        """Say whether a list of objects, or an empty one, begins here."""
        if not self._text.startswith("[", self._at):
            return False
        self._need(self._at + 1000)
        return self._text[self._at + 1 :].lstrip(_BLANK)[:1] in {"{", "]"}

    def _value(self) -> JsonItem:
        self._peek()
        value, end = self._decoded()
        raw = self._text[self._at : end]
        self._at = end
        return JsonItem(_sound(value) if "\\ud" in raw.lower() else value, raw)

    def _decoded(self) -> tuple[Any, int]:
        """Decode the value here, reading on as long as it may only be cut off."""
        size = _PIECE
        while True:
            is_whole = self._is_last or size > MAX_ITEM
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
                if is_whole or end < len(self._text):
                    return value, end
            except ValueError:
                if is_whole:
                    raise
            size *= 2
            self._need(self._at + size)

    def _peek(self) -> str:
        """Skip blanks, commas and byte order marks; return the next letter, "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_last:
                return ""
            self._need(self._at + 1)

    def _need(self, length: int) -> None:
        """Read on until the window reaches to a place; forget what lies behind."""
        if self._at > _PIECE:
            self._line += count_lines(self._text[: self._at])
            self._text, length, self._at = self._text[self._at :], length - self._at, 0
        while len(self._text) < length and not self._is_last:
            piece = self._stream.read(max(_PIECE, length - len(self._text)))
            self._is_last = not piece
            self._text += piece

    def line_of(self, error: Exception) -> int:
        """Return the line of an error of the decoder, else of the present place."""
        at = getattr(error, "pos", self._at)
        return self._line + count_lines(self._text[:at])

    def rest(self, letters: int) -> str:
        """Return some text from the present place on."""
        return self._text[self._at : self._at + letters]


def _opened(document: Any) -> Iterator[JsonItem]:
    """Open a page of Crossref that is an element of a list."""
    if isinstance(document, dict):
        for name in ("message", "items"):
            if isinstance(document.get(name), dict | list):
                yield from _opened(document[name])
                return
    for one in document if isinstance(document, list) else [document]:
        yield JsonItem(one, json.dumps(one, ensure_ascii=False))


def _sound(value: Any) -> Any:
    """Write a question mark for half a pair of surrogates, which is no letter."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
