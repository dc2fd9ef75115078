"""Where a person is signed in: listed, ended, limited in time; the password ends the others."""

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.sessions import BEGAN, SEEN
from screening.models import AuditEvent, SignIn
from tests import factories

pytestmark = pytest.mark.django_db

PAGE, ACCOUNT = "/account/sign-ins/", "/account/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def browser_of(user, agent=FIREFOX, **headers):
    client = Client(headers={"user-agent": agent} | headers)
    sent = {"username": user.email, "password": factories.PASSWORD}
    assert client.post(reverse("screening:login"), sent).status_code == 302
    return client


def is_in(client):
    return client.get(ACCOUNT).status_code == 200


def test_the_page_names_every_session_and_marks_this_one(stranger):
    here, _there = browser_of(stranger), browser_of(stranger, "Chrome/130 Windows")
    page = here.get(PAGE).content.decode()
    assert page.index("Firefox on Linux") < page.index("This one") < page.index("Chrome on Windows")
    assert "127.0.0.1" in page
    assert stranger.sign_ins.count() == 2


def test_a_session_is_ended_from_another_one(stranger):
    here, there = browser_of(stranger), browser_of(stranger)
    last = stranger.sign_ins.latest("pk")
    here.post(reverse("screening:end-sign-in", args=[last.pk]))
    assert is_in(here)
    assert not is_in(there)


def test_all_other_sessions_are_ended_at_once(stranger):
    here, *others = (browser_of(stranger) for _ in range(3))
    here.post(reverse("screening:end-other-sign-ins"))
    assert [is_in(one) for one in (here, *others)] == [True, False, False]
    event = AuditEvent.objects.get(action="sign_in.others_ended")
    assert (event.actor, event.after) == (stranger, {"ended": 2})


def test_nobody_ends_or_sees_another_persons_session(stranger, lead):
    theirs, mine = browser_of(stranger), browser_of(lead.user, "Chrome/130 Windows")
    url = reverse("screening:end-sign-in", args=[stranger.sign_ins.get().pk])
    assert mine.post(url).status_code == 404
    assert "Firefox" not in mine.get(PAGE).content.decode()
    assert is_in(theirs)


def test_signing_out_forgets_the_session(stranger):
    client = browser_of(stranger)
    client.post(reverse("screening:logout"))
    assert not SignIn.objects.exists()


@pytest.mark.parametrize(("mark", "days"), [(SEEN, 8), (BEGAN, 31)])
def test_a_session_ends_when_idle_or_old(stranger, mark, days):
    client = browser_of(stranger)
    session = client.session
    session[mark] -= days * 24 * 3600
    session.save()
    assert not is_in(client)
    assert not SignIn.objects.exists()


def test_use_is_noted_every_five_minutes_only(stranger, django_assert_num_queries):
    client = browser_of(stranger)
    url = reverse("screening:session")
    SignIn.objects.update(seen_at="2020-01-01T00:00:00Z")
    with django_assert_num_queries(2):  # the session, the person
        client.get(url)
    client.get(ACCOUNT)
    assert stranger.sign_ins.get().seen_at.year == 2020
    session = client.session
    session[SEEN] -= 400
    session.save()
    client.get(ACCOUNT)
    assert stranger.sign_ins.get().seen_at.year > 2020


def test_a_new_password_ends_every_other_session_and_the_former_key_of_this_one(stranger):
    here, there = browser_of(stranger), browser_of(stranger)
    former = here.session.session_key
    sent = {"old_password": factories.PASSWORD, "new_password": "another long enough phrase"}
    assert here.post(ACCOUNT, sent | {"again": "different"}).status_code == 400
    assert here.post(ACCOUNT, sent | {"again": sent["new_password"]}).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert here.session.session_key != former
    assert stranger.sign_ins.get().session_key == here.session.session_key
    stranger.refresh_from_db()
    assert stranger.check_password(sent["new_password"])


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("password1234", "too common"),
        ("stella stranger", "too similar"),
        ("123456789012", "entirely numeric"),
    ],
)
def test_the_rules_are_told_before_typing_and_held(client_of, stranger, password, why):
    client = client_of(stranger)
    assert b"at least 12 characters" in client.get(ACCOUNT).content
    sent = {"old_password": factories.PASSWORD, "new_password": password, "again": password}
    page = client.post(ACCOUNT, sent)
    assert page.status_code == 400
    assert why in page.content.decode()


def test_without_the_old_password_nothing_changes(client_of, stranger):
    phrase = "another long enough phrase"
    sent = {"old_password": "wrong", "new_password": phrase, "again": phrase}
    assert b"not your current password" in client_of(stranger).post(ACCOUNT, sent).content
    stranger.refresh_from_db()
    assert stranger.check_password(factories.PASSWORD)


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 10.0.0.7", "10.0.0.7"),
        (2, "10.0.0.8", "10.0.0.8"),
        (1, "no address", None),
    ],
)
def test_the_address_is_the_one_our_own_proxies_saw(stranger, settings, proxies, told, address):
    settings.PROXY_COUNT = proxies
    browser_of(stranger, **{"x-forwarded-for": told})
    assert stranger.sign_ins.get().address == address


def test_a_locked_address_locks_nobody_elsewhere(stranger, settings):
    settings.PROXY_COUNT = 1
    attacker = Client(headers={"x-forwarded-for": "203.0.113.9"})
    for _ in range(8):
        wrong = {"username": stranger.email, "password": "wrong"}
        answer = attacker.post(reverse("screening:login"), wrong)
    assert answer.status_code == 429
    assert is_in(browser_of(stranger, **{"x-forwarded-for": "198.51.100.4"}))
