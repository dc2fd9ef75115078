"""What may be lost to a power cut, and what may not."""

import pytest
from django.db import connection, transaction

from screening.services.durability import unflushed


def flushes() -> str:
    """How the transaction at hand, or the next one, waits for the disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            return {1: "off", 2: "on"}[cursor.fetchone()[0]]
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_an_unflushed_transaction_does_not_wait_and_the_next_one_does():
    before = flushes()
    with unflushed():
        assert connection.in_atomic_block
        assert flushes() == "off"
    assert flushes() == before
    with pytest.raises(ValueError, match="refused"), unflushed():
        raise ValueError("refused")
    assert flushes() == before


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_it_waits_as_that_one_does():
    with transaction.atomic():
        before = flushes()
        with unflushed():
            assert flushes() == before
