"""What the pages of a stage share: its address, its words and its tabs."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import QueryDict
from django.urls import reverse

from screening.models import Membership
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.conflicts import conflict_counts
from screening.selectors.counts import QueueCounts, queue_counts
from screening.selectors.records import MAX_DIGITS, STAGE_WORDS
from screening.selectors.reports import retrieval_counts
from screening.selectors.resting import is_large

COUNTLESS = frozenset({"progress", "ranking", "pilots", "assignments"})
RECOUNT_SMALL, RECOUNT_LARGE = 0, 15_000  # at least so many ms lie between two counts


class StageConverter:
    """`title-abstract` and `full-text` in an address; anything else is not found."""

    regex = "title-abstract|full-text"

    def to_python(self, value: str) -> Stage:
        """The stage of an address."""
        return Stage(value.replace("-", "_"))

    def to_url(self, value: str) -> str:
        """The address of a stage."""
        return value.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a stage."""

    label: str
    url: str
    count: int | None
    is_here: bool
    is_counted: bool  # a place is kept for its count, which may come after the page


def stage_context(membership: Membership, stage: Stage, here: str) -> dict[str, Any]:
    """Words and tabs of a stage's pages; a large review's counts are fetched after the page."""
    is_late = is_large(membership.review_id)
    counts = None if is_late else queue_counts(membership=membership, stage=stage)
    return stage_words(stage) | {
        "may_screen": membership.can(Capability.SCREEN),
        "here": here,
        "recount_ms": RECOUNT_LARGE if is_late else RECOUNT_SMALL,
        "counts": counts,
        "tabs": tabs_of(membership, stage, here, counts),
    }


def stage_words(stage: Stage) -> dict[str, Any]:
    """What a part of a page needs to know of its stage."""
    return {
        "stage": stage,
        "stage_title": STAGE_WORDS[stage],
        "is_full_text": stage == Stage.FULL_TEXT,
    }


def tabs_of(
    membership: Membership, stage: Stage, here: str, counts: QueueCounts | None
) -> list[Tab]:
    """The tabs of a stage for a member, with their counts when they are known."""
    slug = membership.review.slug
    place = {"slug": slug, "stage": stage}
    screen = reverse("screening:screen", kwargs=place)
    tabs: list[tuple[str, str, str, int | None]]
    if membership.can(Capability.SCREEN):
        decided = reverse("screening:decided", kwargs=place)
        tabs = [
            ("To decide", screen, "screen", counts.to_decide if counts else None),
            ("My maybes", f"{decided}?verdict=maybe", "maybes", counts.maybes if counts else None),
            ("Decided", decided, "decided", counts.decided if counts else None),
        ]
    else:
        tabs = [("Progress", screen, "screen", counts.total if counts else None)]
    pilots = reverse("screening:pilots", kwargs=place)
    if membership.can(Capability.SCREEN):
        progress = reverse("screening:progress", kwargs=place)
        tabs.append(("Progress", progress, "progress", None))
    conflicts = reverse("screening:conflicts", kwargs=place)
    waiting = conflict_counts(membership=membership, stage=stage).open if counts else None
    tabs.append(("Conflicts", conflicts, "conflicts", waiting))
    if stage == Stage.FULL_TEXT:
        reports = reverse("screening:reports", kwargs={"slug": slug})
        awaiting = retrieval_counts(membership=membership)["awaiting"] if counts else None
        tabs.append(("To retrieve", reports, "reports", awaiting))
    else:
        ranking = reverse("screening:ranking", kwargs=place)
        tabs.append(("Order and stopping", ranking, "ranking", None))
    tabs.append(("Pilot rounds", pilots, "pilots", None))
    assignments = reverse("screening:assignments", kwargs=place)
    tabs.append(("Assignments", assignments, "assignments", None))
    return [
        Tab(label, url, count, name == here, name not in COUNTLESS)
        for label, url, name, count in tabs
    ]


def number_in(asked: QueryDict, name: str) -> int:
    """A number out of an address or a form; 0 when there is none."""
    text = str(asked.get(name, ""))
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else 0


def in_words(form: Form) -> str:
    """The sentences of a form's errors."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def said(error: ValidationError) -> str:
    """The sentences of an error."""
    return " ".join(error.messages)


def code_of(error: ValidationError) -> str:
    """The code of an error, or empty."""
    return str(getattr(error, "code", "") or "")
