"""What the form builder sends: a field, a part, the head of the form."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from extraction.forms.rows import (
    TermRow,
    UnitRow,
    number,
    rearranged_terms,
    rearranged_units,
    term_rows,
    unit_rows,
    words,
)
from extraction.schema.definition import KEY
from extraction.schema.editing import free_key
from extraction.schema.fields import Condition, Field, FieldType, Group, Judges

CHOOSING = {FieldType.CHOICE, FieldType.CHOICES}
TYPES = [
    (FieldType.TEXT.value, "Text"),
    (FieldType.NUMBER.value, "Number"),
    (FieldType.YES_NO.value, "Yes or no"),
    (FieldType.CHOICE.value, "One word of a vocabulary"),
    (FieldType.CHOICES.value, "Several words of a vocabulary"),
    (FieldType.DATE.value, "Date"),
]
JUDGES = [
    (Judges.NOTHING.value, "Nothing: a question or a fact"),
    (Judges.BIAS.value, "Risk of bias of its domain"),
    (Judges.APPLICABILITY.value, "Concern about applicability of its domain"),
    (Judges.OVERALL.value, "Overall risk of bias"),
]
REARRANGING = (
    "term_up",
    "term_down",
    "term_drop",
    "term_more",
    "unit_more",
    "unit_share",
    "kind",
)
KEY_FAULT = "Lower-case letters, digits and _, beginning with a letter."


class HeadForm(forms.Form):
    """What the form says of itself."""

    title = forms.CharField(max_length=200)
    description = forms.CharField(max_length=2000, required=False)


class NoteForm(forms.Form):
    """What changed in a version, in the lead's words."""

    note = forms.CharField(max_length=2000, required=False)


class PartForm(forms.Form):
    """A part of the form: fields that stand together, once or in rows."""

    label = forms.CharField(max_length=200)
    help = forms.CharField(max_length=1000, required=False)
    repeating = forms.BooleanField(required=False)
    row_label = forms.CharField(max_length=60, required=False)
    row_keys = forms.CharField(required=False)
    strict_row_keys = forms.CharField(required=False)
    tool = forms.CharField(max_length=60, required=False)
    seen = forms.CharField(max_length=20, required=False)

    def group(self, known: Group | None, taken: set[str]) -> Group:
        """The part as typed; one that exists stays in rows or not as it is."""
        data = self.cleaned_data
        sent = self.data if isinstance(self.data, QueryDict) else QueryDict()
        is_repeating = known.repeating if known else data["repeating"]
        return Group(
            key=known.key if known else free_key(data["label"], taken),
            label=data["label"],
            fields=known.fields if known else (),
            repeating=is_repeating,
            row_label=data["row_label"] or "row",
            help=data["help"],
            row_keys=tuple(sent.getlist("row_keys")),
            strict_row_keys=tuple(sent.getlist("strict_row_keys")),
            tool=data["tool"],
        )


def part_initial(group: Group | None) -> dict[str, Any]:
    """A stored part as the page shows it."""
    if group is None:
        return {"row_label": ""}
    names = ("label", "help", "repeating", "row_label", "row_keys", "strict_row_keys", "tool")
    return {name: getattr(group, name) for name in names}


