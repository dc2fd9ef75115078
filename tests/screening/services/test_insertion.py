"""Rows whose values are worked out before the transaction are the rows that Django writes."""

import pytest

from screening.models import Record
from screening.services.insertion import insert, values_of
from tests.factories import make_record, make_review

pytestmark = pytest.mark.django_db


def test_it_writes_what_django_writes() -> None:
    odd = {"title": "Ω 'quoted' %s", "authors": ["Å, B"], "extra": {"ZZ": ["1", "2"]}, "year": None}
    stored = make_record(make_review(), **odd)
    copy = Record.objects.get(pk=stored.pk)
    copy.pk, copy.position, copy.fingerprint = None, stored.position + 1, "f" * 64
    copy._state.adding = True
    insert(Record, [values_of(copy)])
    first, second = Record.objects.order_by("position").values()
    differ = {name for name in first if first[name] != second[name]}
    assert differ == {"id", "position", "fingerprint"}


def test_nothing_is_written_of_no_rows() -> None:
    insert(Record, [])
    assert not Record.objects.exists()
