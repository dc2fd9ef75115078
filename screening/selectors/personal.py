"""Everything the installation holds on one person, table by table, for that person."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from screening.models import AuditEvent, Membership, Passkey, StageSettings, User
from screening.selectors.audit import TELLS_WHO_TAGGED

HOUSES = ("screening", "extraction", "analytics")
SECRETS = frozenset({"password", "token_hash", "secret", "next_secret", "session_key", "code_hash"})
# Rows that are a person's by the row they hang on.
BEHIND = {
    "extraction.extractedvalue": "extraction__extractor",
    "extraction.extractionrow": "extraction__extractor",
    "screening.givenanswer": "decision__reviewer",
    "screening.assignedrecord": "assignment__member",
}
SIGN_INS = ("AccessLog", "AccessAttempt", "AccessFailureLog")
Row = dict[str, Any]


def personal_data(user: User) -> Iterator[tuple[str, Iterator[Row]]]:
    """What is held on a person: the account and every row that names them as who did it.

    Passwords and the hashes of tokens are left out; other people appear as numbers only.

    Args:
        user: The person.

    Yields:
        The name of a table, as `screening.decision`, and its rows; tables without a row too.
    """
    yield "account", iter([_row(user)])
    memberships = list(Membership.objects.filter(user=user).values_list("pk", flat=True))
    for house in HOUSES:
        for model in apps.get_app_config(house).get_models():
            if model not in {User, AuditEvent}:
                rows = _rows_of(model, user, memberships)
                if rows is not None:
                    yield model._meta.label_lower, _read(rows)
    yield "audit_events", _read(_events(user, memberships))
    for name in SIGN_INS:
        signed: type[models.Model] = apps.get_model("axes", name)
        rows = signed._base_manager.filter(username__iexact=user.email).order_by("pk")
        yield f"sign_ins.{name.lower()}", _read(rows)


def _rows_of(
    model: type[models.Model], user: User, memberships: list[int]
) -> "QuerySet[models.Model] | None":
    query = Q()
    for field in model._meta.concrete_fields:
        if field.related_model is User:
            query |= Q(**{field.name: user.pk})
        elif field.related_model is Membership:
            query |= Q(**{f"{field.name}__in": memberships})
    if model is Passkey:
        query |= Q(factor__user=user)
    behind = BEHIND.get(model._meta.label_lower)
    if behind is not None:
        query |= Q(**{f"{behind}__in": memberships})
    return model._base_manager.filter(query).order_by("pk") if query else None


def _events(user: User, memberships: list[int]) -> QuerySet[AuditEvent]:
    """What the person did and what was done to their account and memberships, blinding kept."""
    mine = Q(actor=user)
    mine |= Q(target_type=User._meta.label_lower, target_id=str(user.pk))
    numbers = [str(pk) for pk in memberships]
    mine |= Q(target_type=Membership._meta.label_lower, target_id__in=numbers)
    blinded = StageSettings.objects.filter(is_blinded=True).values("review")
    hidden = TELLS_WHO_TAGGED & Q(review__in=blinded)
    return AuditEvent.objects.filter(mine).exclude(hidden).order_by("pk")


def _read(rows: "QuerySet[Any]") -> Iterator[Row]:
    for row in rows.iterator(chunk_size=500):
        yield _row(row)


def _row(row: models.Model) -> Row:
    told: Row = {}
    for field in row._meta.concrete_fields:
        if field.name not in SECRETS and not isinstance(field, models.BinaryField):
            value = field.value_from_object(row)
            told[field.attname] = str(value) if isinstance(field, models.FileField) else value
    return told
