"""A prepared query is put together once and filled in at every call."""

import pytest

from screening.models import Record
from screening.selectors.prepared import Prepared, Slot
from tests import factories


def test_it_is_built_once_and_asked_with_new_values(review, django_assert_num_queries):
    first, second = (factories.make_record(review) for _ in range(2))
    built = []

    def build():
        built.append(1)
        return Record.objects.filter(pk=Slot("record")).values_list("title")

    titles = Prepared(build)
    with django_assert_num_queries(2):
        assert titles.row(record=first.pk) == (first.title,)
        assert titles.row(record=second.pk) == (second.title,)
    assert titles.row(record=0) is None
    assert built == [1]


def test_a_slot_left_open_is_an_error(db):
    open_slot = Prepared(lambda: Record.objects.filter(pk=Slot("record")).values_list("pk"))
    with pytest.raises(KeyError):
        open_slot.rows()
