"""BibTeX and BibLaTeX, read generously: a broken entry costs itself and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from screening.importers.bounds import Room, Stray
from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.latex import plain_text
from screening.importers.parsed import Item, Problem
from screening.importers.reader import ReadOptions

_START = re.compile(r"^\s*@\s*([A-Za-z][\w-]*)\s*[{(]")
_NO_RECORD = frozenset({"comment", "string", "preamble"})
_FIELD = re.compile(r"\s*+,?\s*+([^\s=,{}\"#%][^=,{}\"#]{0,99}?)\s{0,99}=\s*")
_LINE_FIELD = re.compile(r"^[ \t]*+([A-Za-z][\w -]{0,99}?)[ \t]{0,99}=\s*(?=[{\"\w])", re.M)
_BRACKET = re.compile(r"(?:\\.)++|[{}()\"]", re.S)  # what a backslash precedes is no bracket
_AND = re.compile(r"(?<!\s)\s++and\s++", re.I)
_IN_BRACES = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_PMID_NOTE = re.compile(r"\{?PMID:?\}?:?\s*(\d{1,9})\b", re.I)
_SCALARS = {
    "title": ("title", 0),
    "abstract": ("abstract", 0),
    "year": ("year", 0),
    "date": ("year", 1),
    "fjournal": ("venue", -1),
    "journal": ("venue", 0),
    "journaltitle": ("venue", 0),
    "booktitle": ("venue", 1),
    "volume": ("volume", 0),
    "number": ("issue", 0),
    "issue": ("issue", 1),
    "pages": ("pages", 0),
    "doi": ("doi", 0),
    "pmid": ("pmid", 0),
    "pubmed_id": ("pmid", 1),
    "language": ("language", 0),
    "langid": ("language", 1),
}
_KEYWORDS = frozenset(
    {"keywords", "keyword", "author_keywords", "keywords-plus", "mesh-terms", "index_keywords"}
)


@dataclass(slots=True)
class _Entry:
    """The lines of one entry, from its `@` to its closing brace."""

    position: int
    kind: str
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    is_unclosed: bool = False
    cut: str = ""  # what is said of lines that found no room

    @property
    def raw(self) -> str:
        return "".join(self.lines)


class BibtexReader:
    """Reads BibTeX; an entry without its last brace ends where the next one begins."""

    name = "bibtex"
    label = "BibTeX"

    def confidence(self, head: Head) -> float:
        """Nearly certain when a line opens an entry and a field follows."""
        kinds = [match.group(1).lower() for match in map(_START.match, head.lines) if match]
        if not [kind for kind in kinds if kind not in _NO_RECORD]:
            return 0.0
        return 0.94 if "=" in head.text or len(kinds) > 1 else 0.6

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the entries; see `Reader.read`."""
        del options  # the format names its fields itself
        macros: dict[str, str] = {}
        for entry in _entries(source.lines()):
            if isinstance(entry, Problem):
                yield entry
            elif entry.kind == "string":
                macros |= dict(_fields(_body(entry), {}))
            elif entry.kind not in _NO_RECORD:
                yield from _record(entry, macros)


def _entries(lines: Iterator[tuple[int, str]]) -> Iterator[_Entry | Problem]:
    entry: _Entry | None = None
    stray, room = Stray("entry", kept=5000), Room()
    for number, line in lines:
        rest = line
        match = _START.match(line)
        if entry is not None and match:
            yield _unclosed(entry, room)
            entry = None
        while rest:
            if entry is None:
                match = _START.match(rest)
                if not match:
                    if rest.strip() and not rest.lstrip().startswith("%"):
                        stray.add(number, rest)
                    break
                yield from stray.take()
                entry = _Entry(number, match.group(1).lower())
                room.open()
            end = _end_of(entry, rest)
            if room.has(rest):
                entry.lines.append(rest[:end] if end else rest)
            if not end:
                break
            entry.cut = room.said("entry")
            yield entry
            entry, rest = None, rest[end:]
    if entry is not None:
        yield _unclosed(entry, room)
    yield from stray.take()


def _unclosed(entry: _Entry, room: Room) -> _Entry:
    entry.is_unclosed = True
    entry.cut = room.said("entry")
    return entry


def _end_of(entry: _Entry, text: str) -> int:
    """Follow the braces; return where the entry ends in the text, or 0."""
    for match in _BRACKET.finditer(text):
        letter = match.group()
        if letter == "{" or (letter == "(" and entry.depth == 0 and not entry.lines):
            entry.depth += 1
        elif letter == "}" or (letter == ")" and entry.depth == 1 and _is_round(entry, text)):
            entry.depth -= 1
            if entry.depth <= 0:
                return match.end()
    return 0


def _is_round(entry: _Entry, text: str) -> bool:
    first = entry.lines[0] if entry.lines else text
    match = _START.match(first)
    return bool(match and match.group().endswith("("))


def _body(entry: _Entry) -> str:
    raw = entry.raw
    match = _START.match(raw)
    body = raw[match.end() :] if match else raw
    body = body.rstrip()
    return body if entry.is_unclosed else body[:-1]


