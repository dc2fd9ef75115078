"""The points of each figure as a file, and the Python lines that redraw it from them."""

import csv
import io
import json

import plotly.graph_objects as go
import pytest

from analytics.figures.files import page_of
from analytics.figures.model import DataTable, Figure
from analytics.figures.points import points_csv, script_of
from analytics.figures.theme import themed
from tests.analytics.figures.test_every_figure import ALL

HOSTILE = "</script><script>alert(1)</script>"


def redrawn(figure, folder, theme="light"):
    """Run the lines as a user would, on the file as it is saved."""
    (folder / "points.csv").write_text(points_csv(figure), encoding="utf-8", newline="")
    lines: dict = {"__name__": "lines"}
    exec(compile(script_of(figure, theme), figure.key, "exec"), lines)  # noqa: S102 our own lines
    return json.loads(lines["figure"](folder / "points.csv").to_json(engine="json"))


def as_plotly_writes(plot):
    return json.loads(go.Figure(plot).to_json(engine="json"))


@pytest.mark.parametrize("figure", ALL, ids=lambda one: one.key)
def test_the_lines_redraw_every_figure_from_its_points(figure, tmp_path):
    found = redrawn(figure, tmp_path)
    expected = as_plotly_writes(themed(figure.plot, "light"))
    assert found["layout"] == expected["layout"]
    assert found["data"] == expected["data"]


def made_up(**trace):
    plot = {"data": [{"type": "scatter", "mode": "markers", **trace}], "layout": {"height": 200}}
    return Figure("made-up", 'A "title"\\', (), plot, DataTable((), ()))


def test_hostile_texts_come_back_as_they_were(tmp_path):
    texts = ["=cmd()", "'=cmd()", "'", "@group-1x", '"a",\nb', HOSTILE, ""]
    numbers = [0.1 + 0.2, -3, None, 1e-9, 5, 6, 7]
    figure = made_up(x=numbers, y=texts, text=texts, name="=1+1")
    found = redrawn(figure, tmp_path)["data"][0]
    assert (found["x"], found["y"], found["text"]) == (numbers, texts, texts)
    for row in csv.DictReader(io.StringIO(points_csv(figure))):
        assert not row["name"].startswith("=")
        assert not row["y"].startswith(("=", "@"))


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="nan is no number"):
        points_csv(made_up(x=[float("nan")], y=[1]))


def test_the_page_holds_plotly_and_closes_no_script_early():
    page = page_of(made_up(x=[1], y=[2], name=HOSTILE))
    assert HOSTILE not in page
    assert "src=" not in page.split("<body>")[0]
    assert len(page) > 1_000_000
    assert 'src="plotly.min.js"' in page_of(made_up(x=[1], y=[2]), is_whole=False)
