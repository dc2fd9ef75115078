"""How far a screening by relevance is: the figures a lead looks at before stopping.

Only settled records count as screened, in the order in which they were settled. Whether a record
is included or excluded is seen by every member once it is settled, so the panel tells nothing that
blinding hides; a conflict counts as not yet screened, like a record that awaits a verdict.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median
from typing import Any

from screening.models import Adjudication, Decision, Membership, Record, Review, ScreeningStop
from screening.ranking.stopping import (
    StoppingState,
    recall_curve,
    stopping_state,
    words_on_a_run,
)
from screening.rules.consensus import Opinion, Stage, StageRule, Status, Verdict, team_status
from screening.selectors.groups import group_ids
from screening.selectors.stages import in_stage, settings_of

STAGE = Stage.TITLE_ABSTRACT
WIDTH, HEIGHT, MOST_POINTS = 600, 200, 300
PACE_OF = 200


@dataclass(frozen=True, slots=True)
class StoppingPanel:
    """What the panel shows.

    Attributes:
        state: The test's figures.
        total: Records of the stage.
        settled: Of them settled.
        untouched: Records on which nobody has decided; what a stop would remove.
        begun: Records with a verdict or more that are not settled.
        points: The recall curve as the points of an SVG polyline.
        hours_left: For all verdicts that are still needed, at the present pace; None when unknown.
        seconds_per_verdict: The median of the last verdicts.
        run: What a run of irrelevant records is worth, in words.
        stop: The standing decision to stop.
    """

    state: StoppingState
    total: int
    settled: int
    untouched: int
    begun: int
    points: str
    hours_left: float | None
    seconds_per_verdict: float | None
    run: str
    stop: ScreeningStop | None

    def as_dict(self) -> dict[str, Any]:
        """As the API gives it and a stop records it."""
        return {
            "total": self.total,
            "untouched": self.untouched,
            "begun": self.begun,
            "hours_left": self.hours_left,
            "seconds_per_verdict": self.seconds_per_verdict,
            **asdict(self.state),
        }


@dataclass(frozen=True, slots=True)
class _Said:
    """The verdicts of a stage, by record."""

    decisions: Mapping[int, Sequence[tuple[Opinion, datetime]]]
    rulings: Mapping[int, tuple[Opinion, datetime]]

    @property
    def records(self) -> set[int]:
        """Records that somebody has spoken of."""
        return self.decisions.keys() | self.rulings.keys()


def stopping_panel(*, membership: Membership) -> StoppingPanel:
    """Work out the panel of the title and abstract stage."""
    review = membership.review
    ids = set(in_stage(Record.objects.filter(review=review), STAGE).values_list("pk", flat=True))
    settings = settings_of(review, STAGE)
    said, rule = _said(review, group_ids(settings)), settings.rule
    settled = _settled(said, ids, rule)
    labels = [is_relevant for _, is_relevant in sorted(settled)]
    touched = ids & said.records
    given = sum(len(said.decisions.get(pk, ())) for pk in touched)
    verdicts_left = (
        max(0, len(ids) * rule.verdicts_needed - given) if len(settled) < len(ids) else 0
    )
    pace = _pace(review)
    state = stopping_state(labels, len(ids))
    return StoppingPanel(
        state=state,
        total=len(ids),
        settled=len(settled),
        untouched=len(ids) - len(touched),
        begun=len(touched) - len(settled),
        points=_points(labels, len(ids)),
        hours_left=pace * verdicts_left / 3600 if pace is not None else None,
        seconds_per_verdict=pace,
        run=words_on_a_run(state.irrelevant_in_a_row),
        stop=standing_stop(review),
    )


def standing_stop(review: Review) -> ScreeningStop | None:
    """The decision to stop that stands, if any."""
    stops = ScreeningStop.objects.filter(review=review, stage=STAGE, taken_back_at__isnull=True)
    return stops.select_related("stopped_by__user").first()


def untouched_ids(review: Review) -> list[int]:
    """Records of the stage on which nobody has decided and no ruling stands."""
    ids = in_stage(Record.objects.filter(review=review), STAGE).values_list("pk", flat=True)
    return sorted(set(ids) - _said(review).records)


def _said(review: Review, group: frozenset[int] = frozenset()) -> _Said:
    team = list(review.memberships.values_list("pk", flat=True))
    columns = ("record_id", "verdict", "reason_id", "created_at")
    decisions: dict[int, list[tuple[Opinion, datetime]]] = defaultdict(list)
    standing = Decision.objects.current().filter(stage=STAGE, reviewer__in=team)
    for pk, verdict, reason, at, person in standing.values_list(*columns, "reviewer_id"):
        decisions[pk].append((Opinion(Verdict(verdict), reason, person in group), at))
    rulings = Adjudication.objects.current().filter(stage=STAGE, adjudicator__in=team)
    return _Said(
        decisions,
        {
            pk: (Opinion(Verdict(verdict), reason), at)
            for pk, verdict, reason, at in rulings.values_list(*columns)
        },
    )


def _settled(
    said: _Said, ids: set[int], rule: StageRule
) -> list[tuple[tuple[datetime, int], bool]]:
    """When each settled record was settled, and whether it is included."""
    settled = []
    for pk in ids & said.records:
        opinions, ruling = said.decisions.get(pk, ()), said.rulings.get(pk)
        status = team_status(
            [opinion for opinion, _ in opinions],
            rule,
            ruling=ruling[0] if ruling else None,
        )
        if status in {Status.INCLUDED, Status.EXCLUDED}:
            at = ruling[1] if ruling else max(at for _, at in opinions)
            settled.append(((at, pk), status == Status.INCLUDED))
    return settled


def _pace(review: Review) -> float | None:
    """The median of the seconds that the last verdicts took."""
    team = list(review.memberships.values_list("pk", flat=True))
    spent = Decision.objects.filter(
        stage=STAGE, reviewer__in=team, origin__in=("page", "api"), seconds_spent__gt=0
    )
    last = spent.order_by("-pk").values_list("seconds_spent", flat=True)[:PACE_OF]
    seconds = [float(one) for one in last if one]
    return median(seconds) if seconds else None


def _points(labels: Sequence[bool], total: int) -> str:
    """The curve of relevant records found, x over all records of the stage."""
    found = recall_curve(labels)
    most = max(int(found[-1]), 1)
    step = max(1, len(found) // MOST_POINTS)
    places = sorted({*range(0, len(found), step), len(found) - 1})
    return " ".join(
        f"{place / max(total, 1) * WIDTH:.1f},{HEIGHT - int(found[place]) / most * HEIGHT:.1f}"
        for place in places
    )
