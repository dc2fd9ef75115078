"""What is compared follows its fields: every name it uses, in every place."""

import dataclasses

from extraction.schema.comparison import Arm
from extraction.schema.comparison_editing import compared_before
from extraction.schema.definition import FormSketch, problems_of
from extraction.schema.editing import with_field, without_field
from extraction.schema.templates import template

THIRD = Arm("ssl_performance", "third", "ssl_low", "ssl_high", "ssl_spread")


def form():
    form = template("ssl_classification")
    spec = dataclasses.replace(form.comparison, other_arms=(THIRD,))
    return FormSketch(form.key, form.title, form.groups, form.description, spec)


def renamed(form, group, key):
    field = form.group(group).field(key)
    changed = dataclasses.replace(field, key=f"{key}_now", was=(key,))
    return with_field(form, group, changed, key)


def test_every_field_that_is_compared_can_be_renamed():
    changed = form()
    for key in form().comparison.row_fields:
        changed = renamed(changed, "experiment", key)
    for group in form().groups:
        if not group.repeating:
            for field in group.fields:
                changed = renamed(changed, group.key, field.key)
    assert problems_of(changed) == []
    spec = changed.comparison
    assert all(key.endswith("_now") for key in spec.row_fields)
    assert spec.other_arms == (
        Arm("ssl_performance_now", "third", "ssl_low_now", "ssl_high_now", "ssl_spread_now"),
    )
    assert (spec.cases_field, spec.group_by) == ("test_cases_now", "strategy_now")
    assert compared_before(form(), changed) == form()


def test_a_field_that_is_taken_out_is_forgotten_unless_nothing_can_be_compared_without_it():
    needed = {"ssl_performance", "supervised_performance", "metric"}
    for key in form().comparison.row_fields:
        faults = problems_of(without_field(form(), "experiment", key))
        assert bool(faults) == (key in needed), (key, faults)
    left = without_field(form(), "experiment", "ssl_low").comparison
    assert (left.arm.low, left.arm.high) == ("", "")
    assert without_field(form(), "experiment", "ssl_performance").comparison.other_arms == ()
