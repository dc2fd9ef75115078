# ruff: noqa: PLR2004 (every bare number in this file is a chance)
"""Damage that knows the format: values of another kind in JSON, parts of an archive, splices."""

import copy
import gzip
import io
import json
import random
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from tests.screening.importers.damage import damaged

_STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1e308, "", "x", "\ud800", [], {}, [[]], [None], {"a": None},
    [1], ["x"], [{}], {"date-parts": None}, {"date-parts": [None]}, {"date-parts": 5}, "10" * 3000,
)  # fmt: skip
_DEEP = (b"[" * 100_000, b'{"a":' * 20_000, b"<a>" * 20_000, b"{" * 50_000, b"(" * 50_000)
_SPLICES = 0.05
_DEEPS = 0.002
_BYTES = 0.4  # of copies of structured files that are damaged as bytes only


def hurt(data: bytes, other: bytes, kind: str, dice: random.Random) -> bytes:
    """Damage a file in a way that its format knows, or in one that knows only bytes.

    Args:
        data: The file.
        other: Another file, a piece of which may be put in.
        kind: Its kind, as in `fuzz_files.GROUPS`.
        dice: Where the chance comes from.

    Returns:
        The damaged bytes.
    """
    if dice.random() < _DEEPS:
        at = dice.randrange(len(data) + 1)
        return data[:at] + dice.choice(_DEEP) + data[at:]
    if dice.random() < _SPLICES:
        at, to = dice.randrange(len(data) + 1), dice.randrange(len(other) + 1)
        data = data[:at] + other[to : to + dice.randrange(3000)] + data[at:]
        return data if dice.random() < 0.5 else damaged(data, dice)
    if dice.random() < _BYTES:
        return damaged(data, dice)
    return _BY_KIND.get(kind, damaged)(data, dice)


def _json(data: bytes, dice: random.Random) -> bytes:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return damaged(data, dice)
    for _ in range(dice.choice((1, 1, 2, 5))):
        _change_a_node(value, dice)
    text = json.dumps(value, ensure_ascii=dice.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")


def _change_a_node(value: Any, dice: random.Random) -> None:
    """Go down by chance; give one place there a value of another kind."""
    while isinstance(value, dict | list) and value:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = dice.choice(list(keys))
        if not isinstance(value[key], dict | list) or not value[key] or dice.random() < 0.25:
            value[key] = copy.deepcopy(dice.choice(_STRANGE))
            return
        value = value[key]


def _xml(data: bytes, dice: random.Random) -> bytes:
    """Change elements and write the tree again, so that the XML itself is whole."""
    try:
        root = ET.fromstring(data)  # noqa: S314 - our own files, undamaged
    except (ET.ParseError, ValueError, LookupError):
        return damaged(data, dice)
    nodes = list(root.iter())
    for _ in range(dice.choice((1, 1, 2, 5))):
        dice.choice(_CHANGES)(dice.choice(nodes), dice.choice(nodes), dice)
    try:
        text = ET.tostring(root, encoding="unicode")
    except (ValueError, RecursionError, TypeError):  # an element was put into itself
        return damaged(data, dice)
    return text.encode("utf-8", "replace")


def _lose(node: ET.Element, other: ET.Element, dice: random.Random) -> None:
    del other, dice
    node.clear()


def _rename(node: ET.Element, other: ET.Element, dice: random.Random) -> None:
    del dice
    node.tag, other.tag = other.tag, node.tag


def _again(node: ET.Element, other: ET.Element, dice: random.Random) -> None:
    one = copy.deepcopy(other)
    if len(list(one.iter())) < 40:
        for _ in range(dice.choice((1, 3, 50))):
            node.append(one)


def _words(node: ET.Element, other: ET.Element, dice: random.Random) -> None:
    node.text = dice.choice((*_WORDS, other.text or ""))
    for name in node.attrib:
        node.set(name, dice.choice(_WORDS))


_WORDS = (
    "",
    " ",
    "0",
    "-1",
    "9" * 400,
    "9" * 5000,
    "x" * 20_000,
    "\n\r\t",
    "٣",
    "²",
    "\u2028",
    "[]",
    "<b>",
)
_CHANGES: tuple[Callable[[ET.Element, ET.Element, random.Random], None], ...] = (
    _lose, _rename, _again, _words, _words,
)  # fmt: skip


def _zip(data: bytes, dice: random.Random) -> bytes:
    """Damage one part and pack all of them again, so that the archive itself is whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, RuntimeError):
        return damaged(data, dice)
    chosen = dice.choice(sorted(parts))
    is_xml = chosen.endswith((".xml", ".rels"))
    parts[chosen] = (_xml if is_xml and dice.random() < 0.7 else damaged)(parts[chosen], dice)
    if dice.random() < 0.03:
        del parts[dice.choice(sorted(parts))]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", dice.choice((zipfile.ZIP_STORED, 8))) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _library(data: bytes, dice: random.Random) -> bytes:
    """Change cells of the library's table and pack it again."""
    if dice.random() < 0.3:
        return _zip(data, dice)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        base = sqlite3.connect(":memory:")
        base.deserialize(archive.read("sdb/sdb.eni"))
        if len(archive.namelist()) > 1:  # EndNote's own, which sorts by rules of its own
            return _zip(data, dice)
    names = [row[1] for row in base.execute("PRAGMA table_info(refs)")]
    for _ in range(dice.choice((1, 1, 3, 20))):
        text = damaged(b"A few words, a name; 2021 https://x.example " * 2, dice)
        value = dice.choice((text, text.decode("utf-8", "replace"), 1, -(2**60), 1e300, None))
        how = dice.choice(("?", "?", "CAST(? AS TEXT)"))
        base.execute(f'UPDATE refs SET "{dice.choice(names)}" = {how}', [value])  # noqa: S608 - columns of our own file
    base.commit()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("sdb/sdb.eni", base.serialize())
    return stream.getvalue()


def _gzip(data: bytes, dice: random.Random) -> bytes:
    try:
        return gzip.compress(damaged(gzip.decompress(data), dice), 1, mtime=0)
    except (OSError, EOFError, zlib.error):
        return damaged(data, dice)


_BY_KIND: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "openalex_json": _json,
    "crossref_json": _json,
    "zotero_json": _json,
    "semantic_scholar_json": _json,
    "csl_json": _json,
    "pubmed_xml": _xml,
    "endnote_xml": _xml,
    "arxiv_atom": _xml,
    "mods": _xml,
    "crossref_xml": _xml,
    "rdf": _xml,
    "xlsx": _zip,
    "endnote_enlx": _library,
    "gzip": _gzip,
}
