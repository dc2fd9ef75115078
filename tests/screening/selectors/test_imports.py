"""What the page of sources counts."""

import pytest

from screening.models import DuplicateLink, Review
from screening.selectors.imports import batch_lines, source_lines, unique_works
from tests import factories

pytestmark = pytest.mark.django_db


def test_works_that_a_source_alone_found(review: Review) -> None:
    one, two = factories.make_source(review), factories.make_source(review)
    kept = factories.make_record(review, source=one)
    _link(review, factories.make_record(review, source=two), kept)
    own = factories.make_record(review, source=one)
    _link(review, factories.make_record(review, source=one), own)
    factories.make_record(review, source=two)
    assert unique_works(review) == {one.pk: 1, two.pk: 1}


def test_each_source_has_its_imports_and_records(
    review: Review, django_assert_num_queries: object
) -> None:
    one, empty = factories.make_source(review, name="A"), factories.make_source(review, name="B")
    factories.make_record(review, source=one)
    factories.make_record(review, source=one)
    # batches, jobs, records and problems by batch; sources, links, linked records, totals
    with django_assert_num_queries(8):  # type: ignore[operator]
        first, second = source_lines(review, batch_lines(review))
    assert (first.source, first.records, first.unique, len(first.batches)) == (one, 2, 2, 1)
    assert (second.source, second.records, second.unique) == (empty, 0, 0)
    assert first.batches[0].is_waiting
    assert not first.batches[0].is_open


def _link(review: Review, record: object, kept: object) -> None:
    DuplicateLink.objects.create(review=review, record=record, kept=kept, method="title")
