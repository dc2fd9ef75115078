"""OpenID Connect: the code flow with PKCE, state and nonce, towards one institution."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jwt

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
SECONDS = 10.0
MAX_BYTES = 1_000_000
LEEWAY_SECONDS = 60
SCOPES = "openid email profile"


class OpenIdError(Exception):
    """The institution's answer cannot be trusted or read; the text is for people."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An institution and what it knows this installation by; nothing outside is asked at `http`."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    transport: httpx.BaseTransport | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one sign-in was begun with; it lies in the session of the browser that began it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the institution says this is. The email counts only when it is verified."""

    subject: str
    email: str
    is_email_verified: bool
    name: str


def new_asked() -> Asked:
    """Three random texts of 256 bits."""
    return Asked(*(secrets.token_urlsafe(32) for _ in range(3)))


def discover(provider: Provider) -> dict[str, str]:
    """Where the institution's pages are.

    Raises:
        OpenIdError: It does not answer, names another issuer, or an address that is not https.
    """
    url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    told = _read(provider, "GET", url)
    if told.get("issuer") != provider.issuer:
        raise OpenIdError("The institution names another issuer than the settings do.")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = {name: str(told.get(name, "")) for name in (*needed, "userinfo_endpoint")}
    for name in needed:
        if not found[name].startswith("https://"):
            raise OpenIdError(f"The institution gives no https address as {name}.")
    return found


def asking_address(
    provider: Provider, places: Mapping[str, str], asked: Asked, back_to: str
) -> str:
    """The page of the institution that a browser is sent to."""
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back_to,
        "scope": SCOPES,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    place = places["authorization_endpoint"]
    return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"


def claims_of(
    provider: Provider, places: Mapping[str, str], asked: Asked, *, code: str, back_to: str
) -> Claims:
    """Change the code for an ID token and read it.

    Args:
        provider: The institution.
        places: Of `discover`.
        asked: What this sign-in was begun with.
        code: What the browser brought back.
        back_to: The same address as in `asking_address`.

    Returns:
        Who it is.

    Raises:
        OpenIdError: The code is refused, or signature, issuer, audience, time or nonce is wrong.
    """
    given = _tokens(provider, places, asked, code, back_to)
    claims = _checked(provider, places, str(given.get("id_token", "")))
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), asked.nonce.encode()):
        raise OpenIdError("The institution's answer belongs to another sign-in.")
    if "email" not in claims and places.get("userinfo_endpoint", "").startswith("https://"):
        told = _read(
            provider,
            "GET",
            places["userinfo_endpoint"],
            headers={"Authorization": f"Bearer {given.get('access_token', '')}"},
        )
        if told.get("sub") != claims["sub"]:
            raise OpenIdError("The institution tells of another person than its ID token.")
        claims = told | claims
    return Claims(
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")).strip().lower(),
        is_email_verified=claims.get("email_verified") is True,
        name=str(claims.get("name", "")).strip(),
    )


def _tokens(
    provider: Provider, places: Mapping[str, str], asked: Asked, code: str, back_to: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_to,
        "code_verifier": asked.verifier,
    }
    headers = {}
    if provider.client_secret:  # RFC 6749, section 2.3.1
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form["client_id"] = provider.client_id
    return _read(provider, "POST", places["token_endpoint"], headers=headers, data=form)


def _checked(provider: Provider, places: Mapping[str, str], token: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience and time are right."""
    keys = _read(provider, "GET", places["jwks_uri"])
    try:
        key = _key_of(keys, jwt.get_unverified_header(token).get("kid"))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise OpenIdError("The institution's ID token does not hold.") from error
    is_of_several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (is_of_several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise OpenIdError("The institution's ID token was made for another application.")
    return claims


def _key_of(keys: dict[str, Any], wanted: str | None) -> jwt.PyJWK:
    """The key of that id, or the only one there is."""
    found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if wanted in {None, key.key_id}]
    if len(found) != 1:
        raise OpenIdError("The institution's ID token is signed with an unknown key.")
    return found[0]


def _read(provider: Provider, method: str, url: str, **sent: Any) -> dict[str, Any]:
    """An answer in JSON: https only, no redirects, bounded in time and size."""
    if not url.startswith("https://"):
        raise OpenIdError("The institution is asked at https addresses only.")
    try:
        with (
            httpx.Client(transport=provider.transport, timeout=SECONDS) as client,
            client.stream(method, url, **sent) as answer,
        ):
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > MAX_BYTES:
                    raise OpenIdError("The institution's answer is too large.")
    except httpx.HTTPError as error:
        raise OpenIdError("The institution does not answer. Try again in a moment.") from error
    if answer.status_code != httpx.codes.OK:
        raise OpenIdError(f"The institution refused ({answer.status_code}). Begin again.")
    try:
        told = json.loads(body)
    except ValueError as error:
        raise OpenIdError("The institution's answer cannot be read.") from error
    if not isinstance(told, dict):
        raise OpenIdError("The institution's answer cannot be read.")
    return told
