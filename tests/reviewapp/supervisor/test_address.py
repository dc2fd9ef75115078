import errno
import socket

import pytest

from reviewapp.supervisor import address


def test_a_busy_port_is_named_with_the_way_out() -> None:
    with (
        address.listen("127.0.0.1", 0) as taken,
        pytest.raises(address.AddressUnusable) as refused,
    ):
        address.listen("127.0.0.1", taken.getsockname()[1], patience=0.2)
    port = taken_port(str(refused.value))
    assert f"Port {port} on 127.0.0.1 is in use" in str(refused.value)
    assert f"--port {port + 1}" in str(refused.value)


def taken_port(message: str) -> int:
    return int(message.split()[1])


def test_a_port_whose_holder_is_just_going_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([OSError(errno.EADDRINUSE, "in use"), socket.socket()])

    def create(*_arguments: object, **_options: object) -> socket.socket:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr(socket, "create_server", create)
    address.listen("127.0.0.1", 8000).close()


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "needs more rights"), (errno.EADDRNOTAVAIL, "Cannot listen on 10.0.0.1:80")],
)
def test_other_refusals_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_arguments: object, **_options: object) -> socket.socket:
        raise OSError(number, "no")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(address.AddressUnusable, match=said):
        address.listen("10.0.0.1", 80)


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("me", False)],
)
def test_only_this_machine_reaches_a_loopback_address(host: str, *, is_local: bool) -> None:
    assert address.is_loopback(host) is is_local


def test_the_page_address_is_one_a_browser_takes() -> None:
    assert address.page_address("127.0.0.1", 8000) == "http://127.0.0.1:8000/"
    assert address.page_address("::1", 8000) == "http://[::1]:8000/"
    assert socket.gethostname() in address.page_address("0.0.0.0", 8000)


def test_the_app_answers_under_the_names_it_listens_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address.allowed_hosts("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]"]
    assert address.allowed_hosts("10.0.0.5")[-1] == "10.0.0.5"
    found = [(socket.AF_INET, 0, 0, "", ("10.0.0.7", 0)), (socket.AF_INET6, 0, 0, "", ("fd::1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    assert {"10.0.0.7", "[fd::1]", socket.gethostname()} <= {*address.allowed_hosts("0.0.0.0")}


def test_a_machine_that_does_not_know_its_own_name_still_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert socket.gethostname() in address.allowed_hosts("0.0.0.0")
