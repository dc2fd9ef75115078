"""A request with an `Idempotency-Key` acts once, however often it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.models import IdempotentAnswer, User

KEPT_FOR = timedelta(days=2)
STALE_AFTER = timedelta(minutes=10)  # a long request of a process that died
MAX_KEY = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks what: the hash covers method, address and body."""

    user: User
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it is kept."""

    status: int
    body: Any
    is_replayed: bool = False


def once(asked: Asked, act: Callable[[], Answered], *, is_long: bool = False) -> Answered:
    """Act, or give the answer that the same request got before.

    A short act shares one transaction with its key, so both are there or neither. A long one
    (it waits for another computer or reads a large file) claims its key first.

    Raises:
        ValidationError: The key is too long (`key_invalid`), was used for another request
            (`key_reused`), or the same request is still being worked on (`in_progress`).
    """
    if not 1 <= len(asked.key) <= MAX_KEY or not asked.key.isprintable():
        raise ValidationError(
            f"An Idempotency-Key has 1 to {MAX_KEY} printable characters.", code="key_invalid"
        )
    known = _known(asked)
    if known is not None:
        return known
    return _claimed_act(asked, act) if is_long else _joint_act(asked, act)


def _joint_act(asked: Asked, act: Callable[[], Answered]) -> Answered:
    with transaction.atomic():
        row = _claim(asked)
        if row is None:
            return _known(asked) or _busy()
        answer = act()
        _keep(row, answer)
        return answer


def _claimed_act(asked: Asked, act: Callable[[], Answered]) -> Answered:
    with transaction.atomic():
        row = _claim(asked)
    if row is None:
        return _known(asked) or _busy()
    try:
        answer = act()
    except BaseException:
        row.delete()
        raise
    _keep(row, answer)
    return answer


def _claim(asked: Asked) -> IdempotentAnswer | None:
    """The new row of the key; None when somebody was faster."""
    forget_old_answers(user=asked.user)
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(
                user=asked.user, key=asked.key, request_hash=asked.request_hash
            )
    except IntegrityError:
        return None


def _known(asked: Asked) -> Answered | None:
    row = IdempotentAnswer.objects.filter(user=asked.user, key=asked.key).first()
    if row is None or row.created_at < timezone.now() - KEPT_FOR:
        return None
    if row.request_hash != asked.request_hash:
        raise ValidationError(
            "This Idempotency-Key was used for another request. Use a new key for a new request.",
            code="key_reused",
        )
    if row.status is None:
        return None if row.created_at < timezone.now() - STALE_AFTER else _busy()
    return Answered(row.status, row.body, is_replayed=True)


def _busy() -> Answered:
    raise ValidationError(
        "The same request is still being worked on. Ask again in a moment.", code="in_progress"
    )


def _keep(row: IdempotentAnswer, answer: Answered) -> None:
    row.status, row.body = answer.status, answer.body
    row.save(update_fields=["status", "body"])


def forget_old_answers(*, user: User) -> None:
    """Drop a person's answers that nobody asks for any more."""
    now = timezone.now()
    mine = IdempotentAnswer.objects.filter(user=user)
    mine.filter(created_at__lt=now - KEPT_FOR).delete()
    mine.filter(status=None, created_at__lt=now - STALE_AFTER).delete()
