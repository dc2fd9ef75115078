"""Whose the decisions in a file are: names mapped to members, labels to reasons to exclude."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from screening.models import AuditEvent, ExclusionReason, ImportBatch, Membership, User
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.imports import job_of

ABSENT, LEFT_OUT, NEW = "absent", "", "new"
NAMELESS = "Reviewer without a name"
_NAME, _LABEL = 150, 200


@dataclass(frozen=True, slots=True)
class People:
    """Who the names in a file are.

    `people` gives for each name the number of a member, `ABSENT` for a person no longer here, or
    `LEFT_OUT`. `reasons` gives for each label the number of a reason, `NEW`, or `LEFT_OUT`.
    `stage` is that of decisions which do not name theirs.
    """

    people: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    stage: str = Stage.TITLE_ABSTRACT.value
    takes_tags: bool = True


@transaction.atomic
def map_people(*, membership: Membership, batch: ImportBatch, people: People) -> None:
    """Fix whose the decisions of a file are, before it is imported.

    Args:
        membership: Who imports.
        batch: A batch of the review that was not started.
        people: Who the names are.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The batch is of another review or started, a chosen member or reason is
            not one of this review, or two names are the same member; nothing is changed.
    """
    require(membership, Capability.IMPORT)
    if batch.review_id != membership.review_id:
        raise ValidationError("The import is of another review.")
    if job_of(batch) or batch.finished_at:
        raise ValidationError("The import has been started; whose decisions it brings stays.")
    if people.stage not in set(Stage):
        raise ValidationError(f"{people.stage!r} is no stage.")
    dismiss_placeholders(batch)
    members = _members(membership, people.people)
    reasons = _reasons(membership, people.reasons)
    ours = {name: members[name] for name in people.people if name in members}
    placeholders = {
        name: _placeholder(batch, name).pk
        for name, choice in people.people.items()
        if choice == ABSENT
    }
    batch.prior = {
        "people": {**dict.fromkeys(people.people), **ours, **placeholders},
        "reasons": {**dict.fromkeys(people.reasons), **reasons},
        "stage": people.stage,
        "tags": people.takes_tags,
        "by": membership.pk,
        "placeholders": sorted(placeholders.values()),
        "at": timezone.now().isoformat(),
    }
    batch.save(update_fields=["prior"])
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="import.people_mapped",
        target=batch,
        after=batch.prior,
    )


def _members(membership: Membership, people: Mapping[str, str]) -> dict[str, int]:
    known = set(Membership.objects.filter(review=membership.review_id).values_list("pk", flat=True))
    chosen: dict[str, int] = {}
    for name, choice in people.items():
        if choice in {ABSENT, LEFT_OUT}:
            continue
        number = int(choice) if choice.isdecimal() else 0
        if number not in known:
            raise ValidationError(f"Who is {name!r}? Choose a member of this review.")
        if number in chosen.values():
            raise ValidationError(
                f"{name!r} is a member whom another name stands for already. Two people who "
                "decided on the same record cannot be one."
            )
        chosen[name] = number
    return chosen


def _reasons(membership: Membership, labels: Mapping[str, str]) -> dict[str, int]:
    reasons = ExclusionReason.objects.filter(review=membership.review_id)
    known = set(reasons.values_list("pk", flat=True))
    chosen: dict[str, int] = {}
    for label, choice in labels.items():
        if choice == NEW:
            chosen[label] = _new_reason(membership, label)
        elif choice != LEFT_OUT:
            number = int(choice) if choice.isdecimal() else 0
            if number not in known:
                raise ValidationError(f"{label!r}: choose one of this review's reasons.")
            chosen[label] = number
    return chosen


def _new_reason(membership: Membership, label: str) -> int:
    review, name = membership.review, " ".join(label.split())[:_LABEL]
    known = ExclusionReason.objects.filter(review=review, label__iexact=name).first()
    if known is not None:
        return known.pk
    last = ExclusionReason.objects.filter(review=review).aggregate(last=Max("position"))["last"]
    reason = ExclusionReason(review=review, label=name, position=(last or 0) + 1)
    reason.full_clean()
    reason.save()
    AuditEvent.objects.append(
        review=review,
        actor=membership.user,
        action="reason.added",
        target=reason,
        after={"label": name},
    )
    return reason.pk


def _placeholder(batch: ImportBatch, name: str) -> Membership:
    """A former member without a way in, who stands for a person no longer here."""
    shown = " ".join(name.split())[:_NAME] or NAMELESS
    digest = hashlib.sha256(f"{batch.review_id}:{shown.lower()}".encode()).hexdigest()[:20]
    email = f"{digest}@imported.invalid"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=shown, is_active=False)
    former, is_new = Membership.objects.get_or_create(
        review_id=batch.review_id,
        user=user,
        defaults={"is_screener": True, "deactivated_at": timezone.now()},
    )
    if is_new:
        AuditEvent.objects.append(
            review=batch.review,
            actor=batch.created_by,
            action="member.imported",
            target=former,
            after={"name": shown},
        )
    return former


def is_mapped(batch: ImportBatch) -> bool:
    """Whether anything that people decided elsewhere is taken in with this import."""
    prior: dict[str, Any] = batch.prior
    return bool(prior) and (any(prior["people"].values()) or prior["tags"])


def dismiss_placeholders(batch: ImportBatch) -> None:
    """Remove the members made for this import who have nothing left here."""
    if not batch.prior:
        return
    made = Membership.objects.filter(pk__in=batch.prior["placeholders"], review=batch.review_id)
    others = ImportBatch.objects.filter(review=batch.review_id).exclude(pk=batch.pk)
    needed: set[Any] = {pk for one in others if one.prior for pk in one.prior["placeholders"]}
    for member in made.filter(decisions__isnull=True, notes__isnull=True).exclude(pk__in=needed):
        user = member.user
        member.delete()
        if not user.memberships.exists():
            user.delete()
