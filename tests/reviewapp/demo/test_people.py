from django.contrib.auth import authenticate

from reviewapp.demo.protocol import PUBLISHED_EMAIL
from screening.models import Membership, User
from screening.rules.roles import Role


def test_every_printed_password_opens_its_account(people):
    for person in people:
        user = User.objects.get(email=person.email)
        assert user.check_password(person.password)
        assert user.memberships.get(review=people.review).roles == set(person.roles)


def test_passwords_are_random_and_long(people):
    passwords = {person.password for person in people}
    assert len(passwords) == len(people.members) == 3
    assert all(len(password) >= 16 for password in passwords)


def test_the_admin_may_do_everything(review):
    admin = Membership.objects.get(review=review, user__email="admin@example.org")
    assert admin.roles == {Role.LEAD, Role.SCREENER, Role.EXTRACTOR, Role.ADJUDICATOR}


def test_the_paper_s_team_can_never_sign_in(review, rf):
    team = Membership.objects.get(review=review, user__email=PUBLISHED_EMAIL)
    assert not team.is_active
    assert not team.user.has_usable_password()
    assert authenticate(rf.post("/"), username=PUBLISHED_EMAIL, password="x") is None
