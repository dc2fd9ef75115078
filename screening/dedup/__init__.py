"""The duplicate engine: normalise, block, judge by named rules, cluster."""

from screening.dedup.engine import DuplicateIndex, find_duplicates
from screening.dedup.records import DedupRecord, DedupResult, Link, Reason

__all__ = ["DedupRecord", "DedupResult", "DuplicateIndex", "Link", "Reason", "find_duplicates"]
