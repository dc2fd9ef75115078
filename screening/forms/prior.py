"""The form that asks whose the decisions in a file are."""

from collections.abc import Sequence
from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import ExclusionReason, ImportBatch, Membership
from screening.rules.consensus import Stage
from screening.selectors.prior import Brought, guessed_member, guessed_reason, members_to_choose
from screening.services.prior import ABSENT, LEFT_OUT, NEW, People

_STAGES = [
    (Stage.TITLE_ABSTRACT.value, "Title & abstract"),
    (Stage.FULL_TEXT.value, "Full text"),
]


class PeopleForm(StyledForm):
    """One choice for each person and each reason that the file names."""

    stage = forms.ChoiceField(
        label="Stage of decisions that do not name theirs", choices=_STAGES, required=False
    )
    tags = forms.BooleanField(label="Take the file's tags along", required=False, initial=True)

    def __init__(self, *args: Any, batch: ImportBatch, brought: Brought, **kwargs: Any) -> None:
        """Offer everybody of the review, former members too, and its reasons."""
        super().__init__(*args, **kwargs)
        self.brought = brought
        members = members_to_choose(batch)
        reasons = list(ExclusionReason.objects.filter(review=batch.review_id))
        for at, person in enumerate(brought.people):
            self._ask(f"person-{at}", person or "No name in the file", *_people(person, members))
        for at, label in enumerate(brought.reasons):
            self._ask(f"reason-{at}", label, *_reasons(label, reasons))

    def _ask(self, name: str, label: str, choices: list[tuple[str, str]], guess: str) -> None:
        widget = forms.Select(attrs={"class": "input input-s import-field"})
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, required=False, initial=guess, widget=widget
        )

    def people_rows(self) -> list[tuple[int, forms.BoundField]]:
        """How many decisions each person made, and the choice for them."""
        counts = enumerate(self.brought.people.values())
        return [(count, self[f"person-{at}"]) for at, count in counts]

    def reason_rows(self) -> list[tuple[int, forms.BoundField]]:
        """How often each reason was given, and the choice for it."""
        counts = enumerate(self.brought.reasons.values())
        return [(count, self[f"reason-{at}"]) for at, count in counts]

    def mapped(self) -> People:
        """What the service takes."""
        values = self.cleaned_data
        return People(
            people={name: values[f"person-{at}"] for at, name in enumerate(self.brought.people)},
            reasons={
                label: values[f"reason-{at}"] for at, label in enumerate(self.brought.reasons)
            },
            stage=values["stage"] or Stage.TITLE_ABSTRACT.value,
            takes_tags=values["tags"],
        )


def _people(person: str, members: Sequence[Membership]) -> tuple[list[tuple[str, str]], str]:
    choices = [(LEFT_OUT, "Leave these decisions out"), (ABSENT, "A person no longer here")]
    choices += [(str(one.pk), _named(one)) for one in members]
    guess = guessed_member(person, members)
    if guess is not None:
        return choices, str(guess.pk)
    return choices, ABSENT if person else LEFT_OUT


def _named(member: Membership) -> str:
    is_real = not member.user.email.endswith("@imported.invalid")
    words = f"{member.user.name}, {member.user.email}" if is_real else member.user.name
    return words if member.deactivated_at is None else f"{words} (no longer here)"


def _reasons(label: str, reasons: Sequence[ExclusionReason]) -> tuple[list[tuple[str, str]], str]:
    choices = [(NEW, "Add it to the review's reasons"), (LEFT_OUT, "Leave the reason out")]
    choices += [(str(one.pk), one.label) for one in reasons]
    guess = guessed_reason(label, reasons)
    return choices, str(guess.pk) if guess else NEW
