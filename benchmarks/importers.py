"""The readers over real files, against the clock, and beside rispy, nbib and bibtexparser 1.

    .venv/bin/python benchmarks/importers.py DATA_DIR [--peers PYTHON] [--records N] [--xml-mb N]

DATA_DIR holds the reference files with `expected_counts.json` and `_golden`. The tables go to
standard output as Markdown. PYTHON is that of an environment with the three peers.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screening.importers.parsed import ParsedRecord  # noqa: E402 - after the path is set
from screening.importers.registry import read_path  # noqa: E402 - the same
from screening.importers.report import report_on  # noqa: E402 - the same
from tests.screening.importers.golden import compare_all  # noqa: E402 - the same
from tests.screening.importers.test_reference_files import FORMATS  # noqa: E402 - the same

MEASURE = Path(__file__).with_name("importers_measure.py")
PEERS = {"rispy": "ris", "nbib": "nbib", "bibtexparser": "bibtex"}
_PEER_RECORDS = 3_000
_BROKEN = ("wrong", "invalid", "bad", "corrupt", "malformed")


def main() -> None:
    """Run all parts and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="", help="Python that holds the peers")
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--xml-mb", type=int, default=340)
    chosen = parser.parse_args()
    files(chosen.data)
    golden(chosen.data)
    with tempfile.TemporaryDirectory() as folder:
        speed(chosen.data, Path(folder), chosen.records, chosen.xml_mb)
        if chosen.peers:
            peers(chosen.data, Path(folder), chosen.peers)


def _table(head: str, rows: Iterable[Iterable[object]]) -> None:
    print(f"\n| {head} |\n|{'---|' * (head.count('|') + 1)}")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def files(root: Path) -> None:
    """Count, format and encoding of each reference file."""
    wanted = json.loads((root / "expected_counts.json").read_text("utf-8"))
    rows, wrong = [], []
    for folder, name in FORMATS.items():
        mine = {path: one for path, one in wanted.items() if path.startswith(f"{folder}/")}
        reports = {path: report_on(root / path) for path in mine}
        counts = [path for path in mine if reports[path].found != mine[path]["n"]]
        formats = [p for p in mine if mine[p]["n"] and reports[p].format != name]
        encodings = [p for p in mine if not _fits(mine[p]["enc"], reports[p].encoding)]
        broken = [p for p in mine if any(word in p.lower() for word in _BROKEN)]
        silent = [p for p in broken if not reports[p].problems and p in counts]
        wrong += [*counts, *formats, *encodings, *silent]
        found = sum(one["n"] for one in mine.values())
        right = [len(mine) - len(missed) for missed in (counts, formats, encodings)]
        rows.append((folder, len(mine), found, *right, len(silent)))
    rows.append(("all", *(sum(row[at] for row in rows) for at in range(1, 7))))
    _table("kind | files | records | count right | format right | encoding right | silent", rows)
    print("\nnot right:", ", ".join(sorted(set(wrong))) or "none")


def _fits(expected: str, got: str) -> bool:
    if expected.startswith("not-utf8"):
        return got in {"cp1252", "gb18030", "binary"}
    return got == expected or expected == "binary" == got or (expected, got) == ("ascii", "utf-8")


def golden(root: Path) -> None:
    """How many fields say what Zotero's and JabRef's tests expect."""
    compared = compare_all(root)
    names = dict.fromkeys(one.field for one in compared)
    rows = [
        (name, len(all_), sum(one.is_equal for one in all_))
        for name in names
        if (all_ := [one for one in compared if one.field == name])
    ]
    equal = sum(one.is_equal for one in compared)
    rows.append((f"all ({equal / len(compared):.2%})", len(compared), equal))
    _table("golden field | compared | equal", rows)


