import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.prisma.flow import Flow, FlowError, Included, SourceKind, SourceRows
from analytics.prisma.invariants import sums_of
from tests.analytics.prisma.flows import flow_parts, ids, small_flow


def sizes(flow):
    return {name: len(found) for name, found in (flow.boxes | flow.in_progress).items()}


@given(flow_parts())
def test_the_numbers_of_any_flow_add_up(parts):
    flow = Flow(**parts)
    n = sizes(flow)

    before = n["duplicates"] + n["excluded_automatic"] + n["excluded_other"]
    assert n["records_screened"] == n["database_results"] + n["register_results"] - before
    waiting = n["records_awaiting"] + n["records_conflict"]
    assert n["dbr_sought_reports"] == n["records_screened"] - n["records_excluded"] - waiting
    for column in ("dbr", "other"):
        sought, missing = n[f"{column}_sought_reports"], n[f"{column}_notretrieved_reports"]
        assert n[f"{column}_assessed"] == sought - missing - n[f"{column}_awaiting_retrieval"]
    out = sum(
        n[f"{column}_assessed"]
        - n[f"{column}_excluded"]
        - n[f"{column}_awaiting"]
        - n[f"{column}_conflict"]
        for column in ("dbr", "other")
    )
    assert n["new_reports"] == out
    assert n["total_reports"] == n["previous_reports"] + n["new_reports"]
    assert n["total_studies"] == n["previous_studies"] + n["new_studies"]
    rows_here = sum(len(rows.ids) for rows in flow.sources)
    assert rows_here - len(flow.brought_over) == sum(n[name] for name in list(flow.boxes)[:6])


@given(flow_parts())
def test_a_new_report_of_an_old_study_adds_a_report_and_no_study(parts):
    flow = Flow(**parts)
    included = flow.included
    studies = {included.study_of[n] for n in included.new_reports if n in included.study_of}

    assert included.new_studies == studies - included.previous_studies
    assert included.without_study == included.new_reports - included.study_of.keys()


@given(flow_parts())
def test_the_reasons_make_up_the_reports_excluded(parts):
    flow = Flow(**parts)

    for reports in (flow.databases, flow.other):
        assert sum(len(reason.ids) for reason in reports.reasons) == len(reports.excluded)


@given(flow_parts())
def test_every_sum_is_told_in_numbers_that_are_right(parts):
    for told in sums_of(Flow(**parts)):
        result, right = told.numbers.replace(",", "").split(" = ")
        assert int(result) == eval(right.replace("−", "-"))  # noqa: S307 (our own numbers)


@given(flow_parts(), st.data())
def test_taking_one_row_out_of_any_box_is_refused_and_named(parts, data):
    flow = Flow(**parts)
    places = [
        (part, field.name)
        for part in ("removed", "screening", "databases", "other", "other_removed", "included")
        for field in dataclasses.fields(getattr(flow, part))
        if isinstance(getattr(getattr(flow, part), field.name), frozenset)
        and getattr(getattr(flow, part), field.name)
    ]
    if not places:
        return
    part, name = data.draw(st.sampled_from(places))
    box = getattr(getattr(flow, part), name)
    lost = data.draw(st.sampled_from(sorted(box)))
    broken = dataclasses.replace(getattr(flow, part), **{name: box - {lost}})

    with pytest.raises(FlowError) as refused:
        Flow(**{**parts, part: broken})

    blamed = frozenset().union(*(violation.ids for violation in refused.value.violations))
    assert lost in blamed or part == "included"


@pytest.mark.parametrize(
    ("part", "change", "invariant"),
    [
        ("removed", {"duplicates": ids(1, 2)}, "I1"),
        ("removed", {"other": ids(77)}, "I1"),
        ("screening", {"screened": ids(3)}, "I1"),
        ("screening", {"excluded": ids(3, 4)}, "I2"),
        ("screening", {"excluded": ids(3, 77)}, "I2"),
        ("databases", {"sought": ids(5, 6)}, "I2"),
        ("databases", {"assessed": ids(6, 7, 9, 10)}, "I3"),
        ("databases", {"not_retrieved": ids(5, 99)}, "I3"),
        ("databases", {"awaiting_retrieval": ids(5)}, "I3"),
        ("databases", {"excluded": ids(6)}, "I4"),
        ("databases", {"reasons": ()}, "I4"),
        ("databases", {"awaiting": ids(8)}, "I5"),
        ("databases", {"conflict": ids(5)}, "I5"),
        ("other", {"sought": ids(9)}, "I7"),
        ("other_removed", {"duplicates": ids(1)}, "I7"),
        ("included", {"new_reports": ids(9)}, "I5"),
        ("included", {"new_studies": ids(9)}, "I5"),
        ("included", {"total_reports": ids(9)}, "I6"),
        ("included", {"total_studies": ids(9)}, "I6"),
        ("included", {"previous_reports": ids(9)}, "I6"),
    ],
)
def test_each_identity_is_guarded(part, change, invariant):
    flow = small_flow()
    broken = dataclasses.replace(getattr(flow, part), **change)

    with pytest.raises(FlowError) as refused:
        dataclasses.replace(flow, **{part: broken})

    assert invariant in {violation.invariant for violation in refused.value.violations}


def test_a_record_under_two_sources_is_refused_by_name():
    flow = small_flow()
    again = SourceRows(SourceKind.DATABASE, "Scopus", ids(3))

    with pytest.raises(FlowError, match="I7: counted under more than one source: ids 3"):
        dataclasses.replace(flow, sources=(*flow.sources, again))


def test_a_long_list_of_offenders_is_cut_in_the_message_and_kept_in_the_error():
    with pytest.raises(FlowError, match="and 10 more") as refused:
        Flow(included=Included(total_reports=frozenset(range(30))))

    assert len(refused.value.violations[0].ids) == 30


def test_an_empty_review_has_an_empty_flow():
    flow = Flow()

    assert not any(flow.boxes.values())
    assert not flow.is_running
    assert not flow.has_previous
    assert not flow.has_other_methods


def test_a_flow_knows_its_variant_and_that_it_still_runs():
    flow = small_flow(previous=True, other=True)

    assert flow.has_previous
    assert flow.has_other_methods
    assert flow.is_running
    assert "I6" in {told.invariant for told in sums_of(flow)}
