"""Taking a person out of what is stored: texts that people wrote, and the audit trail."""

import json
from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone

from screening.models import AuditEvent, Review, User
from screening.models.audit import hash_of_event
from screening.rules.redaction import Person, without_person
from screening.selectors.audit import REDACTED

HOUSES = ("screening", "extraction", "analytics")
CHUNK = 500
# What databases and papers say, or what gives the app its shape; people's own words are swept.
LEFT = {
    "screening.user": None,  # None: the whole table
    "screening.auditevent": None,  # chained, see below
    "screening.record": None,
    "screening.fulltextpage": None,
    "screening.rankingvectors": None,
    "screening.ranking": None,
    "screening.highlightterm": None,
    "screening.savedsearch": None,
    "screening.hostpace": None,
    "screening.secondfactor": None,
    "screening.recoverycode": None,
    "screening.passkey": {"credential_id", "host"},
    "screening.signin": None,
    "screening.identity": None,
    "screening.importproblem": {"raw_text", "corrected_text"},
    "screening.recordcompletion": {"value"},
    "screening.batchpdf": {"opening", "candidates"},
    "screening.importbatch": {"mapping", "columns"},
    "extraction.extractionform": {"definition"},
    "extraction.formdraft": {"definition"},
    "extraction.study": {"title", "first_author"},
    "extraction.extractedvalue": {"value", "quote", "rectangles", "source_url", "unit"},
    "extraction.consensusvalue": {"value", "quote", "rectangles", "source_url", "unit"},
    "extraction.quoteplace": None,
}


def swept_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every column in which people's own words may name somebody; a new one is swept by itself."""
    for house in HOUSES:
        for model in apps.get_app_config(house).get_models():
            left = LEFT.get(model._meta.label_lower, frozenset[str]())
            if left is None:
                continue
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
                is_free = is_text and not field.choices and not field.primary_key
                if is_free and not isinstance(field, models.SlugField) and field.name not in left:
                    yield model, field.name


def sweep_texts(person: Person) -> int:
    """Take the person out of people's own words in every table.

    Returns:
        How many texts were changed.
    """
    changed = 0
    for model, name in swept_fields():
        for pk, value in _naming(model._base_manager.all(), name, person):
            replaced = without_person(value, person)
            if replaced != value:
                changed += model._base_manager.filter(pk=pk).update(**{name: replaced})
    return changed


def redact_trail(person: Person, *, actor: User | None) -> int:
    """Take the person out of the audit trail, each chain staying one that can be checked.

    Every event keeps its hash, so the links hold. What stands in it now is named by an event
    `audit.redacted` at the end of its own chain, which nobody can change without breaking that.

    Returns:
        How many events were changed.
    """
    found: dict[int | None, list[AuditEvent]] = {}
    naming = {
        pk for name in ("before", "after") for pk, _ in _naming(AuditEvent.objects, name, person)
    }
    for event in AuditEvent.objects.filter(pk__in=naming).order_by("pk"):
        before = without_person(event.before, person)
        after = without_person(event.after, person)
        if (before, after) != (event.before, event.after):
            event.before, event.after = before, after
            found.setdefault(event.review_id, []).append(event)
    for review_id, events in found.items():
        review = None if review_id is None else Review.objects.get(pk=review_id)
        _redact(events, review, actor)
    return sum(len(events) for events in found.values())


def _redact(events: list[AuditEvent], review: Review | None, actor: User | None) -> None:
    now = timezone.now()
    for event in events:
        AuditEvent.objects.filter(pk=event.pk).update(
            before=event.before, after=event.after, redacted_at=now
        )
    replaced = {event.hash: hash_of_event(vars(event)) for event in events}
    AuditEvent.objects.append(
        action=REDACTED,
        target=events[0],
        review=review,
        actor=actor,
        after={"events": replaced},
    )


def _naming(
    rows: "models.QuerySet[models.Model] | models.Manager[AuditEvent]", name: str, person: Person
) -> list[tuple[int, object]]:
    """Rows whose text may name the person, found by the database and looked at closely later."""
    told = rows.annotate(told_text=Cast(name, models.TextField()))
    query = Q()
    for word in {person.email, person.name.split()[0] if person.name.split() else person.email}:
        for form in {word, json.dumps(word)[1:-1]}:
            query |= Q(told_text__icontains=form)
    return list(told.filter(query).values_list("pk", name))
