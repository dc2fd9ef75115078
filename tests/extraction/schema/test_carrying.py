"""Answers carried from one version of a form to the next, field by field."""

from dataclasses import replace

import pytest

from extraction.schema.carrying import carry
from extraction.schema.changes import changes_of, plan_of, source_problems
from extraction.schema.comparing import Answer
from extraction.schema.definition import FormSketch
from extraction.schema.fields import Condition, Field, FieldType, Group, Term
from tests.extraction.schema.builders import FRACTION, PERCENT, choice, number, text

CHOICES = FieldType.CHOICES


def form(*fields):
    return FormSketch("f", "F", (Group("g", "G", fields),))


def carried(old, new, **answers):
    plan = plan_of(form(*old), form(*new))[0]
    known = {
        key: value if isinstance(value, Answer) else Answer(value) for key, value in answers.items()
    }
    return {one.field: one for one in carry(plan, known)}


def said(old, new):
    return {
        one.key or one.old_keys[0]: one.sentences
        for one in changes_of(plan_of(form(*old), form(*new)))
    }


def terms(*words, **was):
    return tuple(Term(word, was=was.get(word, ())) for word in words)


def test_a_form_that_did_not_change_touches_nothing():
    assert carried([text("a"), choice("b", "x")], [text("a"), choice("b", "x")], a="1", b="x") == {}
    assert said([text("a")], [text("a")]) == {}


def test_a_renamed_field_carries_its_answer():
    outcome = carried([text("a")], [text("b", was=("a",))], a="1")["b"]
    assert (outcome.answer, outcome.reasons, outcome.is_written) == (Answer("1"), (), True)
    assert said([text("a")], [text("b", was=("a",))]) == {"b": ("Renamed from “A” (a).",)}


def test_a_new_label_touches_no_cell():
    new = replace(text("a"), label="Another")
    assert carried([text("a")], [new], a="1") == {}
    assert said([text("a")], [new]) == {"a": ("Was called “A”.",)}


def test_swapped_fields_swap_their_answers():
    new = [text("a", was=("b",)), text("b", was=("a",))]
    outcomes = carried([text("a"), text("b")], new, a="1", b="2")
    assert (outcomes["a"].answer.value, outcomes["b"].answer.value) == ("2", "1")


def test_merged_texts_are_joined_and_merged_words_united():
    outcome = carried([text("a"), text("b")], [text("c", was=("a", "b"))], a="1", b="2")["c"]
    assert outcome.answer == Answer("1; 2")
    old = [choice("a", "x", "y"), choice("b", "y", "z")]
    new = Field("c", "C", CHOICES, terms=terms("x", "y", "z"), was=("a", "b"))
    assert carried(old, [new], a="x", b="y")["c"].answer == Answer(("x", "y"))


def test_merged_numbers_that_differ_are_asked_about_with_both():
    old, new = [number("a"), number("b")], [number("c", was=("a", "b"))]
    same = carried(old, new, a=Answer("0.9", "fraction"), b=Answer("0.9", "fraction"))["c"]
    assert same.answer == Answer("0.9", "fraction")
    other = carried(old, new, a=Answer("0.9", "fraction"), b=Answer("91", "percent"))["c"]
    assert other.answer is None
    assert "“0.9 fraction (0-1)” in “A”, “91 percent” in “B”" in other.reasons[0]


def test_a_split_vocabulary_gives_each_word_to_the_field_that_has_it():
    old = [Field("a", "A", CHOICES, terms=terms("x", "y", "z"))]
    new = [
        Field("one", "One", CHOICES, terms=terms("x"), was=("a",)),
        Field("two", "Two", CHOICES, terms=(Term("why", was=("y",)),), was=("a",)),
    ]
    outcomes = carried(old, new, a=("x", "y"))
    assert outcomes["one"].answer == Answer(("x",))
    assert outcomes["two"].answer == Answer(("why",))
    homeless = carried(old, new, a=("x", "z"))
    assert "No field has the words: z. Before: “x; z” in “A”." in homeless["one"].reasons[0]


def test_a_split_text_is_cut_at_the_mark_or_asked_about():
    old = [text("a")]
    new = [text("b", was=("a",), cut_at=","), text("c", was=("a",), cut_at=",")]
    outcomes = carried(old, new, a="ResNet18, 224 px")
    assert (outcomes["b"].answer.value, outcomes["c"].answer.value) == ("ResNet18", "224 px")
    assert "it has 3 parts, not 2" in carried(old, new, a="1,2,3")["c"].reasons[0]
    stays = carried(old, [text("a"), text("b", was=("a",))], a="1")
    assert stays["a"].is_kept
    assert "“1” in “A”" in stays["b"].reasons[0]


