"""Writes about passkeys: registered, signed in with, named, removed.

A passkey is a second factor beside the app of one-time codes, or signs in by itself when the
device asks for a finger, a face or a PIN. What was asked of a browser lives in its session and is
taken once.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from screening.models import AuditEvent, Passkey, SecondFactor, User
from screening.services.second_factors import renewed_codes

MOST = 10
NAME = "Systematic reviews"
REFUSED = "This passkey was not accepted here. Try again, or take another way in."
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, AssertionError, IndexError)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a browser is: passkeys are bound to the host, answers to the whole origin."""

    host: str
    origin: str

    @property
    def can_have_passkeys(self) -> bool:
        """Whether the host has a name; browsers make no passkey for a bare address."""
        try:
            ipaddress.ip_address(self.host.strip("[]"))
        except ValueError:
            return True
        return False

    def server(self) -> Fido2Server:
        """What asks browsers here, and holds their answers against what was asked."""
        party = PublicKeyCredentialRpEntity(name=NAME, id=self.host)
        return Fido2Server(party, verify_origin=lambda origin: origin == self.origin)


def ask_registration(*, user: User, site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a browser is asked in order to make a passkey.

    Returns:
        The options for the browser, and what the answer is held against.

    Raises:
        ValidationError: The person has many already.
    """
    mine = list(Passkey.objects.filter(factor__user=user))
    if len(mine) >= MOST:
        raise ValidationError(f"You have {MOST} passkeys. Remove one before you add another.")
    options, state = site.server().register_begin(
        PublicKeyCredentialUserEntity(
            id=f"person-{user.pk}".encode(), name=user.email, display_name=user.name
        ),
        credentials=[_key_of(one) for one in mine],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options.public_key), state


@transaction.atomic
def add_passkey(
    *, user: User, site: Site, state: Json, name: str, response: Json
) -> tuple[Passkey, list[str]]:
    """Keep a passkey that a browser has made.

    Args:
        user: Whose.
        site: Where the browser is.
        state: What `ask_registration` gave.
        name: By which the person knows it.
        response: What the browser answered.

    Returns:
        The passkey, and recovery codes when it is the person's first second factor.

    Raises:
        ValidationError: The answer is not to what was asked, or the passkey is known already.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()
    try:
        made = site.server().register_complete(state, response)
    except UNREADABLE as error:
        raise ValidationError(REFUSED, code="refused") from error
    credential = made.credential_data
    if credential is None:
        raise ValidationError(REFUSED, code="refused")
    known = websafe_encode(credential.credential_id)
    if Passkey.objects.filter(credential_id=known).exists():
        raise ValidationError("This passkey is registered already.", code="known")
    factor, codes = _factor_of(user)
    passkey = Passkey(
        factor=factor,
        name=name.strip(),
        host=site.host,
        credential_id=known,
        credential=bytes(credential),
        uses=made.counter,
    )
    passkey.full_clean()
    passkey.save()
    _audit(user, "passkey.added", name=passkey.name, host=site.host)
    return passkey, codes


def _factor_of(user: User) -> tuple[SecondFactor, list[str]]:
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is not None and factor.confirmed_at is not None:
        return factor, []
    if factor is None:
        factor = SecondFactor(user=user)
    # an app that was begun and not confirmed can still be
    factor.next_secret, factor.secret = factor.secret, ""
    factor.confirmed_at = timezone.now()
    factor.save()
    return factor, renewed_codes(factor)


def ask_sign_in(*, site: Site, user: User | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a browser is asked in order to sign in with a passkey.

    Args:
        site: Where the browser is.
        user: Who has given the password already; without one the device finds out who it is, and
            has to ask for a finger, a face or a PIN.

    Returns:
        The options for the browser, and what the answer is held against.
    """
    known = None
    needed = UserVerificationRequirement.REQUIRED
    if user is not None:
        mine = Passkey.objects.filter(factor__user=user, host=site.host)
        known = [_key_of(one) for one in mine]
        needed = UserVerificationRequirement.PREFERRED
    options, state = site.server().authenticate_begin(known, user_verification=needed)
    return dict(options.public_key), state


def check_passkey(*, site: Site, state: Json, response: Json, user: User | None) -> User:
    """Hold a browser's answer against what was asked; tells whose passkey it is.

    Raises:
        ValidationError: It is no answer to it, of an unknown passkey or of another person, or its
            count went back, which a copy of the device's memory would show.
    """
    try:
        answer = AuthenticationResponse.from_dict(response)
        with transaction.atomic():
            passkey = _used(websafe_encode(answer.raw_id), site, user)
            credential = _key_of(passkey)
            site.server().authenticate_complete(state, [credential], answer)
            uses = answer.response.authenticator_data.counter
            if (uses or passkey.uses) and uses <= passkey.uses:
                raise ValueError("The count of a passkey went back.")
            passkey.uses, passkey.used_at = uses, timezone.now()
            passkey.save(update_fields=["uses", "used_at"])
    except UNREADABLE as error:
        raise ValidationError(REFUSED, code="refused") from error
    return passkey.factor.user


def _key_of(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(passkey.credential))


def _used(credential_id: str, site: Site, user: User | None) -> Passkey:
    found = Passkey.objects.select_for_update().filter(
        credential_id=credential_id, host=site.host, factor__user__is_active=True
    )
    if user is not None:
        found = found.filter(factor__user=user)
    passkey: Passkey | None = found.select_related("factor__user").first()
    if passkey is None:
        raise ValueError("There is no such passkey.")
    return passkey


@transaction.atomic
def rename_passkey(*, user: User, passkey_id: int, name: str) -> Passkey:
    """Call one of the person's own passkeys otherwise.

    Raises:
        Passkey.DoesNotExist: The person has no such passkey.
    """
    passkey = Passkey.objects.select_for_update().get(pk=passkey_id, factor__user=user)
    passkey.name = name.strip()
    passkey.full_clean()
    passkey.save(update_fields=["name"])
    return passkey


@transaction.atomic
def remove_passkey(*, user: User, passkey_id: int) -> None:
    """Take one of the person's own passkeys away; the last one goes with the recovery codes.

    Raises:
        Passkey.DoesNotExist: The person has no such passkey.
    """
    passkey = Passkey.objects.select_for_update().get(pk=passkey_id, factor__user=user)
    factor = passkey.factor
    passkey.delete()
    _audit(user, "passkey.removed", name=passkey.name, host=passkey.host)
    if not factor.secret and not factor.passkeys.exists():
        factor.delete()


def _audit(user: User, action: str, **after: Any) -> None:
    AuditEvent.objects.append(action=action, target=user, actor=user, after=after)
