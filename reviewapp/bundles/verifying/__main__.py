"""Proves a bundle: `python3 verify.py [BUNDLE.zip or folder] [--json]`, from Python 3.11 on.

Recomputes statuses, PRISMA boxes, agreement, gains and Table 1 from the raw rows, and checks the
audit chain and every file against the manifest. Exits with 1 and names each difference.
"""

import argparse
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from reviewapp.bundles.verifying.agreement import differing_agreement
from reviewapp.bundles.verifying.answers import studies_of
from reviewapp.bundles.verifying.audit import differing_audit
from reviewapp.bundles.verifying.files import differing_files
from reviewapp.bundles.verifying.gains import (
    comparing_form,
    differing_gains,
    experiments_of,
    reported_form,
)
from reviewapp.bundles.verifying.held import Difference, Held
from reviewapp.bundles.verifying.screening import Screening, differing_boxes, differing_statuses
from reviewapp.bundles.verifying.table1 import differing_table1

Check = Callable[[Held], Iterator[Difference]]
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration)


def _statuses(held: Held) -> Iterator[Difference]:
    return differing_statuses(Screening(held))


def _boxes(held: Held) -> Iterator[Difference]:
    return differing_boxes(Screening(held))


def _agreement(held: Held) -> Iterator[Difference]:
    return differing_agreement(Screening(held))


def _gains(held: Held) -> Iterator[Difference]:
    form, studies = comparing_form(held), studies_of(held)
    experiments = experiments_of(held, form, studies) if form else []
    return differing_gains(held, experiments)


def _table1(held: Held) -> Iterator[Difference]:
    form, studies = reported_form(held), studies_of(held)
    if form is None:
        return iter(())
    experiments = experiments_of(held, form, studies) if form.get("comparison") else []
    return differing_table1(held, form, studies, experiments)


CHECKS: dict[str, Check] = {
    "files": differing_files,
    "audit": differing_audit,
    "statuses": _statuses,
    "prisma": _boxes,
    "agreement": _agreement,
    "gains": _gains,
    "table1": _table1,
}


def verify(path: Path) -> dict[str, list[Difference]]:
    """Every check with the differences it found."""
    held = Held(path)
    return {name: list(_guarded(name, check, held)) for name, check in CHECKS.items()}


def _guarded(name: str, check: Check, held: Held) -> Iterator[Difference]:
    """A check that cannot read what it needs has found a difference, too."""
    try:
        yield from check(held)
    except (*UNREADABLE, zipfile.BadZipFile) as error:
        yield Difference("unreadable", name, "readable", repr(error))


def main(arguments: list[str] | None = None) -> int:
    """Check a bundle, tell, and give the code to exit with."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    here = Path(__file__).resolve().parent
    parser.add_argument("bundle", nargs="?", type=Path, default=here, help="a ZIP or a folder")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    try:
        found = verify(options.bundle)
    except (OSError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"{options.bundle} is no bundle: {error}\n")
        return 1
    is_proven = not any(found.values())
    if options.json:
        checks = {name: [asdict(one) for one in odd] for name, odd in found.items()}
        sys.stdout.write(json.dumps({"proven": is_proven, "checks": checks}, indent=1) + "\n")
    else:
        for name, odd in found.items():
            sys.stdout.write(f"{name}: {'as exported' if not odd else f'{len(odd)} differences'}\n")
            sys.stdout.writelines(f"  {one}\n" for one in odd)
    return 0 if is_proven else 1


if __name__ == "__main__":
    sys.exit(main())
