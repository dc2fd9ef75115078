"""The reporting policy, the layout, choices by hand and footnotes, through their services."""

import dataclasses

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from analytics.models import ReportedChoice
from analytics.selectors.comparing import comparing_form
from analytics.selectors.experiments import selection_of
from analytics.selectors.table1 import changes_by_policy, table1_of
from analytics.services.reporting import (
    add_footnote,
    choose_experiments,
    remove_footnote,
    set_layout,
    set_policy,
    take_back_choice,
)
from analytics.tables.footnotes import footnotes_of
from analytics.tables.layout import ChosenColumn, Layout
from analytics.tables.stored import policy_to_json
from extraction.models import ConsensusRow, Reconciliation, Study
from extraction.schema.comparison import FractionChoice
from screening.models import AuditEvent
from tests import factories


def row_of(review, row):
    table = table1_of(review=review)
    return next(one for one in table.rows if one.study_id == row.extraction.study_id)


def choose(lead, stored, full="t2", subset="", rationale="The title names the subset."):
    study = stored[full].extraction.study
    return choose_experiments(
        lead=lead,
        study=study,
        full=stored[full].key,
        subset=stored[subset].key if subset else "",
        rationale=rationale,
    )


def events(action):
    return list(AuditEvent.objects.filter(action=action).values_list("before", "after"))


def test_a_choice_by_hand_stands_in_the_table_and_the_figures(lead, stored):
    assert row_of(lead.review, stored["t1"]).experiment == stored["t1"].key
    choose(lead, stored)

    row = row_of(lead.review, stored["t1"])
    assert (row.experiment, row.subset, row.is_by_hand) == (stored["t2"].key, "", True)
    assert row.trace[0] == "Chosen by hand by Lena Lead: The title names the subset."
    assert row.trace[1] == "The rules choose A · accuracy · 100% · X and A · accuracy · 1% · X."
    frame = selection_of(lead.review).experiments.set_index("row_key")
    assert frame.loc[stored["t2"].key, "role"] == "full"
    assert frame.loc[stored["t1"].key, "role"] == "other"
    assert events("reporting.experiment_chosen")[0][1]["full_row"] == stored["t2"].key


def test_the_reason_of_a_choice_is_a_footnote_at_its_value(lead, stored):
    choose(lead, stored)
    table = table1_of(review=lead.review)
    notes = footnotes_of(table)
    row = next(one for one in table.rows if one.is_by_hand)
    arm = next(one for one in table.columns if one.key == "treated")
    (number,) = notes.of(arm, row)
    assert "The title names the subset" in notes.texts[number - 1]


def test_another_choice_ends_the_first_and_taking_back_ends_the_last(lead, stored):
    first = choose(lead, stored)
    choose(lead, stored, full="t1", subset="t2", rationale="On second thought.")
    first.refresh_from_db()
    assert first.ended_by == lead
    assert ReportedChoice.objects.standing().count() == 1

    take_back_choice(lead=lead, study=first.study)
    row = row_of(lead.review, stored["t1"])
    assert (row.experiment, row.is_by_hand) == (stored["t1"].key, False)
    assert ReportedChoice.objects.count() == 2
    assert events("reporting.choice_taken_back")[0][0]["rationale"] == "On second thought."
    with pytest.raises(ValidationError, match="chooses for this study already"):
        take_back_choice(lead=lead, study=first.study)


def test_what_cannot_be_reported_is_refused(lead, stored):
    with pytest.raises(ValidationError, match="has no gain: the control value is not reported"):
        choose(lead, stored, full="t4")
    with pytest.raises(ValidationError, match="Give the reason"):
        choose(lead, stored, rationale="  ")
    with pytest.raises(ValidationError, match="another experiment for the subset"):
        choose(lead, stored, subset="t2")
    with pytest.raises(ValidationError, match="not of this study"):
        choose(lead, stored, subset="t3")
    assert not ReportedChoice.objects.exists()


def test_only_a_lead_reports_and_only_in_the_own_review(lead, observer, extractor, stored):
    for member in (observer, extractor):
        with pytest.raises(PermissionDenied):
            choose(member, stored)
        with pytest.raises(PermissionDenied):
            set_policy(lead=member, policy=None)
        with pytest.raises(PermissionDenied):
            set_layout(lead=member, layout=Layout())
        with pytest.raises(PermissionDenied):
            add_footnote(lead=member, text="x", column="difference")
    elsewhere = factories.make_member(factories.make_review(slug="other"), "lead")
    with pytest.raises(ValidationError, match="another review"):
        choose(elsewhere, stored)


