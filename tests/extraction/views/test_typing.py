"""Typing errors: a unit is asked once, ranges follow the metric, nothing typed is lost."""

import pytest

from extraction.selectors.entry import entry_of
from extraction.services.extractions import add_row, start_extraction
from tests.extraction.conftest import current, enter
from tests.extraction.views.test_studies import address

PART = {"HX-Request": "true"}


@pytest.fixture
def extraction(extractor, study):
    return start_extraction(membership=extractor, study=study)


@pytest.fixture
def row(extraction):
    return add_row(membership=extraction.extractor, extraction=extraction, group="experiment")


def cell(extraction, field, row):
    return entry_of(extraction).find(field, row.pk)


def test_a_unit_is_asked_until_it_is_stated_once_and_then_shown(extraction, row):
    assert cell(extraction, "ssl_performance", row).unit_shown == ""
    enter(extraction, "ssl_performance", "0.92", "fraction", row)
    assert cell(extraction, "supervised_performance", row).unit_shown == "fraction"
    other = add_row(membership=extraction.extractor, extraction=extraction, group="experiment")
    assert cell(extraction, "ssl_performance", other).unit_shown == "fraction"
    assert cell(extraction, "supervised_performance", other).unit == ""


def test_a_unit_is_asked_again_where_numbers_differ_in_it(extraction, row):
    enter(extraction, "ssl_performance", "0.92", "fraction", row)
    enter(extraction, "supervised_performance", "89", "percent", row)
    other = add_row(membership=extraction.extractor, extraction=extraction, group="experiment")
    assert cell(extraction, "ssl_performance", other).unit_shown == ""


def test_a_size_never_chooses_a_unit(extraction, row):
    enter(extraction, "ssl_performance", "0.92", "percent", row)
    assert cell(extraction, "ssl_performance", row).unit_shown == "percent"
    assert cell(extraction, "supervised_performance", row).unit_shown == "percent"


def test_a_saved_number_shows_its_unit_beside_the_empty_ones(client_of, extraction, study, row):
    client = client_of(extraction.extractor)
    sent = {"field": "ssl_performance", "row": row.pk, "value": "0.92", "unit": "fraction"}
    answer = client.post(address(study, "extract", "cell"), sent, headers=PART).content.decode()
    start = answer.index(f'id="unit-f-{row.pk}-supervised_performance"')
    assert 'hx-swap-oob="true"' in answer[start : start + 200]
    assert 'value="fraction" selected' in answer[start : start + 500]


def test_a_number_is_asked_about_when_its_metric_changes_afterwards(
    client_of, extraction, study, row
):
    enter(extraction, "metric", "accuracy", row=row)
    enter(extraction, "ssl_performance", "0.42", "fraction", row)
    assert cell(extraction, "ssl_performance", row).doubts == ()
    known = current(extraction, "metric", row).pk
    sent = {"field": "metric", "row": row.pk, "value": "AUROC", "expected": known}
    client = client_of(extraction.extractor)
    answer = client.post(address(study, "extract", "cell"), sent, headers=PART).content.decode()
    assert f'id="status-f-{row.pk}-ssl_performance"' in answer
    assert "worse than chance" in answer
    shown = client.get(address(study, "extract")).content.decode()
    assert "worse than chance" in shown


def test_a_number_outside_the_range_of_a_later_metric_is_told(extraction, row):
    enter(extraction, "metric", "kappa", row=row)
    enter(extraction, "ssl_performance", "-0.2", "fraction", row)
    enter(extraction, "metric", "AUROC", row=row)
    assert "lies outside 0 to 1 of AUROC" in cell(extraction, "ssl_performance", row).doubts[0]


def test_an_interval_turned_round_is_asked_about_until_it_is_right(
    client_of, extraction, study, row
):
    client, place = client_of(extraction.extractor), address(study, "extract", "cell")
    enter(extraction, "ssl_low", "0.95", "fraction", row)

    def send(field, value):
        known = current(extraction, field, row)
        sent = {"field": field, "row": row.pk, "value": value, "unit": "fraction"}
        sent |= {"expected": known.pk} if known else {}
        return client.post(place, sent, headers=PART).content.decode()

    answer = send("ssl_high", "0.85")
    assert answer.count("Are its ends turned round?") == 2
    assert f'id="status-f-{row.pk}-ssl_low"' in answer
    assert "Saved" in answer
    answer = send("ssl_low", "0.75")
    assert "turned round" not in answer
    assert f'id="status-f-{row.pk}-ssl_high"' in answer


def test_domains_of_a_tool_head_their_questions(extraction, row):
    assert not any(one.heading for one in entry_of(extraction).fields)
