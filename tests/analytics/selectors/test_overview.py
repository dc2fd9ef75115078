"""What the overview tells a lead of the others' work."""

import pytest

from analytics.selectors.overview import overview_of
from screening.models import AuditEvent, StageSettings
from tests import factories


@pytest.mark.django_db
def test_the_last_events_are_blinded_as_the_audit_trail_is():
    review = factories.make_review()
    lead = factories.make_member(review, "lead", "screener")
    other = factories.make_member(review, "screener")
    record = factories.make_record(review)
    AuditEvent.objects.append_by(other, "record.tagged", record, after={"tag": "good"})
    AuditEvent.objects.append_by(lead, "record.tagged", record, after={"tag": "mine"})
    told = {(event.actor_id, event.action) for event in overview_of(membership=lead).events}
    assert (lead.user_id, "record.tagged") in told
    assert (other.user_id, "record.tagged") not in told
    StageSettings.objects.filter(review=review).update(is_blinded=False)
    told = {(event.actor_id, event.action) for event in overview_of(membership=lead).events}
    assert (other.user_id, "record.tagged") in told
