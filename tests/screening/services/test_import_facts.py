"""What is known of an import is changed afterwards, and the history says what it was."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import AuditEvent, Membership, Report, Review, Search, Source
from screening.services.import_facts import change_search, change_source
from screening.services.imports import SearchFacts
from tests import factories

pytestmark = pytest.mark.django_db
FACTS = SearchFacts("ssl AND image", "Ovid", date(2026, 10, 12), 7)


@pytest.fixture
def source(review: Review) -> Source:
    return factories.make_source(review, name="PubMed")


def test_a_search_is_named_changed_and_each_state_is_in_the_history(
    lead: Membership, source: Source
) -> None:
    batch = factories.make_batch(source)
    change_search(membership=lead, batch=batch, facts=FACTS)
    search = Search.objects.get()
    assert (search.query, search.hits) == ("ssl AND image", 7)
    change_search(membership=lead, batch=batch, facts=SearchFacts("ssl", hits=9))
    assert Search.objects.get(pk=search.pk).hits == 9
    change_search(membership=lead, batch=batch, facts=SearchFacts("ssl", hits=9))
    events = AuditEvent.objects.filter(action="import.search_changed")
    assert [(one.before["hits"], one.after["hits"]) for one in events] == [(None, 7), (7, 9)]


def test_a_search_that_another_file_shares_stays_as_it_is_for_that_file(
    lead: Membership, source: Source
) -> None:
    search = Search.objects.create(source=source, query="ssl", hits=7)
    one, other = (factories.make_batch(source, search=search) for _ in range(2))
    change_search(membership=lead, batch=one, facts=SearchFacts("ssl", hits=9))
    other.refresh_from_db()
    assert (one.search.hits, other.search.hits) == (9, 7)


def test_a_source_is_renamed_and_noted(lead: Membership, source: Source) -> None:
    change_source(
        membership=lead, source=source, name=" MEDLINE  Ovid ", kind="register", note="All years."
    )
    source.refresh_from_db()
    assert (source.name, source.kind, source.note) == ("MEDLINE Ovid", "register", "All years.")
    event = AuditEvent.objects.get(action="source.changed")
    assert (event.before["name"], event.after["name"]) == ("PubMed", "MEDLINE Ovid")
    change_source(
        membership=lead, source=source, name="MEDLINE Ovid", kind="register", note="All years."
    )
    assert AuditEvent.objects.count() == 1


def test_two_sources_never_share_a_name(lead: Membership, source: Source) -> None:
    other = factories.make_source(source.review, name="Scopus")
    with pytest.raises(ValidationError, match="already"):
        change_source(membership=lead, source=other, name="pubmed", kind="database")


def test_records_follow_a_kind_of_the_other_sort_while_nobody_worked_on_them(
    lead: Membership, screener: Membership, source: Source
) -> None:
    record = factories.make_record(source.review, source=source)
    change_source(membership=lead, source=source, name="Site", kind="website")
    assert Report.objects.filter(record=record).exists()
    change_source(membership=lead, source=source, name="Site", kind="database")
    assert not Report.objects.exists()
    factories.make_decision(record, screener)
    with pytest.raises(ValidationError, match="1 record has decisions"):
        change_source(membership=lead, source=source, name="Site", kind="website")
    source.refresh_from_db()
    assert source.kind == "database"


def test_only_a_lead_of_the_review_changes_them(
    lead: Membership, screener: Membership, source: Source
) -> None:
    batch = factories.make_batch(source)
    elsewhere = factories.make_member(factories.make_review(), "lead")
    for act in (
        lambda who: change_search(membership=who, batch=batch, facts=FACTS),
        lambda who: change_source(membership=who, source=source, name="X", kind="database"),
    ):
        with pytest.raises(PermissionDenied):
            act(screener)
        with pytest.raises(ValidationError, match="another review"):
            act(elsewhere)
