import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema.codec import from_json, to_json
from extraction.schema.definition import FormDefinition, FormInvalidError
from extraction.schema.fields import Condition, Field, FieldType, Group, Term, Unit
from extraction.schema.templates import TEMPLATES, template

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
NUMBERS = st.none() | st.decimals(-1000, 1000, places=3)
UNITS = st.builds(Unit, key=KEYS, label=st.text(max_size=5), scale=NUMBERS)
TEXTS = st.builds(
    Field,
    key=KEYS,
    label=st.text(max_size=10),
    help=st.text(max_size=10),
    required=st.booleans(),
    long=st.booleans(),
)
CHOICES = st.builds(
    Field,
    key=KEYS,
    label=st.text(max_size=10),
    type=st.just(FieldType.CHOICE),
    allow_other=st.booleans(),
    terms=st.lists(
        st.builds(Term, key=KEYS, definition=st.text(max_size=9)),
        min_size=1,
        max_size=3,
        unique_by=lambda term: term.key,
    ).map(tuple),
)
QUANTITIES = st.builds(
    Field,
    key=KEYS,
    label=st.text(max_size=10),
    type=st.just(FieldType.NUMBER),
    units=st.lists(UNITS, max_size=2, unique_by=lambda unit: unit.key).map(tuple),
)
FIELDS = st.lists(TEXTS | CHOICES | QUANTITIES, max_size=5, unique_by=lambda field: field.key)
GROUPS = st.builds(
    Group, key=KEYS, label=st.text(max_size=8), fields=FIELDS.map(tuple), repeating=st.just(True)
)
FORMS = st.builds(
    FormDefinition,
    key=KEYS,
    title=st.text(max_size=12),
    groups=st.lists(GROUPS, max_size=3, unique_by=lambda group: group.key).map(tuple),
)


@given(FORMS)
def test_reading_what_was_written_gives_the_form_back(form):
    assert from_json(json.loads(json.dumps(to_json(form)))) == form


@pytest.mark.parametrize("key", TEMPLATES)
def test_the_templates_survive_the_round_trip(key):
    assert from_json(json.loads(json.dumps(to_json(template(key))))) == template(key)


def test_a_condition_survives_the_round_trip():
    fields = (Field("a", "A"), Field("b", "B", only_if=Condition("a", ("x",))))
    form = FormDefinition("f", "F", (Group("g", "G", fields),))
    assert from_json(to_json(form)) == form


def document(**field):
    return {
        "key": "f",
        "title": "F",
        "groups": [{"key": "g", "label": "G", "fields": [{"key": "a", "label": "A", **field}]}],
    }


PLACE = "form.groups[0].fields[0]"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "form: expected an object, got []"),
        ({"title": "F", "groups": []}, "form.key: is missing"),
        ({"key": "f", "title": "F", "groups": {}}, "form.groups: expected a list, got {}"),
        (document(colour="red"), f"{PLACE}.colour: unknown; known are key, label"),
        (document(type="texts"), f"{PLACE}.type: “texts” is none of text, number"),
        (document(type=["text"]), f"{PLACE}.type: ['text'] is none of text, number"),
        (document(required="yes"), f"{PLACE}.required: expected true or false, got “yes”"),
        (document(help=None), f"{PLACE}.help: expected a text, got nothing"),
        (document(low="much"), f"{PLACE}.low: expected a number, got “much”"),
        (document(low="NaN"), f"{PLACE}.low: expected a number, got “NaN”"),
        (document(low=True), f"{PLACE}.low: expected a number, got True"),
        (document(type="choice"), "groups[0].fields[0].terms: “a” is a choice"),
    ],
)
def test_a_fault_is_told_with_its_place(data, message):
    with pytest.raises(FormInvalidError) as raised:
        from_json(data)
    assert message in str(raised.value)


def test_a_number_may_be_written_as_a_number():
    assert str(from_json(document(low=0.5)).groups[0].fields[0].low) == "0.5"


def test_a_null_stands_for_nothing():
    assert from_json(document(low=None)).groups[0].fields[0].low is None
