"""Files for `intake.py`: a long export, and files made to harm."""

import gzip
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path

MEBI = 1024 * 1024
GIBI = 1024 * MEBI
_HEAD = "TY  - JOUR\nTI  - A fine record\nAU  - Moreau, A\nPY  - 2020\n"


def long_export(path: Path, records: int) -> Path:
    """A RIS export with titles that tell the records apart and abstracts of 180 words."""
    chance = random.Random(1)  # noqa: S311 - made up words, nothing secret
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(5000)]

    def some(number: int) -> str:
        return " ".join(chance.choices(words, k=number))

    with path.open("w", encoding="utf-8") as file:
        for number in range(records):
            file.write(
                f"TY  - JOUR\nTI  - {some(12)} {number}\nAU  - {some(1).title()}, A\n"
                f"AU  - {some(1).title()}, B\nPY  - {1990 + number % 35}\nJO  - {some(3)}\n"
                f"VL  - {number % 90}\nSP  - {number % 900}\nEP  - {number % 900 + 8}\n"
                f"DO  - 10.1000/x{number}\nAB  - {some(180)}\nKW  - {some(1)}\nER  - \n\n"
            )
    return path


_SOURCE = "http://schemas.openxmlformats.org"
_MAIN = f"{_SOURCE}/spreadsheetml/2006/main"
_CELL = '<row r="{}"><c {}</c></row>'


def _workbook(path: Path, rows: Iterable[bytes], strings: Iterable[bytes]) -> None:
    """Write a workbook that opens, part by part."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    office = f"{_SOURCE}/officeDocument/2006/relationships"
    package = f"{_SOURCE}/package/2006"
    types = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{kinds}.{kind}+xml"/>'
        for name, kind in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("sharedStrings", "sharedStrings"),
        )
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, kind, target in (
            (1, "worksheet", "worksheets/sheet1.xml"),
            (2, "sharedStrings", "sharedStrings.xml"),
        )
    )
    top = f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
    sheet = '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
    parts: dict[str, Iterable[bytes]] = {
        "[Content_Types].xml": [f'<Types xmlns="{package}/content-types">{types}</Types>'.encode()],
        "_rels/.rels": [_links(package, top)],
        "xl/workbook.xml": [
            f'<workbook xmlns="{_MAIN}" xmlns:r="{office}">{sheet}</workbook>'.encode()
        ],
        "xl/_rels/workbook.xml.rels": [_links(package, links)],
        "xl/worksheets/sheet1.xml": rows,
        "xl/sharedStrings.xml": strings,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece)


def _links(package: str, links: str) -> bytes:
    return f'<Relationships xmlns="{package}/relationships">{links}</Relationships>'.encode()


def _sheet(rows: Iterable[bytes]) -> Iterator[bytes]:
    yield f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    yield _CELL.format(1, 't="inlineStr"><is><t>Title</t></is>').encode()
    yield from rows
    yield b"</sheetData></worksheet>"


def _strings(texts: Iterable[bytes]) -> Iterator[bytes]:
    yield f'<sst xmlns="{_MAIN}">'.encode()
    yield from texts
    yield b"</sst>"


def workbook_bomb(path: Path) -> None:
    """A workbook of a few MB whose shared strings unpack to 512 MiB."""
    texts = (b"<si><t>" + b"a" * 1000 + b"</t></si>") * 1024
    cell = _CELL.format(2, 't="s"><v>0</v>').encode()
    _workbook(path, _sheet([cell]), _strings(repeat(texts, 512)))


def sheet_bomb(path: Path) -> None:
    """A workbook with one cell of 1 GiB."""
    cell = [b'<row r="2"><c t="inlineStr"><is><t>', *repeat(b"a" * MEBI, 1024)]
    _workbook(path, _sheet([*cell, b"</t></is></c></row>"]), _strings([]))


def big_workbook(path: Path) -> None:
    """A workbook just inside the limits: 38 MiB of shared strings, none like the other."""
    texts = (f"<si><t>{number} {'word ' * 200}</t></si>".encode() for number in range(39_000))
    rows = (_CELL.format(at + 2, f't="s"><v>{at}</v>').encode() for at in range(39_000))
    _workbook(path, _sheet(rows), _strings(texts))


def library_bomb(path: Path) -> None:
    """An EndNote library whose data base unpacks to 2 GiB."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("sdb/sdb.eni", "w", force_zip64=True) as part,
    ):
        for _ in range(2048):
            part.write(b"\0" * MEBI)


