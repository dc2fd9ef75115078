"""Sending a signed message to an address that a person named, and to no address inside."""

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx

SECONDS = 10.0
SIGNATURE, TIMESTAMP, EVENT, ID = (
    "X-Review-Signature",
    "X-Review-Timestamp",
    "X-Review-Event",
    "X-Review-Delivery",
)
Resolve = Callable[[str, int], Sequence[str]]


class RefusedAddressError(ValueError):
    """The address may not be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was checked: `ip` is what is connected to, so that a name cannot move."""

    url: str
    host: str
    port: int
    ip: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: a status, or why there was none."""

    status: int | None
    error: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the other side took the message."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


def signature_of(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`, in hexadecimal, as `sha256=...`.

    Args:
        secret: Of the webhook.
        timestamp: Seconds since 1970.
        body: As sent.

    Returns:
        What the header `X-Review-Signature` holds.

    Source:
        RFC 2104 with SHA-256; own definition of the signed text.
    """
    text = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host as the system knows them.

    Raises:
        OSError: There is no such host.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked_target(url: str, *, may_be_private: bool, resolve: Resolve = resolved) -> Target:
    """Check an address and fix the machine behind it.

    Args:
        url: As the person named it.
        may_be_private: Whether addresses inside, and http, are allowed.
        resolve: Gives the addresses of a host.

    Returns:
        The target; all machines behind the name were checked.

    Raises:
        RefusedAddressError: It is no https address, holds a password, has no host, or a machine
            behind it is not on the public internet.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RefusedAddressError("This is no address.") from error
    schemes = {"https", "http"} if may_be_private else {"https"}
    if parts.scheme not in schemes or not host:
        raise RefusedAddressError("Write an address that begins with https://")
    if parts.username or parts.password:
        raise RefusedAddressError("An address must not hold a name or a password.")
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        ips = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise RefusedAddressError(f"There is no host {host}.") from error
    for ip in ips:
        if not may_be_private and not _is_public(ip):
            raise RefusedAddressError(f"{host} is not on the public internet.")
    if not ips:
        raise RefusedAddressError(f"There is no host {host}.")
    return Target(url, host, port, ips[0])


def _is_public(ip: str) -> bool:
    address = ipaddress.ip_address(ip.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    known = mapped or address
    return known.is_global and not known.is_multicast


def send(target: Target, body: bytes, headers: dict[str, str]) -> Outcome:
    """Post a message to the machine that was checked; redirects are not followed.

    Args:
        target: Checked.
        body: JSON.
        headers: With the signature.

    Returns:
        The status, or why there is none.
    """
    parts = urlsplit(target.url)
    machine = f"[{target.ip}]" if ":" in target.ip else target.ip
    address = urlunsplit((parts.scheme, f"{machine}:{target.port}", parts.path, parts.query, ""))
    named = {"Host": parts.netloc, "Content-Type": "application/json", **headers}
    options = {"sni_hostname": target.host}
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", address, content=body, headers=named, extensions=options
            ) as answer,
        ):
            return Outcome(answer.status_code)
    except httpx.TimeoutException:
        return Outcome(None, f"No answer within {SECONDS:.0f} seconds.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(None, f"The connection failed ({type(error).__name__}).")
