"""A new review that begins as another one is set up: no records, and nobody unless chosen."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from screening.models import (
    AuditEvent,
    CriteriaVersion,
    ExclusionReason,
    HighlightTerm,
    MemberGroup,
    Membership,
    PathQuestion,
    Review,
    StageSettings,
    Tag,
    User,
)
from screening.permissions import admit
from screening.rules.roles import Capability, Role
from screening.services.people import create_review

Copier = Callable[..., None]
TEXTS = ("protocol", "inclusion_criteria", "source_note")
SWITCHES = ("is_extraction_blinded", "is_detection_automatic", "second_factor_of")
STAGE = (
    *("verdicts_needed", "is_blinded", "is_maybe_allowed", "maybe_means", "is_reason_required"),
    *("is_together_allowed", "has_question_path", "is_own_ruling_barred", "order", "assigning"),
    *("ranking_mode", "exploration_percent"),
)


@transaction.atomic
def new_review_like(
    *,
    creator: User,
    template: Membership,
    title: str,
    question: str = "",
    with_people: bool = False,
) -> Review:
    """Make a review set up as another one that the person leads, archived or not.

    It takes over the settings of both stages, criteria (as its first version), reasons in use, the
    questions of the paths, tags, the review's highlighted words, and what the upper apps copy: the
    extraction form in force, and how it is extracted and reported. Records and verdicts stay.

    Args:
        creator: Who starts it and leads it.
        template: The person's membership of the other review.
        title: Of the new review.
        question: Of the new review; that of the other one when left empty.
        with_people: Its active members join with their roles, and its groups come along.

    Raises:
        PermissionDenied: The person does not lead the other review.
        ValidationError: The title is empty.
    """
    admit(template, Capability.MANAGE)
    source = Review.objects.get(pk=template.review_id)
    review = create_review(creator=creator, title=title, question=question or source.question)
    lead = review.memberships.select_related("review", "user").get(user=creator)
    for name in (*TEXTS, *SWITCHES):
        setattr(review, name, getattr(source, name))
    review.save(update_fields=[*TEXTS, *SWITCHES])
    if review.inclusion_criteria:
        CriteriaVersion.objects.create(
            review=review, number=1, criteria=review.inclusion_criteria, created_by=lead
        )
    people = _copy_people(source, lead) if with_people else {}
    _copy_stages(source, review, people)
    _copy_paths(source, review)
    _copy_words(source, review)
    for name in settings.TEMPLATE_COPIERS:
        copier: Copier = import_string(name)
        copier(source=source, lead=lead)
    AuditEvent.objects.append_by(
        lead,
        "review.made_from_template",
        review,
        after={"template": source.slug, "people": sorted(member.pk for member in people.values())},
    )
    return review


def _copy_people(source: Review, lead: Membership) -> Mapping[int, Membership]:
    """Active members with their roles; by the number of the membership they come from."""
    made: dict[int, Membership] = {}
    for member in Membership.objects.active().filter(review=source).select_related("user"):
        if member.user_id == lead.user_id:
            made[member.pk] = lead
            continue
        roles = {f"is_{role.value}": role in member.roles for role in Role}
        made[member.pk] = Membership.objects.create(review=lead.review, user=member.user, **roles)
        AuditEvent.objects.append_by(
            lead, "member.joined", made[member.pk], after={"roles": sorted(member.roles)}
        )
    return made


def _copy_stages(source: Review, review: Review, people: Mapping[int, Membership]) -> None:
    groups = _copy_groups(source, review, people) if people else {}
    for old in source.stage_settings.all():
        new = StageSettings.objects.get(review=review, stage=old.stage)
        for name in STAGE:
            setattr(new, name, getattr(old, name))
        new.required_group = groups.get(old.required_group_id or 0)
        new.save()
        settlers = old.settlers.values_list("pk", flat=True)
        new.settlers.set([people[pk] for pk in settlers if pk in people])


def _copy_groups(
    source: Review, review: Review, people: Mapping[int, Membership]
) -> Mapping[int, MemberGroup]:
    made = {}
    for old in MemberGroup.objects.filter(review=source):
        made[old.pk] = MemberGroup.objects.create(review=review, name=old.name)
        members = old.members.values_list("pk", flat=True)
        made[old.pk].members.set([people[pk] for pk in members if pk in people])
    return made


def _copy_paths(source: Review, review: Review) -> None:
    """Reasons in use, and the questions that lead to one of them."""
    reasons = {
        old.pk: ExclusionReason.objects.create(
            review=review, position=old.position, label=old.label, explanation=old.explanation
        )
        for old in ExclusionReason.objects.filter(review=source, retired_at=None)
    }
    PathQuestion.objects.bulk_create(
        PathQuestion(
            review=review,
            stage=old.stage,
            position=old.position,
            text=old.text,
            reason=reasons[old.reason_id],
        )
        for old in PathQuestion.objects.filter(review=source, retired_at=None)
        if old.reason_id in reasons
    )


def _copy_words(source: Review, review: Review) -> None:
    HighlightTerm.objects.bulk_create(
        HighlightTerm(review=review, list=old.list, pattern=old.pattern)
        for old in HighlightTerm.objects.filter(review=source, member=None)
    )
    Tag.objects.bulk_create(
        Tag(review=review, label=old.label) for old in Tag.objects.filter(review=source)
    )
