import pytest

from extraction.models import DataSet, ExtractedValue, Extraction, Study
from screening.models import AuditEvent
from screening.rules.consensus import Stage, Verdict
from tests import factories
from tests.extraction.views.test_studies import address


@pytest.fixture
def second(review, screener, other_screener):
    record = factories.make_record(review, title="Journal version", authors=["Zhou, Wei"])
    for reviewer in (screener, other_screener):
        factories.make_decision(record, reviewer, Verdict.INCLUDE, Stage.FULL_TEXT)
    return factories.make_report(record)


@pytest.fixture
def base(review):
    return f"/r/{review.slug}/extraction/data-sets/"


def test_joining_is_looked_at_first_and_taken_back(client_of, lead, review, study, second):
    other = factories.make_study(review, second, first_author="Zhou")
    client = client_of(lead)
    found = client.get(address(study, "join"), {"q": "journal"}).content.decode()
    assert "in another study" in found
    seen = client.get(address(study, "join"), {"report": second.pk}).content.decode()
    assert "it is set aside" in seen
    assert study.study_reports.count() == 1
    done = client.post(address(study, "join"), {"report": second.pk}, follow=True)
    assert "is joined to this study" in done.content.decode()
    gone = client.get(address(other), follow=True).content.decode()
    assert "was joined to this study" in gone
    seen = client.get(address(study, "reports", second.pk, "split")).content.decode()
    assert "goes back to Zhou" in seen
    assert study.study_reports.count() == 2
    done = client.post(address(study, "reports", second.pk, "split"), follow=True)
    assert "It belongs to Zhou" in done.content.decode()
    assert set(Study.objects.standing()) == {study, other}


def test_what_cannot_be_joined_or_split_is_said(client_of, lead, study, report, second):
    client = client_of(lead)
    page = client.post(address(study, "join"), follow=True).content.decode()
    assert "Choose a report first" in page
    page = client.post(address(study, "join"), {"report": report.pk}, follow=True).content.decode()
    assert "belongs to this study already" in page
    page = client.get(address(study, "reports", report.pk, "split")).content.decode()
    assert "nothing to split" in page
    page = client.get(address(study, "reports", second.pk, "split"), follow=True).content.decode()
    assert "does not belong to this study" in page


@pytest.fixture
def imported(review, form, lead):
    def make(author, *texts):
        study = factories.make_study(review, first_author=author)
        extraction = Extraction.objects.create(
            study=study, form=form, extractor=lead, origin=Extraction.Origin.IMPORT
        )
        for place, text in enumerate(texts, start=1):
            row = extraction.rows.create(group="experiment", position=place)
            ExtractedValue.objects.create(
                extraction=extraction, row=row, field="dataset", value=text
            )
        return study

    return make


def test_studies_on_one_data_set_are_shown_as_dependent(client_of, lead, imported, base):
    first = imported("Azizi", "CheXpert", "own data")
    second = imported("Sowrirajan", "CheXpert (1 %)")
    imported("Zhou", "ISIC 2019")
    client = client_of(lead)
    page = client.get(base)
    assert dict(page.context["listed"].unknown)["CheXpert"] == 1
    client.post(f"{base}save/", {"name": ["CheXpert", "ISIC", "chexpert"]})
    listed = client.get(base).context["listed"]
    uses = {str(one.data_set): one.studies for one in listed.uses}
    assert uses["CheXpert"] == [first, second]
    assert listed.shared == 1
    assert listed.unknown == [("own data", 1)]
    page = client.get(address(first)).content.decode()
    assert "Dependent on 1 other study" in page
    assert "Sowrirajan 2021" in page


def test_other_names_are_kept_apart_and_a_retired_name_names_nothing(
    client_of, lead, imported, base
):
    imported("Azizi", "MIMIC")
    client = client_of(lead)
    client.post(f"{base}save/", {"name": ["MIMIC-CXR", "CheXpert"]})
    mimic = DataSet.objects.get(name="MIMIC-CXR")
    data = {"data_set": mimic.pk, "name": "MIMIC-CXR", "other_names": "MIMIC; MIMIC v2"}
    client.post(f"{base}save/", data)
    assert client.get(base).context["listed"].unknown == []
    refused = client.post(f"{base}save/", data | {"other_names": "chexpert"}, follow=True)
    assert "is a name of CheXpert already" in refused.content.decode()
    assert (
        "at most 200 letters"
        in client.post(f"{base}save/", data | {"name": " "}, follow=True).content.decode()
    )
    client.post(f"{base}save/", {"data_set": mimic.pk, "action": "retire"})
    assert client.get(base).context["listed"].unknown == [("MIMIC", 1)]
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert actions == ["data_set.added"] * 2 + ["data_set.changed", "data_set.retired"]


def test_an_observer_reads_the_list_and_changes_nothing(client_of, observer, imported, base):
    imported("Azizi", "CheXpert")
    page = client_of(observer).get(base).content.decode()
    assert "CheXpert" in page
    assert "Add what is ticked" not in page
    assert client_of(observer).post(f"{base}save/", {"name": "x"}).status_code == 403


def test_many_studies_take_as_many_statements_as_one(
    client_of, lead, imported, base, count_queries
):
    client = client_of(lead)
    first = imported("Azizi", "CheXpert")
    client.post(f"{base}save/", {"name": "CheXpert"})
    pages = (base, address(first))
    client.get(base)
    few = [count_queries(lambda page=page: client.get(page)) for page in pages]
    for number in range(20):
        imported(f"Author {number}", "CheXpert", "ISIC")
    assert [count_queries(lambda page=page: client.get(page)) for page in pages] == few
