"""What a reviewer says of a record, and what of it is refused whatever the record."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from screening.models import Decision, ExclusionReason, Membership, StageSettings
from screening.rules.consensus import Stage, Verdict

MAX_SECONDS = 24 * 3600
MAX_KEY = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer says of a record, as it came through a page or the API.

    `criteria` is the number of the version of the criteria that was shown; the present one
    without it.
    """

    verdict: str
    reason_id: int | None = None
    comment: str = ""
    seconds_spent: int | None = None
    client_key: str = ""
    origin: str = Decision.Origin.PAGE
    criteria: int | None = None

    @property
    def seconds(self) -> int | None:
        """Seconds spent, at most a day; none when it cannot be true."""
        given = self.seconds_spent
        return min(given, MAX_SECONDS) if given is not None and given >= 0 else None

    def version_for(self, member: Membership) -> int:
        """The version of the criteria it was given under; one that never was is not believed."""
        present = member.review.criteria_version
        shown = self.criteria
        return shown if shown is not None and 1 <= shown <= present else present


def checked_reason(
    settings: StageSettings, verdict: str, reason_id: int | None
) -> ExclusionReason | None:
    """The reason that goes with a verdict at a stage.

    Raises:
        ValidationError: The verdict is unknown or not allowed, a reason is missing, is not one of
            the review's, or stands beside a verdict that is no exclusion.
    """
    if verdict not in list(Verdict):
        raise ValidationError(f"{verdict!r} is no verdict: choose include, maybe or exclude.")
    if verdict == Verdict.MAYBE and not settings.is_maybe_allowed:
        raise ValidationError("Maybe is switched off at this stage: include or exclude.")
    if verdict != Verdict.EXCLUDE:
        if reason_id is not None:
            raise ValidationError("A reason goes with an exclusion only.")
        return None
    is_needed = settings.is_reason_required or settings.stage == Stage.FULL_TEXT
    if reason_id is None:
        if is_needed:
            raise ValidationError("Choose the reason for the exclusion.", code="reason_missing")
        return None
    reasons = ExclusionReason.objects.filter(review=settings.review_id, retired_at__isnull=True)
    reason = reasons.filter(pk=reason_id).first()
    if reason is None:
        raise ValidationError("This reason is not one of this review's reasons to exclude.")
    return reason


def stored_key(member: Membership, client_key: str) -> str | None:
    """The key as stored: prefixed, so that nobody can use up another person's key."""
    if len(client_key) > MAX_KEY:
        raise ValidationError(f"The key of the request is longer than {MAX_KEY} characters.")
    return f"{member.pk}:{client_key}" if client_key else None


def is_same(earlier: Decision, answer: Answer) -> bool:
    """Whether a stored decision says what the answer says."""
    given = (earlier.verdict, earlier.reason_id, earlier.comment)
    return given == (answer.verdict, answer.reason_id, answer.comment.strip())
