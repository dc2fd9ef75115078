from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from extraction.models import Assignment
from extraction.selectors.assignments import plan_of
from extraction.services.assignments import name_for_study, share_studies, withdraw_assignments
from extraction.services.extractions import start_extraction
from extraction.services.settings import change_settings
from screening.models import AuditEvent
from tests import factories
from tests.extraction.conftest import extract

EXTRACT, SETTLE = Assignment.Task.EXTRACT, Assignment.Task.SETTLE


@pytest.fixture
def third_extractor(review):
    return factories.make_member(review, "extractor", user=factories.make_user("Theo Third"))


@pytest.fixture
def studies(review, form):
    return [factories.make_study(review) for _ in range(12)]


def test_studies_are_shared_evenly_and_mixed(
    lead, studies, extractor, other_extractor, third_extractor
):
    people = [extractor, other_extractor, third_extractor]
    plan = plan_of(studies, people, task=EXTRACT, seats=2)
    done = share_studies(membership=lead, studies=studies, members=people, task=EXTRACT, seats=2)
    assert done == plan
    assert [count for _, count in plan.per_person] == [8, 8, 8]
    pairs = Counter(
        frozenset(one.member_id for one in study.assignments.all()) for study in studies
    )
    assert len(pairs) == 3
    assert all(len(pair) == 2 for pair in pairs)
    again = share_studies(membership=lead, studies=studies, members=people, task=EXTRACT, seats=2)
    assert again.pairs == ()


def test_who_began_without_a_name_has_the_place(lead, studies, extractor, other_extractor):
    start_extraction(membership=extractor, study=studies[0])
    plan = plan_of(studies[:1], [extractor, other_extractor], task=EXTRACT, seats=2)
    assert plan.pairs == ((studies[0], other_extractor),)


def test_one_person_alone_leaves_studies_that_lack_somebody(studies, extractor):
    plan = plan_of(studies, [extractor], task=EXTRACT, seats=2)
    assert (len(plan.pairs), plan.lacking) == (12, 12)


def test_nobody_is_to_settle_what_they_extracted(lead, study, extractor, adjudicator):
    extract(study, extractor)
    extractor.is_adjudicator = True
    extractor.save()
    plan = plan_of([study], [extractor, adjudicator], task=SETTLE, seats=1)
    assert plan.pairs == ((study, adjudicator),)
    with pytest.raises(ValidationError, match="somebody else settles"):
        name_for_study(membership=lead, study=study, member=extractor, task=SETTLE)


def test_a_kept_place_is_not_taken_by_another(
    lead, study, extractor, other_extractor, third_extractor
):
    for person in (extractor, other_extractor):
        name_for_study(membership=lead, study=study, member=person, task=EXTRACT)
    with pytest.raises(ValidationError, match="kept for Ed Extractor and Eve Extractor"):
        start_extraction(membership=third_extractor, study=study)
    found = study.assignments.filter(member=extractor)
    assert withdraw_assignments(membership=lead, assignments=found) == 1
    assert start_extraction(membership=third_extractor, study=study)
    with pytest.raises(ValidationError, match="kept for Eve Extractor"):
        start_extraction(membership=extractor, study=study)
    assert start_extraction(membership=other_extractor, study=study)


def test_who_left_blocks_no_place(lead, study, extractor, other_extractor, third_extractor):
    extract(study, extractor, submit=False)
    name_for_study(membership=lead, study=study, member=other_extractor, task=EXTRACT)
    for gone in (extractor, other_extractor):
        gone.deactivated_at = timezone.now()
        gone.save()
    assert start_extraction(membership=third_extractor, study=study)


def test_only_named_people_extract_when_the_review_says_so(lead, study, extractor):
    change_settings(membership=lead, wanted={"is_assigned_only": True})
    with pytest.raises(ValidationError, match="not named for this study"):
        start_extraction(membership=extractor, study=study)
    name_for_study(membership=lead, study=study, member=extractor, task=EXTRACT)
    assert start_extraction(membership=extractor, study=study)


def test_what_does_not_fit_is_refused(lead, study, extractor, adjudicator, observer):
    name_for_study(membership=lead, study=study, member=extractor, task=EXTRACT)
    with pytest.raises(ValidationError, match="named for this study already"):
        name_for_study(membership=lead, study=study, member=extractor, task=EXTRACT)
    with pytest.raises(ValidationError, match="may not do this"):
        name_for_study(membership=lead, study=study, member=observer, task=EXTRACT)
    with pytest.raises(ValidationError, match="Choose what"):
        name_for_study(membership=lead, study=study, member=extractor, task="nothing")
    foreign = factories.make_member(factories.make_review(), "extractor")
    with pytest.raises(ValidationError, match="another review"):
        name_for_study(membership=lead, study=study, member=foreign, task=EXTRACT)
    with pytest.raises(ValidationError, match="of this review"):
        share_studies(membership=lead, studies=[study], members=[foreign], task=EXTRACT, seats=2)
    with pytest.raises(PermissionDenied):
        name_for_study(membership=adjudicator, study=study, member=extractor, task=EXTRACT)


def test_naming_and_withdrawing_leave_traces(lead, study, extractor):
    made = name_for_study(membership=lead, study=study, member=extractor, task=EXTRACT)
    withdraw_assignments(membership=lead, assignments=[made])
    assert withdraw_assignments(membership=lead, assignments=[made]) == 0
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert actions == ["study.assigned", "studies.assignments_withdrawn"]
    assert Assignment.objects.count() == 1


def test_settings_are_changed_once_and_checked(lead, review, extractor):
    for _ in range(2):
        change_settings(
            membership=lead,
            wanted={"is_extraction_blinded": False, "is_reconciliation_blinded": False},
        )
    review.refresh_from_db()
    assert not review.is_extraction_blinded
    assert AuditEvent.objects.filter(action="extraction.settings_changed").count() == 1
    with pytest.raises(ValidationError, match="no such setting"):
        change_settings(membership=lead, wanted={"colour": "red"})
    with pytest.raises(PermissionDenied):
        change_settings(membership=extractor, wanted={"is_assigned_only": True})
