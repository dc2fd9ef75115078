"""`manage.py search_online`: count a search of an outside database, or fetch it at once."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.models import Membership, SavedSearch
from screening.online.client import WORKER
from screening.online.registry import DATABASES
from screening.selectors.imports import ImportCounts
from screening.services import imports, online
from screening.services.import_run import run_import
from screening.services.online_fetch import run_fetch


class Command(BaseCommand):
    """Searches as the lead of the review, without a worker."""

    help = "Search PubMed, arXiv, Crossref or OpenAlex and import what is new."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the review, the database and the query."""
        names = [database.name for database in DATABASES]
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--database", required=True, choices=names)
        parser.add_argument("--query", required=True)
        parser.add_argument("--count", action="store_true", help="only count, fetch nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *_: object, **options: Any) -> None:
        """Count, then fetch and import unless only the number is wanted."""
        lead = _lead_of(options["review"])
        try:
            saved = _counted(lead, options["database"], options["query"])
            answer = _described(saved)
            if not options["count"]:
                answer |= _fetched(lead, saved)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(_sentence(answer))


def _lead_of(slug: str) -> Membership:
    leads = Membership.objects.active().select_related("review", "user")
    lead = leads.filter(review__slug=slug, is_lead=True).order_by("pk").first()
    if lead is None:
        raise CommandError(f"There is no review {slug!r} with an active lead.")
    return lead


def _counted(lead: Membership, database: str, query: str) -> SavedSearch:
    saved = online.save_search(membership=lead, database=database, query=query)
    online.count_search(membership=lead, saved=saved, patience=WORKER)
    if saved.failure:
        raise ValidationError(f"{saved.failure} The search is kept.")
    return saved


def _described(saved: SavedSearch) -> dict[str, Any]:
    return {
        "database": saved.database,
        "query": saved.query,
        "hits": saved.hits,
        "counted_at": saved.counted_at.isoformat() if saved.counted_at else None,
        "understood": saved.understood,
        "warnings": saved.warnings,
    }


def _fetched(lead: Membership, saved: SavedSearch) -> dict[str, Any]:
    fetch = online.open_fetch(membership=lead, saved=saved)
    batch = run_fetch(fetch=fetch, begin=imports.fix_reading)
    counts = run_import(batch=batch) if batch else ImportCounts()
    return {"batch": batch.pk if batch else None, **counts.as_dict()}


def _sentence(answer: dict[str, Any]) -> str:
    found = f"{answer['database']}: {answer['hits']} hits"
    if "found" not in answer:
        return found
    return f"{found}, {answer['imported']} imported, {answer['known']} known already"
