"""What an update changed: a review on two days, side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.figures.model import Figure, finite, signed
from analytics.frames.rows import records
from analytics.selectors.comparing import comparing_form, reconciled_rows
from analytics.selectors.days import end_of
from analytics.selectors.experiments import Selection, selection_of
from analytics.tables.changes import (
    Kind,
    StudyChange,
    ValueChange,
    changes_between,
    numbers_between,
)
from extraction.selectors import study_answers
from screening.models import Review

FIELDS = ("level", "what", "study_id", "study", "row", "field", "before", "after", "row_key")


@dataclass(frozen=True, slots=True)
class Headline:
    """What a figure or sentence said before and says after.

    `numbers` are the pairs that differ where the words are the same, None where they are not.
    """

    key: str
    title: str
    before: str
    after: str
    rows_before: int
    rows_after: int
    numbers: tuple[tuple[str, str], ...] | None

    @property
    def has_changed(self) -> bool:
        """Whether it says something else, or draws more or less."""
        return self.before != self.after or self.rows_before != self.rows_after


@dataclass(frozen=True, slots=True)
class Gain:
    """The reported relative gain of one study on both days; empty where there was none."""

    study_id: int
    study: str
    before: str
    after: str

    @property
    def kind(self) -> Kind:
        """Whether it came, went or changed."""
        if not self.before or not self.after:
            return Kind.WENT if self.before else Kind.CAME
        return Kind.CHANGED


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between the ends of two days; `after` may be today."""

    before: date
    after: date
    studies: Sequence[StudyChange]
    gains: Sequence[Gain]
    figures: Sequence[Headline]
    counts: tuple[tuple[str, int, int], ...]
    problems: tuple[str, ...] = ()

    @property
    def values(self) -> list[ValueChange]:
        """Values of studies that were there on both days."""
        return [value for one in self.studies if one.kind is Kind.CHANGED for value in one.values]

    def of(self, kind: Kind) -> list[StudyChange]:
        """Studies that came, went or changed."""
        return [one for one in self.studies if one.kind is kind]

    @property
    def came(self) -> list[StudyChange]:
        """Studies that were not there before."""
        return self.of(Kind.CAME)

    @property
    def went(self) -> list[StudyChange]:
        """Studies that are not there after."""
        return self.of(Kind.WENT)

    @property
    def changed(self) -> list[StudyChange]:
        """Studies with values that differ."""
        return self.of(Kind.CHANGED)


def changes_of(
    review: Review, before: date, after: date, asked: Mapping[str, Sequence[str]] | None = None
) -> Changes | None:
    """Compare the ends of two days under the filters of an address.

    Args:
        review: The review.
        before: The earlier day.
        after: The later day; today means now.
        asked: Filters as for `selection_of`; a day in it is ignored.

    Returns:
        What differs, or None where the review's form compares nothing on the later day. On a day
        before the first form there was nothing.
    """
    filters = {key: values for key, values in (asked or {}).items() if key != "as_of"}
    old = selection_of(review, {**filters, "as_of": [before.isoformat()]})
    new = selection_of(review, {**filters, "as_of": [after.isoformat()]})
    if new is None:
        return None
    told = [study_answers(review=review, as_of=end_of(day)) for day in (before, after)]
    kept = [
        [one for one in answers if selection and one.study_id in _ids(selection)]
        for selection, answers in zip((old, new), told, strict=True)
    ]
    became = reconciled_rows(one.study_id for one in kept[1])
    standing = {row.key for one in kept[1] for row in one.rows}
    renamed = {raw: key for raw, key in became.items() if key in standing}
    form = comparing_form(review, as_of=end_of(after)) or new.form
    return Changes(
        before=before,
        after=after,
        studies=changes_between(kept[0], kept[1], form, renamed),
        gains=tuple(_gains(old, new)),
        figures=tuple(_headlines(old, new)),
        counts=(
            ("studies", len(old.studies) if old else 0, len(new.studies)),
            ("experiments", len(old.experiments) if old else 0, len(new.experiments)),
        ),
        problems=new.problems,
    )


def _ids(selection: Selection) -> set[int]:
    return {int(number) for number in selection.studies["study_id"]}


def _gains(old: Selection | None, new: Selection) -> Iterator[Gain]:
    first, second = (_reported(old) if old else {}), _reported(new)
    for number in sorted(first.keys() | second.keys()):
        before, after = first.get(number, ("", "")), second.get(number, ("", ""))
        if before[1] != after[1]:
            yield Gain(number, after[0] or before[0], before[1], after[1])


def _reported(selection: Selection) -> dict[int, tuple[str, str]]:
    """Name and reported gain of each study, with what it was reported by."""
    rows = selection.experiments[selection.experiments["role"] == "full"]
    found = {}
    for row in records(rows, ("study_id", "study", "relative_gain", "metric")):
        gain = finite(row["relative_gain"])
        if gain is not None:
            number = int(str(row["study_id"]))
            found[number] = (str(row["study"]), f"{signed(gain)} by {row['metric']}")
    return found


def _headlines(old: Selection | None, new: Selection) -> Iterator[Headline]:
    drawn = {one.key: one for one in old.plain_figures()} if old else {}
    now = {one.key: one for one in new.plain_figures()}
    for key in dict.fromkeys([*now, *drawn]):
        yield _headline(key, drawn.get(key), now.get(key))


def _headline(key: str, old: Figure | None, new: Figure | None) -> Headline:
    before, after = (one.sentence if one else "" for one in (old, new))
    known = new or old
    return Headline(
        key=key,
        title=known.title if known else key,
        before=before,
        after=after,
        rows_before=len(old.table.rows) if old else 0,
        rows_after=len(new.table.rows) if new else 0,
        numbers=numbers_between(before, after),
    )


def change_rows(found: Changes) -> Iterator[dict[str, object]]:
    """Everything that differs as rows of a CSV, the figures' readings at the end."""
    blank: dict[str, object] = dict.fromkeys(FIELDS, "")
    for study in found.studies:
        named = {"study_id": study.study_id, "study": study.study}
        yield {**blank, **named, "level": "study", "what": study.kind.value}
        for value in study.values:
            yield {
                **blank,
                **named,
                "level": "value",
                "what": value.kind.value,
                "row": value.row,
                "field": value.field,
                "before": value.before,
                "after": value.after,
                "row_key": value.row_key,
            }
    for gain in found.gains:
        named = {"study_id": gain.study_id, "study": gain.study}
        told = {"field": "relative gain", "before": gain.before, "after": gain.after}
        yield {**blank, **named, **told, "level": "reported gain", "what": gain.kind.value}
    for one in found.figures:
        if one.has_changed:
            told = {"field": one.title, "before": one.before, "after": one.after}
            yield {**blank, **told, "level": "figure", "what": Kind.CHANGED.value}
