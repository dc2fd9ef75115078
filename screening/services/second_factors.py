"""Writes about second factors: set up, confirmed, asked for, removed, reset."""

import time
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, RecoveryCode, SecondFactor, User
from screening.rules.one_time import (
    hash_of_recovery_code,
    looks_like_recovery_code,
    new_recovery_codes,
    new_secret,
    step_of_code,
)
from screening.services.sealing import sealed, unsealed

MAX_FAILURES = 5
CLOSED_FOR = timedelta(minutes=15)
WRONG = "This code is not right. Codes change every 30 seconds, and each works once."


@transaction.atomic
def begin_second_factor(*, user: User) -> SecondFactor:
    """Make a secret of an app that counts once a code of it is confirmed.

    Raises:
        ValidationError: The person has an app already.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is not None and factor.secret:
        raise ValidationError("You have a second factor. Remove it before you set up another.")
    if factor is not None:
        factor.next_secret = sealed(new_secret())
        factor.save(update_fields=["next_secret"])
        return factor
    SecondFactor.objects.filter(user=user).delete()
    return SecondFactor.objects.create(user=user, secret=sealed(new_secret()))


def secret_of(factor: SecondFactor) -> str:
    """The secret, to be shown while it is set up."""
    return unsealed(factor.next_secret or factor.secret)


def confirm_second_factor(*, user: User, code: str) -> list[str]:
    """Let the app count from now on.

    Returns:
        The recovery codes, which are shown once and never stored.

    Raises:
        ValidationError: Nothing is being set up, or the code is wrong.
    """
    _hold(user, code, is_new=True)
    with transaction.atomic():
        factor = _locked(user, is_new=True)
        factor.confirmed_at = factor.confirmed_at or timezone.now()
        factor.secret, factor.next_secret = factor.next_secret or factor.secret, ""
        factor.save(update_fields=["confirmed_at", "secret", "next_secret"])
        _audit(user, "second_factor.set_up", actor=user)
        return renewed_codes(factor)


def check_second_factor(*, user: User, code: str) -> None:
    """Hold a code of the app, or a recovery code, against the person's second factor.

    Five wrong ones in a row close it for 15 minutes, whoever types them.

    Raises:
        ValidationError: Wrong, taken before, or closed (`closed`).
    """
    _hold(user, code)


def renew_recovery_codes(*, user: User, code: str) -> list[str]:
    """Make the old recovery codes worthless and give new ones.

    Raises:
        ValidationError: The code is wrong.
    """
    _hold(user, code)
    with transaction.atomic():
        _audit(user, "second_factor.recovery_codes_renewed", actor=user)
        return renewed_codes(_locked(user))


def remove_second_factor(*, user: User, code: str) -> None:
    """Take the person's own app away; passkeys stay, with the recovery codes.

    Raises:
        ValidationError: The code is wrong.
    """
    _hold(user, code)
    with transaction.atomic():
        factor = _locked(user)
        if factor.passkeys.exists():
            factor.secret, factor.last_step = "", -1
            factor.save(update_fields=["secret", "last_step"])
        else:
            factor.delete()
        _audit(user, "second_factor.removed", actor=user)


@transaction.atomic
def reset_second_factor(*, user: User, administrator: User | None) -> None:
    """Take a person's second factor away for them, when app and recovery codes are lost.

    Args:
        user: Whose.
        administrator: Who does it, or None when the machine's owner does by a command.

    Raises:
        ValidationError: There is none, or the other is no administrator.
    """
    if administrator is not None and not administrator.is_superuser:
        raise ValidationError("Only an administrator may reset a second factor.")
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise ValidationError(f"{user.email} has no second factor.")
    _audit(user, "second_factor.reset", actor=administrator)


def _hold(user: User, code: str, *, is_new: bool = False) -> None:
    """Count a wrong code in a transaction of its own, so that the refusal does not undo it."""
    with transaction.atomic():
        factor = _locked(user, is_new=is_new)
        is_right = _is_right(factor, code, is_new=is_new)
        if is_right:
            factor.failures, factor.closed_until = 0, None
        else:
            factor.failures += 1
            if factor.failures >= MAX_FAILURES:
                factor.failures, factor.closed_until = 0, timezone.now() + CLOSED_FOR
                _audit(user, "second_factor.closed", actor=None)
        factor.save(update_fields=["failures", "closed_until", "last_step"])
    if not is_right:
        raise ValidationError(WRONG, code="wrong")


def _locked(user: User, *, is_new: bool = False) -> SecondFactor:
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    is_begun = factor is not None and (factor.confirmed_at is None or factor.next_secret != "")
    is_there = factor is not None and factor.confirmed_at is not None
    if factor is None or not (is_begun if is_new else is_there):
        raise ValidationError("There is no second factor here. Begin again.", code="none")
    if factor.closed_until is not None and factor.closed_until > timezone.now():
        raise ValidationError("Too many wrong codes. Wait 15 minutes, then try again.", "closed")
    return factor


def _is_right(factor: SecondFactor, code: str, *, is_new: bool) -> bool:
    secret = (factor.next_secret or factor.secret) if is_new else factor.secret
    if looks_like_recovery_code(code) and not is_new:
        fitting = factor.recovery_codes.filter(
            code_hash=hash_of_recovery_code(code), used_at__isnull=True
        )
        is_used = fitting.update(used_at=timezone.now()) == 1
        if is_used:
            _audit(factor.user, "second_factor.recovery_code_used", actor=factor.user)
        return is_used
    if not secret:
        return False
    step = step_of_code(unsealed(secret), code, now=time.time(), after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def renewed_codes(factor: SecondFactor) -> list[str]:
    """New recovery codes in place of the old; the caller has asked for proof."""
    codes = new_recovery_codes()
    factor.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, code_hash=hash_of_recovery_code(code)) for code in codes
    )
    return codes


def _audit(user: User, action: str, *, actor: User | None, **after: Any) -> None:
    AuditEvent.objects.append(action=action, target=user, actor=actor, after=after)
