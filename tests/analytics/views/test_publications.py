"""Dashboards shown to everybody who has the link, and to nobody else."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from analytics.models import Publication
from analytics.selectors.publications import token_of
from analytics.services.publications import publish_dashboard
from extraction.models import ConsensusRow, ConsensusValue, ExtractedValue, Reconciliation
from screening.models import AuditEvent

NOTE = "Dr Rationale says so."


@pytest.fixture
def reconciled(lead, stored):
    """Study 2 is reconciled with a note; studies 1 and 3 are imported only."""
    raw = stored["t3"]
    begun = Reconciliation.objects.create(
        study=raw.extraction.study, extraction_a=raw.extraction, form=raw.extraction.form
    )
    row = ConsensusRow.objects.create(reconciliation=begun, group="trial", position=0, row_a=raw)
    for value in ExtractedValue.objects.filter(extraction=raw.extraction):
        ConsensusValue.objects.create(
            reconciliation=begun, row=row if value.row_id else None, field=value.field,
            value=value.value, unit=value.unit, side="third", value_a=value, rationale=NOTE,
            quote="A quoted sentence.", decided_by=lead,
        )  # fmt: skip
    return stored


@pytest.fixture(autouse=True)
def _fresh_rate():
    cache.clear()


def visit(made):
    return Client().get(f"/p/{token_of(made)}/")


def test_a_visitor_reads_reconciled_values_and_nothing_of_the_team(lead, reconciled):
    made = publish_dashboard(lead=lead, title="Yield of maize", asked={}, days=30)
    answer = visit(made)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Yield of maize" in page
    assert "Author 2002" in page
    for hidden in ("Author 2001", "Author 2003", NOTE, "A quoted sentence", "/r/ssl", "Lena Lead"):
        assert hidden not in page
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not answer.cookies


def test_filters_hold_and_raw_values_cannot_be_asked_for(lead, reconciled):
    asked = {"group": ["wheat"], "status": ["raw"], "pick": ["1-a"], "as_of": ["2020-01-01"]}
    made = publish_dashboard(lead=lead, title="Wheat", asked=asked)
    assert made.filters == {"group": ["wheat"], "status": ["raw"]}
    assert "Nothing to show yet" in visit(made).content.decode()


def test_frozen_it_stays_and_live_it_follows(lead, reconciled):
    before = timezone.now() - timedelta(days=3)
    for model in (ConsensusValue, Reconciliation, ExtractedValue):
        model.objects.update(created_at=before)
    lead.review.extraction_forms.update(created_at=before)
    lead.review.studies.update(created_at=before)
    yesterday = timezone.localdate() - timedelta(days=1)
    frozen = publish_dashboard(lead=lead, title="Frozen", asked={}, day=yesterday)
    live = publish_dashboard(lead=lead, title="Live", asked={})
    old = ConsensusValue.objects.get(field="treated")
    old.superseded_at = timezone.now()
    old.save()
    ConsensusValue.objects.create(
        reconciliation=old.reconciliation, row=old.row, field="treated", value="92",
        unit="percent", side="third", rationale="Again.", decided_by=lead,
    )  # fmt: skip
    assert "72 %" in visit(frozen).content.decode()
    assert "92 %" not in visit(frozen).content.decode()
    assert "92 %" in visit(live).content.decode()


def test_unknown_forged_expired_and_withdrawn_links_open_nothing(client_of, lead, reconciled):
    made = publish_dashboard(lead=lead, title="Gains", asked={}, days=1)
    forged = f"{made.handle}.{'0' * 40}"
    for token in ("x", f"{made.handle}", f"{made.handle}.", forged, f"x{token_of(made)}"):
        assert Client().get(f"/p/{token}/").status_code == 404
    Publication.objects.filter(pk=made.pk).update(
        created_at=timezone.now() - timedelta(days=3),
        expires_at=timezone.now() - timedelta(days=1),
    )
    assert visit(made).status_code == 404
    Publication.objects.filter(pk=made.pk).update(expires_at=None)
    assert visit(made).status_code == 200
    client_of(lead).post(f"/r/ssl/figures/published/{made.pk}/withdraw/")
    assert visit(made).status_code == 404
    actions = AuditEvent.objects.filter(review=lead.review).values_list("action", flat=True)
    assert [one for one in actions.order_by("pk") if one.startswith("dashboard.")] == [
        "dashboard.published",
        "dashboard.withdrawn",
    ]


def test_a_review_about_to_be_deleted_shows_nothing(lead, reconciled):
    made = publish_dashboard(lead=lead, title="Gains", asked={})
    lead.review.deletes_at = timezone.now() + timedelta(days=7)
    lead.review.deletion_asked_by = lead.user
    lead.review.save()
    assert visit(made).status_code == 404


def test_where_all_was_imported_the_lead_is_told_before_publishing(client_of, lead, stored):
    page = client_of(lead).get("/r/ssl/figures/published/?group=wheat").content.decode()
    assert "0 experiments of 0 studies" in page
    assert "2 more experiments under these filters were imported" in page
    assert "the public page says that there is nothing to show yet" in page


def test_too_many_visits_are_asked_to_wait(lead, reconciled, monkeypatch):
    monkeypatch.setattr("analytics.views.publications.PublicRate.rate", "2/min", raising=False)
    made = publish_dashboard(lead=lead, title="Gains", asked={})
    assert [visit(made).status_code for _ in range(3)] == [200, 200, 429]
    assert int(visit(made).headers["Retry-After"]) > 0


def test_the_lead_publishes_from_the_page_and_copies_the_link_again(client_of, lead, reconciled):
    client = client_of(lead)
    page = client.get("/r/ssl/figures/published/?group=maize").content.decode()
    assert "1 experiment of 1 study" in page
    everything = client.get("/r/ssl/figures/published/").content.decode()
    assert "3 more experiments under these filters were imported" in everything
    assert "nothing to show yet" not in everything
    wrong = client.post("/r/ssl/figures/published/new/", {"title": "", "day": "2999-01-01"})
    assert wrong.status_code == 400
    assert "not come yet" in wrong.content.decode()
    sent = {"title": "Maize", "day": "", "life": "30", "query": "group=maize"}
    client.post("/r/ssl/figures/published/new/", sent)
    made = Publication.objects.get()
    assert made.filters == {"group": ["maize"]}
    assert made.expires_at - made.created_at == timedelta(days=30)
    assert token_of(made) in client.get("/r/ssl/figures/published/").content.decode()
