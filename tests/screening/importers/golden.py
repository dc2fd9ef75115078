"""What other programs' own tests expect of the reference files, compared with what we read.

The rules of comparison are written down in docs/imports.md; a value counts as equal only when it
says the same thing, never when it is merely kept somewhere.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from screening.importers.parsed import ParsedRecord
from screening.importers.registry import read_path

Value = str | tuple[str, ...]

#: Zotero's kinds of item whose first-named creators are not called authors.
_AUTHORS = {
    "artwork": "artist",
    "audioRecording": "composer",
    "bill": "sponsor",
    "computerProgram": "programmer",
    "film": "director",
    "hearing": "contributor",
    "map": "cartographer",
    "patent": "inventor",
    "videoRecording": "director",
}
_ZOTERO = {
    "title": ("title", "caseName", "nameOfAct", "subject"),
    "abstract": ("abstractNote",),
    "year": ("date", "issueDate", "dateDecided", "dateEnacted", "filingDate"),
    "venue": (
        "publicationTitle",
        "bookTitle",
        "proceedingsTitle",
        "blogTitle",
        "websiteTitle",
        "encyclopediaTitle",
        "dictionaryTitle",
    ),
    "volume": ("volume", "reporterVolume", "codeVolume"),
    "issue": ("issue",),
    "pages": ("pages", "firstPage", "codePages"),
    "doi": ("DOI",),
    "pmid": ("PMID",),
    "language": ("language",),
    "url": ("url",),
}
#: What the other programs write where the file says nothing.
_MADE_UP = frozenset({"[No title found]", "Anonymous Reviewer"})
_VARIANTS = str.maketrans(
    {"‐": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "∼": "~"}
)
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d|21\d\d)(?!\d)")
_RANGE = re.compile(r"(\D*)(\d+)-(\d+)")
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|span)[^>]*>")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of one record: what they expect and what we read."""

    file: str
    item: int
    field: str
    theirs: Value
    ours: Value
    is_equal: bool

    @property
    def key(self) -> tuple[str, int, str]:
        """Return what names the field."""
        return (self.file, self.item, self.field)


def compare_all(root: Path) -> list[Comparison]:
    """Compare every field of every expected item.

    Args:
        root: The folder of the reference files, with `_golden` in it.

    Returns:
        A comparison per field that the other program filled.

    Raises:
        ValueError: A file gives another number of records than expected.
    """
    return [*_zotero(root), *_jabref(root)]


def _zotero(root: Path) -> Iterator[Comparison]:
    golden = json.loads((root / "_golden" / "zotero_items.json").read_text("utf-8"))
    for file, items in golden.items():
        theirs = [_of_zotero(item) for item in items]
        yield from _compared(file, theirs, _records(root / file))


def _jabref(root: Path) -> Iterator[Comparison]:
    known = json.loads((root / "expected_counts.json").read_text("utf-8"))
    inputs = {Path(file).stem: file for file in known}
    for path in sorted((root / "_golden" / "jabref").glob("*.bib")):
        file = inputs[f"jabref__{path.stem.replace('TestBib', 'Test')}"]
        if "=" not in path.read_text("utf-8"):
            continue  # an entry without any field: nothing to compare
        theirs = [_of_record(record) for record in _records(path)]
        yield from _compared(file, theirs, _records(root / file), of_jabref=True)


def _records(path: Path) -> list[ParsedRecord]:
    return [item for item in read_path(path)[2] if isinstance(item, ParsedRecord)]


def _compared(
    file: str,
    expected: Sequence[Mapping[str, Value]],
    records: Sequence[ParsedRecord],
    *,
    of_jabref: bool = False,
) -> Iterator[Comparison]:
    if len(expected) != len(records):
        raise ValueError(f"{file}: {len(records)} records instead of {len(expected)}")
    for number, (theirs, record) in enumerate(zip(expected, records, strict=True), 1):
        ours = _of_record(record)
        for name, value in theirs.items():
            if value and value not in {*_MADE_UP, *((one,) for one in _MADE_UP)}:
                same = _SAME.get(name, _same_text)
                if name == "keywords" and of_jabref:
                    is_equal = same(_at_commas(value), _at_commas(ours[name]))
                else:
                    is_equal = same(value, ours[name]) or _repeats(name, value, record)
                yield Comparison(file, number, name, value, ours[name], is_equal)