@pytest.mark.parametrize(
    ("new", "answer", "reason"),
    [
        (terms("ex", "y", ex=("x",)), "ex", ""),
        (terms("xy", xy=("x", "y")), "xy", ""),
        (terms("y"), None, "“x” is no word of the vocabulary any more."),
        ((Term("x1", was=("x",)), Term("x2", was=("x",))), None, "“x” is now one of: x1, x2."),
        ((Term("ex", aliases=("x",)),), "ex", ""),
    ],
)
def test_words_are_renamed_merged_taken_out_and_split(new, answer, reason):
    field = Field("a", "A", FieldType.CHOICE, terms=new)
    outcome = carried([choice("a", "x", "y")], [field], a="x")["a"]
    assert (outcome.answer.value if outcome.answer else None) == answer
    assert outcome.reasons[0].startswith(reason) if reason else not outcome.reasons


def test_a_remark_stays_behind_a_renamed_word():
    old = choice("a", "feature extraction", allow_other=True)
    new = replace(old, terms=(Term("frozen", was=("feature extraction",)),))
    outcome = carried([old], [new], a="feature extraction (linear)")["a"]
    assert outcome.answer == Answer("frozen (linear)")


def test_a_unit_is_never_invented():
    plain = Field("a", "A", FieldType.NUMBER)
    outcome = carried([plain], [number("a")], a="0.9")["a"]
    assert outcome.answer is None
    assert "state the unit of 0.9" in outcome.reasons[0]


def test_a_number_outside_a_new_range_is_asked_about_and_one_inside_is_kept():
    plain = Field("a", "A", FieldType.NUMBER)
    new = replace(plain, high=FRACTION.high)
    assert carried([plain], [new], a="0.5")["a"].is_kept
    assert "“7” in “A”" in carried([plain], [new], a="7")["a"].reasons[0]


def test_a_number_becomes_text_with_its_unit_and_text_a_number_if_it_is_one():
    assert carried([number("a")], [text("a")], a=Answer("92", "percent"))["a"].answer == Answer(
        f"92 {PERCENT.shown}"
    )
    plain = Field("a", "A", FieldType.NUMBER)
    assert carried([text("a")], [plain], a="12")["a"].answer == Answer("12")
    assert "“about 12” is no number" in carried([text("a")], [plain], a="about 12")["a"].reasons[0]


def test_yes_or_no_becomes_a_word():
    asked = Field("a", "A", FieldType.YES_NO)
    assert carried([asked], [choice("a", "yes", "no")], a=True)["a"].answer == Answer("yes")


def test_several_words_do_not_become_one_of_them():
    old = Field("a", "A", CHOICES, terms=terms("x", "y"))
    assert carried([old], [choice("a", "x", "y")], a=("x",))["a"].answer == Answer("x")
    assert "Several words" in carried([old], [choice("a", "x", "y")], a=("x", "y"))["a"].reasons[0]


def test_an_answer_that_would_be_hidden_by_another_is_quoted():
    outcome = carried([text("a"), text("b")], [text("b", was=("a",))], a="1", b="2")["b"]
    assert outcome.answer == Answer("1")
    assert outcome.reasons == ("“2” stood here before, for “B”.",)


def test_an_answer_of_an_earlier_version_comes_back_with_its_field_if_it_fits():
    assert carried([text("a")], [text("a"), text("b")], b="1")["b"].is_kept
    plain = Field("b", "B", FieldType.NUMBER)
    assert "“x” is no number" in carried([text("a")], [text("a"), plain], b="x")["b"].reasons[0]
    renamed = [text("b", was=("a",))]
    assert carried([text("a")], renamed, b="1")["b"].reasons == ("“1” stood here before, for “b”.",)


def test_every_kind_of_change_is_said_in_words():
    old = [choice("a", "x", "y"), text("gone"), number("n")]
    new = [
        Field("a", "A", FieldType.CHOICE, terms=(Term("ex", was=("x",)), Term("z")), required=True),
        text("fresh", required=True),
        replace(number("n"), units=(FRACTION,), only_if=Condition("a", ("ex",))),
    ]
    assert said(old, new) == {
        "a": (
            "“ex” takes over “x”.",
            "New words: z.",
            "Words taken out: y.",
            "Required now.",
        ),
        "fresh": ("New and required.",),
        "n": ("Its units change.", "Asked under another condition."),
        "gone": ("Taken out.",),
    }


def test_sources_that_the_version_before_has_not_are_faults():
    new = [text("b", was=("zz",)), Field("a", "A", FieldType.CHOICE, terms=terms("q", q=("w",)))]
    assert [str(one) for one in source_problems(form(choice("a", "x")), form(*new))] == [
        "groups[0].fields[0].was: the version before has no field “zz” here",
        "groups[0].fields[1].terms[0].was: the version before has no word “w”",
    ]
