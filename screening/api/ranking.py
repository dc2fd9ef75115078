"""The order by relevance: its state, why a record is where it is, when to stop, what it learns."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.models import PriorDecisions, Ranking, ScreeningStop
from screening.permissions import open_memberships
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.records import record_or_404
from screening.selectors.stages import settings_of

# NumPy and SciPy stand behind the selectors and services that are imported where they are needed:
# without them the first page is there in half the time.


class StateOut(serializers.Serializer[Any]):
    """How fresh my order is."""

    is_trained = serializers.BooleanField(help_text="A model gave it; else the question did.")
    examples = serializers.IntegerField(help_text="Verdicts that it learnt from.")
    behind = serializers.IntegerField(help_text="Verdicts that it does not know yet.")
    is_team = serializers.BooleanField(help_text="It learns from the whole team.")


class PullOut(serializers.Serializer[Any]):
    """A word and how much it pulls."""

    word = serializers.CharField(source="term")
    weight = serializers.FloatField(source="amount")


class WhyOut(serializers.Serializer[Any]):
    """Why a record is where it is in my order."""

    place = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField()
    score = serializers.FloatField(source="explanation.score", allow_null=True, default=None)
    up = PullOut(source="explanation.up", many=True, default=list)
    down = PullOut(source="explanation.down", many=True, default=list)


class TrainingOut(serializers.ModelSerializer[Ranking]):
    """A training; checksums only of orders that tell nobody's verdicts."""

    training_digest = serializers.SerializerMethodField()
    order_digest = serializers.SerializerMethodField()

    class Meta:
        model = Ranking
        fields = (
            "id",
            "stage",
            "member",
            "method",
            "model_version",
            "examples",
            "exploration_share",
            "seed",
            "training_digest",
            "order_digest",
            "as_of",
            "created_at",
        )

    def get_training_digest(self, ranking: Ranking) -> str | None:
        """Of the verdicts that it learnt from."""
        return ranking.training_digest if getattr(ranking, "is_open", False) else None

    def get_order_digest(self, ranking: Ranking) -> str | None:
        """Of the ids in order."""
        return ranking.order_digest if getattr(ranking, "is_open", False) else None


class StopIn(serializers.Serializer[Any]):
    """Why the lead stops, with the target they aimed at."""

    note = serializers.CharField(max_length=500)


class StopOut(serializers.ModelSerializer[ScreeningStop]):
    """A decision to stop, with the panel as it stood."""

    state = serializers.DictField()

    class Meta:
        model = ScreeningStop
        fields = ("id", "stage", "note", "removed", "state", "stopped_at", "taken_back_at")


class PriorIn(serializers.Serializer[Any]):
    """An earlier review of mine."""

    review = serializers.SlugField(max_length=80)


class PriorOut(serializers.ModelSerializer[PriorDecisions]):
    """Earlier decisions that the ranking learns from."""

    class Meta:
        model = PriorDecisions
        fields = ("id", "name", "included", "excluded", "created_at")


class Stopping(ReviewApi):
    """How far title and abstract screening is, by the test of Callaghan and Mueller-Hansen."""

    @endpoint(OpenApiTypes.OBJECT)
    def get(self) -> dict[str, Any]:
        """Give the panel's figures; the app never stops by them."""
        from screening.selectors.rankings.stopping import stopping_panel  # noqa: PLC0415

        panel = stopping_panel(membership=self.membership)
        stop, stopped = panel.stop, None
        if stop is not None:
            stopped = {"at": stop.stopped_at, "removed": stop.removed, "note": stop.note}
        return panel.as_dict() | {"run": panel.run, "stopped": stopped}


class Stops(ReviewApi):
    """Decisions to stop."""

    @endpoint(StopOut, many=True)
    def get(self) -> QuerySet[ScreeningStop]:
        """List the decisions to stop, those taken back too."""
        return self.review.screening_stops.all()

    @endpoint(StopOut, takes=StopIn, status=201, needs=Capability.MANAGE)
    def post(self) -> ScreeningStop:
        """Stop: records on which nobody has decided are removed by automation."""
        from screening.services.rankings.stops import stop_screening  # noqa: PLC0415

        return stop_screening(lead=self.membership, note=self.given["note"])


class OneStop(ReviewApi):
    """One decision to stop."""

    @endpoint(needs=Capability.MANAGE)
    def delete(self, stop_id: int) -> None:
        """Take it back: its records are screened again, the decision stays on record."""
        from screening.services.rankings.stops import take_back_stop  # noqa: PLC0415

        stop = get_object_or_404(ScreeningStop, pk=stop_id, review=self.review)
        take_back_stop(lead=self.membership, stop=stop)


class OrderState(ReviewApi):
    """My order by relevance."""

    @endpoint(StateOut, needs=Capability.SCREEN)
    def get(self, stage: Stage) -> Any:
        """Say how fresh my order is."""
        from screening.selectors.rankings.seeing import ranking_state  # noqa: PLC0415

        return ranking_state(self.membership, settings_of(self.review, stage))


class Why(ReviewApi):
    """The words that pull a record."""

    @endpoint(WhyOut, needs=Capability.SCREEN)
    def get(self, stage: Stage, record_id: int) -> Any:
        """Say why a record is where it is in my own order."""
        from screening.selectors.rankings.seeing import why_here  # noqa: PLC0415

        record = record_or_404(self.membership, record_id)
        return why_here(self.membership, settings_of(self.review, stage), record)


class Trainings(ReviewApi):
    """Every training of a stage, for the methods section."""

    @endpoint(TrainingOut, many=True, needs=Capability.MANAGE)
    def get(self, stage: Stage) -> list[Ranking]:
        """List the trainings, newest first.

        A checksum of another's training set would let a guess of one verdict be checked, so while
        the stage is blinded only those of my own and of the team's orders are shown.
        """
        is_blinded = settings_of(self.review, stage).is_blinded
        rows = list(Ranking.objects.filter(review=self.review, stage=stage).order_by("-pk"))
        for row in rows:
            is_open = not is_blinded or row.member_id in {None, self.membership.pk}
            row.is_open = is_open  # type: ignore[attr-defined]  # read by the serializer
        return rows


class Prior(ReviewApi):
    """Earlier decisions that train the first ranking."""

    @endpoint(PriorOut, may_be_empty=True)
    def get(self) -> PriorDecisions | None:
        """Show what the ranking learns from beside this review; no content without."""
        from screening.selectors.rankings.texts import standing_prior  # noqa: PLC0415

        return standing_prior(self.review)

    @endpoint(PriorOut, takes=PriorIn, needs=Capability.MANAGE)
    def put(self) -> PriorDecisions:
        """Let the final decisions of another review of mine train the first ranking."""
        from screening.services.rankings.priors import learn_from_review  # noqa: PLC0415

        mine = open_memberships(self.user).select_related("review", "user")
        old = mine.filter(review__slug=self.given["review"]).first()
        if old is None or (self.token and self.token.review_id not in {None, old.review_id}):
            raise ValidationError({"review": ["You are not a member of such a review."]})
        return learn_from_review(lead=self.membership, old=old)

    @endpoint(needs=Capability.MANAGE)
    def delete(self) -> None:
        """Let the ranking learn from this review only."""
        from screening.services.rankings.priors import forget_prior  # noqa: PLC0415

        forget_prior(lead=self.membership)
