"""`python -m screening.dedup RECORDS.csv --json`: duplicates in a table, without the app."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from screening.dedup.engine import find_duplicates
from screening.dedup.reading import read_csv
from screening.dedup.records import DedupResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Read a table, find its duplicates and print them.

    Args:
        arguments: of the command line; None takes those of the process.

    Returns:
        0 on success, 1 on a refused input.

    Source:
        Own definition.
    """
    parser = argparse.ArgumentParser(
        prog="python -m screening.dedup", description="Find duplicates in a table of records."
    )
    parser.add_argument("table", type=Path, help="CSV in UTF-8 with a column ID")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    try:
        result = find_duplicates(read_csv(options.table))
    except (OSError, ValueError) as fault:
        sys.stderr.write(f"{options.table}: {fault}\n")
        return 1
    sys.stdout.write(json.dumps(as_json(result)) + "\n" if options.json else as_text(result))
    return 0


def as_json(result: DedupResult) -> dict[str, list[object]]:
    """Bring an answer to the form of the command's JSON document.

    Args:
        result: of `find_duplicates`.

    Returns:
        `{"merged": [[id, ...], ...], "suggested": [{"a": id, "b": id, "reasons": [...]}]}`.

    Source:
        Own definition.
    """
    return {
        "merged": [list(group) for group in result.merged],
        "suggested": [
            {
                "a": link.a,
                "b": link.b,
                "rule": link.rule,
                "score": link.score,
                "reasons": [reason.text for reason in link.reasons],
            }
            for link in result.suggested
        ],
    }


def as_text(result: DedupResult) -> str:
    """Write an answer for a reader.

    Args:
        result: of `find_duplicates`.

    Returns:
        A line per group and per suggestion.

    Source:
        Own definition.
    """
    lines = [f"same report: {' '.join(group)}" for group in result.merged]
    for link in result.suggested:
        why = "; ".join(reason.text for reason in link.reasons)
        lines.append(f"please check: {link.a} {link.b} ({link.rule}: {why})")
    lines.append(f"{len(result.merged)} groups, {len(result.suggested)} pairs to check")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
