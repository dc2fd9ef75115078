"""The vocabulary of data sets: added, renamed, retired."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from extraction.models import DataSet
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability

MAX_NAME = 200


@transaction.atomic
def add_data_sets(*, membership: Membership, names: Sequence[str]) -> int:
    """Add data sets by their names; known ones are left as they are. Returns how many are new.

    Raises:
        ValidationError: A name is empty or too long.
    """
    require(membership, Capability.MANAGE)
    Review.objects.select_for_update().get(pk=membership.review_id)
    known = {_folded(name) for one in _standing(membership) for name in _names(one)}
    added = 0
    for name in map(_checked, names):
        if _folded(name) not in known:
            known.add(_folded(name))
            made = DataSet.objects.create(
                review=membership.review, name=name, created_by=membership
            )
            AuditEvent.objects.append_by(membership, "data_set.added", made, after={"name": name})
            added += 1
    return added


@transaction.atomic
def change_data_set(
    *, membership: Membership, data_set: DataSet, name: str, other_names: Sequence[str]
) -> DataSet:
    """Change the name and the other names.

    Raises:
        ValidationError: A name is empty, too long, or belongs to another data set already.
    """
    require(membership, Capability.MANAGE)
    Review.objects.select_for_update().get(pk=membership.review_id)
    known = _own(membership, data_set)
    wanted = [_checked(name), *dict.fromkeys(map(_checked, other_names))]
    for other in _standing(membership):
        taken = {_folded(one) for one in _names(other)}
        clash = next((one for one in wanted if _folded(one) in taken), None)
        if other.pk != known.pk and clash:
            raise ValidationError(f"“{clash}” is a name of {other.name} already.")
    before = {"name": known.name, "other_names": known.other_names}
    after = {"name": wanted[0], "other_names": wanted[1:]}
    if before != after:
        known.name, known.other_names = wanted[0], wanted[1:]
        known.save(update_fields=["name", "other_names"])
        AuditEvent.objects.append_by(
            membership, "data_set.changed", known, before=before, after=after
        )
    return known


@transaction.atomic
def retire_data_set(*, membership: Membership, data_set: DataSet) -> None:
    """Take a data set out of the vocabulary; no value changes."""
    require(membership, Capability.MANAGE)
    known = _own(membership, data_set)
    if known.retired_at is None:
        known.retired_at = timezone.now()
        known.save(update_fields=["retired_at"])
        AuditEvent.objects.append_by(membership, "data_set.retired", known)


def _own(membership: Membership, data_set: DataSet) -> DataSet:
    if data_set.review_id != membership.review_id:
        raise ValidationError("This data set is of another review.")
    return DataSet.objects.select_for_update().get(pk=data_set.pk)


def _standing(membership: Membership) -> list[DataSet]:
    found = DataSet.objects.filter(review=membership.review, retired_at__isnull=True)
    return list(found)


def _names(data_set: DataSet) -> list[str]:
    return [data_set.name, *data_set.other_names]


def _checked(name: str) -> str:
    shown = " ".join(name.split())
    if not shown or len(shown) > MAX_NAME:
        raise ValidationError(f"A data set needs a name of at most {MAX_NAME} letters.")
    return shown


def _folded(name: str) -> str:
    return name.casefold()