def test_a_choice_goes_on_to_mean_the_reconciled_row(lead, stored):
    choose(lead, stored)
    study = stored["t2"].extraction.study
    done = Reconciliation.objects.create(study=study, form=stored["t2"].extraction.form)
    made = {
        key: ConsensusRow.objects.create(
            reconciliation=done, group="trial", position=position, row_a=stored[key]
        )
        for position, key in enumerate(("t1", "t2"))
    }
    for key, row in made.items():
        for value in stored[key].values.all():
            done.values.create(
                row=row, field=value.field, value=value.value, unit=value.unit, side="a",
                value_a=value, decided_by=lead,
            )  # fmt: skip
    row = row_of(lead.review, stored["t2"])
    assert (row.experiment, row.is_by_hand) == (made["t2"].key, True)


def test_a_choice_without_its_value_lets_the_rules_choose_and_says_so(lead, stored):
    choose(lead, stored)
    stored["t2"].values.filter(field="control").update(value=None)
    row = row_of(lead.review, stored["t1"])
    assert row.experiment == stored["t1"].key
    assert row.trace[0].startswith("An experiment chosen by hand has no gain")
    stored["t2"].removed_at = stored["t2"].created_at
    stored["t2"].save()
    assert "is not among these" in row_of(lead.review, stored["t1"]).trace[0]


def test_another_policy_changes_the_choice_and_is_taken_back(lead, stored):
    form = comparing_form(lead.review)
    highest = dataclasses.replace(
        form.comparison.policy, fraction_choice=FractionChoice.HIGHEST, metric_priority=("F1",)
    )
    ((old, new),) = changes_by_policy(lead.review, policy_to_json(form, highest))
    assert (old.subset, new.subset) == (stored["t2"].key, "")
    assert row_of(lead.review, stored["t1"]).subset == stored["t2"].key, "a preview saves nothing"

    set_policy(lead=lead, policy=highest)
    assert comparing_form(lead.review).comparison.policy == highest
    assert row_of(lead.review, stored["t1"]).subset == ""
    set_policy(lead=lead, policy=None)
    assert row_of(lead.review, stored["t1"]).subset == stored["t2"].key
    assert len(events("reporting.policy_changed")) == 2


def test_a_policy_with_a_fault_is_refused(lead, stored):
    policy = comparing_form(lead.review).comparison.policy
    faulty = dataclasses.replace(policy, comparator_preference=("nowhere",))
    with pytest.raises(ValidationError, match="no comparator class “nowhere”"):
        set_policy(lead=lead, policy=faulty)


def test_the_layout_chooses_orders_names_and_groups(lead, stored):
    columns = (ChosenColumn("site", "Field"), ChosenColumn("first_author"), ChosenColumn("dose"))
    set_layout(lead=lead, layout=Layout(columns, group_by=""))
    table = table1_of(review=lead.review)
    assert [(one.key, one.label) for one in table.columns] == [
        ("site", "Field"),
        ("first_author", "First author"),
        ("dose", "Dose (experiment)"),
    ]
    assert [row.text("dose") for row in table.rows] == ["100%", "100%", ""]
    assert [words for words, _ in table.groups()] == [""]
    assert len(table1_of(review=lead.review, has_all_columns=True).columns) > 3
    with pytest.raises(ValidationError, match="no column nonsense"):
        set_layout(lead=lead, layout=Layout((ChosenColumn("nonsense"),)))
    with pytest.raises(ValidationError, match="twice"):
        set_layout(lead=lead, layout=Layout((ChosenColumn("site"), ChosenColumn("site"))))


def test_rows_are_grouped_by_any_category(lead, stored):
    set_layout(lead=lead, layout=Layout(group_by="regions"))
    table = table1_of(review=lead.review)
    assert [words for words, _ in table.groups()] == ["north", "south", ""]


def test_own_footnotes_are_numbered_where_they_stand(lead, stored):
    study = stored["t1"].extraction.study
    add_footnote(lead=lead, text="Said by the authors.", study=study)
    head = add_footnote(lead=lead, text="In kilograms.", column="treated")
    notes = footnotes_of(table1_of(review=lead.review))
    assert notes.texts.index("In kilograms.") < notes.texts.index("Said by the authors.")
    remove_footnote(lead=lead, footnote=head)
    assert "In kilograms." not in footnotes_of(table1_of(review=lead.review)).texts
    with pytest.raises(ValidationError, match="Write the footnote"):
        add_footnote(lead=lead, text=" ", study=study)
    with pytest.raises(ValidationError, match="column or a study"):
        add_footnote(lead=lead, text="Nowhere.")


def test_the_number_of_statements_does_not_grow(lead, stored, django_assert_num_queries):
    """Nothing is asked per study."""
    choose(lead, stored)
    with django_assert_num_queries(10):
        table1_of(review=lead.review)
    for number in range(5):
        Study.objects.create(review=lead.review, title=f"More {number}")
    with django_assert_num_queries(10):
        table1_of(review=lead.review)
