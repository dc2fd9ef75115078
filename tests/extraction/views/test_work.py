import pytest

from extraction.models import Assignment, Extraction
from extraction.selectors.states import StudyState, state_of
from tests import factories
from tests.extraction.conftest import experiment, extract
from tests.extraction.views.test_studies import address

OPEN = {"mode": "double", "evidence_needed": "none", "is_extraction_blinded": "on"}


@pytest.fixture
def base(review):
    return f"/r/{review.slug}/extraction/"


def test_a_lead_sees_who_would_get_what_and_does_it(client_of, lead, study, extractors, base):
    extractor, other_extractor = extractors
    data = {
        "task": "extract",
        "seats": "2",
        "state": ["new", "extracting"],
        "members": [extractor.pk, other_extractor.pk],
    }
    client = client_of(lead)
    seen = client.post(f"{base}assign/", data).content.decode()
    assert "2 places would be given" in seen
    assert "to Ed Extractor" in seen
    assert not Assignment.objects.exists()
    done = client.post(f"{base}assign/", data | {"confirmed": "1"}, follow=True)
    assert "2 places are given" in done.content.decode()
    assert Assignment.objects.standing().count() == 2
    waiting = client_of(extractor).get(base).context["waiting"]
    assert [(one.study, one.waits) for one in waiting] == [(study, "Extract")]
    again = client.post(f"{base}assign/", data).content.decode()
    assert "No place would be given" in again


def test_a_faulty_choice_is_kept_and_explained(client_of, lead, adjudicator, base):
    data = {"task": "extract", "seats": "2", "state": "new", "words": "chest x"}
    page = client_of(lead).post(f"{base}assign/", data)
    assert page.status_code == 400
    assert "chest x" in page.content.decode()
    page = client_of(lead).post(f"{base}assign/", data | {"members": adjudicator.pk})
    assert "Ada Judge may not extract in this review" in page.content.decode()


def test_places_kept_for_others_do_not_wait_for_me(client_of, lead, study, extractors, base):
    third = factories.make_member(study.review, "extractor")
    for person in extractors:
        data = {"member": person.pk, "task": "extract"}
        client_of(lead).post(address(study, "people"), data)
    assert not client_of(third).get(base).context["waiting"]
    page = client_of(lead).get(address(study)).content.decode()
    assert "is named to extract" in page
    named = Assignment.objects.get(member=extractors[0])
    client_of(lead).post(address(study, "people", "withdraw"), {"assignment": named.pk})
    assert client_of(third).get(base).context["waiting"]
    refused = client_of(lead).post(address(study, "people"), {"member": ""}, follow=True)
    assert "Choose a person first" in refused.content.decode()


def test_settling_waits_for_who_is_named(client_of, lead, study, extractors, adjudicator, base):
    for person in extractors:
        extract(study, person)
    assert [one.waits for one in client_of(lead).get(base).context["waiting"]] == ["Reconcile"]
    client_of(lead).post(address(study, "people"), {"member": adjudicator.pk, "task": "settle"})
    assert not client_of(lead).get(base).context["waiting"]
    waiting = client_of(adjudicator).get(base).context["waiting"]
    assert [one.waits for one in waiting] == ["Reconcile"]


def test_progress_counts_states_for_all_and_people_for_a_lead(
    client_of, lead, study, extractor, other_extractor, base
):
    own = extract(study, extractor)
    client_of(lead).post(address(study, "people"), {"member": other_extractor.pk})
    page = client_of(lead).get(f"{base}progress/")
    people = {str(one.member): one for one in page.context["progress"].people}
    assert (people["Ed Extractor"].submitted, people["Eve Extractor"].not_begun) == (1, 1)
    assert page.context["progress"].states[StudyState.EXTRACTING] == 1
    seen = client_of(other_extractor).get(f"{base}progress/")
    assert [one.member for one in seen.context["progress"].people] == [other_extractor]
    assert "Ed Extractor" not in seen.content.decode()
    client_of(extractor).post(address(study, "extract", "reopen"))
    own.refresh_from_db()
    assert own.reopened_at
    page = client_of(lead).get(f"{base}progress/")
    people = {str(one.member): one for one in page.context["progress"].people}
    assert (people["Ed Extractor"].drafts, people["Ed Extractor"].reopened) == (1, 1)
    assert "Reopened" in client_of(lead).get(address(study)).content.decode()
    freed = client_of(lead).post(f"{base}people/{other_extractor.pk}/withdraw/", follow=True)
    assert "1 places of Eve Extractor are free again" in freed.content.decode()


