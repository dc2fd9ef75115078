"""The list view: rows that are mine, filters, pages by cursor, verdicts in place and together."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.models import Decision, DuplicateLink, Membership, RecordTag, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.stages import settings_of
from screening.selectors.worklist import PER_PAGE, State, Wanted, work_page
from screening.selectors.worklist_ways import Cursor, Sort
from screening.services.pilots import PilotPlan, start_pilot
from tests import factories

HTMX = {"HTTP_HX_REQUEST": "true"}


def at(name, review, stage="title-abstract", **more):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug, "stage": stage} | more)


def listed(answer):
    return [int(number) for number in re.findall(r'data-row="(\d+)"', answer.content.decode())]


@pytest.fixture
def page(client_of, screener):
    return client_of(screener)


@pytest.fixture
def settings(review):
    return settings_of(review, Stage.TITLE_ABSTRACT)


def ids_of(screener, settings, cursor=None, **wanted):
    found = work_page(
        membership=screener, settings=settings, wanted=Wanted(**wanted), cursor=cursor
    )
    return [row.record.pk for row in found.rows]


def test_it_lists_what_needs_me_and_what_i_decided_and_nothing_else(
    review, screener, other_screener, settings
):
    third = factories.make_member(review, "screener")
    todo, half, mine, agreed, differing = (factories.make_record(review) for _ in range(5))
    factories.make_decision(half, other_screener, "exclude")
    factories.make_decision(mine, screener, "maybe")
    for record, verdict in ((agreed, "include"), (differing, "exclude")):
        factories.make_decision(record, other_screener, "include")
        factories.make_decision(record, third, verdict)
    assert set(ids_of(screener, settings)) == {todo.pk, half.pk}
    assert ids_of(screener, settings, state=State.MAYBE) == [mine.pk]
    assert ids_of(screener, settings, state=State.INCLUDE) == []
    assert set(ids_of(screener, settings, state=State.ALL)) == {todo.pk, half.pk, mine.pk}


def test_the_page_is_the_same_whatever_the_other_said(review, page, other_screener, client_of):
    records = [factories.make_record(review, random_key=key) for key in range(4)]
    seen = []
    for verdicts in (("include", "exclude"), ("exclude", "include")):
        Decision.objects.all().delete()
        for record, verdict in zip(records, verdicts, strict=False):
            factories.make_decision(record, other_screener, verdict, comment="psst")
        text = page.get(at("worklist", review), {"state": "all"}).content.decode()
        seen.append(
            re.sub(r'(csrfmiddlewaretoken|client_key)" value="\w+"|X-CSRFToken[^}]+', "", text)
        )
    assert seen[0] == seen[1]
    assert "Olga" not in seen[0]
    assert "psst" not in seen[0]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("state", [State.TODO, State.ALL])
def test_every_sort_walks_all_records_once_there_and_back(
    review, screener, settings, sort, state, monkeypatch
):
    monkeypatch.setattr("screening.selectors.worklist.PER_PAGE", 3)
    records = [
        factories.make_record(review, year=year, title=title, random_key=key)
        for year, title, key in zip(
            (2020, None, 2020, 1999, None, 2023, 2020, 2001),
            ("b", "B", "a", "ä", "", "b", "c", "a"),
            (5, 5, 1, 9, 7, 3, 2, 8),
            strict=True,
        )
    ]
    Membership.objects.filter(pk=screener.pk).update(order_seed=5)
    screener.refresh_from_db()
    if state == State.ALL:
        factories.make_decision(records[4], screener)
        factories.make_decision(records[2], screener)
    forth, cursor = [], None
    while True:
        found = work_page(
            membership=screener,
            settings=settings,
            wanted=Wanted(state=state, sort=sort),
            cursor=cursor,
        )
        forth.append([row.record.pk for row in found.rows])
        if found.after is None:
            break
        cursor = Cursor(found.after)
    walked = [pk for ids in forth for pk in ids]
    assert sorted(walked) == sorted(record.pk for record in records)
    assert [len(ids) for ids in forth] == [3, 3, 2]
    back = ids_of(
        screener, settings, Cursor(forth[2][0], is_backwards=True), state=state, sort=sort
    )
    assert back == forth[1]
    years = {record.pk: record.year for record in records}
    known = [years[pk] for pk in walked if years[pk]]
    if sort == Sort.NEWEST:
        assert known == sorted(known, reverse=True)
    if sort == Sort.OLDEST:
        assert known == sorted(known)
        assert years[walked[-1]] is None
    if sort == Sort.LATEST and state == State.ALL:
        assert walked[:2] == [records[2].pk, records[4].pk]
    if sort == Sort.TITLE:
        titles = {record.pk: record.title.lower() for record in records}
        assert [titles[pk] for pk in walked][:7] == ["", "a", "a", "b", "b", "b", "c"]
    if sort == Sort.QUEUE:
        keys = {record.pk: record.random_key for record in records}
        assert [keys[pk] for pk in walked] == [5, 5, 7, 8, 9, 1, 2, 3]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the words of its plan are SQLite's")
@pytest.mark.parametrize("goes_on", [False, True])
def test_the_sort_by_title_finds_its_rows_in_an_index(review, screener, settings, goes_on):
    record = factories.make_record(review, title="x" * 5000)
    factories.make_record(review, title="y")
    cursor = Cursor(record.pk) if goes_on else None
    with CaptureQueriesContext(connection) as asked:
        assert ids_of(screener, settings, cursor, sort=Sort.TITLE)
    (sql,) = [one["sql"] for one in asked if "ORDER BY LOWER(SUBSTR" in one["sql"]]
    with connection.cursor() as database:
        database.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [row[3] for row in database.fetchall()]
    assert any("record_title_way_idx" in line for line in plan), plan
    assert not any("ORDER BY" in line for line in plan), plan


def test_filters_narrow_to_words_source_own_tag_and_years(
    review, screener, other_screener, settings
):
    other = factories.make_source(review, name="Scopus")
    first = factories.make_record(review, title="Contrastive learning", year=2019)
    second = factories.make_record(review, source=other, abstract="contrastive", year=2022)
    twin = factories.make_record(review, source=other)
    DuplicateLink.objects.create(review=review, record=twin, kept=first, method="manual")
    tag = review.tags.create(label="later")
    RecordTag.objects.create(record=first, tag=tag, member=other_screener)
    RecordTag.objects.create(record=second, tag=tag, member=screener)
    assert set(ids_of(screener, settings, words="contrastive")) == {first.pk, second.pk}
    assert set(ids_of(screener, settings, source=other.pk)) == {first.pk, second.pk}
    assert ids_of(screener, settings, tag=tag.pk) == [second.pk]
    assert ids_of(screener, settings, year_from=2020) == [second.pk]
    assert ids_of(screener, settings, year_to=2020) == [first.pk]


def test_a_filter_that_does_not_fit_is_told_and_the_others_stay(review, page):
    factories.make_record(review, title="Wanted")
    factories.make_record(review, title="Not this")
    answer = page.get(at("worklist", review), {"words": "Wanted", "year_from": "20x"})
    text = answer.content.decode()
    assert "Write the year with four digits" in text
    assert "Wanted" in text
    assert "Not this" not in text
    assert 'value="20x"' in text


def test_a_row_is_decided_changed_and_taken_back_in_its_place(review, page):
    record = factories.make_record(review)
    address = at("decide-row", review, record_id=record.pk)
    row = page.post(address, {"verdict": "include", "client_key": "a"}, **HTMX).content.decode()
    assert row.lstrip().startswith("<tr")
    assert "You: Include" in row
    assert "awaiting the other" in row
    answer = page.post(address, {"verdict": "exclude", "back": "sort=title"})
    assert answer.url == at("worklist", review) + "?sort=title"
    assert Decision.objects.current().get().verdict == "exclude"
    page.post(at("undo-row", review), {"back": "sort=title&evil=1"})
    assert Decision.objects.current().get().verdict == "include"


def test_a_row_says_what_is_wrong_and_offers_the_reasons_elsewhere(review, page):
    StageSettings.objects.update(is_reason_required=True)
    record = factories.make_record(review)
    address = at("decide-row", review, record_id=record.pk)
    answer = page.post(address, {"verdict": "exclude"}, **HTMX)
    assert answer.status_code == 409
    assert "Choose the reason" in answer.content.decode()
    plain = page.post(address, {"verdict": "exclude"})
    assert plain.url == at("screen", review) + f"?record={record.pk}"


def test_ticked_records_are_decided_together_after_a_confirmation(
    review, page, screener, other_screener
):
    records = [factories.make_record(review) for _ in range(3)]
    full = factories.make_record(review)
    for member in (other_screener, factories.make_member(review, "screener")):
        factories.make_decision(full, member)
    ids = [record.pk for record in (*records, full)]
    sent = {"records": ids, "verdict": "exclude", "client_key": "k"}
    asked = page.post(at("together", review), sent).content.decode()
    assert "Exclude 4 records?" in asked
    assert not Decision.objects.filter(reviewer=screener).exists()
    for _ in range(2):  # a double click
        told = page.post(at("together", review), sent | {"confirmed": "1"}, follow=True)
    text = told.content.decode()
    assert "Excluded: 3 records." in text
    assert f"Record {full.pk} was left out." in text
    mine = Decision.objects.filter(reviewer=screener)
    assert sorted(mine.values_list("record", flat=True)) == sorted(one.pk for one in records)


def test_together_is_refused_where_it_is_not_allowed(review, page, screener):
    record = factories.make_record(review)
    sent = {"records": [record.pk], "verdict": "exclude", "confirmed": "1"}
    full_text = page.post(at("together", review, "full-text"), sent, follow=True)
    assert "one by one" in full_text.content.decode()
    StageSettings.objects.update(is_together_allowed=False)
    assert "one by one" in page.post(at("together", review), sent, follow=True).content.decode()
    assert 'name="records"' not in page.get(at("worklist", review)).content.decode()
    StageSettings.objects.update(is_together_allowed=True, is_reason_required=True)
    again = page.post(at("together", review), sent)
    assert again.status_code == 400
    assert "Choose the reason" in again.content.decode()
    assert not Decision.objects.exists()


def test_the_view_is_kept_for_the_person_and_opens_again(review, page, screener):
    record = factories.make_record(review)
    assert page.post(at("choose-view", review), {"view": "list"}).url == at("worklist", review)
    assert page.get(at("screen", review)).url == at("worklist", review)
    opened = page.get(at("screen", review), {"record": record.pk})
    assert opened.status_code == 200
    page.post(at("choose-view", review), {"view": "panes"})
    text = page.get(at("screen", review)).content.decode()
    assert f'data-pane-row="{record.pk}"' in text
    assert page.post(at("choose-view", review), {"view": "cube"}).status_code == 302
    screener.refresh_from_db()
    assert screener.screening_view == Membership.View.PANES


def test_in_three_panes_the_next_of_the_list_follows(review, page, screener, other_screener):
    Membership.objects.filter(pk=screener.pk).update(screening_view="panes", order_seed=0)
    records = [factories.make_record(review, random_key=key) for key in (1, 2, 3, 4)]
    sent = {"verdict": "include", "panes": "1", "then": records[2].pk}
    address = at("decide", review, record_id=records[0].pk)
    text = page.post(address, sent, **HTMX).content.decode()
    assert f'data-record="{records[2].pk}"' in text
    assert f'<li id="pane-{records[0].pk}" hx-swap-oob="true">' in text
    for member in (other_screener, factories.make_member(review, "screener")):
        factories.make_decision(records[3], member)
    sent["then"] = records[3].pk  # needs nobody any more: the queue goes on
    address = at("decide", review, record_id=records[2].pk)
    assert f'data-record="{records[1].pk}"' not in page.post(address, {}, **HTMX).content.decode()
    text = page.post(address, sent, **HTMX).content.decode()
    assert f'data-record="{records[1].pk}"' in text


def test_the_list_costs_the_same_queries_however_long(review, page, screener):
    def asked(number):
        for _ in range(number):
            factories.make_decision(factories.make_record(review), screener)
            factories.make_record(review)
        with CaptureQueriesContext(connection) as queries:
            rows = listed(page.get(at("worklist", review), {"state": "all"}))
        return len(rows), len(queries)

    few, many = asked(2), asked(PER_PAGE)
    assert (few[0], many[0]) == (4, PER_PAGE)
    assert many[1] <= few[1]  # one less when no second piece of the order is looked at


def test_while_a_pilot_is_on_the_list_holds_its_records_and_verdicts(
    review, lead, screener, other_screener, page, settings
):
    records = [factories.make_record(review) for _ in range(3)]
    factories.make_decision(records[0], screener)
    chosen = [records[1].pk, records[2].pk]
    start_pilot(lead=lead, stage=Stage.TITLE_ABSTRACT, plan=PilotPlan(chosen=chosen))
    settings.refresh_from_db()
    assert set(ids_of(screener, settings)) == set(chosen)
    address = at("decide-row", review, record_id=chosen[0])
    row = page.post(address, {"verdict": "exclude"}, **HTMX).content.decode()
    assert "in the pilot round" in row
    assert ids_of(screener, settings) == [chosen[1]]
    assert ids_of(screener, settings, state=State.EXCLUDE, sort=Sort.LATEST) == [chosen[0]]
    assert set(ids_of(other_screener, settings)) == set(chosen)
    page.post(at("undo-row", review), {})
    assert set(ids_of(screener, settings)) == set(chosen)
