"""Rows of a frame as dictionaries."""

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analytics.frames.rows import records


@given(
    st.lists(st.tuples(st.text(), st.floats(allow_nan=False), st.integers(-9, 9), st.booleans()))
)
def test_rows_are_those_of_pandas(rows):
    frame = pd.DataFrame(rows, columns=["text", "share", "count", "flag"])
    frame = frame.astype({"text": "str", "share": "float64", "count": "int64", "flag": "bool"})
    assert records(frame) == frame.to_dict("records")
    assert records(frame, ["count"]) == frame[["count"]].to_dict("records")


def test_what_is_missing_stays_missing():
    frame = pd.DataFrame({"year": pd.array([None, 2020], "Int64"), "share": [math.nan, 1.0]})
    first, second = records(frame)
    assert first["year"] is pd.NA
    assert math.isnan(first["share"])
    assert second == {"year": 2020, "share": 1.0}
    assert records(frame, []) == [{}, {}]
