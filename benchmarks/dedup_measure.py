"""One duplicate engine over one table, in a process of its own: groups, CPU seconds, memory.

Run by `dedup.py` with this project's Python (engine `ours`) or with that of an environment that
holds bib-dedupe (engine `bib-dedupe`), so it imports nothing of either before it knows.
"""

import csv
import json
import resource
import sys


def ours(path: str) -> tuple[list[list[str]], list[list[str]]]:
    """Merged groups and suggested pairs of `screening.dedup`."""
    from pathlib import Path  # noqa: PLC0415

    # Before this script's own folder, where another benchmark is called `screening`.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from screening.dedup import find_duplicates  # noqa: PLC0415
    from screening.dedup.reading import read_csv  # noqa: PLC0415

    result = find_duplicates(read_csv(Path(path)))
    return [list(group) for group in result.merged], [list(link.pair) for link in result.suggested]


def bib_dedupe(path: str) -> tuple[list[list[str]], list[list[str]]]:
    """Merged groups of bib-dedupe as its documentation calls it."""
    import pandas as pd  # noqa: PLC0415
    from bib_dedupe.bib_dedupe import block, cluster, match, prep  # noqa: PLC0415

    with open(path, encoding="utf-8", newline="") as table:  # noqa: PTH123
        records = pd.DataFrame(list(csv.DictReader(table)))
    for column in ("ENTRYTYPE", "title", "author", "year", "journal", "volume", "number", "pages"):
        records[column] = records[column].fillna("")
    matched = match(block(prep(records, cpu=1), cpu=1), cpu=1)
    return [list(group) for group in cluster(matched)], []


def _peak() -> float:
    """The most memory this process has held, in MiB, without what its parent held at the fork."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Print one JSON document."""
    engine, path = sys.argv[1:]
    merged, suggested = {"ours": ours, "bib-dedupe": bib_dedupe}[engine](path)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    json.dump(
        {
            "merged": merged,
            "suggested": suggested,
            "cpu": usage.ru_utime + usage.ru_stime + children.ru_utime + children.ru_stime,
            "mib": max(_peak(), children.ru_maxrss / 1024 if children.ru_utime else 0.0),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
