"""Where the verdicts stand: a cheap mark that tells whether a ranking knows them all."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery

from screening.models import (
    Adjudication,
    Decision,
    Membership,
    RankingVectors,
    Review,
    StageSettings,
)
from screening.rules.consensus import Stage
from screening.selectors.prepared import Prepared, Slot

#: The last standing verdict of a person and the one before it; 0 where there is none.
Last = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose order it is: one review and stage, one person's verdicts or (None) the team's."""

    review_id: int
    stage: Stage
    learner_id: int | None


@dataclass(frozen=True, slots=True)
class Marks:
    """What a ranking of a scope depends on, at one moment.

    Attributes:
        vectors_id: The newest vectors of the review; None before the first.
        rulings: Highest id and number of the standing rulings.
        last: For each person whose verdicts count, their last two standing ones.
        settings: What the stage's settings ask of a ranking.
    """

    vectors_id: int | None
    rulings: tuple[int, int]
    last: Mapping[int, Last]
    settings: tuple[Any, ...]

    @property
    def digest(self) -> str:
        """Names the marks for other processes."""
        told = [self.vectors_id, self.rulings, sorted(self.last.items()), self.settings]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def is_behind_by_more(self, now: "Marks", me: int) -> bool:
        """Whether more than my last verdict is missing; what others said can wait a moment."""
        known, present = self.last.get(me, (0, 0)), now.last.get(me, (0, 0))
        is_one_more = known[0] == present[1] and present[0] != known[0]
        return known != present and not is_one_more


def scope_of(membership: Membership, settings: StageSettings) -> Scope:
    """Whose verdicts order the records for this person."""
    learner = None if settings.learns_from_team else membership.pk
    return Scope(membership.review_id, Stage(settings.stage), learner)


@cache
def _persons(stage: Stage, *, is_team: bool) -> Prepared:
    mine = Decision.objects.current().filter(reviewer=OuterRef("pk"), stage=stage)
    ids = mine.order_by("-created_at", "-pk").values("pk")

    def build() -> Any:
        members = Membership.objects.order_by()
        asked = {"review": Slot("review")} if is_team else {"pk": Slot("learner")}
        return members.filter(**asked).values_list("pk", Subquery(ids[:1]), Subquery(ids[1:2]))

    return Prepared(build)


@cache
def _review(stage: Stage) -> Prepared:
    newest = RankingVectors.objects.filter(review=OuterRef("pk")).order_by("-pk").values("pk")
    rulings = Adjudication.objects.current().filter(stage=stage, adjudicator__review=OuterRef("pk"))
    one = rulings.order_by().values("adjudicator__review")

    def build() -> Any:
        return Review.objects.filter(pk=Slot("review")).values_list(
            Subquery(newest[:1]),
            Subquery(one.annotate(last=Max("pk")).values("last")),
            Subquery(one.annotate(n=Count("pk")).values("n")),
        )

    return Prepared(build)


def marks_of(scope: Scope, settings: StageSettings) -> Marks:
    """Ask, in two small queries, where the verdicts of a scope stand."""
    found = _review(scope.stage).row(review=scope.review_id)
    vectors_id, last_ruling, rulings = found or (None, None, None)
    asked = {"review": scope.review_id} if scope.learner_id is None else {}
    if scope.learner_id is not None:
        asked["learner"] = scope.learner_id
    persons = _persons(scope.stage, is_team=scope.learner_id is None).rows(**asked)
    return Marks(
        vectors_id=vectors_id,
        rulings=(last_ruling or 0, rulings or 0),
        last={pk: (one or 0, two or 0) for pk, one, two in persons},
        settings=(
            settings.exploration_percent,
            settings.exploration_seed,
            settings.known_reports,
            settings.verdicts_needed,
        ),
    )
