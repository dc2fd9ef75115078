"""How people get in: sessions they have open, second factors, identities of an institution."""

from django.db import models
from django.utils import timezone

from screening.models.people import User


class SignIn(models.Model):
    """One open session of a person. Ending it deletes the row and the session behind it."""

    class Way(models.TextChoices):
        """How the person proved who they are."""

        PASSWORD = "password", "password"
        INSTITUTION = "institution", "institution"
        PASSKEY = "passkey", "passkey"

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=300, blank=True)  # what the browser says it is
    address = models.GenericIPAddressField(null=True, blank=True)
    way = models.CharField(max_length=20, choices=Way.choices, default=Way.PASSWORD)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)  # to five minutes

    def __str__(self) -> str:
        return f"sign-in {self.pk}"


class SecondFactor(models.Model):
    """A person's second factor: an app of one-time codes (RFC 6238), passkeys, or both.

    It counts once a code has been confirmed or a passkey is there.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = models.TextField(blank=True)  # of the app, sealed; empty when there are passkeys only
    next_secret = models.TextField(blank=True, default="", db_default="")  # of an app to be
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=-1)  # of the last code taken: none is taken twice
    failures = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class Passkey(models.Model):
    """A key pair (WebAuthn) of which the private half never leaves the person's device.

    Invalid: the same credential twice.
    """

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=80)
    host = models.CharField(max_length=253)  # the only one at which a browser offers it
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url
    credential = models.BinaryField()  # attested credential data: identifier and public key
    uses = models.BigIntegerField(default=0)  # the device's own count; many always say 0
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code that stands in once for a lost app or passkey; kept as SHA-256 of 125 random bits."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["factor", "code_hash"], name="recovery_code_once_per_factor"
            )
        ]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class Identity(models.Model):
    """Who a person is at an institution; issuer and subject name one person for ever."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.URLField(max_length=400)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_is_of_one_person"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_once_per_issuer"),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"
