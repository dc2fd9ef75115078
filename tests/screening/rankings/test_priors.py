"""The update of a review: the old one's final decisions train the first ranking of the new one."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import Ranking, StageSettings
from screening.ranking.reading import LabelledTable
from screening.rules.consensus import Stage, Verdict
from screening.selectors.rankings.outcomes import final_decisions
from screening.services.rankings.preparing import prepare_vectors
from screening.services.rankings.priors import (
    forget_prior,
    learn_from_review,
    learn_from_table,
)
from tests import factories
from tests.screening.ranking import topics
from tests.screening.rankings.test_order import next_of, screened


@pytest.fixture
def old(lead):
    """An old review, screened to the end by one reviewer; its lead leads the new one too."""
    review = factories.make_review(slug="old", title="The old review")
    StageSettings.objects.filter(review=review).update(verdicts_needed=1)
    member = factories.make_member(review, "lead", "screener", user=lead.user)
    _, texts, labels = topics.review(40, seed=2)
    source = factories.make_source(review)
    for text, label in zip(texts, labels, strict=True):
        record = factories.make_record(review, source=source, title=text, abstract="")
        verdict = Verdict.INCLUDE if label else Verdict.EXCLUDE
        factories.make_decision(record, member, stage=Stage.TITLE_ABSTRACT, verdict=verdict)
    return member


def test_the_first_ranking_of_the_new_records_knows_the_old_decisions(
    review, by_relevance, records, screener, lead, old
):
    prior = learn_from_review(lead=lead, old=old)
    assert (prior.included, prior.excluded) == (10, 30)
    assert prepare_vectors(review=review).records == 100
    assert screened(screener, records, 10) >= 9
    first = Ranking.objects.first()
    assert (first.method, first.examples, first.prior) == ("model", 40, prior)


def test_old_records_are_never_handed_out(review, by_relevance, records, screener, lead, old):
    learn_from_review(lead=lead, old=old)
    prepare_vectors(review=review)
    assert next_of(screener).review == review


def test_a_table_of_labelled_records_teaches_as_well(review, by_relevance, records, lead):
    _, texts, labels = topics.review(40, seed=2)
    ids = tuple(map(str, range(40)))
    table = LabelledTable(ids=ids, texts=tuple(texts), labels=tuple(labels), unlabelled=0)
    prior = learn_from_table(lead=lead, table=table, name="old.csv")
    assert (prior.name, prior.included) == ("old.csv", 10)
    forget_prior(lead=lead)
    assert prepare_vectors(review=review).records == 60
    with pytest.raises(ValidationError, match="this review only"):
        forget_prior(lead=lead)


def test_passing_title_and_abstract_counts_until_full_texts_are_read(old):
    assert sum(is_relevant for _, is_relevant in final_decisions(old.review)) == 10


def test_who_is_no_member_of_the_old_review_learns_nothing_from_it(review, lead, old, screener):
    with pytest.raises(PermissionDenied):
        learn_from_review(lead=screener, old=old)
    stranger = factories.make_member(old.review, "lead")
    with pytest.raises(ValidationError, match="of which you are a member"):
        learn_from_review(lead=lead, old=stranger)
    old.deactivated_at = old.joined_at
    with pytest.raises(PermissionDenied):
        learn_from_review(lead=lead, old=old)


def test_a_review_without_both_kinds_of_decisions_teaches_nothing(lead):
    empty = factories.make_member(factories.make_review(slug="empty"), "lead", user=lead.user)
    with pytest.raises(ValidationError, match="both"):
        learn_from_review(lead=lead, old=empty)