def packed_bomb(path: Path) -> None:
    """A gzip file of 2 MB that unpacks to 2 GiB of one RIS record."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(_HEAD.encode() + b"AB  - ")
        for _ in range(2048):
            file.write(b"a " * (MEBI // 2))


def entity_bomb(path: Path) -> None:
    """A billion laughs in an EndNote file."""
    laughs = "".join(
        f'<!ENTITY l{one} "{f"&l{one - 1};" * 10}">' if one else '<!ENTITY l0 "ha">'
        for one in range(12)
    )
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE xml [{laughs}]><xml><records><record>'
        "<titles><title>&l11;</title></titles></record></records></xml>",
        encoding="utf-8",
    )


def deep_tree(path: Path) -> None:
    """XML with a million elements inside each other."""
    deep = 1_000_000
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0"?><xml><records><record>')
        file.write("<a>" * deep + "</a>" * deep + "</record></records></xml>")


def huge_upload(path: Path) -> None:
    """1 GiB that begins like RIS (a hole in the file system, sent in full)."""
    with path.open("wb") as file:
        file.write(_HEAD.encode())
        file.truncate(GIBI)


def long_line(path: Path) -> None:
    """RIS with an abstract of 10 MB in one line."""
    path.write_text(f"{_HEAD}AB  - {'word ' * 2_000_000}\nER  - \n", encoding="utf-8")


def long_cell(path: Path) -> None:
    """CSV with a cell of 10 MB."""
    words = "word " * 2_000_000
    path.write_text(f'title,year,abstract\nOne,2020,"{words}"\nTwo,2021,b\n', encoding="utf-8")


def nul_bytes(path: Path) -> None:
    """RIS with 50 MB of NUL bytes in its middle, and in words."""
    record = _HEAD.encode() + b"ER  - \n"
    path.write_bytes(record + b"\0" * 50 * MEBI + b"\n" + record.replace(b"fine", b"fi\0ne"))


def broken_lines(path: Path) -> None:
    """90 MB of lines that belong to no record."""
    path.write_bytes(_HEAD.encode() + b"ER  - \n" + b"stray line\n" * 8_500_000)


def endless_entry(path: Path) -> None:
    """90 MB of BibTeX whose first entry is never closed."""
    path.write_bytes(b"@article{a,\n title = {" + b"word {word} \n" * 7_000_000)


def big_json(path: Path) -> None:
    """90 MB of CSL-JSON."""
    item = {"id": "x", "type": "article-journal", "title": "A fine record", "abstract": "w " * 900}
    with path.open("w", encoding="utf-8") as file:
        file.write("[" + ",".join([json.dumps(item)] * 47_000) + "]")


#: Every hostile file, by its name; the ending is for people.
HOSTILE: dict[str, Callable[[Path], None]] = {
    "workbook-bomb.xlsx": workbook_bomb,
    "sheet-bomb.xlsx": sheet_bomb,
    "big.xlsx": big_workbook,
    "library-bomb.enlx": library_bomb,
    "packed-bomb.ris.gz": packed_bomb,
    "entity-bomb.xml": entity_bomb,
    "deep-tree.xml": deep_tree,
    "huge-upload.ris": huge_upload,
    "long-line.ris": long_line,
    "long-cell.csv": long_cell,
    "nul-bytes.ris": nul_bytes,
    "broken-lines.ris": broken_lines,
    "endless-entry.bib": endless_entry,
    "big.json": big_json,
}
