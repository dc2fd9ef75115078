"""Files against the manifest: missing, changed, orphan."""

import hashlib
from collections.abc import Iterator

from reviewapp.bundles.verifying.held import Difference, Held

MANIFEST = "manifest.json"
BLOCK = 1024 * 1024


def differing_files(held: Held) -> Iterator[Difference]:
    """Every file that is not what the manifest says, or that rows name and nobody has."""
    told = held.json(MANIFEST)
    there = held.names() - {MANIFEST}
    for name in sorted(told["files"].keys() - there):
        yield Difference("missing file", name, "there", "not there")
    for name in sorted(there - told["files"].keys()):
        yield Difference("orphan file", name, "not there", "there")
    for name in sorted(there & told["files"].keys()):
        digest = hashlib.sha256()
        with held.open(name) as file:
            while block := file.read(BLOCK):
                digest.update(block)
        if digest.hexdigest() != told["files"][name]["sha256"]:
            found = digest.hexdigest()
            yield Difference("changed file", name, told["files"][name]["sha256"], found)
    lines = [
        f"{one['sha256']}  {name}\n"
        for name, one in sorted(told["files"].items())
        if not name.startswith("about/")
    ]
    content = hashlib.sha256("".join(lines).encode()).hexdigest()
    if content != told["content_sha256"]:
        yield Difference("content hash", MANIFEST, told["content_sha256"], content)
    yield from _unnamed_files(held, there)


def _unnamed_files(held: Held, there: set[str]) -> Iterator[Difference]:
    """Stored files against the rows that name them."""
    named: set[str] = set()
    for table in ("full_texts", "import_batches", "sheet_imports", "batch_pdfs"):
        for row in held.table(table):
            if row["file"] in {"", "-"}:
                continue
            named.add(row["file"])
            where = f"row {row['id']} of {table}"
            if row["file"] not in there:
                yield Difference("missing file", where, row["file"], "not there")
            wanted = row.get("sha256", "")
            if wanted and wanted not in row["file"]:
                yield Difference("changed file", where, wanted, row["file"])
    for name in sorted(one for one in there if one.startswith("files/") and one not in named):
        yield Difference("orphan file", name, "named by a row", "named by none")
