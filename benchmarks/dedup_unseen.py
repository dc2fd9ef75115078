"""The duplicate engine on records that no rule was tuned on: real exports and damaged copies.

    .venv/bin/python benchmarks/dedup_unseen.py DATA_DIR [--size 50000] [--seed 7] [--show]

DATA_DIR holds `imports` (exports of many databases). Two checks:

1. *Real overlap*: all records of the exports at once. Truth is what the identifiers say: one DOI or
   PubMed id is one report, two DOIs are two; records without any are left out of the count.
2. *Damaged copies*: different real records with copies as another database would list them (see
   `damage.py`); the size is filled up with records whose words were exchanged. Once with all
   fields, once with title, author, venue and year only.
"""

import argparse
import random
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from damage import damaged  # noqa: E402 (the sibling module)

from screening.dedup import DedupRecord, DedupResult, find_duplicates  # noqa: E402
from screening.dedup.identifiers import clean_arxiv, clean_doi, clean_pmid  # noqa: E402
from screening.dedup.locators import clean_pages  # noqa: E402
from screening.dedup.text import fold  # noqa: E402
from screening.importers.report import ReportOptions, report_on  # noqa: E402

ALL = 10**9
LEAST_TITLE = 25
LEAST_PAGE = 2
WORD = re.compile(r"[A-Za-z]{4,}")
MARK = re.compile(r"(?i)(?:part|phase|type|stage|reply|comment|letter|errat|correct|retract|book)")


def exported(folder: Path) -> list[DedupRecord]:
    """All records of the exports, each file's as it lists them."""
    found: list[DedupRecord] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        report = report_on(path, ReportOptions(keep=ALL))
        for row in report.records if not report.is_refused else ():
            found.append(
                DedupRecord(
                    id=f"{path.relative_to(folder)}#{len(found)}",
                    title=row.title,
                    authors=row.authors,
                    year=row.year,
                    venue=row.venue,
                    volume=row.volume,
                    issue=row.issue,
                    pages=row.pages,
                    doi=row.doi,
                    pmid=row.pmid,
                    arxiv_id=row.arxiv_id,
                    abstract=row.abstract,
                    type=row.type,
                )
            )
    return found


def identity(record: DedupRecord) -> str:
    """What the identifiers say a record is; "" when it has none."""
    return clean_doi(record.doi) or clean_pmid(record.pmid) or clean_arxiv(record.arxiv_id)


def real_overlap(records: Sequence[DedupRecord], *, is_shown: bool) -> None:
    """Compare the engine's answer over all exports with what the identifiers say."""
    known = {record.id: record for record in records}
    result, spent = timed(records)
    heads = heads_of(result.merged)
    asked = heads_of([*result.merged, *(link.pair for link in result.suggested)])
    by_doi: dict[str, list[str]] = defaultdict(list)
    for record in records:
        if doi := clean_doi(record.doi):
            by_doi[doi].append(record.id)
    same = [(names[0], other) for names in by_doi.values() for other in names[1:]]
    merged = sum(heads.get(a, a) == heads.get(b, b) for a, b in same)
    seen = sum(asked.get(a, a) == asked.get(b, b) for a, b in same)
    clashing = [
        group
        for group in result.merged
        if len({clean_doi(known[name].doi) for name in group} - {""}) > 1
    ]
    print(
        f"real overlap: {len(records)} records, {len(same)} with the DOI of another, "
        f"{merged} merged, {seen} merged or asked about; {len(result.merged)} groups, of which "
        f"{len(clashing)} hold two DOIs; {len(result.suggested)} questions; {spent:.1f} CPU s"
    )
    if is_shown:
        for group in clashing:
            show(known[name] for name in group)
        for a, b in same:
            if asked.get(a, a) != asked.get(b, b):
                show((known[a], known[b]))


def show(records: Iterable[DedupRecord]) -> None:
    """Print the records of one group for a person who judges it."""
    print("---")
    for one in records:
        place = f"{one.venue[:40]} {one.year} {one.volume} {one.pages}"
        print(f"  {one.id} | {one.title[:110]} | {one.authors[:2]} | {place} | {one.doi}")


def different(records: Iterable[DedupRecord]) -> list[DedupRecord]:
    """Records of which no two share an identifier, a title, or year and first page."""
    seen: set[str] = set()
    kept = []
    for record in records:
        title, page = fold(record.title), clean_pages(record.pages).first
        marks = {title, identity(record) or title}
        if len(page) > LEAST_PAGE:
            marks.add(f"{record.year} {page}")
        if len(title) >= LEAST_TITLE and not marks & seen:
            seen |= marks
            kept.append(replace(record, id=f"r{len(kept)}"))
    return kept


def is_full(record: DedupRecord) -> bool:
    """What a bibliographic database gives: people, year, venue, and a place or an identifier."""
    place = (record.volume and record.pages) or identity(record)
    return bool(record.authors and record.year and record.venue and place)


