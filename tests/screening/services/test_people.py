"""Invitations, roles and deactivation."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from screening.models import AuditEvent, Decision, Invitation, Membership
from screening.rules.roles import Role
from screening.services import people
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_invitation_makes_its_holder_a_member_with_its_roles(lead, stranger):
    invitation, token = people.invite(lead=lead, roles=[Role.SCREENER, Role.EXTRACTOR])
    joined = people.accept_invitation(user=stranger, token=token)
    assert joined.roles == {Role.SCREENER, Role.EXTRACTOR}
    assert token not in Invitation.objects.get(pk=invitation.pk).token_hash


def test_an_invitation_works_once(lead, stranger):
    _, token = people.invite(lead=lead, roles=[Role.SCREENER])
    people.accept_invitation(user=stranger, token=token)
    with pytest.raises(ValidationError, match="was used"):
        people.accept_invitation(user=factories.make_user(), token=token)


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_an_expired_or_revoked_invitation_is_worthless(lead, stranger, end):
    invitation, token = people.invite(lead=lead, roles=[Role.SCREENER])
    if end == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        people.revoke_invitation(lead=lead, invitation=invitation)
    with pytest.raises(ValidationError, match="expired"):
        people.accept_invitation(user=stranger, token=token)
    assert not Membership.objects.filter(user=stranger).exists()


def test_an_invitation_for_one_email_refuses_another_person(lead, stranger):
    _, token = people.invite(lead=lead, roles=[Role.SCREENER], email="bob@example.org")
    with pytest.raises(ValidationError, match="bob@"):
        people.accept_invitation(user=stranger, token=token)


def test_a_refused_new_account_leaves_no_account_behind(lead):
    with pytest.raises(ValidationError):
        people.create_invited_user(
            token="wrong", email="new@example.org", name="New", password=factories.PASSWORD
        )
    assert not Membership.objects.filter(user__email="new@example.org").exists()


def test_an_email_with_an_account_is_asked_to_sign_in(lead, stranger):
    _, token = people.invite(lead=lead, roles=[Role.SCREENER])
    with pytest.raises(ValidationError, match="Sign in first"):
        people.create_invited_user(
            token=token, email=stranger.email.upper(), name="X", password=factories.PASSWORD
        )


def test_only_a_lead_invites(screener):
    with pytest.raises(PermissionDenied, match="lead"):
        people.invite(lead=screener, roles=[Role.SCREENER])


def test_an_invitation_needs_a_role(lead):
    with pytest.raises(ValidationError, match="at least one role"):
        people.invite(lead=lead, roles=[])


def test_a_deactivated_member_loses_the_way_in_but_nothing_they_did(lead, screener):
    record = factories.make_record(lead.review)
    factories.make_decision(record, screener)
    people.deactivate_member(lead=lead, member=screener)
    screener.refresh_from_db()
    assert not screener.is_active
    assert Decision.objects.current().filter(reviewer=screener).count() == 1


def test_a_former_member_comes_back_by_reactivation_or_a_new_invitation(lead, screener):
    people.deactivate_member(lead=lead, member=screener)
    people.reactivate_member(lead=lead, member=screener)
    assert Membership.objects.get(pk=screener.pk).is_active
    people.deactivate_member(lead=lead, member=screener)
    _, token = people.invite(lead=lead, roles=[Role.OBSERVER])
    back = people.accept_invitation(user=screener.user, token=token)
    assert back.pk == screener.pk
    assert back.roles == {Role.SCREENER, Role.OBSERVER}


def test_the_last_lead_cannot_be_deactivated(lead):
    with pytest.raises(ValidationError, match="needs a lead"):
        people.deactivate_member(lead=lead, member=lead)


def test_the_last_lead_cannot_become_something_else(lead):
    with pytest.raises(ValidationError, match="needs a lead"):
        people.change_roles(lead=lead, member=lead, roles=[Role.SCREENER])


def test_a_role_change_is_audited_from_what_to_what(lead, screener):
    people.change_roles(lead=lead, member=screener, roles=[Role.OBSERVER])
    event = AuditEvent.objects.get(action="member.roles_changed")
    assert event.before == {"roles": ["screener"]}
    assert event.after == {"roles": ["observer"]}


def test_a_lead_cannot_touch_members_of_another_review(lead):
    foreign = factories.make_member(factories.make_review(), "screener")
    with pytest.raises(ValidationError, match="not a member"):
        people.change_roles(lead=lead, member=foreign, roles=[Role.OBSERVER])


def test_two_reviews_of_one_title_get_two_addresses(stranger):
    first = people.create_review(creator=stranger, title="Same title")
    second = people.create_review(creator=stranger, title="Same title")
    assert [first.slug, second.slug] == ["same-title", "same-title-2"]