def test_names_are_shown_while_reconciling_is_open_and_hidden_while_blinded(
    client_of, lead, study, extractors, adjudicator, base
):
    for person in extractors:
        extract(study, person, experiment("1%", "0.9", "0.8"))
    client = client_of(adjudicator)
    client.post(address(study, "reconcile", "begin"))
    hidden = client.get(address(study, "reconcile")).content.decode()
    assert "Ed Extractor" not in hidden
    assert "Eve Extractor" not in hidden
    page = client_of(lead).get(f"{base}settings/").content.decode()
    assert "Reconciling is blinded" in page
    client_of(lead).post(f"{base}settings/", OPEN)
    shown = client.get(address(study, "reconcile")).content.decode()
    assert "Ed Extractor" in shown


def test_an_extractor_who_may_reconcile_is_told_why_not(
    client_of, study, extractor, other_extractor
):
    for person in (extractor, other_extractor):
        extract(study, person)
    extractor.is_adjudicator = True
    extractor.save()
    page = client_of(extractor).get(address(study, "reconcile")).content.decode()
    assert "somebody else settles it" in page
    assert "Reconcile: accept" not in page
    answer = client_of(extractor).post(address(study, "reconcile", "begin"))
    assert answer.status_code == 403


def test_pages_take_as_many_statements_for_many_studies_as_for_few(
    client_of, lead, study, extractors, base, count_queries
):
    client = client_of(lead)

    def counted():
        return [
            count_queries(lambda part=part: client.get(f"{base}{part}"))
            for part in ("", "progress/", "assign/")
        ]

    extract(study, extractors[0], submit=False)
    client.post(address(study, "people"), {"member": extractors[1].pk})
    client.get(base)
    few = counted()
    for _ in range(60):
        more = factories.make_study(study.review)
        for person in extractors:
            form = study_form(study.review)
            Extraction.objects.create(study=more, form=form, extractor=person)
            Assignment.objects.create(study=more, member=person, assigned_by=lead)
    assert counted() == few


def study_form(review):
    return review.extraction_forms.get()


def test_each_state_is_derived(study, extractor, other_extractor, adjudicator, client_of, lead):
    assert state_of(study) is StudyState.NEW
    Extraction.objects.create(
        study=study, form=study_form(study.review), extractor=lead, origin="import"
    )
    assert state_of(study) is StudyState.IMPORTED
    own = extract(study, extractor, submit=False)
    assert state_of(study) is StudyState.EXTRACTING
    extractor.deactivated_at = own.created_at
    extractor.save()
    assert state_of(study) is StudyState.IMPORTED
    extractor.deactivated_at = None
    extractor.save()
    client_of(extractor).post(address(study, "extract", "submit"))
    assert state_of(study) is StudyState.READY  # beside the imported one
    Extraction.objects.filter(origin="import").delete()
    assert state_of(study) is StudyState.EXTRACTING
    extract(study, other_extractor)
    assert state_of(study) is StudyState.READY
    client = client_of(adjudicator)
    client.post(address(study, "reconcile", "begin"))
    assert state_of(study) is StudyState.RECONCILING
    client.post(address(study, "reconcile", "finalise"))
    assert state_of(study) is StudyState.FINAL
