import pytest

from extraction.models import ConsensusValue
from extraction.selectors.comparison import comparison_of
from extraction.services.settings import change_settings
from tests.extraction.conftest import experiment, extract
from tests.extraction.views.test_reconcile import PART
from tests.extraction.views.test_studies import address


@pytest.fixture
def alone(lead, study, extractor):
    change_settings(membership=lead, wanted={"mode": "verified"})
    extract(study, extractor, experiment("1%", "0.885", "0.858"))
    return study


def act(client, study, part, headers=PART, **data):
    return client.post(address(study, "verify", part), data, headers=headers)


def test_another_extractor_verifies_value_by_value(client_of, other_extractor, alone, review):
    client = client_of(other_extractor)
    listed = client.get(f"/r/{review.slug}/extraction/")
    assert [one.waits for one in listed.context["waiting"]] == ["Verify"]
    page = client.get(address(alone, "reconcile")).content.decode()
    assert "Verify this extraction" in page
    client.post(address(alone, "verify", "begin"))
    page = act(client, alone, "cell", field="strategy", side="a").content.decode()
    assert "Confirmed" in page
    wrong = {"field": "ssl_framework", "side": "third", "value": "MoCo v2", "quote": "MoCo v2 is"}
    page = act(client, alone, "cell", **wrong).content.decode()
    assert "Say why" in page
    assert "MoCo v2 is" in page  # what was typed is kept
    page = act(client, alone, "cell", **wrong, rationale="Section 3").content.decode()
    assert "Corrected" in page
    row = alone.reconciliation.rows.get()
    act(client, alone, "row", row=row.pk, action="a")
    act(client, alone, "cell", field="outcome_task", side="a")
    page = act(client, alone, "finalise").content.decode()
    assert "Final since" in page
    study_page = client.get(address(alone)).content.decode()
    assert "0 % of the 2 plotted values have page and quote" in study_page
    assert "What was verified" in study_page


def test_what_was_typed_is_kept_without_htmx_too(client_of, other_extractor, alone):
    client = client_of(other_extractor)
    client.post(address(alone, "verify", "begin"))
    data = {"field": "ssl_framework", "side": "third", "value": "v9", "page": "first"}
    answer = act(client, alone, "cell", headers={}, **data)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "The page is a whole number from 1." in page
    assert 'value="v9"' in page


def test_the_extractor_is_told_that_another_verifies(client_of, extractor, alone, review):
    client = client_of(extractor)
    assert not client.get(f"/r/{review.slug}/extraction/").context["waiting"]
    page = client.get(address(alone, "reconcile")).content.decode()
    assert "Nobody verifies their own values" in page
    assert "Verify this extraction" not in page
    assert client.post(address(alone, "verify", "begin")).status_code == 403


def test_verifying_is_not_a_way_into_a_reconciliation(
    client_of, study, extractor, other_extractor, adjudicator
):
    for person in (extractor, other_extractor):
        extract(study, person)
    refused = client_of(extractor).post(address(study, "verify", "begin"), follow=True)
    assert "no extraction to verify" in refused.content.decode()
    client_of(adjudicator).post(address(study, "reconcile", "begin"))
    answer = act(client_of(extractor), study, "cell", field="strategy", side="a")
    assert answer.url == address(study)


def test_the_place_of_a_value_is_found_by_its_cell(client_of, adjudicator, alone):
    value = alone.extractions.get().values.get(field="strategy")
    value.page, value.quote = 3, "a contrastive loss"
    value.save()
    client = client_of(adjudicator)
    where = {"group": "method", "number": "0", "field": "strategy", "side": "a"}
    page = client.get(address(alone, "reconcile", "place"), where).content.decode()
    assert "a contrastive loss" in page
    assert "The report is not stored" in page
    for wrong in ({"side": "b"}, {"field": "nothing"}, {"group": "nothing"}):
        answer = client.get(address(alone, "reconcile", "place"), where | wrong)
        assert answer.url == address(alone, "reconcile")


def test_finishing_without_evidence_leads_to_the_cell_that_lacks_it(
    client_of, lead, alone, other_extractor
):
    sent = {"mode": "verified", "evidence_needed": "results", "is_extraction_blinded": "on"}
    client_of(lead).post(f"/r/{alone.review.slug}/extraction/settings/", sent)
    client = client_of(other_extractor)
    client.post(address(alone, "verify", "begin"))
    row = alone.reconciliation.rows.get()
    act(client, alone, "row", row=row.pk, action="a")
    for cell in comparison_of(alone).cells:
        if cell.is_open:
            act(client, alone, "cell", field=cell.field.key, side="a")
    place = "cell-experiment-1-ssl_performance"
    page = client.get(address(alone, "reconcile")).content.decode()
    assert "2 settled answers lack page and quote" in page
    assert f'<a href="#{place}">SSL performance, experiment 1</a>' in page
    assert f'id="{place}"' in page
    assert f'name="at" value="{place}"' in page
    refused = client.post(address(alone, "verify", "finalise"), {"at": place}, follow=True)
    assert refused.redirect_chain[-1][0].endswith(f"#{place}")
    assert "2 values have no page and quote yet" in refused.content.decode()
    wrong = {"field": "ssl_performance", "row": row.pk, "side": "proof", "quote": "AUROC 0.885"}
    settled = ConsensusValue.objects.current().get(field="ssl_performance")
    wrong["expected"] = settled.pk
    kept = act(client, alone, "cell", **wrong).content.decode()
    assert "Give the page and the words that stand there." in kept
    assert "AUROC 0.885" in kept
    act(client, alone, "cell", **wrong, page=2)
    assert "1 settled answer lacks page" in client.get(address(alone, "reconcile")).content.decode()


def test_the_mode_is_chosen_in_the_settings(client_of, lead, review):
    url = f"/r/{review.slug}/extraction/settings/"
    sent = {"mode": "verified", "evidence_needed": "results", "is_extraction_blinded": "on"}
    client_of(lead).post(url, sent)
    page = client_of(lead).get(url).content.decode()
    assert page.count(" checked") == 3
    assert client_of(lead).post(url, sent | {"mode": "magic"}).status_code == 400


def test_the_overview_says_how_many_values_are_proven(client_of, lead, alone, other_extractor):
    client = client_of(other_extractor)
    client.post(address(alone, "verify", "begin"))
    act(client, alone, "row", row=alone.reconciliation.rows.get().pk, action="a")
    page = client_of(lead).get(f"/r/{alone.review.slug}/extraction/progress/").content.decode()
    assert "0 % of the 2 plotted values have page and quote" in page
    assert "being verified" in page
