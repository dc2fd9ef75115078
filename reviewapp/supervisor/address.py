"""The listening socket: bound once by the supervisor and handed to each web process in turn."""

import errno
import ipaddress
import socket
import time

RETRY_SECONDS = 2.0
BACKLOG = 128


class AddressUnusable(Exception):  # noqa: N818  (told to the person, not an error of the code)
    """The address cannot be listened on; the message says why and what to do."""


def listen(host: str, port: int, *, patience: float = RETRY_SECONDS) -> socket.socket:
    """Bind and listen.

    Args:
        host: Name or address to listen on.
        port: Port, or 0 for any free one.
        patience: Seconds to wait for a port whose last holder is just going away.

    Returns:
        The socket; it survives the death of a web process, so no request is refused meanwhile.

    Raises:
        AddressUnusable: The port is taken, not allowed, or the host is not of this machine.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return socket.create_server(
                (host, port), family=_family(host), backlog=BACKLOG, reuse_port=False
            )
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise AddressUnusable(_reason(error, host, port)) from error


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. "
            f"Stop that program or choose another port: --port {port + 1}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights; choose one from 1024 up: --port 8000."
    return f"Cannot listen on {host}:{port}: {error.strerror or error}."


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def page_address(host: str, port: int) -> str:
    """The address to open in a browser."""
    wild = {"0.0.0.0", "::"}  # noqa: S104  (compared with, not bound to)
    shown = socket.gethostname() if host in wild else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def allowed_hosts(host: str) -> list[str]:
    """Host names under which the app answers when it listens on `host`."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host in {"0.0.0.0", "::"}:  # noqa: S104  (compared with, not bound to)
        machine = socket.gethostname()
        names += [machine, *_addresses_of(machine)]
    elif host not in names:
        names.append(f"[{host}]" if ":" in host else host)
    return names


def _addresses_of(machine: str) -> list[str]:
    try:
        found = socket.getaddrinfo(machine, None)
    except OSError:
        return []
    return sorted({f"[{a[4][0]}]" if a[0] == socket.AF_INET6 else str(a[4][0]) for a in found})
