"""What the page of sources counts, and that each count is the size of the list it leads to."""

from dataclasses import asdict

import pytest
from django.urls import reverse

from screening.models import DuplicateLink, Membership, PreScreenRemoval, Record, Review, Search
from screening.rules.consensus import Stage
from screening.selectors.imports import batch_lines
from screening.selectors.source_steps import overlap_of, search_lines, source_steps
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(
    review: Review, lead: Membership, screener: Membership, other_screener: Membership
) -> Review:
    """Three sources: shared and own works, a removal, an included record, a website."""
    one, two = (factories.make_source(review, name=name) for name in ("Alpha", "Beta"))
    site = factories.make_source(review, name="Site", kind="website")
    kept = factories.make_record(review, source=one)
    _link(review, factories.make_record(review, source=two), kept)
    _link(review, factories.make_record(review, source=site), kept)
    own = factories.make_record(review, source=one)
    _link(review, factories.make_record(review, source=one), own)
    alone = factories.make_record(review, source=two)
    for member in (screener, other_screener):
        for stage in Stage:
            factories.make_decision(alone, member, stage=stage)
    gone = factories.make_record(review, source=two)
    PreScreenRemoval.objects.create(record=gone, kind="other", note="x", created_by=lead)
    factories.make_record(review, source=site)
    return review


def test_each_source_is_counted_step_by_step(busy: Review) -> None:
    alpha, beta, site = ({**asdict(line)} for line in source_steps(busy))
    steps = ("records", "duplicates", "removed", "screened", "sought", "included", "alone")
    assert [alpha[step] for step in steps] == [3, 1, 0, 2, 0, 0, 1]
    assert [beta[step] for step in steps] == [3, 1, 1, 1, 1, 1, 2]
    assert [site[step] for step in steps] == [2, 1, 0, 0, 1, 0, 1]
    assert (alpha["alone_included"], beta["alone_included"]) == (0, 1)


def test_the_overlap_counts_works_and_not_records(busy: Review) -> None:
    matrix = overlap_of(busy, list(busy.sources.order_by("name")))
    assert [[cell.works for cell in row] for row in matrix] == [[2, 1, 1], [1, 3, 1], [1, 1, 2]]


def test_every_number_on_the_page_is_the_size_of_its_list(
    busy: Review, observer: Membership, client_of: type
) -> None:
    client = client_of(observer)
    text = client.get(reverse("screening:sources", kwargs={"slug": "ssl"})).text
    numbers = _linked_numbers(text)
    assert len(numbers) > 20
    for address, number in numbers:
        page = client.get(address).context["page"]
        assert page.paginator.count == number, address


def test_counting_takes_as_many_queries_for_three_sources_as_for_one(
    busy: Review, django_assert_num_queries: object
) -> None:
    # sources and eight steps
    with django_assert_num_queries(9):  # type: ignore[operator]
        source_steps(busy)


def test_hits_are_held_against_what_the_files_of_a_search_hold(review: Review) -> None:
    source = factories.make_source(review)
    search = Search.objects.create(source=source, query="ssl", hits=5)
    first = factories.make_batch(source, search=search, finished_at="2026-01-01T00:00Z")
    second = factories.make_batch(source, search=search, finished_at="2026-01-01T00:00Z")
    for batch in (first, first, second):
        factories.make_record(review, source=source)
        Record.objects.filter(pk=Record.objects.latest("pk").pk).update(batch=batch)
    lone = factories.make_batch(source, finished_at="2026-01-01T00:00Z")
    line, of_search = search_lines(batch_lines(review))
    assert (line.batches, line.hits, line.missing) == ([lone], None, None)
    assert of_search.batches == [second, first]
    assert (of_search.hits, of_search.found, of_search.missing) == (5, 3, 2)
    Search.objects.update(hits=1)
    assert search_lines(batch_lines(review))[1].surplus == 2


def _link(review: Review, record: Record, kept: Record) -> None:
    DuplicateLink.objects.create(review=review, record=record, kept=kept, method="title")


def _linked_numbers(text: str) -> list[tuple[str, int]]:
    """Addresses of the list of records on a page, with the number that leads there."""
    found = []
    for part in text.split('<a href="/r/ssl/records/?')[1:]:
        address, _, rest = part.partition('">')
        number = rest.removeprefix("<b>").split("<")[0]
        found.append(("/r/ssl/records/?" + address.replace("&amp;", "&"), int(number)))
    return found