def filled_up(base: Sequence[DedupRecord], size: int) -> list[DedupRecord]:
    """As many different records as asked for: copies get other words, names and numbers."""
    found = list(base)
    words = sorted(
        {w for one in base for w in WORD.findall(one.title.lower()) if not MARK.match(w)}
    )
    names = sorted({w for one in base for a in one.authors for w in WORD.findall(a)})
    for copy in range(1, -(-size // len(base))):
        dice = random.Random(copy)  # noqa: S311
        word = dict(zip(words, dice.sample(words, len(words)), strict=True))
        person = dict(zip(names, dice.sample(names, len(names)), strict=True))
        found += [_exchanged(copy, one, word, person) for one in base]
    return found[:size]


def _exchanged(
    copy: int, one: DedupRecord, word: dict[str, str], person: dict[str, str]
) -> DedupRecord:
    def swap(text: str, table: dict[str, str]) -> str:
        return WORD.sub(lambda w: table.get(w[0], table.get(w[0].lower(), w[0])), text)

    return replace(
        one,
        id=f"{copy}-{one.id}",
        title=swap(one.title, word),
        abstract=swap(one.abstract, word),
        authors=tuple(swap(name, person) for name in one.authors),
        volume=re.sub(r"\d+", lambda n: str(int(n[0]) + 61 * copy), one.volume, count=1),
        doi=one.doi and re.sub(r"(10\.\d+/)", rf"\g<1>{copy}", one.doi),
        pmid=one.pmid and f"{(int(one.pmid) + 9_973_001 * copy) % 10**8}",
        arxiv_id="",
    )


def damaged_copies(base: Sequence[DedupRecord], size: int, seed: int, *, is_bare: bool) -> None:
    """Count the answer over records and their damaged copies against what was copied."""
    dice = random.Random(seed)  # noqa: S311
    originals = filled_up(base, round(size * 0.72))
    truth: dict[str, str] = {one.id: one.id for one in originals}
    rows = list(originals)
    while len(rows) < size:
        one = dice.choice(originals)
        copy = replace(damaged(one, dice), id=f"{one.id}/{len(rows)}")
        truth[copy.id] = one.id
        rows.append(copy)
    if is_bare:
        rows = [DedupRecord(one.id, one.title, one.authors, one.year, one.venue) for one in rows]
    dice.shuffle(rows)
    result, spent = timed(rows)
    _report(rows, truth, result, f"damaged copies{', bare' if is_bare else ''}: ", spent)


def _report(
    rows: Sequence[DedupRecord],
    truth: dict[str, str],
    result: DedupResult,
    words: str,
    spent: float,
) -> None:
    sizes = Counter(truth.values())
    duplicates = sum(size - 1 for size in sizes.values())
    merged = joined(truth, result.merged)
    found = joined(truth, [*result.merged, *(link.pair for link in result.suggested)])
    false = sum(len({truth[name] for name in group}) - 1 for group in result.merged)
    kept = len(rows) - duplicates
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{words}{len(rows)} records, {duplicates} duplicates: "
        f"sensitivity {merged / duplicates:.4f}, "
        f"false merges {false} (rate {false / kept:.5f}), "
        f"merge + suggest {found / duplicates:.4f}, "
        f"questions {len(result.suggested)} ({len(result.suggested) / len(rows):.2%}), "
        f"{spent:.1f} CPU s, {peak:.0f} MiB with both sets in memory",
        flush=True,
    )
    known = {row.id: row for row in rows}
    if "--show" in sys.argv:
        for group in result.merged:
            if len({truth[name] for name in group}) > 1:
                show(known[name] for name in group)


def heads_of(links: Iterable[Sequence[str]]) -> dict[str, str]:
    """For each linked id one that stands for all it is connected with."""
    head: dict[str, str] = {}

    def find(name: str) -> str:
        while head.setdefault(name, name) != name:
            name = head[name]
        return name

    for link in links:
        for name in link[1:]:
            head[find(name)] = find(link[0])
    return {name: find(name) for name in list(head)}


def joined(truth: dict[str, str], links: Iterable[Sequence[str]]) -> int:
    """How many records of one report the links make superfluous; wrong links count for nothing."""
    inside = [
        [name for name in link if truth[name] == work]
        for link in links
        for work in {truth[name] for name in link}
    ]
    heads = heads_of(inside)
    return len(heads) - len(set(heads.values()))


def timed(records: Sequence[DedupRecord]) -> tuple[DedupResult, float]:
    """The engine's answer and what it cost."""
    started = time.process_time()
    result = find_duplicates(records)
    return result, time.process_time() - started


def main() -> None:
    """Print both checks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print what a person should judge")
    options = parser.parse_args()
    records = exported(options.data / "imports")
    real_overlap(records, is_shown=options.show)
    base = [one for one in different(records) if is_full(one)]
    print(f"{len(base)} different records to damage")
    for is_bare in (False, True):
        damaged_copies(base, options.size, options.seed, is_bare=is_bare)


if __name__ == "__main__":
    main()
