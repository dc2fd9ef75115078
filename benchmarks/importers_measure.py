"""One engine over some files, in a process of its own: records, CPU seconds, peak memory.

Run by `importers.py` with this project's Python (engine `ours`) or with that of an environment that
holds the peers (rispy, nbib, bibtexparser 1), so it imports none of them before it knows.
"""

import importlib
import json
import sys
import time
from pathlib import Path


def ours(path: str) -> int:
    """Count the records that our readers give, each of them made and dropped."""
    from screening.importers.parsed import ParsedRecord  # noqa: PLC0415 - not in the peers' Python
    from screening.importers.registry import read_path  # noqa: PLC0415 - the same

    return sum(isinstance(item, ParsedRecord) for item in read_path(Path(path))[2])


def rispy(path: str) -> int:
    """Count what rispy loads, as its documentation calls it."""
    import rispy as peer  # noqa: PLC0415 - only in the peers' Python

    with open(path, encoding="utf-8") as stream:  # noqa: PTH123 - as documented
        return len(peer.load(stream))


def nbib(path: str) -> int:
    """Count what nbib reads, as its documentation calls it."""
    import nbib as peer  # noqa: PLC0415 - only in the peers' Python

    return len(peer.read_file(path))


def bibtexparser(path: str) -> int:
    """Count what bibtexparser 1 loads, as its documentation calls it."""
    import bibtexparser as peer  # noqa: PLC0415 - only in the peers' Python

    with open(path, encoding="utf-8") as stream:  # noqa: PTH123 - as documented
        return len(peer.load(stream).entries)


def _peak() -> float:
    """The most memory this process has held, in MiB, without what its parent held at the fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.split("\n") if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _one(engine: str, path: str) -> dict[str, object]:
    begun = time.process_time()
    try:
        records, error = ENGINES[engine](path), ""
    except Exception as problem:  # whatever a peer raises is its result
        records, error = 0, f"{type(problem).__name__}: {problem}"[:200]
    return {"file": path, "records": records, "cpu": time.process_time() - begun, "error": error}


def load(engine: str) -> None:
    """Load the engine's modules, so that this is not measured."""
    if engine == "ours":  # before this script's own folder, where another file is `screening`
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    importlib.import_module("screening.importers.registry" if engine == "ours" else engine)


ENGINES = {"ours": ours, "rispy": rispy, "nbib": nbib, "bibtexparser": bibtexparser}


def main() -> None:
    """Print one JSON document: a row per file, and the peak memory of the whole process."""
    engine, *paths = sys.argv[1:]
    load(engine)
    rows = [_one(engine, path) for path in paths]
    json.dump({"rows": rows, "mib": _peak()}, sys.stdout)


if __name__ == "__main__":
    main()
