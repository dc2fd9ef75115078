"""The status rule as SQL gives what the pure rule gives, whatever was decided."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.models import Adjudication, Decision, MemberGroup, Record, StageSettings
from screening.rules.consensus import (
    MaybeMeans,
    Opinion,
    Stage,
    StageRule,
    Verdict,
    has_place,
    team_status,
)
from screening.selectors.blinding import status_of
from screening.selectors.counts import Place, team_tally
from screening.selectors.queue import asker_of, is_free_for, is_open_to, open_count
from screening.selectors.stages import settings_of
from tests import factories
from tests.laws import examples

reasons = st.sampled_from(["a", "b"])
opinions = st.one_of(
    st.tuples(st.just(Verdict.EXCLUDE), st.one_of(reasons, st.none())),
    st.tuples(st.sampled_from([Verdict.INCLUDE, Verdict.MAYBE]), st.none()),
)
rulings = st.one_of(
    st.none(),
    st.tuples(st.just(Verdict.EXCLUDE), reasons),
    st.tuples(st.just(Verdict.INCLUDE), st.none()),
)


@pytest.mark.django_db
@settings(
    deadline=None,
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    said=st.lists(opinions, max_size=3),
    ruling=rulings,
    rule=st.builds(StageRule, st.integers(1, 3), st.sampled_from(list(MaybeMeans)), st.booleans()),
    stage=st.sampled_from(list(Stage)),
    in_group=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_the_sql_status_is_the_pure_status(said, ruling, rule, stage, in_group, db):
    review = factories.make_review()
    group = MemberGroup.objects.create(review=review, name="Clinicians")
    StageSettings.objects.filter(review=review, stage=stage).update(
        verdicts_needed=rule.verdicts_needed,
        maybe_means=rule.maybe_means,
        required_group=group if rule.needs_group else None,
    )
    kind = "website" if stage == Stage.FULL_TEXT else "database"
    record = factories.make_record(review, source=factories.make_source(review, kind=kind))
    kept = []
    for (verdict, label), is_of_group in zip(said, in_group, strict=False):
        reason = factories.make_reason(review, label) if label else None
        if stage == Stage.FULL_TEXT and verdict == Verdict.EXCLUDE and reason is None:
            reason = factories.make_reason(review, "a")
        member = factories.make_member(review, "screener")
        if is_of_group:
            group.members.add(member)
        factories.make_decision(record, member, verdict, stage, reason=reason)
        kept.append(Opinion(verdict, reason.pk if reason else None, is_of_group))
    settled = None
    if ruling:
        reason = factories.make_reason(review, ruling[1]) if ruling[1] else None
        Adjudication.objects.create(
            record=record,
            stage=stage,
            verdict=ruling[0],
            reason=reason,
            adjudicator=factories.make_member(review, "adjudicator"),
        )
        settled = Opinion(ruling[0], reason.pk if reason else None)
    found = Record.objects.with_status(stage).get(pk=record.pk)
    expected = team_status(kept, rule, ruling=settled)
    assert found.team_status == expected
    tally = team_tally(Place(factories.make_member(review, "lead"), stage))
    assert [status for status, number in tally.items() if number] == [expected]
    assert Decision.objects.current().filter(record=record).count() == len(kept)
    assert status_of(record, stage) == expected
    if stage == Stage.FULL_TEXT:
        factories.make_report(record).attempts.create(how="Library", outcome="retrieved")
    row = settings_of(review, stage)
    for is_of_group in (False, True):
        member = factories.make_member(review, "screener")
        if is_of_group:
            group.members.add(member)
        has = settled is None and has_place(kept, rule, is_of_group=is_of_group)
        asker = asker_of(member, row)
        assert is_open_to(asker, record.pk) == is_free_for(asker, record.pk) == has
        assert open_count(asker) == has


@pytest.mark.parametrize("needed", [0, 4])
def test_it_refuses_an_impossible_number_of_verdicts(needed):
    with pytest.raises(ValueError, match="1, 2 or 3"):
        StageRule(verdicts_needed=needed)


def test_it_refuses_a_ruling_that_is_a_maybe():
    with pytest.raises(ValueError, match="maybe"):
        team_status([], StageRule(), ruling=Opinion(Verdict.MAYBE))
