import pytest

from extraction.schema.comparison import Arm, ComparatorClass, ComparisonSpec, ReportingPolicy
from extraction.schema.definition import FormDefinition, FormInvalidError
from extraction.schema.fields import Condition, Field, FieldType, Group, Term, Unit
from tests.extraction.schema.builders import EXPERIMENT, FRACTION, choice, number, text


def form_of(*fields, groups=(), **more):
    return FormDefinition("f", "F", (Group("study", "Study", fields), *groups), **more)


def problems_of(*fields, **more):
    with pytest.raises(FormInvalidError) as raised:
        form_of(*fields, **more)
    return str(raised.value)


def test_a_field_is_found_on_its_level_only():
    form = form_of(text("task"), text("site"), groups=[EXPERIMENT])
    assert form.find("task") is form.groups[0].fields[0]
    assert form.find("task", "experiment") is EXPERIMENT.fields[0]
    assert form.find("site", "experiment") is None
    assert form.find("site", "study") is None
    assert form.repeating_groups == (EXPERIMENT,)
    assert form.group("nothing") is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([text("a"), text("a")], "the key “a” stands 2 times"),
        ([text("Big Key")], "groups[0].fields[0].key: “Big Key” is no key"),
        ([Field("a", "A", FieldType.CHOICE)], "“a” is a choice and needs a vocabulary"),
        ([Field("a", "A", terms=(Term("x"),))], "“a” is no choice"),
        ([Field("a", "A", units=(FRACTION,))], "“a” is no number"),
        ([text("a", only_if=Condition("b", ("x",)))], "no other field “b” here"),
        ([text("a", only_if=Condition("a", ("x",)))], "no other field “a” here"),
        ([number(metric_field="metric")], "no field “metric” here"),
        ([choice("a", "x", "x")], "groups[0].fields[0].terms: the key “x” stands 2 times"),
        ([Field("a", "A", FieldType.NUMBER, units=(Unit("u"), Unit("u")))], "stands 2 times"),
        ([Field("a", "A", FieldType.NUMBER, low=2, high=1)], "low 2 lies above high 1"),
    ],
)
def test_a_form_with_a_fault_is_refused_with_its_place(fields, message):
    assert message in problems_of(*fields)


def test_every_fault_is_told_at_once():
    with pytest.raises(FormInvalidError) as raised:
        form_of(text("A"), Field("b", "B", FieldType.CHOICE))
    assert len(raised.value.problems) == 2


def test_row_keys_must_be_fields_of_the_group():
    broken = Group("x", "X", (text("a"),), repeating=True, row_keys=("b",))
    assert "no field “b” in this group" in problems_of(text("a"), groups=[broken])


def test_a_key_may_not_repeat_inside_a_repeating_group():
    broken = Group("x", "X", (text("a"), text("a")), repeating=True)
    assert "groups[1].fields: the key “a”" in problems_of(text("a"), groups=[broken])


def spec(**more):
    arms = {"arm": Arm("ssl", "SSL"), "comparator": Arm("ssl", "supervised")}
    return ComparisonSpec(**{"group": "experiment", "metric_field": "task", **arms, **more})


@pytest.mark.parametrize(
    ("comparison", "message"),
    [
        (spec(group="study"), "no repeating group “study”"),
        (spec(fraction_field="dose"), "no field “dose” in group “experiment”"),
        (spec(group_by="strategy"), "no study-level field “strategy”"),
        (spec(table_columns=("year", "sort")), "no study-level field “sort”"),
        (spec(policy=ReportingPolicy(metric_priority=("glow",))), "unknown metric “glow”"),
        (spec(policy=ReportingPolicy(comparator_preference=("x",))), "no comparator class “x”"),
    ],
)
def test_a_comparison_must_name_what_the_form_has(comparison, message):
    assert message in problems_of(text("a"), groups=[EXPERIMENT], comparison=comparison)


def test_a_comparison_that_fits_is_accepted():
    comparison = spec(categories=("a",), group_by="a", table_columns=("first_author", "a"))
    form = form_of(text("a"), groups=[EXPERIMENT], comparison=comparison)
    assert form.comparison.row_fields == ("ssl", "task")


def test_the_first_class_that_matches_is_the_comparators_class():
    policy = ReportingPolicy(
        comparators=(
            ComparatorClass("other", "other", ("autoencoder",), usable=False),
            ComparatorClass("net", "ImageNet", ("imagenet",)),
        )
    )
    assert policy.comparator_of("ImageNet autoencoder").key == "other"
    assert policy.comparator_of("IMAGENET weights").key == "net"
    assert policy.comparator_of("random") is None


def test_a_group_needs_a_proper_key():
    broken = Group("Two Words", "X", (text("a"),))
    assert "groups[1].key: “Two Words” is no key" in problems_of(groups=[broken])
