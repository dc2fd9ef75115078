"""Writes about tokens of the API: made, used, withdrawn."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import ApiToken, AuditEvent, Membership, Review, User
from screening.rules.scopes import Scope

PREFIX = "srt_"  # so that scanners of leaked secrets can tell one
MAX_DAYS = 366
MAX_TOKENS = 50
NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_token(
    *, user: User, name: str, scopes: Collection[Scope], days: int, review: Review | None = None
) -> tuple[ApiToken, str]:
    """Make a token in the person's own name.

    Returns:
        The stored token and its text, which is shown once and never stored.

    Raises:
        ValidationError: No name, no scope, a life outside 1 to 366 days, too many tokens, or a
            review in which the person does not work.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()
    _check(user, scopes, days, review)
    text = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken(
        user=user,
        review=review,
        name=name.strip(),
        token_hash=hash_of_token(text),
        hint=text[:8],
        scopes=[scope.value for scope in Scope if scope in scopes],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    _audit("api_token.made", token, after={"name": token.name, "scopes": token.scopes})
    return token, text


def _check(user: User, scopes: Collection[Scope], days: int, review: Review | None) -> None:
    if not scopes:
        raise ValidationError("Choose what the token is good for.")
    if not 1 <= days <= MAX_DAYS:
        raise ValidationError(f"A token lives between 1 and {MAX_DAYS} days.")
    if ApiToken.objects.usable(timezone.now()).filter(user=user).count() >= MAX_TOKENS:
        raise ValidationError(f"You have {MAX_TOKENS} tokens. Withdraw one that you do not use.")
    works_there = Membership.objects.active().filter(user=user, review=review)
    if review is not None and not works_there.exists():
        raise ValidationError("You are not a member of this review.")


@transaction.atomic
def withdraw_token(*, user: User, token_id: int) -> ApiToken:
    """Make one's own token worthless at once; withdrawing it twice changes nothing.

    Raises:
        ApiToken.DoesNotExist: The person has no such token.
    """
    token: ApiToken = ApiToken.objects.select_for_update().get(pk=token_id, user=user)
    if token.withdrawn_at is None:
        token.withdrawn_at = timezone.now()
        token.save(update_fields=["withdrawn_at"])
        _audit("api_token.withdrawn", token, after={"name": token.name})
    return token


def token_of(text: str) -> ApiToken | None:
    """The usable token of this text, noting now and then that it is used."""
    now = timezone.now()
    usable = ApiToken.objects.usable(now).select_related("user")
    token: ApiToken | None = usable.filter(token_hash=hash_of_token(text)).first()
    if token and (token.last_used_at is None or token.last_used_at < now - NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def hash_of_token(text: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def _audit(action: str, token: ApiToken, after: dict[str, object]) -> None:
    AuditEvent.objects.append(
        action=action, target=token, review=token.review, actor=token.user, after=after
    )
