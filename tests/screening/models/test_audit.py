"""The audit trail is chained and cannot be changed, even around the services."""

import pytest
from django.db import DatabaseError, connection, transaction

from screening.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_each_event_carries_the_hash_of_the_one_before(review, lead):
    first = AuditEvent.objects.append(action="review.made", target=review, review=review)
    second = AuditEvent.objects.append(
        action="member.invited", target=lead, review=review, actor=lead.user, after={"a": 1}
    )
    assert first.previous_hash == ""
    assert second.previous_hash == first.hash
    stored = AuditEvent.objects.get(pk=second.pk)
    assert stored.computed_hash() == stored.hash


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE screening_auditevent SET action = 'nothing'",
        "DELETE FROM screening_auditevent",
    ],
)
def test_an_event_can_neither_be_changed_nor_deleted(review, attack):
    AuditEvent.objects.append(action="review.made", target=review, review=review)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)
    assert AuditEvent.objects.get(review=review).action == "review.made"
