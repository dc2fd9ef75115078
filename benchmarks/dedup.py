"""How good and how fast the duplicate engine is, set by set, beside bib-dedupe when given.

    .venv/bin/python benchmarks/dedup.py DATA_DIR [--bib-dedupe PYTHON] [--scaled 50000]

DATA_DIR holds one folder per set with `records.csv` and `groups.csv`. Counting is that of Hair
2023 and Wagner 2024: of each true group one record must stay.
"""

import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETS = ("stroke", "respiratory", "cytology_screening", "diabetes", "special_cases")
MARKS = re.compile(r"(?i)(?:part|phase|type|stage|reply|comment|letter|errat|correct|retract|book)")
COLUMNS = [
    "ID",
    "ENTRYTYPE",
    "title",
    "author",
    "year",
    "journal",
    "booktitle",
    "volume",
    "number",
    "pages",
    "abstract",
    "doi",
    "isbn",
    "source",
]


@dataclass(frozen=True)
class Score:
    """The counts over one set."""

    records: int
    true: int
    removed: int
    found: int
    false: int
    wrong_pairs: int
    suggested: int
    cpu: float
    mib: float

    @property
    def row(self) -> str:
        """One row of the Markdown table."""
        kept = self.records - self.true
        return (
            f"{self.records} | {self.true} | {self.removed / self.true:.4f} | {self.false} | "
            f"{self.false / kept:.5f} | {self.wrong_pairs} | {self.found / self.true:.4f} | "
            f"{self.suggested} ({self.suggested / self.records:.2%}) | {self.cpu:.1f} | "
            f"{self.mib:.0f}"
        )


def read_groups(path: Path) -> list[list[str]]:
    """The true groups of a set."""
    with path.open(encoding="utf-8", newline="") as table:
        return [row["merged_ids"].split(";") for row in csv.DictReader(table)]


def adjudicated(name: str, groups: list[list[str]]) -> list[list[str]]:
    """The groups of a set after the rulings written down in `adjudication.csv`."""
    with (HERE / "adjudication.csv").open(encoding="utf-8", newline="") as table:
        rulings = [
            row["merged_ids"].split(";") for row in csv.DictReader(table) if row["set"] == name
        ]
    ruled = {one for ruling in rulings for one in ruling}
    untouched = [group for group in groups if not ruled & set(group)]
    return untouched + [ruling for ruling in rulings if len(ruling) > 1]


