"""Carries stored values to a new version of the form: new rows only, each naming the change."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Model

from extraction.models import (
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionForm,
    FormChange,
    Reconciliation,
    Revisit,
)
from extraction.schema.carrying import Outcome, carry
from extraction.schema.changes import LevelPlan, plan_of
from extraction.schema.checks import CheckedValue
from extraction.selectors.carrying import Place, raw_places, settled_places
from extraction.selectors.forms import definition_of
from extraction.services.values import stored_form

AT_ONCE = 500
EVIDENCE = ("page", "quote", "location", "rectangles", "full_text_id", "source_url")
Plan = Sequence[LevelPlan]
Carried = dict[tuple[int, str], int]


@dataclass(slots=True)
class Writing:
    """What a change writes; flushed in bulk."""

    change: FormChange
    superseded: list[int] = field(default_factory=list)
    made: list[Model] = field(default_factory=list)
    revisits: list[Revisit] = field(default_factory=list)

    def flush(self, kind: type[ExtractedValue] | type[ConsensusValue]) -> None:
        """Write everything gathered so far."""
        for start in range(0, len(self.superseded), AT_ONCE):
            some = self.superseded[start : start + AT_ONCE]
            kind.objects.filter(pk__in=some).update(superseded_at=self.change.made_at)
        kind._base_manager.bulk_create(self.made, batch_size=AT_ONCE)  # type: ignore[arg-type]
        Revisit.objects.bulk_create(self.revisits, batch_size=AT_ONCE)
        self.superseded, self.made, self.revisits = [], [], []


def carry_values(change: FormChange, studies: Collection[int]) -> None:
    """Carry every value of some studies to the change's new version, raw and reconciled.

    Nothing is deleted: a carried value is a new row, the row it replaces is superseded, and a
    value that fits nowhere stays and is quoted in a `Revisit`. Call inside a transaction.
    """
    new = definition_of(change.to_form)
    for form in _forms_in_use(change, studies):
        plan = plan_of(definition_of(form), new)
        carried = _carry_raw(change, form, plan, studies)
        _carry_settled(change, form, plan, carried, studies)
        for holder in (Extraction, Reconciliation):
            known = holder._base_manager.filter(form=form, study__in=studies)
            known.update(form=change.to_form)


def evidence_of(value: ExtractedValue | ConsensusValue) -> dict[str, object]:
    """Where a stored value was read, as columns."""
    return {name: getattr(value, name) for name in EVIDENCE}


def has_evidence(value: ExtractedValue | ConsensusValue) -> bool:
    """Whether page, quote or address are given."""
    return bool(value.page or value.quote or value.source_url)


def _forms_in_use(change: FormChange, studies: Collection[int]) -> list[ExtractionForm]:
    forms = ExtractionForm.objects.filter(review=change.review).exclude(pk=change.to_form_id)
    used: set[int] = set()
    for holder in (Extraction, Reconciliation):
        known = holder._base_manager.filter(study__in=studies)
        used |= set(known.values_list("form_id", flat=True))
    return [form for form in forms if form.pk in used]


def _carry_raw(
    change: FormChange, form: ExtractionForm, plan: Plan, studies: Collection[int]
) -> Carried:
    by_level = {one.level: one for one in plan}
    carried: Carried = {}
    for places in raw_places(form, plan, studies):
        writing = Writing(change)
        made: list[tuple[int, ExtractedValue]] = []
        for place in places:
            level = by_level[place.level]
            for outcome in _outcomes(level, place):
                _ask(writing, outcome, extraction_id=place.holder_id, row_id=place.row_id)
                if outcome.is_written:
                    value = _raw_value(change, place, outcome)
                    writing.made.append(value)
                    _supersede(writing, place.values.get(outcome.field))
                    made.extend((place.values[key].pk, value) for key in outcome.sources)
            _ask_required(writing, level, place)
        writing.flush(ExtractedValue)
        carried |= {(source, value.field): value.pk for source, value in made}
    return carried


def _carry_settled(
    change: FormChange,
    form: ExtractionForm,
    plan: Plan,
    carried: Carried,
    studies: Collection[int],
) -> None:
    by_level = {one.level: one for one in plan}
    for places in settled_places(form, plan, studies):
        writing = Writing(change)
        for place in places:
            for outcome in _outcomes(by_level[place.level], place):
                _ask(
                    writing,
                    outcome,
                    reconciliation_id=place.holder_id,
                    consensus_row_id=place.row_id,
                )
                if outcome.is_written:
                    writing.made.append(_settled_value(change, place, outcome, carried))
                    _supersede(writing, place.values.get(outcome.field))
        writing.flush(ConsensusValue)


def _outcomes(
    level: LevelPlan, place: Place[ExtractedValue] | Place[ConsensusValue]
) -> Iterable[Outcome]:
    """Outcomes that change something; an empty cell with evidence moves as it is."""
    answered = set()
    for outcome in carry(level, place.answers):
        answered.add(outcome.field)
        if not outcome.is_kept:
            yield outcome
    for one in level.touched:
        source = place.values.get(one.sources[0].key)
        is_renamed = len(one.siblings) == 1 and one.sources[0].key != one.field.key
        if one.field.key not in answered and is_renamed and source is not None:
            yield Outcome(one.field.key, (source.field,), is_blank=True)


def _supersede(writing: Writing, value: ExtractedValue | ConsensusValue | None) -> None:
    if value is not None:
        writing.superseded.append(value.pk)


def _ask(writing: Writing, outcome: Outcome, **cell: int | None) -> None:
    writing.revisits.extend(
        Revisit(change=writing.change, field=outcome.field, reason=reason, **cell)
        for reason in outcome.reasons
    )


def _ask_required(writing: Writing, level: LevelPlan, place: Place[ExtractedValue]) -> None:
    """A submitted extraction that does not answer what is required now."""
    if not place.is_submitted:
        return
    for one in level.fields:
        sources = {source.key for source in one.sources} | {one.field.key}
        if one.is_required_now and not sources & set(place.answers) and place.lacks(one.field):
            writing.revisits.append(
                Revisit(
                    change=writing.change,
                    extraction_id=place.holder_id,
                    row_id=place.row_id,
                    field=one.field.key,
                    reason=f"“{one.field.label}” is required now and has no answer.",
                )
            )


def _raw_value(
    change: FormChange, place: Place[ExtractedValue], outcome: Outcome
) -> ExtractedValue:
    sources = [place.values[key] for key in outcome.sources]
    proven = next((one for one in sources if has_evidence(one)), sources[0])
    value, unit = _columns(outcome)
    return ExtractedValue(
        extraction_id=place.holder_id,
        row_id=place.row_id,
        field=outcome.field,
        value=value,
        unit=unit,
        note=_note(sources, proven),
        replaces=place.values.get(outcome.field),
        carried_by=change,
        carried_from=sources[0],
        **evidence_of(proven),
    )


def _settled_value(
    change: FormChange, place: Place[ConsensusValue], outcome: Outcome, carried: Carried
) -> ConsensusValue:
    sources = [place.values[key] for key in outcome.sources]
    proven = next((one for one in sources if has_evidence(one)), sources[0])
    first = sources[0]
    value, unit = _columns(outcome)
    is_one = len({one.side for one in sources}) == 1
    merged = f"Merged when the form changed to version {change.to_form.version}."
    rationale = " ".join(dict.fromkeys(one.rationale for one in sources if one.rationale))
    return ConsensusValue(
        reconciliation_id=place.holder_id,
        row_id=place.row_id,
        field=outcome.field,
        value=value,
        unit=unit,
        side=first.side if is_one else ConsensusValue.Side.THIRD,
        value_a_id=carried.get((first.value_a_id or 0, outcome.field), first.value_a_id),
        value_b_id=carried.get((first.value_b_id or 0, outcome.field), first.value_b_id),
        rationale=rationale if is_one else f"{rationale} {merged}".strip(),
        decided_by_id=first.decided_by_id,
        carried_by=change,
        carried_from=first,
        **evidence_of(proven),
    )


def _columns(outcome: Outcome) -> tuple[object, str]:
    if outcome.answer is None:
        return None, ""
    return stored_form(CheckedValue(outcome.answer.value)), outcome.answer.unit


def _note(sources: Sequence[ExtractedValue], proven: ExtractedValue) -> str:
    """Notes of all sources, and the passages of those whose evidence the row cannot hold."""
    notes = [one.note for one in sources if one.note]
    notes += [
        f"Also from p. {one.page or '?'}: “{one.quote}”"
        for one in sources
        if one is not proven and has_evidence(one)
    ]
    return "\n".join(dict.fromkeys(notes))
