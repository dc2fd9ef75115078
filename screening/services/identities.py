"""Writes about identities of an institution: who they are here, connected, disconnected."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.models import AuditEvent, Identity, User
from screening.online.openid import Claims

MAX_NAME = 150


@transaction.atomic
def person_of(*, issuer: str, claims: Claims, may_create: bool) -> User:
    """The account of an identity; an account that is there is never taken over by its email.

    Raises:
        ValidationError: The account is closed, an account with the email is not connected, the
            email is not verified, or accounts are not made this way.
    """
    identity = (
        Identity.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(issuer=issuer, subject=claims.subject)
        .first()
    )
    if identity is not None:
        if not identity.user.is_active:
            raise ValidationError("This account is closed.")
        identity.used_at = timezone.now()
        identity.save(update_fields=["used_at"])
        return identity.user
    if not claims.email or not claims.is_email_verified:
        raise ValidationError("Your institution names no email that it has verified.")
    if User.objects.filter(email=claims.email).exists():
        raise ValidationError(
            "There is an account with your email. Sign in with its password, then connect it on "
            "your account page."
        )
    if not may_create:
        raise ValidationError(
            "You have no account here yet. Ask a lead for an invitation, join with a password, "
            "then connect your institution on your account page."
        )
    name = (claims.name or claims.email.split("@", maxsplit=1)[0])[:MAX_NAME]
    user = User.objects.create_user(claims.email, name=name)
    _link(user, issuer, claims.subject)
    return user


@transaction.atomic
def connect_identity(*, user: User, issuer: str, claims: Claims) -> None:
    """Let the person sign in by the institution from now on.

    Raises:
        ValidationError: The identity is another account's, or the account has one already.
    """
    known = Identity.objects.filter(issuer=issuer, subject=claims.subject).first()
    if known is not None and known.user_id == user.pk:
        return
    if known is not None:
        raise ValidationError("This identity is connected with another account.")
    if user.identities.filter(issuer=issuer).exists():
        raise ValidationError("Your account is connected already. Disconnect it first.")
    try:
        with transaction.atomic():
            _link(user, issuer, claims.subject)
    except IntegrityError as error:
        raise ValidationError("It was connected meanwhile. Load the page anew.") from error


@transaction.atomic
def disconnect_identity(*, user: User, issuer: str) -> None:
    """Close the institution's door to this account.

    Raises:
        ValidationError: The account has no password, so no other door.
    """
    if not user.has_usable_password():
        raise ValidationError(
            "Your account has no password. Whoever runs this installation can set one; then "
            "you can disconnect."
        )
    if user.identities.filter(issuer=issuer).delete()[0]:
        AuditEvent.objects.append(
            action="identity.disconnected", target=user, actor=user, before={"issuer": issuer}
        )


def _link(user: User, issuer: str, subject: str) -> None:
    Identity.objects.create(user=user, issuer=issuer, subject=subject, used_at=timezone.now())
    AuditEvent.objects.append(
        action="identity.connected", target=user, actor=user, after={"issuer": issuer}
    )
