"""The demo's members: three people with random passwords, and the team of the paper."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from reviewapp.demo.protocol import PUBLISHED_EMAIL, PUBLISHED_NAME
from screening.models import AuditEvent, Membership, Review, User
from screening.rules.roles import Role
from screening.services.people import create_invited_user, invite

PASSWORD_BYTES = 12
CAST = (
    ("Alice Moreau", "alice@example.org", (Role.SCREENER, Role.EXTRACTOR)),
    ("Bruno Keller", "bruno@example.org", (Role.SCREENER, Role.EXTRACTOR)),
    ("Chiara Novak", "chiara@example.org", (Role.ADJUDICATOR,)),
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A member whose password is told once; only its hash is stored."""

    name: str
    email: str
    password: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """The people who can sign in beside the admin; iterates over them."""

    review: Review
    members: tuple[DemoPerson, ...]

    def __iter__(self) -> Iterator[DemoPerson]:
        """The members in the order of the cast."""
        return iter(self.members)


def add_members(*, lead: Membership) -> tuple[DemoPerson, ...]:
    """Invite the cast and let everybody join, as anybody would."""
    people = []
    for name, email, roles in CAST:
        person = DemoPerson(name, email, secrets.token_urlsafe(PASSWORD_BYTES), roles)
        _, token = invite(lead=lead, roles=roles, email=email)
        create_invited_user(token=token, email=email, name=name, password=person.password)
        people.append(person)
    return tuple(people)


def add_published_team(*, lead: Membership) -> Membership:
    """The team of the paper as a former member: owns the imported rows, can never sign in."""
    user = User.objects.create_user(PUBLISHED_EMAIL, name=PUBLISHED_NAME, is_active=False)
    team = Membership.objects.create(
        review=lead.review,
        user=user,
        is_screener=True,
        is_extractor=True,
        is_adjudicator=True,
        deactivated_at=timezone.now(),
    )
    AuditEvent.objects.append(
        action="member.imported",
        target=team,
        review=lead.review,
        actor=lead.user,
        after={"name": PUBLISHED_NAME, "roles": sorted(team.roles)},
    )
    return team