def speed(root: Path, folder: Path, records: int, megabytes: int) -> None:
    """CPU seconds and peak memory on large files, a process each."""
    ris = _large_ris(root, folder / "large.ris", records)
    packed = folder / "large.ris.gz"
    with gzip.open(packed, "wb", compresslevel=1) as stream:
        stream.write(ris.read_bytes())
    large = [
        (f"RIS, {records:,} real records", ris),
        ("the same, gzip", packed),
        (f"EndNote XML, {megabytes} MB", _large_xml(root, folder / "large.xml", megabytes)),
        ("OpenAlex JSON, 100 MB", _large_json(root, folder / "large.json", 100)),
    ]
    rows = []
    for name, path in large:
        got = _measured(sys.executable, "ours", [path])
        rows.append((name, f"{path.stat().st_size / 1e6:.0f}", *_figures(got)))
    _table("file | MB | records | CPU s | records/s | peak MiB", rows)


def _large_ris(root: Path, path: Path, records: int) -> Path:
    whole = [
        raw
        for raw in _raws(root, "ris")
        if raw.startswith("TY  -") and re.search(r"^ER  -", raw, re.M)
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        for at in range(records):
            stream.write(whole[at % len(whole)].replace("\nER  -", f"\nID  - {at}\nER  -") + "\n")
    return path


def _raws(root: Path, folder: str) -> Iterator[str]:
    for path in sorted((root / folder).iterdir()):
        if not any(word in path.name.lower() for word in _BROKEN):
            for item in read_path(path)[2]:
                if isinstance(item, ParsedRecord):
                    yield item.raw_text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def _large_xml(root: Path, path: Path, megabytes: int) -> Path:
    raw = max(_raws(root, "endnote_xml"), key=len)
    with path.open("w", encoding="utf-8") as stream:
        stream.write("<xml><records>\n")
        for _ in range(megabytes * 1_000_000 // len(raw.encode())):
            stream.write(raw)
        stream.write("</records></xml>\n")
    return path


def _large_json(root: Path, path: Path, megabytes: int) -> Path:
    raw = max(_raws(root, "openalex_json"), key=len)
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"meta": {}, "results": [\n')
        stream.write(",\n".join([raw] * (megabytes * 1_000_000 // len(raw.encode()))))
        stream.write("]}\n")
    return path


def peers(root: Path, folder: Path, python: str) -> None:
    """Files read right and records per second, ours and each peer over the same files."""
    wanted = json.loads((root / "expected_counts.json").read_text("utf-8"))
    rows = []
    for peer, kind in PEERS.items():
        paths = [root / path for path in wanted if path.startswith(f"{kind}/")]
        large = _peer_file(root, kind, folder / f"peer.{kind}")
        for engine, program in ((peer, python), ("ours", sys.executable)):
            got = _measured(program, engine, paths)["rows"]
            right = sum(
                row["records"] == wanted[str(Path(row["file"]).relative_to(root))]["n"]
                for row in got
            )
            crashed = sum(bool(row["error"]) for row in got)
            timed = _figures(_measured(program, engine, [large]))
            rows.append((kind, engine, f"{right}/{len(paths)}", crashed, *timed))
    _table("kind | engine | files right | crashed | records | CPU s | records/s | peak MiB", rows)


def _figures(measured: dict) -> tuple[object, ...]:
    """Records, CPU seconds, records per second, peak memory of the best of the runs."""
    row = min(measured["rows"], key=lambda one: one["cpu"])
    rate = row["records"] / row["cpu"]
    return row["records"], f"{row['cpu']:.2f}", f"{rate:,.0f}", f"{measured['mib']:.0f}"


def _peer_file(root: Path, kind: str, path: Path) -> Path:
    """A file every peer can read: well-formed records of the peers' own narrow dialect."""
    begin = {"ris": r"TY  - ", "nbib": r"PMID- ", "bibtex": r"@\w+\{\w+,"}[kind]
    whole = [raw for raw in _raws(root, kind) if re.match(begin, raw)]
    if kind == "ris":
        whole = [raw for raw in whole if re.search(r"^ER  - ?$", raw, re.M)]
    with path.open("w", encoding="utf-8") as stream:
        for at in range(_PEER_RECORDS):
            raw = whole[at % len(whole)]
            if kind == "bibtex":
                raw = re.sub(r"^(@\w+\{\w+)", rf"\g<1>n{at}", raw)
            stream.write(raw + "\n")
    return path


def _measured(python: str, engine: str, paths: Iterable[Path]) -> dict:
    done = subprocess.run(
        [python, str(MEASURE), engine, *map(str, paths)],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT) if engine == "ours" else ""},
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
