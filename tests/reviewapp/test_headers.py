"""What every answer carries, and what no form does without its token (ASVS 3.3 to 3.5)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.test_doors import DOORS, ROUTES

pytestmark = pytest.mark.django_db

INLINE = re.compile(
    r"""<script(?![^>]*\b(src|type="application/json")=?)|<style|\son\w+=|javascript:"""
)
POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "worker-src 'self'",
}
PAGES = [
    "/",
    "/account/",
    "/account/sign-ins/",
    "/account/second-factor/",
    "/account/tokens/",
    "/r/ssl/",
    "/r/ssl/members/",
    "/r/ssl/settings/",
    "/nowhere/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_policy_and_runs_nothing_inline(client_of, lead, path):
    answer = client_of(lead).get(path)
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not INLINE.search(answer.content.decode())


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(stranger, client, settings):
    settings.SESSION_COOKIE_SECURE = True
    sent = {"username": stranger.email, "password": factories.PASSWORD}
    cookie = client.post(reverse("screening:login"), sent).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)


def test_the_key_of_a_session_changes_when_somebody_signs_in(stranger, client):
    client.get(reverse("screening:login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key
    sent = {"username": stranger.email, "password": factories.PASSWORD}
    client.post(reverse("screening:login"), sent)
    assert client.session.session_key != session.session_key


def test_no_form_is_taken_without_its_token(lead):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead.user)
    taken = []
    for door in DOORS:
        names = [part.split(">")[0].split(":")[-1] for part in ROUTES[door.name].split("<")[1:]]
        arguments = {name: door.fixed.get(name, 1) for name in names} | {"slug": "ssl"}
        if door.method == "post":
            for name in {"row_key", "file_format", "box"} & set(names):
                arguments[name] = door.fixed.get(name, "x")
            status = client.post(reverse(door.name, kwargs=arguments), dict(door.data)).status_code
            taken += [] if status == 403 else [(door.name, status)]
    assert taken == []
