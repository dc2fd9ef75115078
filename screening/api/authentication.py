"""Tokens of programs, and how often one may ask."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

from screening.models import ApiToken, User
from screening.services.tokens import token_of

WORD = "Bearer"


class PersonRate(UserRateThrottle):
    """So many requests a person, whatever the tokens."""

    scope = "person"


class BadTokenRate(SimpleRateThrottle):
    """So many requests with a wrong token an address."""

    scope = "bad_token"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str:
        """By the address."""
        ident = self.get_ident(request)  # type: ignore[arg-type]  # reads META only
        return f"throttle_bad_token_{ident}"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer srt_...`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's person.

        Raises:
            AuthenticationFailed: The token is unknown, expired or withdrawn.
            Throttled: Too many of those came from this address.
        """
        word, _, text = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != WORD.lower():
            return None
        token = token_of(text.strip())
        if token is None:
            self._refuse(request)
            raise exceptions.AuthenticationFailed(
                "This token is unknown, has expired or was withdrawn. Make one on your account."
            )
        return token.user, token

    @staticmethod
    def _refuse(request: Request) -> None:
        rate = BadTokenRate()
        if not rate.allow_request(request, None):  # type: ignore[arg-type]  # asks no view
            raise exceptions.Throttled(rate.wait())

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return f'{WORD} realm="api"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        del auto_schema
        words = "A token of your account page; its scopes say what it is good for."
        return {"type": "http", "scheme": "bearer", "description": words}
