import csv
import io
import json

from hypothesis import given

from analytics.prisma.exports import CSV_HEADER, flow_as_csv, flow_as_json
from analytics.prisma.flow import Flow
from tests.analytics.prisma.flows import flow_parts, small_flow


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def numbers_of(text):
    return {row["data"]: row["n"] for row in rows_of(text)}


@given(flow_parts())
def test_the_json_holds_each_box_with_count_and_ids(parts):
    flow = Flow(**parts)
    told = json.loads(json.dumps(flow_as_json(flow)))

    for name, found in flow.boxes.items():
        box = told["boxes"][name]
        if name in {"dbr_excluded", "other_excluded"}:
            assert sum(reason["count"] for reason in box) == len(found)
        else:
            assert (box["count"], box["ids"]) == (len(found), sorted(found))
    assert set(told) >= {"boxes", "in_progress", "as_of", "sources", "sums", "units"}


def test_the_reasons_of_the_json_are_named():
    told = flow_as_json(small_flow())

    assert told["boxes"]["dbr_excluded"] == [
        {"reason": "Wrong task", "count": 1, "ids": [6]},
        {"reason": "No <images>", "count": 1, "ids": [7]},
    ]
    assert told["as_of"] is None
    assert told["in_progress"]["records_awaiting"] == {"count": 1, "ids": [4]}


def test_the_csv_has_the_rows_the_prisma2020_tool_reads():
    text = flow_as_csv(small_flow(other=True, previous=True))
    rows = rows_of(text)
    numbers = numbers_of(text)

    assert tuple(rows[0]) == CSV_HEADER
    assert len(rows) == 32
    assert numbers["database_results"] == "6"
    assert numbers["register_specific_results"] == "Trials & tests, 4"
    assert numbers["dbr_excluded"] == "Wrong task, 1; No <images>, 1"
    assert numbers["other_excluded"] == "NA"
    assert numbers["previous_studies"] == "1"
    assert numbers["total_reports"] == "4"


@given(flow_parts())
def test_names_with_separators_do_not_break_the_list_of_reasons(parts):
    flow = Flow(**parts)
    listed = numbers_of(flow_as_csv(flow))["dbr_excluded"]
    read = [] if listed == "NA" else [part.rsplit(", ", 1) for part in listed.split("; ")]

    assert [int(count) for _, count in read] == [
        len(reason.ids) for reason in flow.databases.reasons
    ]
    assert not any("," in name for name, _ in read)
    assert not listed.startswith("=")
