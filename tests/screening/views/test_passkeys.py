"""Passkeys: made, used after the password and alone, named, removed, forged, replayed."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from screening.models import AuditEvent, Passkey, RecoveryCode, SecondFactor
from screening.rules.one_time import code_at
from screening.services import second_factors
from screening.services.passkeys import MOST, Site
from screening.services.sealing import unsealed
from screening.services.second_factors import secret_of
from tests import factories
from tests.authenticator import Authenticator

pytestmark = pytest.mark.django_db

PAGE, OPTIONS = "/account/passkeys/", "/account/passkeys/options/"
LOGIN, CODE, SESSION = "/login/", "/login/code/", "/session/"
ENTER, ENTER_OPTIONS = "/login/passkey/", "/login/passkey/options/"
PASSWORD = {"password": factories.PASSWORD}


def add(client, device, name="Laptop"):
    options = client.post(OPTIONS, PASSWORD).json()
    sent = {"action": "add", "name": name, "credential": json.dumps(device.create(options))}
    return client.post(PAGE, sent)


def enter(client, device, *, step="", to=""):
    options = client.post(ENTER_OPTIONS, {"step": step}).json()
    answer = json.dumps(device.get(options))
    return client.post(ENTER, {"credential": answer, "step": step, "next": to})


def first_step(user):
    client = Client()
    sent = {"username": user.email, "password": factories.PASSWORD}
    return client, client.post(LOGIN, sent)


def is_in(client):
    return client.get("/account/").status_code == 200


@pytest.fixture
def device():
    return Authenticator()


@pytest.fixture
def home(stranger, client_of, device):
    """The stranger's own browser; the device has a passkey of theirs."""
    client = client_of(stranger)
    assert add(client, device).status_code == 200
    return client


def test_the_first_one_comes_with_recovery_codes_and_is_asked_for_from_then_on(stranger, client_of):
    client, device = client_of(stranger), Authenticator()
    shown = add(client, device).content.decode()
    assert shown.count("<li><code>") == 8
    assert "Laptop" in client.get(PAGE).content.decode()
    browser, answer = first_step(stranger)
    assert answer.url == CODE
    assert not is_in(browser)
    assert b"Use your passkey" in browser.get(CODE).content
    assert enter(browser, device, step="second").url == "/"
    assert is_in(browser)
    passkey = Passkey.objects.get()
    assert (passkey.uses, passkey.host, passkey.used_at is None) == (1, "testserver", False)


def test_a_second_one_gives_no_new_codes(home):
    before = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert add(home, Authenticator(), "Key").url == PAGE
    assert set(RecoveryCode.objects.values_list("code_hash", flat=True)) == before
    assert AuditEvent.objects.filter(action="passkey.added").count() == 2


def test_it_signs_in_alone_where_the_device_asks_who_it_is(stranger, home, device):
    browser = Client()
    assert b"Sign in with a passkey" in browser.get(LOGIN).content
    assert enter(browser, device, to="/account/tokens/").url == "/account/tokens/"
    assert is_in(browser)
    assert stranger.sign_ins.get(session_key=browser.session.session_key).way == "passkey"
    device.is_verifying = False  # whoever found the key could press its button
    other = Client()
    assert enter(other, device).url == LOGIN
    assert not is_in(other)
    browser, _ = first_step(stranger)  # after the password that is enough
    assert enter(browser, device, step="second").url == "/"


def test_the_way_on_leads_nowhere_else(home, device):
    assert enter(Client(), device, to="https://evil.example/").url == "/"


def test_without_the_password_none_is_made(stranger, client_of, device):
    client = client_of(stranger)
    assert client.post(OPTIONS, {"password": "wrong"}).status_code == 400
    made = json.dumps(device.create({"challenge": "A" * 43}))
    answer = client.post(PAGE, {"action": "add", "name": "x", "credential": made})
    assert answer.status_code == 400
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("lie", [
    {"origin": "https://evil.example"}, {"origin": "https://testserver"}, {"host": "evil.example"},
])  # fmt: skip
def test_answers_of_other_places_are_refused(stranger, home, client_of, device, lie):
    assert add(home, Authenticator(**lie)).status_code == 400
    assert Passkey.objects.count() == 1
    for name, value in lie.items():
        setattr(device, name, value)
    browser = Client()
    enter(browser, device)
    assert not is_in(browser)


def test_another_key_another_challenge_and_an_unknown_passkey_are_refused(home, device):
    stolen = Authenticator(identifier=device.identifier)
    assert enter(Client(), stolen).url == LOGIN
    assert enter(Client(), Authenticator()).url == LOGIN
    browser = Client()
    browser.post(ENTER_OPTIONS)
    answer = json.dumps(device.get({"challenge": "A" * 43}))
    assert browser.post(ENTER, {"credential": answer}).url == LOGIN
    assert not is_in(browser)


