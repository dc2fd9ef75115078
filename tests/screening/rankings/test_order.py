"""The queue by relevance: fresh after every verdict, by nobody else's, and nothing is lost."""

import pytest

from screening.models import Decision, Job, Ranking, RankingVectors, Record, StageSettings
from screening.rules.consensus import Stage, Verdict
from screening.selectors.rankings import memory
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out
from screening.services.rankings.preparing import PREPARATION, prepare_vectors
from screening.services.undo import undo_decision
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


def decide(member, record, verdict):
    record_decision(
        membership=member, record_id=record.pk, stage=TITLE, answer=Answer(verdict=verdict)
    )


def truth(record):
    return Verdict.INCLUDE if record.is_relevant else Verdict.EXCLUDE


def teach(member, records, number=8):
    for record in records[:number]:
        decide(member, record, truth(record))


def next_of(member, **more):
    return hand_out(membership=member, stage=TITLE, **more)


def screened(member, records, number):
    """Screen on in the order given; how many of them were relevant."""
    by_id = {record.pk: record for record in records}
    found = 0
    for _ in range(number):
        record = by_id[next_of(member).pk]
        decide(member, record, truth(record))
        found += record.is_relevant
    return found


def test_after_a_few_verdicts_the_relevant_ones_come_first(by_relevance, records, screener):
    teach(screener, records)
    assert screened(screener, records, 12) >= 11


def test_every_verdict_is_known_to_the_next_order(by_relevance, records, screener):
    teach(screener, records)
    next_of(screener)
    assert Ranking.objects.last().examples == 8
    decide(screener, next_of(screener), Verdict.EXCLUDE)
    next_of(screener)
    assert Ranking.objects.last().examples == 9


def test_an_undo_trains_again_and_gives_the_order_of_before(by_relevance, records, screener):
    teach(screener, records)
    before = next_of(screener)
    digest = Ranking.objects.last().order_digest
    decide(screener, before, Verdict.EXCLUDE)
    next_of(screener, near=before)
    assert Ranking.objects.last().order_digest != digest
    undo_decision(membership=screener, stage=TITLE)
    next_of(screener, near=before)
    assert Ranking.objects.last().order_digest == digest


def test_before_an_include_and_an_exclude_the_question_orders(review, by_relevance, screener):
    review.question = "contrastive pretraining of radiographs with few labels"
    review.save()
    record = next_of(screener)
    assert Ranking.objects.get().method == Ranking.Method.QUESTION
    assert "contrastive" in f"{record.title} {record.abstract}"


def test_known_reports_order_the_first_records(review, by_relevance, records, screener):
    review.question = ""
    review.save()
    by_relevance.known_reports = f"#{records[0].pk}\nnurse 10.9999/none"
    by_relevance.save()
    first = {next_of(screener).pk}
    assert first & {record.pk for record in records if record.is_relevant}


def test_one_persons_order_does_not_depend_on_what_another_said(
    by_relevance, records, screener, other_screener
):
    """The attack of the threat model: the other's verdict moves a record in my order."""
    teach(screener, records)
    mine = []
    for verdict in (Verdict.INCLUDE, Verdict.EXCLUDE):
        for record in records[8:20]:
            decide(other_screener, record, verdict)
        memory.forget()
        assert next_of(screener) is not None
        mine.append(Ranking.objects.filter(member=screener).last().order_digest)
    assert mine[0] == mine[1]


def test_the_team_teaches_when_the_stage_is_open(by_relevance, records, screener, other_screener):
    by_relevance.is_blinded = False
    by_relevance.save()
    teach(other_screener, records)
    next_of(screener)
    row = Ranking.objects.get()
    assert (row.member, row.examples) == (None, 8)


def test_two_screeners_share_one_training_of_the_team(
    by_relevance, records, screener, other_screener
):
    by_relevance.ranking_mode = StageSettings.RankingMode.TEAM
    by_relevance.save()
    teach(other_screener, records)
    assert next_of(screener) is not None
    assert next_of(other_screener) is not None
    assert Ranking.objects.count() == 1


