"""Signing in by one's institution, against a small provider of our own."""

import base64
import hashlib
import json
import time
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from screening.models import AuditEvent, Identity, User
from screening.rules.one_time import code_at
from screening.services import second_factors
from screening.services.sealing import unsealed
from tests import factories
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db

ISSUER = "https://id.example.edu"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
START, BACK = "/login/institution/", "/login/institution/back/"


class Provider:
    """Answers like an institution; `wrong` names what it does wrong."""

    def __init__(self):
        self.wrong = ""
        self.person = {
            "sub": "p-1",
            "email": "Ines@Example.edu",
            "email_verified": True,
            "name": "Ines",
        }
        self.given = {}  # by code: the nonce and the challenge

    def page(self, address):
        """What its own sign-in page does: send the browser back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self.given["c-1"] = asked
        return {"code": "c-1", "state": asked["state"]}

    def __call__(self, request):
        places = {
            "/.well-known/openid-configuration": self.configuration,
            "/token": self.token,
            "/keys": self.keys,
            "/userinfo": self.userinfo,
        }
        return places[request.url.path](request)

    def configuration(self, _request):
        told = {
            "issuer": "https://evil.example" if self.wrong == "configuration" else ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize?tenant=x",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": "http://id.example.edu/keys" if self.wrong == "http" else f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
        }
        return httpx.Response(200, json=told)

    def keys(self, _request):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return httpx.Response(200, json={"keys": [public | {"kid": "k", "alg": "RS256"}]})

    def userinfo(self, request):
        assert request.headers["authorization"] == "Bearer access"
        sub = "p-9" if self.wrong == "userinfo" else "p-1"
        return httpx.Response(200, json=self.person | {"sub": sub})

    def token(self, request):
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        pair = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        asked = self.given.pop(form["code"], {})  # a code works once
        is_right = (
            pair == "our-id:our%20secret"
            and asked.get("redirect_uri") == form["redirect_uri"] == f"http://testserver{BACK}"
            and asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        )
        if not is_right:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json={"id_token": self.signed(asked), "access_token": "access"})

    def signed(self, asked):
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "our-id",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
        } | self.person
        spoilt = {
            "issuer": {"iss": "https://evil.example"},
            "audience": {"aud": "another"},
            "party": {"aud": ["our-id", "another"], "azp": "another"},
            "old": {"exp": now - 120},
            "nonce": {"nonce": "x"},
        }
        claims |= spoilt.get(self.wrong, {})
        if self.wrong == "userinfo" or self.person.get("by_userinfo"):
            claims = {n: v for n, v in claims.items() if n not in {"email", "email_verified"}}
        if self.wrong == "none":
            return jwt.encode(claims, None, algorithm="none")
        if self.wrong == "secret":  # the public key taken for a shared secret
            return jwt.encode(claims, "x" * 40, algorithm="HS256", headers={"kid": "k"})
        key = OTHER_KEY if self.wrong == "signature" else KEY
        kid = "unknown" if self.wrong == "kid" else "k"
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})


@pytest.fixture
def provider(settings):
    provider = Provider()
    settings.OIDC_ISSUER, settings.OIDC_NAME = ISSUER, "Example University"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "our-id", "our secret"
    settings.OIDC_CREATES_ACCOUNTS = True
    settings.OIDC_TRANSPORT = httpx.MockTransport(provider)
    return provider


def through(client, provider, to="", **changed):
    """Go to the institution and come back; what the browser brings can be changed."""
    answer = client.get(START, {"next": to})
    assert answer.url.startswith(f"{ISSUER}/authorize?tenant=x&")
    brought = provider.page(answer.url) | changed
    return client.get(BACK, {n: v for n, v in brought.items() if v is not None})


def is_in(client):
    return client.get("/account/").status_code == 200


def test_a_new_person_gets_an_account_and_comes_back_to_it(provider, client):
    assert "Sign in with Example University" in client.get("/login/").content.decode()
    assert through(client, provider, to="/account/tokens/").url == "/account/tokens/"
    user = User.objects.get(email="ines@example.edu")
    assert (user.name, user.has_usable_password()) == ("Ines", False)
    assert user.sign_ins.get().way == "institution"
    assert b"Change the password" not in client.get("/account/").content
    provider.person["email"] = "new-name@example.edu"  # the subject counts, not the email
    again = Client()
    through(again, provider)
    assert is_in(again)
    assert Identity.objects.count() == 1


def test_an_email_in_the_userinfo_counts(provider, client):
    provider.person["by_userinfo"] = True
    through(client, provider)
    assert is_in(client)


@pytest.mark.parametrize(
    "wrong",
    [
        "configuration",
        "http",
        "issuer",
        "audience",
        "party",
        "old",
        "nonce",
        "none",
        "secret",
        "signature",
        "kid",
        "userinfo",
    ],
)
def test_what_the_institution_must_not_say_lets_nobody_in(provider, client, wrong):
    provider.wrong = wrong
    is_told_first = wrong in {"configuration", "http"}
    answer = client.get(START) if is_told_first else through(client, provider)
    assert answer.url == "/login/"
    assert not is_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [{"state": "x"}, {"state": None}, {"code": "stolen"}, {"code": None}, {"iss": "https://e.ex"}],
)
def test_what_the_browser_must_not_bring_lets_nobody_in(provider, client, changed):
    through(client, provider, **changed)
    assert not is_in(client)
    assert "notice-error" in client.get("/login/").content.decode()


def test_an_answer_is_taken_once_and_only_by_the_browser_that_asked(provider, client):
    answer = client.get(START)
    brought = provider.page(answer.url)
    Client().get(BACK, brought)
    assert not User.objects.exists()
    assert client.get(BACK, brought).url == "/"
    client.logout()
    assert client.get(BACK, brought).url == "/login/"


def test_no_account_is_taken_over_by_its_email(provider, client):
    owner = factories.make_user("Ines Own", email="ines@example.edu")
    through(client, provider)
    assert not is_in(client)
    assert "connect it on your account page" in client.get("/login/").content.decode()
    assert not owner.identities.exists()


def test_its_owner_connects_it_and_disconnects_it(provider):
    owner = factories.make_user("Ines Own", email="other@example.org")
    client, url = ClientOf(owner), reverse("screening:connect-institution")
    assert client.get(START).url == "/account/"  # only after the page that asks
    client.post(url, {"action": "connect"})
    through(client, provider)
    assert owner.identities.get().subject == "p-1"
    visitor = Client()
    through(visitor, provider)
    assert visitor.get("/account/").context["user"] == owner
    thief = ClientOf(factories.make_user("Thief"))
    thief.post(url, {"action": "connect"})
    through(thief, provider)
    assert "connected with another account" in thief.get("/account/").content.decode()
    client.post(url, {"action": "disconnect"})
    assert not Identity.objects.exists()
    assert AuditEvent.objects.filter(action__startswith="identity.").count() == 2


def test_somebody_without_a_password_keeps_the_only_door(provider, client):
    through(client, provider)
    client.post(reverse("screening:connect-institution"), {"action": "disconnect"})
    assert Identity.objects.exists()


@pytest.mark.parametrize("spoil", ["unverified", "no email", "closed", "no accounts"])
def test_who_is_not_let_in(provider, client, settings, spoil):
    if spoil == "unverified":
        provider.person["email_verified"] = "true"
    elif spoil == "no email":
        del provider.person["email"]
    elif spoil == "no accounts":
        settings.OIDC_CREATES_ACCOUNTS = False
    else:
        through(Client(), provider)
        User.objects.update(is_active=False)
    through(client, provider)
    assert not is_in(client)


def test_the_second_factor_is_asked_for_here_too(provider, client):
    through(Client(), provider)
    user = User.objects.get()
    factor = second_factors.begin_second_factor(user=user)
    code = code_at(unsealed(factor.secret), int(time.time() // 30))
    second_factors.confirm_second_factor(user=user, code=code)
    assert through(client, provider).url == "/login/code/"
    assert not is_in(client)


def test_without_settings_there_is_no_such_door(client):
    assert client.get(START).status_code == 404
    assert client.get(BACK).status_code == 404
    assert b"login/institution" not in client.get("/login/").content


def test_an_institution_that_does_not_answer_is_told(settings, client):
    settings.OIDC_ISSUER = ISSUER  # and the tests have no network
    assert client.get(START).url == "/login/"
    assert b"does not answer" in client.get("/login/").content
