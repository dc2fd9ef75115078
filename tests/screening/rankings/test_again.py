"""Any noted order can be given again, also after later verdicts, undos and imports."""

import pytest

from screening.models import Decision, Ranking
from screening.rules.consensus import Verdict
from screening.selectors.rankings import memory
from screening.selectors.rankings.again import order_again
from screening.services.rankings.preparing import prepare_vectors
from tests import factories
from tests.screening.rankings.test_order import decide, next_of, screened, teach


def test_every_noted_order_comes_out_again(review, by_relevance, records, screener):
    next_of(screener)
    teach(screener, records)
    screened(screener, records, 5)
    factories.make_record(review, source=records[0].source, title="Contrastive learning anew")
    prepare_vectors(review=review)
    decide(screener, records[40], Verdict.EXCLUDE)
    next_of(screener)
    memory.forget()
    rows = list(Ranking.objects.all())
    assert {row.method for row in rows} == {"question", "model"}
    assert len({row.vectors_id for row in rows}) == 2
    for row in rows:
        assert order_again(row).order_digest == row.order_digest


def test_an_order_whose_verdicts_are_gone_is_not_made_up(by_relevance, records, screener):
    teach(screener, records)
    next_of(screener)
    Decision.objects.filter(record=records[0]).update(verdict=Verdict.EXCLUDE)
    with pytest.raises(ValueError, match="not found again"):
        order_again(Ranking.objects.last())
