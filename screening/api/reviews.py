"""Who I am, my reviews, and how a review works: its texts and its stages."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from rest_framework import exceptions, serializers

from screening.api.base import Api, ReviewApi, endpoint
from screening.api.fields import Number, Words
from screening.api.members import members_named
from screening.models import Membership, Review, StageSettings, User
from screening.permissions import membership_or_404, open_reviews
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.rules.scopes import Scope
from screening.selectors.stages import settings_of
from screening.services import settings as services
from screening.services.people import create_review
from screening.services.templates import new_review_like


class MeOut(serializers.ModelSerializer[User]):
    """The person, and what they came with."""

    scopes = serializers.SerializerMethodField(help_text="Of the token; all in a session.")

    class Meta:
        model = User
        fields = ("id", "name", "email", "scopes")

    def get_scopes(self, user: User) -> list[str]:
        """What the token is good for."""
        token = getattr(user, "asked_with", None)
        return list(token.scopes) if token else [scope.value for scope in Scope]


class ReviewIn(serializers.Serializer[Any]):
    """A new review."""

    title = serializers.CharField(max_length=300)
    question = serializers.CharField(required=False, allow_blank=True, default="")
    template = serializers.SlugField(
        required=False,
        allow_blank=True,
        default="",
        help_text="Slug of a review that I lead, to set this one up like it; no records.",
    )
    with_people = serializers.BooleanField(
        required=False, default=False, help_text="With the members of the template."
    )


class ReviewPatchIn(serializers.Serializer[Any]):
    """Texts of a review; what is not sent stays."""

    title = serializers.CharField(required=False, max_length=300)
    question = serializers.CharField(required=False, allow_blank=True)
    protocol = serializers.CharField(required=False, allow_blank=True)
    inclusion_criteria = Words(required=False, help_text="One sentence each.")
    registration = serializers.CharField(required=False, allow_blank=True, max_length=200)
    source_note = serializers.CharField(required=False, allow_blank=True)
    is_detection_automatic = serializers.BooleanField(required=False)
    second_factor_of = serializers.ChoiceField(
        choices=Review.SecondFactorOf.choices,
        required=False,
        help_text="Of whom the review asks for a second factor; who has none is refused.",
    )


class ReviewOut(serializers.ModelSerializer[Review]):
    """A review."""

    inclusion_criteria = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Review
        fields = (
            "slug",
            "title",
            "question",
            "protocol",
            "inclusion_criteria",
            "criteria_version",
            "registration",
            "source_note",
            "is_extraction_blinded",
            "is_detection_automatic",
            "second_factor_of",
            "created_at",
            "archived_at",
            "deletes_at",
        )


class MyReviewOut(ReviewOut):
    """A review with what I am in it."""

    roles = serializers.SerializerMethodField()

    class Meta(ReviewOut.Meta):
        fields = (*ReviewOut.Meta.fields, "roles")  # type: ignore[assignment]

    def get_roles(self, review: Review) -> list[str]:
        """My roles."""
        mine = next(iter(getattr(review, "mine", [])), None)
        return [role.value for role in mine.ordered_roles] if mine else []


class StageIn(serializers.Serializer[Any]):
    """How a stage is screened; what is not sent stays. Statuses follow, decisions stay."""

    verdicts_needed = serializers.IntegerField(required=False, min_value=1, max_value=3)
    is_blinded = serializers.BooleanField(required=False)
    is_maybe_allowed = serializers.BooleanField(required=False)
    maybe_means = serializers.ChoiceField(required=False, choices=StageSettings.Maybe.choices)
    is_reason_required = serializers.BooleanField(required=False)
    is_own_ruling_barred = serializers.BooleanField(required=False)
    order = serializers.ChoiceField(required=False, choices=StageSettings.Order.choices)
    ranking_mode = serializers.ChoiceField(
        required=False, choices=StageSettings.RankingMode.choices
    )
    exploration_percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    known_reports = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    has_question_path = serializers.BooleanField(required=False)
    is_together_allowed = serializers.BooleanField(required=False)
    required_group = Number(
        required=False,
        allow_null=True,
        source="required_group_id",
        help_text="Group of which one verdict has to be; none without it.",
    )
    settlers = serializers.ListField(
        required=False,
        child=Number(),
        max_length=1000,
        help_text="Members who alone settle conflicts; none means every adjudicator.",
    )


class StageOut(serializers.ModelSerializer[StageSettings]):
    """How a stage is screened."""

    settlers: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = StageSettings
        fields = (
            "stage",
            "verdicts_needed",
            "is_blinded",
            "is_maybe_allowed",
            "maybe_means",
            "is_reason_required",
            "is_own_ruling_barred",
            "order",
            "ranking_mode",
            "exploration_percent",
            "known_reports",
            "has_question_path",
            "is_together_allowed",
            "required_group",
            "assigning",
            "pilot",
            "settlers",
        )


class Me(Api):
    """The person who asks."""

    @endpoint(MeOut)
    def get(self) -> User:
        """Say who I am and what my token is good for."""
        user = self.user
        user.asked_with = self.token  # type: ignore[attr-defined]  # read by the serializer
        return user


class Reviews(Api):
    """My reviews."""

    @endpoint(MyReviewOut, many=True, order=("pk",))
    def get(self) -> QuerySet[Review]:
        """List the reviews in which I work, with my roles there."""
        found = open_reviews(self.user)
        if self.token and self.token.review_id:
            found = found.filter(pk=self.token.review_id)
        mine = Membership.objects.active().filter(user=self.user).select_related("user")
        return found.prefetch_related(Prefetch("memberships", mine, to_attr="mine"))

    @endpoint(ReviewOut, takes=ReviewIn, status=201, needs=Capability.MANAGE)
    def post(self) -> Review:
        """Start a review; whoever starts it leads it."""
        if self.token and self.token.review_id:
            raise exceptions.PermissionDenied("This token opens one review and starts no other.")
        given = dict(self.given)
        slug, with_people = given.pop("template"), given.pop("with_people")
        if not slug:
            return create_review(creator=self.user, **given)
        template = membership_or_404(self.user, slug)
        return new_review_like(
            creator=self.user, template=template, with_people=with_people, **given
        )


class OneReview(ReviewApi):
    """A review's texts."""

    @endpoint(ReviewOut)
    def get(self) -> Review:
        """Show the review."""
        return self.review

    @endpoint(ReviewOut, takes=ReviewPatchIn, needs=Capability.MANAGE)
    def patch(self) -> Review:
        """Change texts of the review."""
        return services.change_review(lead=self.membership, **self.given)


class OneStage(ReviewApi):
    """How a stage is screened."""

    @endpoint(StageOut)
    def get(self, stage: Stage) -> StageSettings:
        """Show the settings of a stage."""
        return settings_of(self.review, stage)

    @endpoint(StageOut, takes=StageIn, needs=Capability.MANAGE)
    @transaction.atomic
    def patch(self, stage: Stage) -> StageSettings:
        """Change the settings of a stage."""
        given = dict(self.given)
        settlers = given.pop("settlers", None)
        if stage == Stage.FULL_TEXT and "is_reason_required" in given:
            given["is_reason_required"] = True  # each excluded report is counted under its reason
        if given:
            services.change_stage(lead=self.membership, stage=stage, **given)
        if settlers is not None:
            services.name_settlers(
                lead=self.membership,
                stage=stage,
                members=members_named(self.review, settlers, "settlers"),
            )
        return StageSettings.objects.get(review=self.review, stage=stage)