def _of_zotero(item: Mapping[str, object]) -> dict[str, Value]:
    values: dict[str, Value] = {
        name: next((str(item[key]) for key in keys if item.get(key)), "")
        for name, keys in _ZOTERO.items()
    }
    creators = item.get("creators") or []
    assert isinstance(creators, list)
    wanted = {"author", _AUTHORS.get(str(item["itemType"]), "author")}
    values["authors"] = tuple(
        ", ".join(filter(None, (one.get("lastName") or one.get("name"), one.get("firstName"))))
        for one in creators
        if one["creatorType"] in wanted
    )
    tags = item.get("tags") or []
    assert isinstance(tags, list)
    values["keywords"] = tuple(one["tag"] if isinstance(one, dict) else one for one in tags)
    noted = re.search(r"PMID: (\d+)", str(item.get("extra", "")))
    values["pmid"] = values["pmid"] or (noted.group(1) if noted else "")
    return values


def _of_record(record: ParsedRecord) -> dict[str, Value]:
    names = ("title", "abstract", "venue", "volume", "issue", "pages", "doi", "pmid", "language")
    values: dict[str, Value] = {name: getattr(record, name) for name in names}
    values["year"] = str(record.year or "")
    values["authors"] = record.authors
    values["keywords"] = record.keywords
    values["url"] = tuple(link.url for link in record.urls)
    return values


def _plain(value: str) -> str:
    text = unicodedata.normalize("NFKC", _MARKUP.sub("", value)).translate(_VARIANTS)
    text = "".join(letter for letter in text if letter.isspace() or letter.isprintable())
    text = re.sub(r"\s*--?\s*", "-", text)
    text = re.sub(r"\s+:", ":", text)
    return " ".join(text.split()).casefold().strip(" .")


def _all(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _same_text(theirs: Value, ours: Value) -> bool:
    return _plain("\n".join(_all(theirs))) == _plain("\n".join(_all(ours)))


def _same_year(theirs: Value, ours: Value) -> bool:
    found = _YEAR.search(str(theirs))
    return (found.group() if found else "") == ours


def _same_pages(theirs: Value, ours: Value) -> bool:
    return _completed(str(theirs)) == _completed(str(ours))


def _completed(pages: str) -> str:
    text = _plain(pages).replace(" ", "")
    match = _RANGE.fullmatch(text)
    if not match:
        return text
    before, first, last = match.groups()
    last = first[: max(0, len(first) - len(last))] + last
    return f"{before}{first}" if first == last else f"{before}{first}-{last}"


def _same_names(theirs: Value, ours: Value) -> bool:
    if len(theirs) != len(ours):
        return False
    return all(map(_is_same_name, _all(theirs), _all(ours)))


def _is_same_name(one: str, other: str) -> bool:
    a, b = (re.findall(r"\w+", unicodedata.normalize("NFKC", x).casefold()) for x in (one, other))
    return "".join(a) == "".join(b) or sorted(a) == sorted(b)


def _same_set(theirs: Value, ours: Value) -> bool:
    return {_plain(word) for word in theirs} == {_plain(word) for word in ours}


def _same_link(theirs: Value, ours: Value) -> bool:
    wanted = {_plain(url).rstrip("/") for url in _all(theirs)}
    return wanted <= {_plain(url).rstrip("/") for url in ours}


def _repeats(name: str, theirs: Value, record: ParsedRecord) -> bool:
    """Say whether an address only repeats what a field of ours says."""
    last = str(_all(theirs)[0]).rstrip("/").rpartition("/")[2]
    if name == "url":
        return bool(record.pmid) and last == record.pmid and "pubmed" in str(theirs)
    return name == "language" and str(theirs).startswith("http") and last == record.language


def _at_commas(words: Value) -> tuple[str, ...]:
    return tuple(part for word in words for part in word.split(","))


_SAME: dict[str, Callable[[Value, Value], bool]] = {
    "year": _same_year,
    "pages": _same_pages,
    "authors": _same_names,
    "keywords": _same_set,
    "url": _same_link,
}
