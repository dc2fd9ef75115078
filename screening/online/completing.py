"""Filling what records lack: which place is asked for what, and why something stays missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from screening.importers.parsed import ParsedRecord
from screening.online.abstracts import plain_abstract
from screening.online.client import Client
from screening.online.errors import OnlineError
from screening.online.lookups import LOOKUPS, Found, Lookup
from screening.online.matching import contradiction

#: What can be filled, and how it is called in a sentence.
FIELDS: Mapping[str, str] = {
    "abstract": "abstract",
    "year": "year",
    "venue": "venue",
    "authors": "authors",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A record that lacks something, and the identifiers to look it up by.

    Attributes:
        key: The record, in the caller's numbers.
        fields: What it lacks, of `FIELDS`.
        title: Title as listed; what is found under another one is not taken.
        authors: Names as listed.
        year: Year as listed.
        pmid: PubMed id, or "".
        doi: DOI, or "".
    """

    key: int
    fields: tuple[str, ...]
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    pmid: str = ""
    doi: str = ""

    def identifier(self, lookup: Lookup) -> str:
        """The identifier that a look-up takes, or ""."""
        return self.pmid if lookup.by == "pmid" else self.doi


@dataclass(frozen=True, slots=True)
class Filled:
    """One value, and where it is from."""

    value: Any
    origin: str
    identifier: str


@dataclass(slots=True)
class Outcome:
    """What was found for one record, and what was in the way of the rest."""

    values: dict[str, Filled] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def missing(self, gap: Gap) -> tuple[str, ...]:
        """What is still missing."""
        return tuple(name for name in gap.fields if name not in self.values)

    def reason(self, gap: Gap) -> str:
        """Why something is still missing, in one sentence; "" when nothing is."""
        missing = self.missing(gap)
        if not missing:
            return ""
        words = " and ".join(FIELDS[name] for name in missing)
        why = "; ".join(self.reasons) or "it has neither a PubMed id nor a DOI"
        return f"No {words}: {why}."


def complete(client: Client, gaps: Sequence[Gap], down: dict[str, str]) -> dict[int, Outcome]:
    """Look records up: PubMed by PubMed id, Crossref by DOI, OpenAlex by DOI.

    Args:
        client: Whom to ask through.
        gaps: Records that lack something.
        down: Name of a look-up -> why it is left out; one that gives no answer is added.

    Returns:
        Key of the record -> its outcome, for every gap.

    Source: own definition. The first place that has a value is taken, never a longer one later.
    """
    outcomes = {gap.key: Outcome() for gap in gaps}
    for lookup in LOOKUPS:
        asking = [gap for gap in gaps if outcomes[gap.key].missing(gap) and gap.identifier(lookup)]
        found = _found(client, lookup, asking, down) if asking else {}
        for gap in asking:
            if lookup.name in down:
                outcomes[gap.key].reasons.append(f"{lookup.label} gave no answer")
            else:
                record = found.get(gap.identifier(lookup).lower())
                _take(outcomes[gap.key], gap, lookup, record)
    return outcomes


def _found(client: Client, lookup: Lookup, asking: Sequence[Gap], down: dict[str, str]) -> Found:
    if lookup.name in down:
        return {}
    try:
        return lookup.find(client, [gap.identifier(lookup) for gap in asking])
    except OnlineError as error:
        down[lookup.name] = str(error)
        return {}


def _take(outcome: Outcome, gap: Gap, lookup: Lookup, record: ParsedRecord | None) -> None:
    if record is None:
        kind = "PubMed id" if lookup.by == "pmid" else "DOI"
        outcome.reasons.append(f"{lookup.label} does not know the {kind}")
        return
    other = contradiction(gap.title, list(gap.authors), gap.year, record)
    if other:
        outcome.reasons.append(f"{lookup.label}: {other}")
        return
    for name in outcome.missing(gap):
        value = _value(record, name)
        if value:
            outcome.values[name] = Filled(value, lookup.name, gap.identifier(lookup))
    if outcome.missing(gap):
        outcome.reasons.append(f"{lookup.label} has none")


def _value(record: ParsedRecord, name: str) -> Any:
    if name == "abstract":
        return plain_abstract(record.abstract)
    if name == "authors":
        return list(record.authors)
    return getattr(record, name)
