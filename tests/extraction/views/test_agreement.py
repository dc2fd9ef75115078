import pytest

from extraction.models import Extraction
from extraction.selectors.agreement import extraction_agreement
from tests.extraction.conftest import experiment, extract


@pytest.fixture
def address(review):
    return f"/r/{review.slug}/extraction/agreement/"


def test_each_field_has_its_agreement(
    client_of, observer, study, extractor, other_extractor, address
):
    extract(study, extractor, experiment("1%", "0.885", "0.858"), experiment("5%", "0.9", "0.8"))
    extract(study, other_extractor, experiment("1%", "0.885", "0.868"), ssl_framework="MoCo v2")
    table = extraction_agreement(study.review)
    by_field = {(line.group.key, line.field.key): line.agreement for line in table.lines}
    assert by_field["method", "ssl_framework"].percent == 0
    assert by_field["method", "strategy"].percent == 100
    assert by_field["experiment", "ssl_performance"].both == 1
    assert by_field["experiment", "ssl_performance"].only_one == 1
    assert abs(by_field["experiment", "supervised_performance"].mean_difference) == (
        pytest.approx(0.01)
    )
    page = client_of(observer).get(address).content.decode()
    assert "1 study extracted twice" in page
    assert "100.0 %" in page


def test_a_blinded_or_imported_extraction_counts_for_nothing(
    client_of, lead, study, form, extractor, address
):
    extract(study, extractor)
    Extraction.objects.create(
        study=study, form=form, extractor=lead, origin=Extraction.Origin.IMPORT
    )
    page = client_of(lead).get(address).content.decode()
    assert "Nothing to compare yet" in page