def test_an_answer_is_taken_once(home, device):
    browser = Client()
    answer = {"credential": json.dumps(device.get(browser.post(ENTER_OPTIONS).json()))}
    assert browser.post(ENTER, answer).url == "/"
    browser.logout()
    assert browser.post(ENTER, answer).url == LOGIN
    assert not is_in(browser)


def test_what_was_asked_waits_five_minutes(home, device):
    browser = Client()
    options = browser.post(ENTER_OPTIONS).json()
    session = browser.session
    session["passkey_asked"] |= {"at": session["passkey_asked"]["at"] - 301}
    session.save()
    assert browser.post(ENTER, {"credential": json.dumps(device.get(options))}).url == LOGIN


def test_a_count_that_goes_back_shows_a_copy(home, device):
    enter(Client(), device)
    device.uses = 0
    browser = Client()
    enter(browser, device)
    assert not is_in(browser)


@pytest.mark.parametrize("given", ["", "{", "[]", "{}", '{"id": 1}', "[" * 60000])
def test_what_no_browser_sends_is_refused(home, given):
    browser = Client()
    browser.post(ENTER_OPTIONS)
    assert browser.post(ENTER, {"credential": given}).url == LOGIN
    home.post(OPTIONS, PASSWORD)
    answer = home.post(PAGE, {"action": "add", "name": "x", "credential": given})
    assert answer.status_code == 400


def test_the_second_step_takes_a_passkey_of_the_same_person_only(home, device, client_of):
    other, key = factories.make_user("Mallory"), Authenticator()
    add(client_of(other), key)
    browser, _ = first_step(home.get("/").wsgi_request.user)
    assert enter(browser, key, step="second").url == CODE
    assert not is_in(browser)


def test_the_answer_for_one_step_is_not_taken_for_the_other(stranger, home, device):
    device.is_verifying = False
    browser, _ = first_step(stranger)
    options = browser.post(ENTER_OPTIONS, {"step": "second"}).json()
    answer = json.dumps(device.get(options))
    assert browser.post(ENTER, {"credential": answer, "step": ""}).url == LOGIN
    assert not is_in(browser)


def test_a_closed_account_is_not_opened(stranger, home, device):
    stranger.is_active = False
    stranger.save()
    assert enter(Client(), device).url == LOGIN


def test_a_recovery_code_stands_in(stranger, client_of):
    shown = add(client_of(stranger), Authenticator()).content.decode()
    code = shown.split("<li><code>")[1].split("<")[0]
    browser, _ = first_step(stranger)
    assert browser.post(CODE, {"code": "123456"}).status_code == 400  # there is no app
    assert browser.post(CODE, {"code": code}).status_code == 302
    assert is_in(browser)


def test_one_is_renamed_and_removed_by_its_owner_with_the_password(home, client_of):
    passkey = Passkey.objects.get()
    thief = client_of(factories.make_user("Mallory"))
    for action in ("rename", "remove"):
        sent = PASSWORD | {"action": action, "passkey": passkey.pk, "name": "Phone"}
        assert thief.post(PAGE, sent).status_code == 404
    assert (
        home.post(PAGE, {"action": "rename", "passkey": passkey.pk, "name": " "}).status_code == 400
    )
    home.post(PAGE, {"action": "rename", "passkey": passkey.pk, "name": "Phone"})
    assert Passkey.objects.get().name == "Phone"
    wrong = {"action": "remove", "passkey": passkey.pk, "password": "wrong"}
    assert home.post(PAGE, wrong).status_code == 400
    assert (
        home.post(PAGE, PASSWORD | {"action": "remove", "passkey": passkey.pk}).status_code == 302
    )
    assert not SecondFactor.objects.exists()  # nothing is left to be asked for


def test_an_app_is_added_beside_it_and_either_may_go(stranger, home, monkeypatch):
    monkeypatch.setattr("screening.services.second_factors.time.time", lambda: 30 * 10**6)
    second_factors.begin_second_factor(user=stranger)
    factor = SecondFactor.objects.get()
    assert (factor.secret, factor.confirmed_at is None) == ("", False)
    assert b"Add the key to your app" in home.get("/account/second-factor/").content
    code = code_at(secret_of(factor), 10**6)
    second_factors.confirm_second_factor(user=stranger, code=code)
    factor.refresh_from_db()
    assert (factor.next_secret, factor.secret != "") == ("", True)
    code = code_at(unsealed(factor.secret), 10**6 + 1)
    second_factors.remove_second_factor(user=stranger, code=code)
    factor.refresh_from_db()
    assert factor.secret == ""
    assert factor.passkeys.exists()
    assert b"Add an app of one-time codes" in home.get("/account/second-factor/").content


