"""What is damaged: the kinds of import files by group, and small pieces of real files."""

import csv
import gzip
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

#: The groups, as the readers share their code; each kind is a folder of DATA_DIR or made here.
GROUPS = {
    "tagged": ("ris", "nbib", "wos", "ovid_tagged", "endnote_enw"),
    "bibtex": ("bibtex",),
    "xml": ("pubmed_xml", "endnote_xml", "arxiv_atom", "mods", "crossref_xml", "rdf"),
    "json": ("openalex_json", "crossref_json", "zotero_json", "semantic_scholar_json", "csl_json"),
    "tables": ("csv", "scopus_csv", "markdown_table"),
    "workbook": ("xlsx",),
    "packed": ("endnote_enlx", "gzip"),
}
LARGEST = 120_000  # bytes; of a larger file only the first part is taken
_SMALL = 12_000  # bytes of a piece of a few records
_RECORDS = 3
_CELL = 400  # letters of a cell in a small piece
_MOST = 60  # places in one file to cut at
_STARTS = {
    "ris": rb"^TY  ?-",
    "nbib": rb"^PMID ?-",
    "wos": rb"^PT ",
    "ovid_tagged": rb"^<\d+>",
    "endnote_enw": rb"^%0 ",
    "bibtex": rb"^\s*@\w+\s*[{(]",
    "pubmed_xml": rb"<PubmedArticle>",
    "endnote_xml": rb"<record>",
    "arxiv_atom": rb"<entry>",
    "mods": rb"<mods\b",
    "crossref_xml": rb"<doi_record\b",
    "rdf": rb"<(?:bib:\w+|z:\w+|rdf:Description) rdf:about",
}
_MARKDOWN = (
    b"# Papers\n\n## 2021\n\n| Title | Paper | Code | Dataset |\n|---|:-:|---|---|\n"
    b"| Big *models* `advance` | [arXiv](https://arxiv.org/abs/2101.05224) | [x](a) | ISIC |\n"
    b"| Second, with \\| a bar | [doi](https://doi.org/10.1000/xyz) | - | A<br>B |\n\n"
    b"## 2020\n\n### Contrastive\n\nTitle | Modality\n--- | ---\nThird one | MRI, CT\n"
)
_WORK: dict[str, Any] = {
    "title": "A title of a work",
    "type": "article-journal",
    "abstract": "What was done, and what came of it. " * 4,
    "container-title": "A Journal",
    "volume": "12",
    "page": "1-9",
    "DOI": "10.1000/xyz123",
    "issued": {"date-parts": [[2021, 3, 4]]},
    "author": [{"family": "Curie", "given": "M."}, {"literal": "A Group"}],
    "keyword": "one; two",
    "URL": "https://example.org/work",
}
_PAPER: dict[str, Any] = {
    "paperId": "0f3b",
    "title": "A title of a paper",
    "abstract": "What was done. " * 6,
    "year": 2020,
    "venue": "NeurIPS",
    "journal": {"name": "A Journal", "volume": "3", "pages": "4-5"},
    "externalIds": {"DOI": "10.1000/abc", "ArXiv": "2006.10029", "PubMed": 123456},
    "authors": [{"authorId": "1", "name": "Marie Curie"}, {"authorId": None, "name": "B C"}],
    "publicationTypes": ["JournalArticle"],
    "url": "https://example.org/paper",
}


