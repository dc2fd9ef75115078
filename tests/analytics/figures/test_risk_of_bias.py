"""Traffic light and summary: counts, signs, and files that stand by themselves."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.figures.files import csv_of
from analytics.figures.risk_drawing import summary_svg, traffic_light_svg
from analytics.figures.risk_of_bias import (
    LEVELS,
    Assessment,
    Judgement,
    reading,
    summary,
    table_of,
    title_of,
)
from extraction.schema.fields import Judges, Level
from extraction.schema.risk import tools_of
from extraction.schema.templates import template

[QUADAS] = tools_of(template("quadas_2"))
[ROB2] = tools_of(template("rob_2"))


def assessment(tool, number=1, row="", **levels):
    keys = [column.key for column in tool.columns]
    given_ = levels or {keys[0]: Level.LOW}
    return Assessment(
        f"Study {number}",
        f"/s/{number}/",
        row,
        {key: Judgement(level, level.value, reason="Because.") for key, level in given_.items()},
    )


def test_quadas_2_judges_four_domains_and_three_concerns():
    assert [(one.label, one.judges) for one in QUADAS.columns] == [
        ("Patient selection", Judges.BIAS),
        ("Index test", Judges.BIAS),
        ("Reference standard", Judges.BIAS),
        ("Flow and timing", Judges.BIAS),
        ("Patient selection", Judges.APPLICABILITY),
        ("Index test", Judges.APPLICABILITY),
        ("Reference standard", Judges.APPLICABILITY),
    ]
    assert QUADAS.columns[0].reason == "q2_patients_reason"


def test_rob_2_judges_five_domains_and_overall_for_each_result():
    assert ROB2.group == "rob_2"
    assert [one.label for one in ROB2.columns] == [
        "Randomisation process",
        "Deviations from intended interventions",
        "Missing outcome data",
        "Measurement of the outcome",
        "Selection of the reported result",
        "Overall",
    ]
    assert set(ROB2.columns[0].levels.values()) == {Level.LOW, Level.SOME, Level.HIGH}


def test_a_form_without_a_tool_judges_nothing():
    assert tools_of(template("ssl_classification")) == ()


@given(st.lists(st.sampled_from(LEVELS), max_size=30))
def test_shares_of_a_bar_sum_to_the_whole(levels):
    key = QUADAS.columns[0].key
    bar = summary(QUADAS, [assessment(QUADAS, **{key: level}) for level in levels])[0]
    assert bar.total == sum(share.count for share in bar.shares) == len(levels)
    assert sum(share.width for share in bar.shares) == pytest.approx(100 if levels else 0)
    assert bar.shares[-1].start + bar.shares[-1].width == pytest.approx(100 if levels else 0)


def test_the_reading_counts_the_overall_judgement_or_names_the_worst_domain():
    overall = ROB2.columns[-1].key
    rated = [assessment(ROB2, n, **{overall: level}) for n, level in enumerate(LEVELS[:3])]
    assert reading(ROB2, rated) == (
        "Of 3 results judged overall, 1 at low and 1 at high risk of bias."
    )
    high = {QUADAS.columns[0].key: Level.LOW, QUADAS.columns[1].key: Level.HIGH}
    assert reading(QUADAS, [assessment(QUADAS, **high)]) == (
        "High risk of bias is most frequent in index test: 1 of 1."
    )
    assert reading(QUADAS, [assessment(QUADAS)]).startswith("No domain is at high risk")
    assert reading(QUADAS, []) == "Nothing is judged yet."


def test_the_drawings_are_whole_svg_with_a_title_for_every_mark():
    found = [assessment(QUADAS, 1), assessment(QUADAS, 2, row="<AUC> & more")]
    for svg in (traffic_light_svg(QUADAS, found), summary_svg(QUADAS, found)):
        root = ET.fromstring(svg)  # noqa: S314 (made here)
        titles = [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")]
        assert titles[0].endswith("QUADAS-2")
        assert "style=" not in svg
    light = traffic_light_svg(QUADAS, found)
    assert light.count("<title>") == 1 + 2 * len(QUADAS.columns)
    assert "Study 2: &lt;AUC&gt; &amp; more, Patient selection: low" in light
    assert "Index test: not judged" in light


@pytest.mark.parametrize("tool", [QUADAS, ROB2], ids=["QUADAS-2", "RoB 2"])
def test_no_head_leaves_the_drawing_and_the_legend_has_the_tools_own_levels(tool):
    svg = traffic_light_svg(tool, [assessment(tool)])
    root = ET.fromstring(svg)  # noqa: S314 (made here)
    width = float(root.attrib["width"])
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    heads = [one for one in texts if "transform" in one.attrib]
    assert [one.text for one in heads] == [title_of(column) for column in tool.columns]
    for one in heads:
        # slanted by 30 degrees, a letter of 11 px takes 5.5 px or so
        reach = 5.5 * len(one.text)
        assert float(one.attrib["x"]) + 0.87 * reach <= width
        assert float(one.attrib["y"]) - 0.5 * reach >= 0
    told = [one.text for one in texts]
    assert ("some concerns" in told) is (tool is ROB2)
    assert "low" in told


def test_the_table_has_every_judgement_with_its_reason():
    rows = csv_of(table_of(ROB2, [assessment(ROB2, row="=death")])).splitlines()
    assert rows[0] == "study,row,domain,judged,judgement,level,reason,page,quote,status"
    assert rows[1] == "Study 1,'=death,Randomisation process,risk of bias,low,low,Because.,,,"
