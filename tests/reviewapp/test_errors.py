from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from reviewapp import errors, uploads


def test_an_unknown_address_gets_our_page(client: Client) -> None:
    answer = client.get("/no/such/page", follow=False)
    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.text


def test_the_guards_sentence_is_shown(rf: RequestFactory) -> None:
    answer = errors.forbidden(rf.get("/"), PermissionDenied("Only a lead may import records."))
    assert answer.status_code == 403
    assert "Only a lead may import records." in answer.text


def test_a_stale_form_says_so(rf: RequestFactory) -> None:
    answer = errors.csrf_failure(rf.post("/"), reason="CSRF cookie not set.")
    assert answer.status_code == 403
    assert "This form has expired" in answer.text


@pytest.mark.parametrize(
    ("view", "status"),
    [(errors.bad_request, 400), (errors.not_found, 404), (errors.server_error, 500)],
)
def test_error_pages_need_no_database_and_no_script_of_others(
    rf: RequestFactory, view: Any, status: int
) -> None:
    answer = view(rf.get("/"))
    assert answer.status_code == status
    assert "http://" not in answer.text
    assert "https://" not in answer.text


@pytest.mark.parametrize("path", ["/", "/api/v1/reviews/"])
@pytest.mark.parametrize("fault", [OperationalError("closed"), InterfaceError("closed")])
def test_a_database_that_is_away_is_told_as_such(
    rf: RequestFactory, path: str, fault: Exception
) -> None:
    try:
        raise fault
    except (OperationalError, InterfaceError):
        answer = errors.server_error(rf.get(path))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "closed" not in answer.text


def upload(megabytes: float, kind: str) -> HttpRequest:
    request = RequestFactory().post("/anything", content_type=kind)
    request.META["CONTENT_LENGTH"] = str(int(megabytes * 1024 * 1024))
    return request


def passed(request: HttpRequest) -> int:
    middleware = uploads.UploadLimitMiddleware(lambda _: errors.not_found(HttpRequest()))
    return middleware(request).status_code


@pytest.mark.parametrize(
    ("megabytes", "kind", "status"),
    [
        (99, "multipart/form-data; boundary=x", 404),
        (200, "multipart/form-data; boundary=x", 413),
        (4, "application/x-www-form-urlencoded", 404),
        (6, "application/x-www-form-urlencoded", 413),
        (6, "application/json", 413),
    ],
)
def test_bodies_above_the_limit_of_their_kind_are_refused(
    megabytes: float, kind: str, status: int
) -> None:
    assert passed(upload(megabytes, kind)) == status


def test_the_refusal_names_the_limit() -> None:
    answer = errors.too_large(HttpRequest(), limit_bytes=100 * 1024 * 1024)
    assert answer.status_code == 413
    assert "larger than the limit of 100 MB" in answer.text


def test_a_request_without_a_length_is_let_through() -> None:
    assert uploads.declared_length(HttpRequest()) == 0
