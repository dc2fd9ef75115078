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
from screening.selectors.queue import QueueCounts, queue_counts
from screening.selectors.records import MAX_DIGITS, STAGE_WORDS
from screening.selectors.reports import retrieval_counts


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
    count: int
    is_here: bool


def stage_context(membership: Membership, stage: Stage, here: str) -> dict[str, Any]:
    """Words, counts and tabs of a stage's pages."""
    counts = queue_counts(membership=membership, stage=stage)
    return {
        "stage": stage,
        "stage_title": STAGE_WORDS[stage],
        "is_full_text": stage == Stage.FULL_TEXT,
        "counts": counts,
        "tabs": _tabs(membership, stage, here, counts),
        "may_screen": membership.can(Capability.SCREEN),
    }


def _tabs(membership: Membership, stage: Stage, here: str, counts: QueueCounts) -> list[Tab]:
    slug = membership.review.slug
    place = {"slug": slug, "stage": stage}
    tabs = []
    if membership.can(Capability.SCREEN):
        decided = reverse("screening:decided", kwargs=place)
        tabs += [
            ("To decide", reverse("screening:screen", kwargs=place), counts.to_decide, "screen"),
            ("My maybes", f"{decided}?verdict=maybe", counts.maybes, "maybes"),
            ("Decided", decided, counts.decided, "decided"),
        ]
    else:
        tabs.append(("Progress", reverse("screening:screen", kwargs=place), counts.total, "screen"))
    waiting = conflict_counts(membership=membership, stage=stage).open
    tabs.append(("Conflicts", reverse("screening:conflicts", kwargs=place), waiting, "conflicts"))
    if stage == Stage.FULL_TEXT:
        awaiting = retrieval_counts(membership=membership)["awaiting"]
        reports = reverse("screening:reports", kwargs={"slug": slug})
        tabs.append(("To retrieve", reports, awaiting, "reports"))
    return [Tab(label, url, count, name == here) for label, url, count, name in tabs]


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
