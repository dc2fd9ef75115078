import pytest

from extraction.schema.fields import Condition, Field, FieldType, Term

FINE_TUNING = Field(
    "fine_tuning",
    "Fine-tuning",
    FieldType.CHOICE,
    terms=(
        Term("end-to-end"),
        Term("feature extraction", aliases=("linear probing",)),
        Term("unclear", label="not said", aliases=("fine-tuned",)),
        Term("X-ray", aliases=("chest X-ray",)),
    ),
)


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("end-to-end", "end-to-end"),
        ("End-to-End + teacher-student consistency", "end-to-end"),
        ("feature extraction (linear)", "feature extraction"),
        ("Linear  probing", "feature extraction"),
        ("fine-tuned in the last step", "unclear"),
        ("not said", "unclear"),
        ("chest X-ray + reports", "X-ray"),
    ],
)
def test_a_value_with_a_remark_still_stands_for_its_term(value, term):
    assert FINE_TUNING.term_of(value).key == term


@pytest.mark.parametrize("value", ["end-to-endless", "something else", ""])
def test_own_words_stand_for_no_term(value):
    assert FINE_TUNING.term_of(value) is None


def test_an_exact_term_takes_no_remark():
    assert FINE_TUNING.exact_term("LINEAR probing").key == "feature extraction"
    assert FINE_TUNING.exact_term("feature extraction (linear)") is None


def test_a_term_and_a_unit_without_label_show_their_key():
    assert Term("AUROC").shown == "AUROC"
    assert FINE_TUNING.terms[2].shown == "not said"


@pytest.mark.parametrize(
    ("answer", "holds"),
    [
        ("combined", True),
        ("contrastive", False),
        (("contrastive", "combined"), True),
        (True, True),
        (False, False),
    ],
)
def test_a_condition_holds_for_one_of_its_values(answer, holds):
    assert Condition("strategy", ("combined", "yes")).holds({"strategy": answer}) is holds


def test_a_condition_on_an_unanswered_field_does_not_hold():
    assert not Condition("strategy", ("combined",)).holds({})