def test_an_app_stays_when_the_last_passkey_goes(stranger, home):
    SecondFactor.objects.update(secret="sealed")
    home.post(PAGE, PASSWORD | {"action": "remove", "passkey": Passkey.objects.get().pk})
    assert SecondFactor.objects.get().recovery_codes.count() == 8


def test_an_app_that_was_begun_can_still_be_confirmed(stranger, client_of, device):
    second_factors.begin_second_factor(user=stranger)
    begun = SecondFactor.objects.get().secret
    add(client_of(stranger), device)
    factor = SecondFactor.objects.get()
    assert (factor.secret, factor.next_secret) == ("", begun)


def test_there_is_a_bound_to_how_many(home):
    first = Passkey.objects.get()
    Passkey.objects.bulk_create(
        Passkey(factor=first.factor, name="x", host="testserver", credential_id=str(n),
                credential=first.credential)
        for n in range(MOST - 1)
    )  # fmt: skip
    answer = home.post(OPTIONS, PASSWORD)
    assert (answer.status_code, "Remove one" in answer.json()["error"]) == (400, True)


def test_the_same_device_twice_is_refused(home, device):
    answer = add(home, device)
    assert answer.status_code == 400
    assert b"registered already" in answer.content


def test_the_operator_resets_them_too(stranger, home):
    call_command("reset_second_factor", stranger.email)
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(("host", "can"), [
    ("localhost", True), ("review.example.org", True), ("127.0.0.1", False), ("[::1]", False),
])  # fmt: skip
def test_a_bare_address_has_no_passkeys(host, can):
    assert Site(host, f"http://{host}").can_have_passkeys == can


def test_the_page_says_so(stranger, client_of, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    client = client_of(stranger)
    assert b"Not at this address" in client.get(PAGE, headers={"host": "127.0.0.1:8000"}).content
    assert b"for localhost and" in client.get(PAGE, headers={"host": "localhost:8000"}).content


def test_a_passkey_of_another_host_is_not_offered(stranger, home, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    assert (
        b"Sign in with a passkey" not in Client().get(LOGIN, headers={"host": "localhost"}).content
    )
    browser, _ = first_step(stranger)
    told = browser.get(CODE, headers={"host": "localhost"}).content
    assert b"another address of this installation" in told


def again(client, user, device, *, step="", username=None):
    """Sign in with the device over a page whose session ended."""
    options = client.post(ENTER_OPTIONS, {"step": step}).json()
    sent = {"credential": json.dumps(device.get(options)), "step": step}
    return client.post(SESSION, sent | {"username": username or user.email})


def test_over_a_page_whose_session_ended_a_passkey_signs_in_alone(home, stranger, device):
    browser = Client()
    told = again(browser, stranger, device).json()
    assert told["account"] == stranger.pk
    assert told["token"]
    assert is_in(browser)
    assert stranger.sign_ins.latest("pk").way == "passkey"


def test_over_a_page_it_comes_after_the_password_too(home, stranger, device):
    browser = Client()
    first = browser.post(SESSION, PASSWORD | {"username": stranger.email})
    assert first.status_code == 400
    assert first.json() == {
        "error": "Now use your passkey, or type a recovery code.",
        "needs_code": True,
        "has_app": False,
        "has_passkeys": True,
    }
    assert not is_in(browser)
    device.is_verifying = False  # as a key that is only touched: the password was the first step
    assert again(browser, stranger, device, step="second").json()["account"] == stranger.pk
    assert stranger.sign_ins.latest("pk").way == "password"


def test_over_a_page_nobody_else_comes_in(home, stranger, device, lead):
    browser = Client()
    refused = again(browser, stranger, device, username=lead.user.email)
    assert (refused.status_code, refused.json()["error"]) == (
        400,
        "This passkey is of another account.",
    )
    assert not is_in(browser)
    stolen = browser.post(SESSION, {"credential": "{}", "username": stranger.email})
    assert stolen.status_code == 400
    assert not is_in(browser)
    device.is_verifying = False  # alone it needs a finger, a face or a PIN
    assert again(browser, stranger, device).status_code == 400
    assert not is_in(browser)


def test_the_page_offers_what_the_person_has(client_of, screener, review):
    place = {"slug": review.slug, "stage": "title-abstract"}
    for name in ("screen", "worklist"):
        address = reverse(f"screening:{name}", kwargs=place)
        client, device = client_of(screener), Authenticator()
        Passkey.objects.all().delete()
        page = client.get(address).content.decode()
        assert "Use a passkey" not in page
        assert 'id="again-password"' in page
        add(client, device)
        assert "Use a passkey" in client.get(address).content.decode()
    screener.user.set_unusable_password()
    screener.user.save()
    client.force_login(screener.user)
    assert 'id="again-password"' not in client.get(address).content.decode()
