"""Making a person unknown: nobody can tell who it was, and what they did goes on counting."""

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from screening.models import (
    ApiToken,
    AuditEvent,
    IdempotentAnswer,
    Invitation,
    Membership,
    ScreeningLease,
    SecondFactor,
    User,
)
from screening.rules.redaction import Person
from screening.services.bundles import forget_bundles_with
from screening.services.redacting import redact_trail, sweep_texts
from screening.services.sign_ins import end_sessions

SIGN_INS = ("AccessLog", "AccessAttempt", "AccessFailureLog")


@transaction.atomic
def anonymise_person(*, person: User, by: User | None) -> dict[str, int]:
    """Replace name and email everywhere, close the account, and forget how the person signed in.

    Memberships end; decisions, rulings and values stay with the account, which nobody can open
    and which is called by its number. What others imported (records, files, PDFs) stays as it is.

    Args:
        person: Whose account.
        by: The administrator, or None for whoever runs the installation by its commands.

    Returns:
        How many events of trails, texts and sign-ins were changed or deleted.

    Raises:
        PermissionDenied: Who asks does not administer the installation.
        ValidationError: The person is the only administrator or the only lead of a review, or is
            unknown already.
    """
    if by is not None and not (by.is_superuser and by.is_active):
        raise PermissionDenied("Only an administrator of the installation may do that.")
    person = User.objects.select_for_update().get(pk=person.pk)
    _refuse(person)
    unknown = Person(
        email=person.email,
        name=person.name,
        new_email=f"person-{person.pk}@anonymised.invalid",
        new_name=f"Person {person.pk}",
    )
    done = {"sign_ins": _forget_sign_ins(person)}
    _close(person, unknown)
    Invitation.objects.filter(email__iexact=unknown.email).update(email="")
    forget_bundles_with(person)
    done["texts"] = sweep_texts(unknown)
    done["events"] = redact_trail(unknown, actor=by)
    AuditEvent.objects.append(action="person.anonymised", target=person, actor=by, after=done)
    return done


def _refuse(person: User) -> None:
    if person.anonymised_at is not None:
        raise ValidationError("This account is anonymised already.")
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise ValidationError("This is the only administrator. Make somebody else one first.")
    for member in Membership.objects.active().filter(user=person, is_lead=True):
        leads = Membership.objects.active().filter(review=member.review_id, is_lead=True)
        if not leads.exclude(pk=member.pk).exists():
            raise ValidationError(
                f"This person is the only lead of “{member.review}”. "
                "Make somebody else a lead there first."
            )


def _close(person: User, unknown: Person) -> None:
    now = timezone.now()
    memberships = Membership.objects.filter(user=person)
    ScreeningLease.objects.filter(reviewer__in=memberships).delete()
    memberships.filter(deactivated_at=None).update(deactivated_at=now)
    ApiToken.objects.filter(user=person).delete()
    IdempotentAnswer.objects.filter(user=person).delete()
    person.email, person.name = unknown.new_email, unknown.new_name
    person.is_active = person.is_staff = person.is_superuser = False
    person.anonymised_at, person.last_login = now, None
    person.set_unusable_password()
    person.save()


def _forget_sign_ins(person: User) -> int:
    """Open sessions, second factors, identities, and what the lock of the sign-in page noted."""
    sessions = list(person.sign_ins.all())
    end_sessions(sessions)
    count = len(sessions)
    for ways in (SecondFactor.objects.filter(user=person), person.identities.all()):
        count += ways.delete()[0]
    for name in SIGN_INS:
        model: type[models.Model] = apps.get_model("axes", name)
        count += model._base_manager.filter(username__iexact=person.email).delete()[0]
    return count
