from datetime import timedelta

import pytest
from django.utils import timezone

from analytics.selectors.agreement import agreement_of, may_see_agreement
from analytics.selectors.agreement_rows import agreement_as_json, agreement_rows
from screening.models import Adjudication, Decision, DuplicateLink, StageSettings
from screening.rules.consensus import Stage, Verdict
from tests import factories

pytestmark = pytest.mark.django_db
TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
INCLUDE, EXCLUDE, MAYBE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE


def judge(review, people, verdicts, times=1, **fields):
    for _ in range(times):
        record = factories.make_record(review)
        for person, verdict in zip(people, verdicts, strict=True):
            factories.make_decision(record, person, verdict, **fields)
    return record


@pytest.fixture
def people(screener, other_screener):
    return [screener, other_screener]


def test_the_published_example_comes_out_of_the_decisions(review, people):
    for verdicts, times in (
        ((INCLUDE, INCLUDE), 20),
        ((INCLUDE, EXCLUDE), 5),
        ((EXCLUDE, INCLUDE), 10),
        ((EXCLUDE, EXCLUDE), 15),
    ):
        judge(review, people, verdicts, times)

    found = agreement_of(review=review, stage=TITLE)
    (pair,) = found.pairs
    assert (pair.first, pair.second, pair.n) == (*people, 50)
    assert pair.table == ((20, 5), (10, 15))
    assert pair.kappa.value == pytest.approx(0.4)
    assert pair.kappa.se == pytest.approx(0.126996, abs=1e-6)
    assert pair.weighted_kappa is None
    assert found.alpha.value == pytest.approx(0.4)

    told = agreement_as_json(found)
    assert told["pairs"][0]["a"] == people[0].user.email
    reader = factories.make_member(people[0].review, "observer")
    assert "@" not in str(agreement_as_json(found, reader))
    shown = agreement_as_json(found, reader)["pairs"][0]
    assert (shown["a"], shown["a_name"]) == (people[0].user.name, people[0].user.name)
    assert (shown["a_id"], shown["b_id"]) == (people[0].pk, people[1].pk)
    assert set(told) >= {"pairs", "fleiss", "krippendorff_alpha"}
    assert set(told["pairs"][0]) >= {"a", "b", "n", "percent", "kappa", "kappa_ci", "pabak", "ac1"}
    assert told["pairs"][0]["percent"] == pytest.approx(70)
    assert told["pairs"][0]["kappa_ci"] == pytest.approx([0.151092, 0.648908], abs=2e-6)
    assert [row["coefficient"] for row in agreement_rows(found)][-3:] == [
        "Fleiss' kappa",
        "Krippendorff's alpha",
        "Gwet's AC1",
    ]


def test_maybe_is_a_verdict_of_its_own_and_brings_the_weighted_kappa(review, people):
    judge(review, people, (MAYBE, INCLUDE))
    judge(review, people, (EXCLUDE, EXCLUDE))

    found = agreement_of(review=review, stage=TITLE)
    assert list(found.categories) == ["include", "maybe", "exclude"]
    assert found.pairs[0].weighted_kappa.value > found.pairs[0].kappa.value
    assert found.pairs[0].lines[1] == ("maybe", (1, 0, 0))
    assert "weighted kappa, linear" in [row["coefficient"] for row in agreement_rows(found)]


def test_a_verdict_changed_after_the_ruling_counts_as_it_stood_before(review, people):
    record = judge(review, people, (INCLUDE, EXCLUDE))
    ruled = timezone.now()
    Adjudication.objects.create(
        record=record, stage=TITLE, verdict="include", adjudicator=people[0], created_at=ruled
    )
    later = ruled + timedelta(minutes=1)
    old = Decision.objects.filter(record=record, reviewer=people[1])
    old.update(superseded_at=later)
    factories.make_decision(record, people[1], INCLUDE, created_at=later)

    assert agreement_of(review=review, stage=TITLE).pairs[0].table == ((0, 1), (0, 0))


def test_undone_verdicts_and_those_on_duplicates_do_not_count(review, people):
    undone = judge(review, people, (INCLUDE, INCLUDE))
    now = timezone.now()
    Decision.objects.filter(record=undone, reviewer=people[0]).update(
        superseded_at=now, undone_at=now
    )
    twin = judge(review, people, (INCLUDE, INCLUDE))
    DuplicateLink.objects.create(review=review, record=twin, kept=undone, method="manual")

    assert agreement_of(review=review, stage=TITLE).pairs == ()


def test_imported_verdicts_count_and_are_told(review, people):
    judge(review, people, (INCLUDE, INCLUDE), origin=Decision.Origin.IMPORT)

    found = agreement_of(review=review, stage=TITLE)
    assert found.imported == found.pairs[0].imported == 2


def test_where_everybody_said_the_same_kappa_is_not_defined(review, people):
    judge(review, people, (EXCLUDE, EXCLUDE), times=3)

    told = agreement_as_json(agreement_of(review=review, stage=TITLE))
    assert told["pairs"][0]["kappa"] is None
    assert "only one category" in told["pairs"][0]["kappa_note"]
    assert told["fleiss"] is None
    assert told["notes"]


def test_the_number_of_queries_does_not_grow_with_the_records(
    review, people, django_assert_num_queries
):
    judge(review, people, (INCLUDE, EXCLUDE), times=12)
    with django_assert_num_queries(6):  # rulings, settings, their changes, duplicates, rows, people
        agreement_of(review=review, stage=TITLE)


def test_who_screens_sees_agreement_only_when_the_stage_is_finished(
    review, people, lead, observer, adjudicator
):
    judge(review, people, (INCLUDE, INCLUDE))
    waiting = factories.make_record(review)
    assert [may_see_agreement(one, TITLE) for one in (lead, observer, adjudicator, people[0])] == [
        True,
        True,
        False,
        False,
    ]

    for person in people:
        factories.make_decision(waiting, person, INCLUDE)
    assert may_see_agreement(people[0], TITLE)


def test_an_observer_who_screens_waits_like_the_others(review):
    both = factories.make_member(review, "observer", "screener")
    factories.make_record(review)

    assert not may_see_agreement(both, TITLE)
    StageSettings.objects.filter(review=review).update(is_blinded=False)
    assert may_see_agreement(both, TITLE)


def test_who_has_left_sees_nothing(review, lead):
    lead.deactivated_at = timezone.now()

    assert not may_see_agreement(lead, TITLE)


def test_the_full_text_stage_is_its_own(review, people):
    judge(review, people, (INCLUDE, EXCLUDE), stage=FULL)

    assert agreement_of(review=review, stage=TITLE).pairs == ()
    assert agreement_of(review=review, stage=FULL).pairs[0].n == 1
