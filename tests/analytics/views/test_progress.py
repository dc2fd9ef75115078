"""The page of progress and agreement: how much, never what; by whom for the lead only."""

import pytest

from tests import factories

PAGE = "/r/ssl/figures/progress/"


def lasting(text):
    return [line for line in text.splitlines() if "csrf" not in line.casefold()]


@pytest.fixture
def decided(review, screener, other_screener):
    records = [factories.make_record(review) for _ in range(3)]
    for record in records:
        factories.make_decision(record, screener, "include")
    factories.make_decision(records[0], other_screener, "include")
    return records


def test_everybody_sees_how_many_and_the_lead_by_whom(
    client_of, observer, lead, screener, decided, django_assert_max_num_queries
):
    with django_assert_max_num_queries(50):  # however many verdicts there are
        text = client_of(observer).get(PAGE).text
    assert ">4 verdicts</a>" in text
    assert "Verdicts by person" not in text
    assert client_of(observer).get("/r/ssl/figures/verdicts-by-person.csv").status_code == 404
    mine = client_of(lead).get("/r/ssl/figures/verdicts-by-person.csv").text
    assert f"{screener.user.name},3,3" in mine


def test_a_blinded_screener_sees_no_agreement_and_the_same_page_whatever_the_other_said(
    client_of, screener, other_screener, decided
):
    before = client_of(screener).get(PAGE).text
    assert "No agreement can be shown" in before
    other_screener.decisions.update(verdict="exclude")
    after = client_of(screener).get(PAGE).text
    assert lasting(before) == lasting(after)


def test_agreement_is_drawn_for_those_who_may_see_it(client_of, observer, lead, decided):
    rows = client_of(observer).get("/r/ssl/figures/agreement.csv").text.splitlines()
    assert rows[0] == "stage,who,coefficient,records,value,low,high"
    assert all(row.startswith("Title & abstract,") and ",1," in row for row in rows[1:])
    assert "everybody" in client_of(lead).get(PAGE).text