def test_what_is_put_off_comes_last(by_relevance, records, screener):
    teach(screener, records)
    first = next_of(screener)
    second = next_of(screener, near=first)
    assert second != first
    decide(screener, second, Verdict.EXCLUDE)
    left = {next_of(screener).pk}
    assert first.pk not in left
    assert next_of(screener, near=next_of(screener), backwards=True) == first


def test_the_record_loaded_ahead_is_the_one_shown_after_the_verdict(
    by_relevance, records, screener
):
    teach(screener, records)
    first = next_of(screener)
    ahead = next_of(screener, near=first, is_ahead=True)
    decide(screener, first, Verdict.EXCLUDE)
    assert next_of(screener, near=first) == ahead


def test_every_record_is_handed_out_once_whatever_the_order(by_relevance, records, screener):
    seen = []
    while (record := next_of(screener)) is not None:
        seen.append(record.pk)
        decide(screener, record, Verdict.EXCLUDE)
    assert sorted(seen) == sorted(record.pk for record in records)


def test_switching_the_order_keeps_every_verdict(by_relevance, records, screener):
    teach(screener, records)
    by_relevance.order = StageSettings.Order.NEWEST
    by_relevance.save()
    assert next_of(screener) is not None
    by_relevance.order = StageSettings.Order.RELEVANCE
    by_relevance.save()
    next_of(screener)
    assert Decision.objects.current().count() == 8
    assert Ranking.objects.last().examples == 8


def test_records_imported_while_ranking_are_handed_out_too(review, by_relevance, records, screener):
    teach(screener, records)
    next_of(screener)
    source = records[0].source
    new = factories.make_record(review, source=source, title="Contrastive pretraining anew")
    decide(screener, next_of(screener), Verdict.EXCLUDE)
    next_of(screener)
    assert Job.objects.get(kind=PREPARATION).state == Job.State.QUEUED
    extended = prepare_vectors(review=review)
    assert (extended.records, extended.fitted) == (61, 60)
    next_of(screener)
    assert Ranking.objects.last().vectors == extended
    seen = set()
    while (record := next_of(screener)) is not None:
        seen.add(record.pk)
        decide(screener, record, Verdict.EXCLUDE)
    assert new.pk in seen


def test_preparing_again_changes_nothing(review, by_relevance):
    first = RankingVectors.objects.get()
    assert prepare_vectors(review=review) == first
    assert RankingVectors.objects.count() == 1


def test_a_changed_text_is_counted_anew(review, by_relevance, records):
    other = factories.make_record(review, title=records[1].title, abstract="")
    before = RankingVectors.objects.get()
    review.duplicate_links.create(record=other, kept=records[1], method="manual")
    Record.objects.filter(pk=records[1].pk).update(abstract="Words that were looked up later")
    after = prepare_vectors(review=review)
    assert after.fingerprint != before.fingerprint
    assert after.fitted == after.records == 61


def test_without_vectors_the_records_come_all_the_same(review, records, screener):
    StageSettings.objects.filter(review=review).update(order=StageSettings.Order.RELEVANCE)
    assert next_of(screener) is not None
    assert Job.objects.filter(kind=PREPARATION).count() == 1


@pytest.mark.parametrize("percent", [0, 50])
def test_a_share_of_random_records_is_mixed_in_by_the_stored_seed(
    by_relevance, records, screener, percent
):
    by_relevance.exploration_percent = percent
    by_relevance.exploration_seed = 7
    by_relevance.save()
    teach(screener, records)
    found = screened(screener, records, 10)
    assert found >= 9 if percent == 0 else found <= 9
    row = Ranking.objects.last()
    assert (row.exploration_share, row.seed) == (percent / 100, 7)


def test_a_record_without_text_comes_first(review, by_relevance, records, screener):
    bare = factories.make_record(review, source=records[0].source, title="", abstract="")
    prepare_vectors(review=review)
    teach(screener, records)
    assert next_of(screener) == bare
