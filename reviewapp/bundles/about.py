"""What a bundle says of itself: manifest, RO-Crate, and the one file that knows its day."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from reviewapp.bundles.belongs import ARCHIVE_ACTIONS
from reviewapp.bundles.cells import as_json
from reviewapp.bundles.packing import Packed
from reviewapp.bundles.schema import VERSION
from screening.models import AuditEvent, Review

FORMAT = "systematic-review-bundle"
MANIFEST = "manifest.json"
CRATE = "ro-crate-metadata.json"
MADE = "about/made.json"
CHAIN = "about/audit_chain.jsonl"
ABOUT = "about/"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
NO_LICENSE = (
    "The review team has stated no licence. Titles and abstracts belong to their publishers."
)


def content_sha256(packed: Mapping[str, Packed]) -> str:
    """One hash over what the bundle holds, whenever and wherever it was made."""
    lines = [
        f"{one.sha256}  {path}\n"
        for path, one in sorted(packed.items())
        if not path.startswith(ABOUT) and path != MANIFEST
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def manifest(packed: Mapping[str, Packed], rows: Mapping[str, int]) -> bytes:
    """Size and SHA-256 of every other file, and how many rows each table has."""
    files = {path: {"size": one.size, "sha256": one.sha256} for path, one in sorted(packed.items())}
    for path, count in rows.items():
        files[path]["rows"] = count
    document = {
        "format": FORMAT,
        "version": VERSION,
        "content_sha256": content_sha256(packed),
        "files": files,
    }
    return pretty(document)


def pretty(document: Any) -> bytes:
    """JSON for people and programs, the same each time."""
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode()


def crate(title: str, day: str, packed: Mapping[str, Packed], words: Mapping[str, str]) -> bytes:
    """RO-Crate 1.1 metadata; its date is that of the last change, not of the export."""
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": "All tables, results and evidence of a systematic review.",
        "datePublished": day,
        "license": {"@id": "#license"},
        "hasPart": [{"@id": path} for path in (*sorted(packed), MADE)],
    }
    parts = [
        {
            "@id": path,
            "@type": "File",
            "name": words.get(path, path),
            "contentSize": str(one.size),
            "sha256": one.sha256,
            "encodingFormat": _kind(path),
        }
        for path, one in sorted(packed.items())
    ]
    document = {
        "@context": [CONTEXT, {"sha256": "https://schema.org/sha256"}],
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            },
            root,
            {"@id": "#license", "@type": "CreativeWork", "name": NO_LICENSE},
            {"@id": MADE, "@type": "File", "name": "When and how this bundle was made"},
            *parts,
        ],
    }
    return pretty(document)


def _kind(path: str) -> str:
    kinds = {
        "csv": "text/csv", "json": "application/json", "py": "text/x-python",
        "pdf": "application/pdf", "md": "text/markdown",
    }  # fmt: skip
    return kinds.get(path.rpartition(".")[2], "application/octet-stream")


def chain_lines(review: Review) -> Iterator[bytes]:
    """The installation's own audit chain: the facts that each hash was made of, and the hash."""
    for event in AuditEvent.objects.filter(review=review).order_by("pk").iterator(chunk_size=500):
        facts = json.loads(event.hashed_text())
        line = {
            "facts": facts,
            "hash": event.hash,
            "is_of_archive": event.action in ARCHIVE_ACTIONS,
        }
        yield (as_json(line) + "\n").encode()


def head_of_chain(review: Review) -> dict[str, Any]:
    """Number of audit events of the installation and the hash of the last one."""
    events = AuditEvent.objects.filter(review=review).order_by("pk")
    last = events.last()
    return {"events": events.count(), "hash": last.hash if last else ""}


def as_plain(options: Any) -> dict[str, Any]:
    """Options for `made.json`."""
    return {name: str(value) if not isinstance(value, bool) else value
            for name, value in asdict(options).items()}  # fmt: skip
