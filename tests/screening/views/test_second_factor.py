"""The second factor as pages: set up, asked for, replayed, lost, required, reset."""

import re
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.models import AuditEvent, RecoveryCode, SecondFactor
from screening.rules.one_time import code_at
from screening.rules.scopes import Scope
from screening.services import second_factors as services
from screening.services.sealing import unsealed
from screening.services.tokens import make_token
from tests import factories
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db

PAGE, LOGIN, CODE, SESSION = "/account/second-factor/", "/login/", "/login/code/", "/session/"


def code_of(user, steps_ahead=0):
    factor = SecondFactor.objects.get(user=user)
    step = max(int(time.time() // 30), factor.last_step + 1) + steps_ahead
    return code_at(unsealed(factor.secret), step)


@pytest.fixture
def codes(stranger):
    """The stranger has a second factor; these are the recovery codes."""
    services.begin_second_factor(user=stranger)
    return services.confirm_second_factor(user=stranger, code=code_of(stranger))


def first_step(user, to=""):
    client = Client()
    sent = {"username": user.email, "password": factories.PASSWORD, "next": to}
    return client, client.post(LOGIN, sent)


def is_in(client):
    return client.get("/account/").status_code == 200


def test_it_is_set_up_with_the_password_a_qr_code_and_one_code(client_of, stranger):
    client = client_of(stranger)
    assert client.post(PAGE, {"action": "begin", "password": "wrong"}).status_code == 400
    assert not SecondFactor.objects.exists()
    client.post(PAGE, {"action": "begin", "password": factories.PASSWORD})
    page = client.get(PAGE).content.decode()
    secret = re.search(r'key-text">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    assert "<svg" in page
    assert secret not in SecondFactor.objects.get().secret  # sealed
    assert client.post(PAGE, {"action": "confirm", "code": "000000"}).status_code == 400
    assert SecondFactor.objects.get().confirmed_at is None
    shown = client.post(
        PAGE, {"action": "confirm", "code": code_at(secret, int(time.time() // 30))}
    )
    assert len(re.findall(r"<li><code>", shown.content.decode())) == 8
    assert secret not in client.get(PAGE).content.decode()


def test_the_password_alone_lets_nobody_in(stranger, codes):
    client, answer = first_step(stranger, to="/account/tokens/")
    assert answer.url == CODE
    assert not is_in(client)
    assert client.post(CODE, {"code": "000000"}).status_code == 400
    assert not is_in(client)
    assert client.post(CODE, {"code": code_of(stranger)}).url == "/account/tokens/"
    assert is_in(client)
    assert stranger.sign_ins.get().session_key == client.session.session_key


def test_a_code_works_once_even_in_another_browser(stranger, codes):
    code = code_of(stranger)
    (first, _), (second, _) = first_step(stranger), first_step(stranger)
    assert first.post(CODE, {"code": code}).status_code == 302
    assert second.post(CODE, {"code": code}).status_code == 400


def test_a_recovery_code_works_once(stranger, codes):
    first, _ = first_step(stranger)
    assert first.post(CODE, {"code": codes[0].upper()}).status_code == 302
    second, _ = first_step(stranger)
    assert second.post(CODE, {"code": codes[0]}).status_code == 400
    assert second.post(CODE, {"code": codes[1]}).status_code == 302
    assert RecoveryCode.objects.filter(used_at__isnull=False).count() == 2
    assert AuditEvent.objects.filter(action="second_factor.recovery_code_used").count() == 2


def test_five_wrong_codes_close_it_for_everybody_for_a_while(stranger, codes):
    for _ in range(5):
        client, _ = first_step(stranger)
        client.post(CODE, {"code": "000000"})
    for right in (code_of(stranger), codes[0]):
        assert b"Wait 15 minutes" in client.post(CODE, {"code": right}).content
    SecondFactor.objects.update(closed_until=timezone.now())
    assert client.post(CODE, {"code": code_of(stranger)}).status_code == 302


def test_the_second_step_needs_a_fresh_first_one(stranger, codes):
    assert Client().get(CODE).url == LOGIN
    for spoil in ("late", "password", "closed"):
        client, _ = first_step(stranger)
        if spoil == "late":
            session = client.session
            session["sign_in_pending"] |= {"at": time.time() - 301}
            session.save()
        elif spoil == "password":
            stranger.set_password("another long enough phrase")
        else:
            stranger.is_active = False
        stranger.save()
        assert client.post(CODE, {"code": code_of(stranger)}).url == LOGIN, spoil
        assert not is_in(client)
        stranger.set_password(factories.PASSWORD)
        stranger.save()


def test_the_way_on_leads_nowhere_else(stranger, codes):
    client, _ = first_step(stranger, to="https://evil.example/")
    assert client.post(CODE, {"code": code_of(stranger)}).url == "/"


def test_signing_in_where_one_is_asks_for_the_code_too(stranger, codes):
    client = Client()
    sent = {"username": stranger.email, "password": factories.PASSWORD}
    told = client.post(SESSION, sent)
    assert (told.status_code, told.json()["needs_code"]) == (400, True)
    assert client.post(SESSION, sent | {"code": "000000"}).status_code == 400
    assert client.get(SESSION).json()["account"] is None
    assert client.post(SESSION, sent | {"code": code_of(stranger)}).json()["account"] == stranger.pk


def test_it_is_changed_and_removed_only_with_a_code(client_of, stranger, codes):
    client = client_of(stranger)
    for action in ("renew", "remove"):
        assert client.post(PAGE, {"action": action, "code": "000000"}).status_code == 400
    page = client.post(PAGE, {"action": "renew", "code": codes[0]}).content.decode()
    assert codes[1] not in page
    with pytest.raises(ValidationError):
        services.check_second_factor(user=stranger, code=codes[1])  # worthless now
    assert client.post(PAGE, {"action": "begin", "password": factories.PASSWORD}).status_code == 302
    assert SecondFactor.objects.get().confirmed_at is not None
    assert client.post(PAGE, {"action": "remove", "code": code_of(stranger)}).status_code == 302
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("by_review", ["nobody", "leads", "everyone"])
@pytest.mark.parametrize("by_house", ["nobody", "leads", "everyone"])
def test_a_review_or_the_installation_may_ask_for_it(settings, lead, screener, by_review, by_house):
    review = lead.review
    review.second_factor_of, settings.REQUIRE_SECOND_FACTOR = by_review, by_house
    review.save()
    shut = {"nobody": "", "leads": "L", "everyone": "LS"}
    shut = shut[by_review] + shut[by_house]
    page, api = review.get_absolute_url(), f"/api/v1/reviews/{review.slug}/"
    for mark, member in (("L", lead), ("S", screener)):
        _, text = make_token(user=member.user, name="x", scopes=list(Scope), days=1)
        program = Client(headers={"authorization": f"Bearer {text}"})
        person = ClientOf(member)
        assert (person.get(page).status_code == 302) == (mark in shut)
        assert (program.get(api).status_code == 403) == (mark in shut)
        services.begin_second_factor(user=member.user)
        services.confirm_second_factor(user=member.user, code=code_of(member.user))
        assert person.get(page).status_code == 200
        assert program.get(api).status_code == 200


def test_a_lead_asks_for_it_on_the_settings_page(client_of, lead, review):
    client, url = client_of(lead), reverse("screening:settings", args=[review.slug])
    assert b'name="second_factor_of"' in client.get(url).content
    api = f"/api/v1/reviews/{review.slug}/"
    sent = {"second_factor_of": "leads"}
    assert client.patch(api, sent, content_type="application/json").status_code == 200
    sent_on = client.get(url, follow=True)
    assert b"The review asks you for a second factor" in sent_on.content
    review.refresh_from_db()
    assert review.second_factor_of == "leads"


def test_an_administrator_resets_it_and_that_is_written_down(stranger, codes, lead, capsys):
    with pytest.raises(CommandError, match="Only an administrator"):
        call_command("reset_second_factor", stranger.email, by=lead.user.email)
    lead.user.is_superuser = True
    lead.user.save()
    call_command("reset_second_factor", stranger.email.upper(), by=lead.user.email)
    assert "password alone" in capsys.readouterr().out
    event = AuditEvent.objects.get(action="second_factor.reset")
    assert (event.actor, event.target_id) == (lead.user, str(stranger.pk))
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", stranger.email)
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("reset_second_factor", "nobody@example.org")


def test_another_key_of_the_installation_is_told(stranger, codes, settings):
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another key"
    with pytest.raises(ValidationError, match="key has changed"):
        services.check_second_factor(user=stranger, code="000000")
    services.check_second_factor(user=stranger, code=codes[0])
    settings.SECRET_KEY_FALLBACKS = [former]
    services.check_second_factor(user=stranger, code=code_of(stranger))
