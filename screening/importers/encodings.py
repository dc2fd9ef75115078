"""Which letters a file is written in: byte order mark, UTF-16 by pattern, strict UTF-8, cp1252."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Error handler that reads a byte UTF-8 cannot hold as Windows-1252 (or Latin-1) would.
FALLBACK_HANDLER = "as-windows-1252"
#: Encodings offered when a person changes the guess.
CHOICES = (
    "utf-8",
    "cp1252",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "iso-8859-1",
    "iso-8859-2",
    "cp1250",
    "cp1251",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FEW_BAD_BYTES = 4  # as many bytes of good multi-byte letters per bad one keep it UTF-8
_NUL_SHARE = 0.25
_MISFIT = re.compile("[\udc80-\udcff]")
_LAST_COMMON = 0xD7  # lead byte: up to here stand the frequent characters of GB 2312
_MOST = 0.7


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_windows_letter(byte) for byte in bad), error.end


def _windows_letter(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error(FALLBACK_HANDLER, _read_as_windows)


@dataclass(frozen=True, slots=True)
class EncodingGuess:
    """The guessed encoding, and how many bytes did not fit it (0 unless the file is damaged)."""

    name: str
    misfits: int = 0


def by_mark(head: bytes) -> str:
    """Return the encoding a byte order mark names.

    Args:
        head: The first bytes of the file.

    Returns:
        A Python codec name, or "" when there is no mark.

    Source: The Unicode Standard, section 23.8.
    """
    return next((name for mark, name in _MARKS if head.startswith(mark)), "")


def by_nul_pattern(head: bytes) -> str:
    """Recognise UTF-16 without a mark by its NULs at every other byte.

    Args:
        head: The first bytes of the file.

    Returns:
        "utf-16-le", "utf-16-be" or "".

    Source: own definition (a quarter of one parity is NUL, none of the other).
    """
    sample = head[: len(head) // 2 * 2]
    if not sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 2 * _NUL_SHARE
    if odd > enough and even == 0:
        return "utf-16-le"
    if even > enough and odd == 0:
        return "utf-16-be"
    return ""


def guess_encoding(chunks: Iterable[bytes], head: bytes) -> EncodingGuess:
    """Guess the encoding of a whole file in one pass and constant memory.

    Args:
        chunks: The file's bytes, piece by piece.
        head: Its first bytes (any number).

    Returns:
        The guess; strict UTF-8 first, GB 2312 when every letter above ASCII is a pair of it and
        most are frequent, UTF-8 with misfits when nearly all is UTF-8, else cp1252.

    Source: own definition.
    """
    known = by_mark(head) or by_nul_pattern(head)
    if known:
        return EncodingGuess(known)
    tally = _Tally()
    for chunk in chunks:
        tally.feed(chunk)
    return tally.verdict()


class _Tally:
    """Counts how well a stream of bytes fits UTF-8 and GB 2312."""

    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")("strict")
        self._gb = codecs.getincrementaldecoder("gb2312")("strict")
        self._is_gb = True
        self._hanzi = 0
        self._common = 0
        self._bad = 0
        self._good = 0

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        text = self._as_utf8(chunk, final=final)
        self._good += max(0, len(chunk) - len(text))
        if self._utf8.errors != "strict":
            self._bad += len(_MISFIT.findall(text))
        if self._is_gb and not (chunk.isascii() and self._gb.getstate()[0] == b""):
            self._try_gb(chunk, final=final)

    def _as_utf8(self, chunk: bytes, *, final: bool) -> str:
        try:
            return self._utf8.decode(chunk, final)
        except UnicodeDecodeError:
            state = self._utf8.getstate()
            self._utf8 = codecs.getincrementaldecoder("utf-8")("surrogateescape")
            self._utf8.setstate(state)
            return self._utf8.decode(chunk, final)

    def _try_gb(self, chunk: bytes, *, final: bool) -> None:
        try:
            text = self._gb.decode(chunk, final)
        except UnicodeDecodeError:
            self._is_gb = False
            return
        if text.isascii():
            return
        letters = [letter for letter in text if letter > "\x7f"]
        self._hanzi += len(letters)
        self._common += sum(letter.encode("gb2312")[0] <= _LAST_COMMON for letter in letters)

    def verdict(self) -> EncodingGuess:
        self.feed(b"", final=True)
        if not self._bad:
            return EncodingGuess("utf-8")
        if self._is_gb and self._common > self._hanzi * _MOST:
            return EncodingGuess("gb18030")
        if self._good >= self._bad * _FEW_BAD_BYTES:
            return EncodingGuess("utf-8", self._bad)
        return EncodingGuess("cp1252")
