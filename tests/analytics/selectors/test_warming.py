"""Large reviews are read before anybody asks; small, archived and going ones are not."""

import pytest
from django.utils import timezone

from analytics.selectors import warming
from analytics.selectors.frames import forget
from analytics.selectors.warming import warm_figures


@pytest.fixture(autouse=True)
def _cold(monkeypatch):
    monkeypatch.setattr(warming, "LARGE", 5)
    forget()


def test_the_first_page_then_reads_and_draws_nothing_anew(
    client_of, lead, stored, django_assert_max_num_queries, monkeypatch
):
    assert warm_figures() == [lead.review]
    drawn = []
    for draws in ("gains_by_group", "forest", "provenance"):
        monkeypatch.setattr(
            f"analytics.figures.dashboard.{draws}", lambda *asked: drawn.append(asked)
        )
    client = client_of(lead)
    with django_assert_max_num_queries(8):
        assert client.get("/r/ssl/figures/").status_code == 200
    assert drawn == []


def test_small_archived_and_going_reviews_are_left_alone(lead, stored, monkeypatch):
    monkeypatch.setattr(warming, "LARGE", 10_000)
    assert warm_figures() == []
    monkeypatch.setattr(warming, "LARGE", 5)
    lead.review.archived_at = timezone.now()
    lead.review.save()
    assert warm_figures() == []
