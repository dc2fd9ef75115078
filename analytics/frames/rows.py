"""Rows of a frame as plain dictionaries, column by column: text columns are slow row by row."""

from collections.abc import Iterable

import pandas as pd


def records(frame: pd.DataFrame, columns: Iterable[str] | None = None) -> list[dict[str, object]]:
    """Turn rows into dictionaries.

    Args:
        frame: Any frame with texts as names of its columns.
        columns: Only these, each at most once; all without it.

    Returns:
        One dictionary per row in order, with Python's own numbers and texts; NaN stays NaN and
        pandas' NA stays NA.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition; the same as `DataFrame.to_dict("records")`, many times faster.
    """
    names = [str(name) for name in (frame.columns if columns is None else dict.fromkeys(columns))]
    if not names:
        return [{} for _ in range(len(frame))]
    lists = [frame[name].astype("object").tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