def _record(entry: _Entry, macros: dict[str, str]) -> Iterator[Item]:
    draft = Draft(entry.position, raw=entry.raw)
    if entry.is_unclosed:
        draft.warn("The entry is not closed; it ends where the next one begins.", entry.raw)
    if entry.cut:
        draft.warn(entry.cut, "")
    body = _body(entry)
    key, comma, rest = body.partition(",")
    if "=" in key:
        draft.warn("The entry has no key.", entry.raw)
        rest = body
    else:
        draft.keep("key", key)
        rest = rest if comma else ""
    draft.add("type", entry.kind, tag="type")
    for name, value in _fields(rest, macros):
        _take(draft, name, value)
    yield from draft.items()


def _fields(body: str, macros: dict[str, str]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    at = 0
    while match := _FIELD.match(body, at):
        value, end = _value(body, match.end(), macros)
        if end < 0:
            return fields + _by_lines(body[match.start() :])
        fields.append((match.group(1).strip().lower(), value))
        at = end
        rest = body[at:].lstrip()
        if rest and not rest.startswith(","):
            return fields + _by_lines(body[at:])
    return fields + (_by_lines(body[at:]) if body[at:].strip(" \t\r\n,") else [])


def _by_lines(body: str) -> list[tuple[str, str]]:
    """Where braces or quotes do not match: a field begins at each line `name =`."""
    starts = list(_LINE_FIELD.finditer(body))
    fields = []
    for at, match in enumerate(starts):
        end = starts[at + 1].start() if at + 1 < len(starts) else len(body)
        value = body[match.end() : end].strip().rstrip(",").strip('{}" \r\n\t')
        fields.append((match.group(1).strip().lower(), value))
    return fields


def _value(body: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    """Read braces, quotes, numbers and macros joined by `#`; the end is -1 when unbalanced."""
    parts = []
    while True:
        part, at = _part(body, at, macros)
        if at < 0:
            return "", -1
        parts.append(part)
        rest = re.match(r"\s*#\s*", body[at:])
        if not rest:
            return "".join(parts), at
        at += rest.end()


def _part(body: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    opener = body[at : at + 1]
    if opener in {"{", '"'}:
        end = _closing(body, at, "}" if opener == "{" else '"')
        return body[at + 1 : end], end + 1 if end >= 0 else -1
    word = re.match(r"[^\s,#{}\"]*", body[at:])
    text = word.group() if word else ""
    return macros.get(text.lower(), text), at + len(text)


def _closing(body: str, at: int, closer: str) -> int:
    depth = 0
    for match in _BRACKET.finditer(body, at + 1):
        letter = match.group()
        if depth == 0 and letter == closer:
            return match.start()
        if letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
    return -1


def _take(draft: Draft, name: str, raw: str) -> None:
    if name == "author":
        draft.authors.extend(author_names(raw))
        return
    if name == "note" and (noted := _PMID_NOTE.match(raw.strip())):
        draft.add("pmid", noted.group(1), tag=name, rank=2)
    value = plain_text(raw)
    if name in _KEYWORDS:
        mark = ";" if ";" in value else ","
        draft.keywords.extend(word.strip() for word in value.split(mark) if word.strip())
    elif name in {"url", "link"}:
        draft.link(raw.strip("{}").replace("\\", ""), column="url")
    elif name in {"eprint", "arxivid", "arxiv"}:
        draft.add("arxiv_id", value, tag=name)
    elif name in _SCALARS:
        field_name, rank = _SCALARS[name]
        clean = re.sub(r"\s*-{2,}\s*", "-", value) if field_name == "pages" else value
        draft.add(field_name, raw if field_name == "doi" else clean, tag=name, rank=rank)
    else:
        draft.keep(name, value)


def author_names(raw: str) -> list[str]:
    """Read BibTeX's list of names.

    Args:
        raw: Names joined by "and", in any of BibTeX's three orders, with LaTeX in them.

    Returns:
        "Family, Given" of each; a name in braces stays whole, "others" is left out.

    Source: Patashnik 1988, BibTeXing, section 4; here the first word is never a particle.
    """
    hidden: list[str] = []

    def hide(match: re.Match[str]) -> str:
        hidden.append(match.group())
        return f"\ue002{len(hidden) - 1}\ue002"

    names = []
    for part in _AND.split(_IN_BRACES.sub(hide, raw.strip())):
        turned = _family_first(part.strip(" ,\r\n\t"))
        shown = re.sub("\ue002(\\d+)\ue002", lambda match: hidden[int(match.group(1))], turned)
        names.append(plain_text(shown).strip(" ,"))
    return [name for name in names if name and name.lower() != "others"]


def _family_first(name: str) -> str:
    words = name.split()
    if "," in name or len(words) == 1:
        return name
    particles = (at for at, word in enumerate(words[1:-1], 1) if word[:1].islower())
    at = next(particles, len(words) - 1)
    return f"{' '.join(words[at:])}, {' '.join(words[:at])}"
