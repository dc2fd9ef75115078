"""The audit trail: the bundle's chain, and the chain of the installation it came from."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from reviewapp.bundles.verifying.held import Difference, Held

CHAIN = "about/audit_chain.jsonl"
REDACTED = "audit.redacted"


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def differing_audit(held: Held) -> Iterator[Difference]:
    """Rows that do not fit the chain; what follows a broken row is judged by itself."""
    before, count = "", 0
    for place, row in enumerate(held.stream("audit_events"), start=1):
        cells = [cell for name, cell in row.items() if name != "chain"]
        found = _sha256(_plain([before, *cells]))
        if row["chain"] != found:
            yield Difference("audit chain", f"row {row['id']}", row["chain"], found)
        if row["id"] != str(place):
            yield Difference("audit chain", f"row {place}", f"id {place}", f"id {row['id']}")
        before, count = row["chain"], place
    if CHAIN in held.names():
        yield from _own_chain(held, count)


def _lines(held: Held) -> Iterator[dict[str, Any]]:
    with held.open(CHAIN) as file:
        yield from map(json.loads, file)


def _own_chain(held: Held, events: int) -> Iterator[Difference]:
    """The facts that were hashed where the review lived, and the rows made of them."""
    before, vouched, number = "", _vouched(_lines(held)), 0
    for number, line in enumerate(_lines(held), start=1):
        where = f"line {number} of {CHAIN}"
        if line["facts"]["previous"] != before:
            yield Difference("installation's chain", where, line["facts"]["previous"], before)
        found = _sha256(_plain(line["facts"]))
        if found not in {line["hash"], vouched.get(line["hash"])}:
            yield Difference("installation's chain", where, line["hash"], found)
        before = line["hash"]
    head = held.json("about/made.json")["audit_head"]["hash"]
    if number and head != before:
        yield Difference("installation's chain", "its end", head, before)
    kept = sum(not line["is_of_archive"] for line in _lines(held))
    if number and kept != events:
        yield Difference("audit events", "their number", str(kept), str(events))
    facts = (line["facts"] for line in _lines(held) if not line["is_of_archive"])
    for one, row in zip(facts, held.stream("audit_events"), strict=False):
        yield from _same_event(one, row)


def _vouched(lines: Iterator[dict[str, Any]]) -> dict[str, str]:
    """Hashes of events that a person was taken out of, by the hash of what stood there before."""
    found: dict[str, str] = {}
    for line in lines:
        if line["facts"]["action"] == REDACTED:
            found |= line["facts"]["after"].get("events", {})
    return found


#: What is written with the bundle's numbers, so that it differs from what was hashed.
_RENUMBERED = {"screening.membergroup", "screening.stagesettings"}


def _same_event(facts: dict[str, Any], row: dict[str, str]) -> Iterator[Difference]:
    pairs = [
        ("action", facts["action"], row["action"]),
        ("target_type", facts["target"][0], row["target_type"]),
        ("created_at", str(facts["at"])[:23].rstrip("Z"), row["created_at"][:23]),
    ]
    if row["target_type"] not in _RENUMBERED:
        pairs += [(side, _plain(facts[side]), row[side]) for side in ("before", "after")]
    for name, told, found in pairs:
        is_same = found.startswith(told) if name == "created_at" else told == found
        if not is_same:
            where = f"{name} of row {row['id']}"
            yield Difference("audit event", where, told, found)
