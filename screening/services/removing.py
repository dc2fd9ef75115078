"""Everything that belongs to a review, found by walking the models, and how it goes for good."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models

from screening.models import AuditRelease, Review

HOUSES = frozenset({"screening", "extraction", "analytics"})
Rows = type[models.Model]


def ways_to_review() -> dict[Rows, str]:
    """The lookup by which each model's rows belong to a review.

    A way over columns that are never empty goes before one over columns that may be; of those
    the shortest counts. Models without a way belong to the installation.

    Returns:
        Model -> lookup, those furthest from the review first, so that rows go before what they
        are found by.
    """
    found: dict[Rows, tuple[int, int, str]] = {Review: (0, 0, "")}
    waiting: deque[Rows] = deque([Review])
    referring = _referring()
    while waiting:
        target = waiting.popleft()
        gaps, steps, way = found[target]
        for model, field in referring.get(target, []):
            lookup = f"{field.name}__{way}" if way else field.name
            offer = (gaps + field.null, steps + 1, lookup)
            if model not in found or offer[:2] < found[model][:2]:
                found[model] = offer
                waiting.append(model)
    found.pop(Review)
    order = sorted(found.items(), key=lambda entry: (-entry[1][1], entry[0]._meta.label_lower))
    return {model: way for model, (_, _, way) in order}


def _referring() -> dict[Rows, list[tuple[Rows, "models.ForeignKey[Any, Any]"]]]:
    """For each model the columns that point to it."""
    pointing: dict[Rows, list[tuple[Rows, models.ForeignKey[Any, Any]]]] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if model._meta.app_label in HOUSES and isinstance(field, models.ForeignKey):
                pointing.setdefault(field.related_model, []).append((model, field))
    return pointing


def files_of(review: Review) -> Iterator[str]:
    """The names of all stored files of a review."""
    for model, way in ways_to_review().items():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.filter(**{way: review.pk})
                yield from filter(None, rows.values_list(field.attname, flat=True).iterator())


def remove_files(review: Review) -> int:
    """Delete the stored files of a review; those that are gone already are passed over.

    Returns:
        How many names were deleted.
    """
    names = {str(name) for name in files_of(review)}
    for name in sorted(names):
        default_storage.delete(name)
    return len(names)


def remove_rows(review: Review) -> dict[str, int]:
    """Delete a review and all rows that belong to it; call it inside one transaction.

    The audit trail is released for this transaction only. References between the rows are
    looked at when the transaction ends, so their order does not matter.

    Returns:
        How many rows of which table are gone, named as `screening.record`.
    """
    released = AuditRelease.objects.create(review_number=review.pk)
    gone = {}
    for model, way in ways_to_review().items():
        rows = model._base_manager.filter(**{way: review.pk})
        gone[model._meta.label_lower] = _delete(model, rows.order_by().values("pk"))
    own = Review.objects.filter(pk=review.pk).values("pk")
    gone[Review._meta.label_lower] = _delete(Review, own)
    released.delete()
    return {name: count for name, count in gone.items() if count}


def _delete(model: Rows, ids: Any) -> int:
    """Delete rows as they are, without collecting what points to them: that goes by itself."""
    rows = model._base_manager.filter(pk__in=ids)
    return int(rows._raw_delete(rows.db))  # noqa: SLF001 (what `delete` ends with)
