"""The notebook of the documentation, run as plain code against the API."""

import json
from functools import partial
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core import signals
from django.db import close_old_connections

from analytics.selectors.exports import GAIN_FIELDS, gain_rows
from reviewapp.wsgi import application
from screening.rules.scopes import Scope
from screening.services.tokens import make_token

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebooks" / "gains.ipynb"


def code_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def _one_connection():
    """A request through the whole application would close the test's own connection."""
    told = (signals.request_started, signals.request_finished)
    for signal in told:
        signal.disconnect(close_old_connections)
    yield
    for signal in told:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_the_notebook_goes_from_a_token_to_the_gains(stored, review, observer, monkeypatch):
    _, token = make_token(user=observer.user, name="notebook", scopes=[Scope.READ], days=1)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])
    monkeypatch.setenv("REVIEW_TOKEN", token)
    monkeypatch.setenv("REVIEW_URL", f"http://testserver/api/v1/reviews/{review.slug}")
    here = httpx.WSGITransport(app=application)
    monkeypatch.setattr(httpx, "Client", partial(httpx.Client, transport=here))
    first, *others = code_of(NOTEBOOK)
    names = {}
    exec(first, names)  # noqa: S102 - the notebook of this repository
    for code in others:
        exec(code, names)  # noqa: S102
    gains = names["gains"]
    assert list(gains.columns) == list(GAIN_FIELDS)
    expected = gain_rows(review)
    assert len(gains) == len(expected) > 0
    known = [row["relative_gain"] for row in expected if row["relative_gain"] is not None]
    assert list(gains["relative_gain"].dropna()) == pytest.approx(known)
    assert len([line for line in first.splitlines() if line.strip()]) <= 10