class FieldForm(forms.Form):
    """One field of the form, with the rows of its vocabulary and units."""

    label = forms.CharField(max_length=200, error_messages={"required": "Give the field a label."})
    key = forms.CharField(max_length=60, required=False)
    type = forms.ChoiceField(choices=TYPES)
    help = forms.CharField(max_length=1000, required=False)
    required = forms.BooleanField(required=False)
    long = forms.BooleanField(required=False)
    allow_other = forms.BooleanField(required=False)
    low = forms.CharField(max_length=60, required=False)
    high = forms.CharField(max_length=60, required=False)
    metric_field = forms.CharField(max_length=60, required=False)
    only_field = forms.CharField(max_length=60, required=False)
    only_values = forms.CharField(max_length=2000, required=False)
    domain = forms.CharField(max_length=100, required=False)
    judges = forms.ChoiceField(choices=JUDGES, required=False)
    was = forms.CharField(required=False)
    cut_at = forms.CharField(max_length=5, required=False, strip=False)
    seen = forms.CharField(max_length=20, required=False)

    def __init__(self, data: QueryDict | None, known: Field | None, level: list[Field]) -> None:
        """Show a stored field, or what was sent.

        Args:
            data: A request's data, None to show the field.
            known: The field as stored, None for a new one.
            level: The other fields answered together with it.
        """
        super().__init__(data, initial=_initial(known))
        self.known = known
        self.level = [one for one in level if known is None or one.key != known.key]
        self.terms = term_rows(known) if data is None else TermRow.sent(data, "term")
        self.units = unit_rows(known) if data is None else UnitRow.sent(data, "unit")

    @property
    def kind(self) -> str:
        """Type of the field as chosen so far; decides which settings are shown."""
        return str(self["type"].value() or FieldType.TEXT.value)

    @property
    def sources(self) -> list[str]:
        """Keys of the fields whose values are taken over, as chosen."""
        if isinstance(self.data, QueryDict) and self.is_bound:
            return self.data.getlist("was")
        return list(self.initial.get("was", ()))

    def rearrange(self, data: QueryDict) -> None:
        """Do what a button beside the rows asks; nothing is stored."""
        self.terms = rearranged_terms(self.terms, data)
        self.units = rearranged_units(self.units, data)
        if self.kind in CHOOSING and not self.terms:
            self.terms = term_rows(None)
        if self.kind == FieldType.NUMBER and not self.units:
            self.units = [UnitRow()]

    def clean_key(self) -> str:
        """A key of the right letters; empty lets the label make one.

        Raises:
            ValidationError: It holds other letters.
        """
        key = str(self.cleaned_data["key"])
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(f"“{key}” is no name for files. {KEY_FAULT}")
        return key

    def clean_low(self) -> Decimal | None:
        """The smallest number."""
        return self._number("Smallest", "low")

    def clean_high(self) -> Decimal | None:
        """The largest number."""
        return self._number("Largest", "high")

    def clean(self) -> dict[str, Any]:
        """Find what contradicts itself inside the field, and say where."""
        data = super().clean() or {}
        kind = data.get("type")
        terms = [row for row in self.terms if row.key.strip()]
        if kind in CHOOSING and not terms:
            self.add_error("type", "A choice needs a vocabulary: enter its words below.")
        for row in self.terms:
            if not row.key.strip() and (row.definition.strip() or row.aliases.strip()):
                self.add_error("type", f"A row has no word: “{row.definition or row.aliases}”.")
        low, high = data.get("low"), data.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("low", f"The smallest number {low} lies above the largest {high}.")
        if data.get("only_field") and not words(data.get("only_values", "")):
            self.add_error("only_values", "Say at which answers the field is asked.")
        return data

    def field(self, before: Field | None) -> Field:
        """The field as typed.

        Args:
            before: The field of the version in force that this one stands for, if any; a word
                of it that has a new name is taken over.

        Raises:
            ValidationError: A unit is malformed.
        """
        data = self.cleaned_data
        kind = FieldType(data["type"])
        is_choice, is_number = kind in CHOOSING, kind is FieldType.NUMBER
        taken = {one.key for one in self.level}
        judges = Judges(data["judges"] or "") if kind is FieldType.CHOICE else Judges.NOTHING
        return replace(
            self.known or Field("", ""),
            key=data["key"] or (self.known.key if self.known else free_key(data["label"], taken)),
            label=data["label"],
            type=kind,
            help=data["help"],
            required=data["required"],
            terms=self._terms(before) if is_choice else (),
            allow_other=is_choice and data["allow_other"],
            units=self._units() if is_number else (),
            low=data["low"] if is_number else None,
            high=data["high"] if is_number else None,
            only_if=self._condition(),
            long=kind is FieldType.TEXT and data["long"],
            metric_field=data["metric_field"] if is_number else "",
            domain=data["domain"],
            judges=judges,
            was=tuple(self.sources),
            cut_at=data["cut_at"],
        )

    def _terms(self, before: Field | None) -> tuple[Any, ...]:
        known = [term.key for term in before.terms] if before else []
        return tuple(row.term(known) for row in self.terms if row.key.strip())

    def _units(self) -> tuple[Any, ...]:
        units: list[Any] = []
        for row in self.units:
            if row.label.strip() or row.key.strip():
                try:
                    units.append(row.unit([one.key for one in units]))
                except ValueError as error:
                    raise forms.ValidationError(str(error)) from error
        return tuple(units)

    def _condition(self) -> Condition | None:
        data = self.cleaned_data
        if not data["only_field"]:
            return None
        asked = next((one for one in self.level if one.key == data["only_field"]), None)
        values = words(data["only_values"])
        if asked is not None and asked.terms:
            found = [(asked.exact_term(value), value) for value in values]
            values = tuple(term.key if term else value for term, value in found)
        elif asked is not None and asked.type is FieldType.YES_NO:
            values = tuple(value.casefold() for value in values)
        return Condition(data["only_field"], values)

    def _number(self, name: str, key: str) -> Decimal | None:
        try:
            return number(name, self.cleaned_data[key])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def _initial(field: Field | None) -> dict[str, Any]:
    if field is None:
        return {"type": FieldType.TEXT.value}
    names = ("label", "key", "help", "required", "long", "allow_other", "metric_field")
    initial = {name: getattr(field, name) for name in names}
    asked = field.only_if
    return initial | {
        "type": field.type.value,
        "low": "" if field.low is None else format(field.low, "f"),
        "high": "" if field.high is None else format(field.high, "f"),
        "only_field": asked.field if asked else "",
        "only_values": "; ".join(asked.values) if asked else "",
        "domain": field.domain,
        "judges": field.judges.value,
        "was": field.was,
        "cut_at": field.cut_at,
    }