def measure(engine: str, python: str, records: Path) -> dict[str, object]:
    """Run one engine over one table in a process of its own."""
    paths = {"PYTHONPATH": str(HERE.parent)} if engine == "ours" else {}
    done = subprocess.run(
        [python, str(HERE / "dedup_measure.py"), engine, str(records)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | paths,
        cwd=records.parent,
    )
    return json.loads(done.stdout[done.stdout.index('{"merged"') :])


def score(answer: dict[str, object], groups: list[list[str]], records: int) -> Score:
    """Count an answer against the true groups."""
    truth = {name: number for number, group in enumerate(groups) for name in group}
    merged, suggested = answer["merged"], answer["suggested"]
    false = wrong = 0
    for group in merged:
        works = defaultdict(list)
        for name in group:
            works[truth.get(name, name)].append(name)
        false += len(works) - 1
        wrong += sum(
            truth.get(one, one) != truth.get(two, two) for one, two in combinations(group, 2)
        )
    return Score(
        records=records,
        true=sum(len(group) - 1 for group in groups),
        removed=joined(groups, merged),
        found=joined(groups, [*merged, *suggested]),
        false=false,
        wrong_pairs=wrong,
        suggested=len(suggested),
        cpu=answer["cpu"],
        mib=answer["mib"],
    )


def joined(groups: list[list[str]], links: list[list[str]]) -> int:
    """How many records of the true groups the links make superfluous."""
    truth = {name: number for number, group in enumerate(groups) for name in group}
    head: dict[str, str] = {}

    def find(name: str) -> str:
        while head.get(name, name) != name:
            name = head[name]
        return name

    count = 0
    for link in links:
        by_work = defaultdict(list)
        for name in link:
            if name in truth:
                by_work[truth[name]].append(name)
        for names in by_work.values():
            for name in names[1:]:
                one, two = find(names[0]), find(name)
                count += one != two
                head[two] = one
    return count


def write_scaled(data: Path, size: int, target: Path) -> list[list[str]]:
    """Make a large set of the real ones: copies whose words, names and numbers are exchanged.

    Every copy keeps the damage between its duplicates, and no copy is a duplicate of another.
    """
    rows, groups = [], []
    for name in SETS[:4]:
        with (data / name / "records.csv").open(encoding="utf-8", newline="") as table:
            rows += [(name, row) for row in csv.DictReader(table)]
        groups += [[f"{name}-{one}" for one in g] for g in read_groups(data / name / "groups.csv")]
    titles = (re.findall(r"[a-z]{4,}", row["title"].lower()) for _, row in rows)
    words = sorted({w for title in titles for w in title if not MARKS.match(w)})
    names = sorted({w for _, row in rows for w in re.findall(r"[A-Z][a-z]{3,}", row["author"])})
    copies, out = -(-size // len(rows)), []
    for copy in range(copies):
        dice = random.Random(copy)  # noqa: S311
        word = dict(zip(words, dice.sample(words, len(words)), strict=True)) if copy else {}
        person = dict(zip(names, dice.sample(names, len(names)), strict=True)) if copy else {}
        out += [_exchanged(copy, source, row, word, person) for source, row in rows]
    out = out[:size]
    with target.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, COLUMNS)
        writer.writeheader()
        writer.writerows(out)
    kept = {row["ID"] for row in out}
    copied = [[f"{copy}-{one}" for one in g] for copy in range(copies) for g in groups]
    inside = [[name for name in group if name in kept] for group in copied]
    return [group for group in inside if len(group) > 1]


def _exchanged(
    copy: int, source: str, row: dict[str, str], word: dict[str, str], person: dict[str, str]
) -> dict[str, str]:
    def swap(found: re.Match[str]) -> str:
        return found[0] if MARKS.match(found[0]) else word.get(found[0].lower(), found[0])

    new = {column: row[column] for column in COLUMNS} | {"ID": f"{copy}-{source}-{row['ID']}"}
    if copy:
        new["title"] = re.sub(r"[A-Za-z]{4,}", swap, row["title"])
        new["abstract"] = re.sub(r"[A-Za-z]{4,}", swap, row["abstract"])
        new["author"] = re.sub(
            r"[A-Z][a-z]{3,}", lambda found: person.get(found[0], found[0]), row["author"]
        )
        new["volume"] = re.sub(
            r"\d+", lambda found: str(int(found[0]) + 61 * copy), row["volume"], count=1
        )
        new["doi"] = row["doi"] and re.sub(r"(10\.\d+/)", rf"\g<1>{copy}", row["doi"])
    return new


HEAD = (
    "| set | engine | records | duplicates | sensitivity | false merges | FP rate | wrong pairs |"
    " merge + suggest | suggested | CPU s | MiB |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--bib-dedupe", help="Python of an environment with bib-dedupe")
    parser.add_argument("--scaled", type=int, default=0, help="size of a further, large set")
    options = parser.parse_args()
    engines = {"ours": sys.executable}
    if options.bib_dedupe:
        engines["bib-dedupe"] = options.bib_dedupe
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        tables = {
            name: (
                options.data / name / "records.csv",
                read_groups(options.data / name / "groups.csv"),
            )
            for name in SETS
        }
        if options.scaled:
            path = Path(folder) / "scaled.csv"
            tables[f"scaled {options.scaled}"] = (
                path,
                write_scaled(options.data, options.scaled, path),
            )
        for name, (path, groups) in tables.items():
            with path.open(encoding="utf-8", newline="") as table:
                records = sum(1 for _ in csv.DictReader(table))
            for engine, python in engines.items():
                answer = measure(engine, python, path.resolve())
                print(f"| {name} | {engine} | {score(answer, groups, records).row} |", flush=True)
                if (ruled := adjudicated(name, groups)) != groups:
                    row = score(answer, ruled, records).row
                    print(f"| {name}, adjudicated | {engine} | {row} |", flush=True)


if __name__ == "__main__":
    main()