def originals(data: Path, kind: str) -> tuple[list[bytes], list[bytes]]:
    """Read the files of a kind.

    Args:
        data: A folder with a folder for each kind.
        kind: One of `GROUPS`.

    Returns:
        Small pieces of a few records each, and whole files (their first part when large).

    Raises:
        ValueError: There is no file of that kind.
    """
    if kind in _MADE:
        return _MADE[kind](data)
    folder = data / kind
    files = [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []
    if not files:
        raise ValueError(f"no files of the kind {kind!r} in {data}")
    pieces = [piece for one in files for piece in _pieces(kind, one)]
    return pieces, [one[:LARGEST] for one in files]


def _pieces(kind: str, data: bytes) -> list[bytes]:
    if kind.endswith("_json"):
        found = _json_pieces(data)
    elif kind in {"csv", "scopus_csv"}:
        found = _table_pieces(data)
    elif kind in _STARTS:
        found = _record_pieces(_STARTS[kind], data)
    else:
        found = []
    return [piece for piece in (found or [data]) if len(piece) <= _SMALL]


def _record_pieces(start: bytes, data: bytes) -> list[bytes]:
    places = [match.start() for match in re.finditer(start, data, re.M)]
    if not places:
        return []
    places = [*places, len(data)][: _MOST + 1]
    head, tail = data[: places[0]], b""
    if data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<") and not start.startswith(rb"^"):
        tail = data[data.rstrip().rfind(b"</") :]
        if data.rstrip().endswith(tail.strip()) and re.search(start, b"<" + tail.strip()[2:]):
            return [data]  # the record is the root
    return [
        head[:2000] + data[first : places[min(at + _RECORDS, len(places) - 1)]] + tail
        for at, first in enumerate(places[:-1])
    ]


def _table_pieces(data: bytes) -> list[bytes]:
    lines = data.splitlines(keepends=True)
    plain = [lines[0] + b"".join(lines[at : at + _RECORDS]) for at in range(1, min(len(lines), 20))]
    rows = _rows(data.decode("utf-8-sig", "replace"))
    written = []
    for at in range(1, min(len(rows), 20)):
        stream = io.StringIO()
        csv.writer(stream).writerows([rows[0], *rows[at : at + _RECORDS]])
        written.append(stream.getvalue().encode())
    return [one for one in plain if len(one) < len(data)] + written


def _rows(text: str) -> list[list[str]]:
    read = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    return [[cell[:_CELL] for cell in row] for row in read]


def _json_pieces(data: bytes) -> list[bytes]:
    try:
        value = json.loads(data)
    except ValueError:
        return []
    short = _shortened(value)
    return [
        json.dumps(one, ensure_ascii=False, indent=1).encode()
        for one in (short, *(short if isinstance(short, list) else ()))
    ]


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        return [_shortened(one) for one in value[:2]]
    if isinstance(value, dict):
        return {name: _shortened(one) for name, one in value.items()}
    return value[:200] if isinstance(value, str) else value


def _of_markdown(data: Path) -> tuple[list[bytes], list[bytes]]:
    del data
    return [_MARKDOWN, _MARKDOWN.replace(b"\n", b"\r\n")], [_MARKDOWN * 40]


def _of_works(data: Path) -> tuple[list[bytes], list[bytes]]:
    del data
    return [json.dumps([_WORK] * n, ensure_ascii=False).encode() for n in (1, 3)], [
        json.dumps({"items": [_WORK] * 100}, indent=2).encode()
    ]


def _of_papers(data: Path) -> tuple[list[bytes], list[bytes]]:
    del data
    return [json.dumps({"total": n, "data": [_PAPER] * n}).encode() for n in (1, 3)], [
        json.dumps([_PAPER] * 100, indent=2).encode()
    ]


def _of_gzip(data: Path) -> tuple[list[bytes], list[bytes]]:
    small, whole = [], []
    for kind in ("ris", "wos", "csv", "pubmed_xml", "openalex_json"):
        pieces, files = originals(data, kind)
        small += [gzip.compress(one, mtime=0) for one in pieces[:30]]
        whole += [gzip.compress(one, mtime=0) for one in files[:5]]
    return small, whole


def _of_workbooks(data: Path) -> tuple[list[bytes], list[bytes]]:
    real = [path.read_bytes() for path in sorted((data / "xlsx").iterdir())]
    small = list(real)
    texts = [path.read_bytes().decode("utf-8-sig", "replace") for path in (data / "csv").iterdir()]
    small += [_workbook(_rows(text)[:4]) for text in sorted(texts)]
    rows = [["Title", "Year", "Included"], *([f"Title {n}", str(n), "yes"] for n in range(1500))]
    return small, [_workbook(rows)]


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row[:40]):
                if cell.isdecimal() and len(cell) < len(str(_SMALL)):
                    sheet.write_number(at, column, int(cell))
                else:
                    sheet.write_string(at, column, cell[:1000])
    return stream.getvalue()


def _of_libraries(data: Path) -> tuple[list[bytes], list[bytes]]:
    whole = [path.read_bytes() for path in sorted((data / "endnote_enlx").iterdir())]
    return [_small_library(one) for one in whole], whole


def _small_library(packed: bytes) -> bytes:
    """The library with its first references alone."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        base = sqlite3.connect(":memory:")
        base.deserialize(archive.read("sdb/sdb.eni"))
    columns = [row[1] for row in base.execute("PRAGMA table_info(refs)")]
    rows = base.execute("SELECT * FROM refs WHERE trash_state = 0 ORDER BY id LIMIT 5").fetchall()
    small = sqlite3.connect(":memory:")
    small.execute("PRAGMA page_size = 1024")
    small.execute(f"CREATE TABLE refs ({', '.join(columns)})")
    small.executemany(f"INSERT INTO refs VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608 - made of "?" alone
    small.commit()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("sdb/sdb.eni", small.serialize())
    return stream.getvalue()


_MADE: dict[str, Callable[[Path], tuple[list[bytes], list[bytes]]]] = {
    "markdown_table": _of_markdown,
    "csl_json": _of_works,
    "semantic_scholar_json": _of_papers,
    "gzip": _of_gzip,
    "xlsx": _of_workbooks,
    "endnote_enlx": _of_libraries,
}
