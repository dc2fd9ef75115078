"""`prisma_flow`, `agreement` and `export_table1` as scripts call them."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from analytics.prisma.flow import FlowError
from analytics.prisma.invariants import Violation
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from tests import factories
from tests.analytics.tables.studies import HEADER

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def record(review, screener, other_screener):
    record = factories.make_record(review)
    for person in (screener, other_screener):
        factories.make_decision(record, person)
    return record


@pytest.fixture
def form(review):
    return factories.make_form(review, to_json(template("ssl_classification")))


def test_prisma_flow_prints_boxes_with_counts_and_ids(review, record):
    told = json.loads(run("prisma_flow", "--review", "ssl", "--format", "json"))

    assert told["boxes"]["records_screened"] == {"count": 1, "ids": [record.pk]}
    assert told["boxes"]["dbr_excluded"] == []
    assert told["in_progress"]["dbr_awaiting_retrieval"]["count"] == 1
    assert told["as_of"] is None


@pytest.mark.parametrize("moment", ["2020-01-31", "2020-01-31T12:00:00", "2020-01-31T12:00+01:00"])
def test_prisma_flow_looks_back(review, record, moment):
    told = json.loads(run("prisma_flow", "--review", "ssl", "--format", "json", "--as-of", moment))

    assert told["boxes"]["database_results"]["count"] == 0
    assert told["as_of"].startswith("2020-0")


@pytest.mark.parametrize(("file_format", "start"), [("csv", "data,node"), ("svg", "<svg")])
def test_prisma_flow_prints_text(review, record, file_format, start):
    assert run("prisma_flow", "--review", "ssl", "--format", file_format).startswith(start)


@pytest.mark.parametrize("file_format", ["json", "csv", "svg", "png"])
def test_prisma_flow_writes_a_file(review, record, tmp_path, file_format):
    file = tmp_path / "flow"
    run("prisma_flow", "--review", "ssl", "--format", file_format, "-o", str(file))

    assert file.stat().st_size > 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--review", "none", "--format", "json"), "no review with the slug 'none'"),
        (("--review", "ssl", "--format", "png"), "name a file with -o"),
        (("--review", "ssl", "--format", "json", "--as-of", "soon"), "'soon' is no date"),
        (("--review", "ssl", "--format", "json", "--as-of", "2026-02-31"), "is no date"),
    ],
)
def test_prisma_flow_refuses_in_words(review, arguments, message):
    with pytest.raises(CommandError, match=message):
        run("prisma_flow", *arguments)


def test_prisma_flow_refuses_sums_that_do_not_agree(review, monkeypatch):
    def broken(**_):
        raise FlowError((Violation("I4", "the reasons", frozenset({3})),))

    monkeypatch.setattr("analytics.management.commands.prisma_flow.flow_of", broken)
    with pytest.raises(CommandError, match="does not add up: I4: the reasons: ids 3"):
        run("prisma_flow", "--review", "ssl", "--format", "json")


def test_agreement_prints_one_document(review, record):
    told = json.loads(run("agreement", "--review", "ssl", "--stage", "title_abstract", "--json"))

    assert told["pairs"][0]["n"] == 1
    assert told["pairs"][0]["percent"] == 100
    assert told["krippendorff_alpha"] is None


def test_agreement_prints_lines_for_people(review, record, screener, other_screener):
    factories.make_decision(factories.make_record(review), screener, "exclude")
    second = factories.make_record(review)
    for person in (screener, other_screener):
        factories.make_decision(second, person, "exclude")
    told = run("agreement", "--review", "ssl", "--stage", "title_abstract")

    assert "Sam Screener and Olga Other, n = 2, Cohen's kappa: 1.000 [1.000, 1.000]" in told


def test_agreement_is_narrowed_to_a_period_and_a_round(review, record):
    asked = ("agreement", "--review", "ssl", "--stage", "title_abstract", "--json")
    today = timezone.localdate()
    for more, records in (
        (("--since", f"{today}", "--until", f"{today}"), 1),
        (("--until", f"{today - timedelta(days=1)}"), 0),
        (("--since", f"{today + timedelta(days=1)}"), 0),
        (("--round", "1"), 1),
        (("--round", "2"), 0),
        (("--reason", "each"), 0),
    ):
        assert json.loads(run(*asked, *more))["records"] == records, more


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--since", "soon"), "'soon' is no date"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "ends before it begins"),
        (("--reason", "7"), "no exclusion reason '7'"),
    ],
)
def test_agreement_refuses_what_narrows_to_nothing_known(review, arguments, message):
    with pytest.raises(CommandError, match=message):
        run("agreement", "--review", "ssl", "--stage", "title_abstract", *arguments)


def test_agreement_refuses_an_unknown_review(db):
    with pytest.raises(CommandError, match="no review with the slug"):
        run("agreement", "--review", "none", "--stage", "full_text")


def test_export_table1_prints_the_agreed_header(review, form):
    assert run("export_table1", "--review", "ssl", "--format", "csv") == f"{HEADER}\r\n"


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "latex", "markdown", "html", "json"])
def test_export_table1_writes_a_file(review, form, tmp_path, file_format):
    file = tmp_path / "table"
    options = ("--long", "--provenance", "-o", str(file))
    run("export_table1", "--review", "ssl", "--format", file_format, *options)

    assert file.stat().st_size > 50


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--review", "none"), "no review with the slug 'none'"),
        (("--review", "ssl", "--format", "xlsx"), "name a file with -o"),
    ],
)
def test_export_table1_refuses_in_words(review, form, arguments, message):
    with pytest.raises(CommandError, match=message):
        run("export_table1", *arguments)


def test_export_table1_needs_a_form(review):
    with pytest.raises(CommandError, match="no extraction form yet"):
        run("export_table1", "--review", "ssl")
