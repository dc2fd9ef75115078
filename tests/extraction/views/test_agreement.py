import csv
import io

import pytest

from analytics.selectors.extraction_agreement import extraction_agreement
from extraction.models import Extraction
from extraction.services.pairing import pair_rows
from extraction.services.reconciling import start_reconciliation
from tests import factories
from tests.extraction.conftest import experiment, extract


@pytest.fixture
def address(review):
    return f"/r/{review.slug}/extraction/agreement"


@pytest.fixture
def twice(study, extractor, other_extractor):
    extract(study, extractor, experiment("1%", "0.885", "0.858"), experiment("5%", "0.9", "0.8"))
    extract(study, other_extractor, experiment("1%", "0.885", "0.868"), ssl_framework="MoCo v2")
    return study


def lines_of(review):
    found = extraction_agreement(review)
    return {(line.group.key, line.field.key): line for line in found.lines}


def test_each_field_has_the_statistics_that_fit_it(client_of, observer, twice, address):
    lines = lines_of(twice.review)
    assert lines["method", "ssl_framework"].percent.value == 0
    assert lines["method", "ssl_framework"].kappa is None
    strategy = lines["method", "strategy"]
    assert strategy.percent.value == 100
    assert "one category" in strategy.kappa.note
    gain = lines["experiment", "supervised_performance"]
    assert (gain.both, gain.only_one) == (1, 1)
    assert gain.differences.mean_absolute == pytest.approx(0.01)
    page = client_of(observer).get(f"{address}/").content.decode()
    assert "1 study extracted twice" in page
    assert "± 0.0196" in page


def test_the_csv_holds_the_same_numbers(client_of, observer, twice, address):
    answer = client_of(observer).get(f"{address}.csv")
    rows = {row["field"]: row for row in csv.DictReader(io.StringIO(answer.content.decode()))}
    assert rows["strategy"]["percent"] == "100.0"
    assert rows["supervised_performance"]["mean_absolute_difference"] == "0.01"
    assert rows["supervised_performance"]["kappa"] == ""


def test_what_a_person_paired_counts_as_paired(twice, adjudicator):
    begun = start_reconciliation(membership=adjudicator, study=twice)
    whole = next(row for row in begun.rows.all() if row.row_a and row.row_b)
    half = next(row for row in begun.rows.all() if not (row.row_a and row.row_b))
    pair_rows(membership=adjudicator, row=half, other=whole)
    gain = lines_of(twice.review)["experiment", "ssl_performance"]
    assert (gain.both, gain.same) == (1, 0)


def test_a_draft_or_imported_extraction_counts_for_nothing(
    client_of, lead, study, extractor, other_extractor, address
):
    own = extract(study, extractor)
    Extraction.objects.create(
        study=study, form=own.form, extractor=lead, origin=Extraction.Origin.IMPORT
    )
    extract(study, other_extractor, submit=False, ssl_framework="not to be seen")
    assert extraction_agreement(study.review).lines == ()
    page = client_of(lead).get(f"{address}/").content.decode()
    assert "Nothing to compare yet" in page


def test_many_studies_take_as_many_statements_as_one(
    twice, extractor, other_extractor, django_assert_num_queries
):
    for _ in range(5):
        more = factories.make_study(twice.review)
        for person in (extractor, other_extractor):
            extract(more, person, experiment("1%", "0.9", "0.8"))
    with django_assert_num_queries(4):  # extractions, values, rows, pairings
        extraction_agreement(twice.review)
