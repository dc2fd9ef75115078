"""What a person may know of their order: how fresh it is, and why a record is where it is."""

from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from screening.models import Decision, Membership, Ranking, Record, StageSettings
from screening.ranking.explaining import Explanation, explain
from screening.selectors.rankings.marks import scope_of
from screening.selectors.rankings.memory import remembered, vectors_of
from screening.selectors.rankings.standing import RankedRecords


@dataclass(frozen=True, slots=True)
class RankingState:
    """How an order stands for one person.

    Attributes:
        ranking: The stored row; None before the first order of this process.
        is_trained: A model gave it; else the question did.
        examples: Verdicts that it learnt from.
        behind: Verdicts that it does not know yet.
        is_team: It learns from the whole team.
    """

    ranking: Ranking | None
    is_trained: bool
    examples: int
    behind: int
    is_team: bool


@dataclass(frozen=True, slots=True)
class WhyHere:
    """Why a record stands where it does.

    Attributes:
        state: Of the order.
        place: Among the records that the person may still decide, from 1; None when it is none.
        left: How many those are.
        explanation: The words that pull; None in a cold start or for a record without words.
    """

    state: RankingState
    place: int | None
    left: int
    explanation: Explanation | None


def ranking_state(membership: Membership, settings: StageSettings) -> RankingState:
    """How fresh the person's order is."""
    ranked = remembered(scope_of(membership, settings), membership.pk)
    team = settings.learns_from_team
    if ranked is None:
        return RankingState(None, is_trained=False, examples=0, behind=0, is_team=team)
    learners = membership.review.memberships.all() if team else [membership]
    newer = Decision.objects.current().filter(
        stage=settings.stage, reviewer__in=learners, created_at__gt=ranked.as_of
    )
    return RankingState(
        ranking=Ranking.objects.filter(pk=ranked.ranking_id).first(),
        is_trained=ranked.order.model is not None,
        examples=ranked.order.examples,
        behind=newer.count(),
        is_team=team,
    )


def why_here(membership: Membership, settings: StageSettings, record: Record) -> WhyHere:
    """Take the record's score in the person's own order apart."""
    state = ranking_state(membership, settings)
    ranked = remembered(scope_of(membership, settings), membership.pk)
    if ranked is None:
        return WhyHere(state, None, 0, None)
    places = np.flatnonzero(ranked.open_ids == record.pk)
    place = int(places[0]) + 1 if len(places) else None
    return WhyHere(state, place, len(ranked.open_ids), _explained(ranked, record))


def _explained(ranked: RankedRecords, record: Record) -> Explanation | None:
    model, vectors_id = ranked.order.model, ranked.marks.vectors_id
    if model is None or vectors_id is None:
        return None
    vectors = vectors_of(vectors_id)
    return explain(vectors, model, record.pk) if record.pk in vectors.ids else None


def records_without_text(membership: Membership) -> QuerySet[Record]:
    """Records with neither title nor abstract: nothing can rank them, so they come first."""
    records = Record.objects.filter(review=membership.review_id).to_screen()
    found: QuerySet[Record] = records.filter(title="", abstract="").order_by("pk")
    return found
