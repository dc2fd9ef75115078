import io
import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from PIL import Image

from analytics.prisma.diagram import flow_as_svg
from analytics.prisma.flow import Flow
from analytics.prisma.layout import FONT_SIZE, layout_of
from analytics.prisma.measure import width_of, wrap
from analytics.prisma.png import flow_as_png
from analytics.prisma.wording import words_of
from tests.analytics.prisma.flows import flow_parts, small_flow

SVG = "{http://www.w3.org/2000/svg}"
VARIANTS = [(False, False), (False, True), (True, False), (True, True)]


def texts_of(svg):
    return [
        "".join(element.itertext())
        for element in ET.fromstring(svg).iter(f"{SVG}text")  # noqa: S314 (our own)
    ]


def words_in(svg):
    return re.sub(r"\s+", " ", " ".join(texts_of(svg)))


@pytest.mark.parametrize(("previous", "other"), VARIANTS)
def test_the_words_are_the_official_ones(previous, other):
    words = words_in(flow_as_svg(small_flow(previous=previous, other=other)))
    new = "new " if previous else ""

    assert f"Identification of {new}studies via databases and registers" in words
    assert (f"Identification of {new}studies via other methods" in words) is other
    assert ("Previous studies" in words) is previous
    assert ("Studies included in previous version of review (n = 1)" in words) is previous
    assert ("Total studies included in review (n = 2)" in words) is previous
    assert ("Citation searching (n = 0)" in words) is other
    for official in (
        "Records identified from:",
        "Records removed before screening:",
        "Duplicate records removed (n = 1)",
        "Records marked as ineligible by automation tools (n = 1)",
        "Records removed for other reasons (n = 0)",
        "Records screened (n = 8)",
        "Reports sought for retrieval (n = 6)",
        "Reports assessed for eligibility (n = 5)",
        "Wrong task (n = 1)",
        f"{'New studies' if previous else 'Studies'} included in review (n = 1)",
    ):
        assert official in words


@pytest.mark.parametrize("as_file", [False, True])
def test_each_number_links_to_its_rows_when_addresses_are_given(as_file):
    flow = small_flow(previous=True, other=True)
    named = [*flow.boxes, *flow.in_progress, "dbr_excluded.0", "source.1"]
    links = {name: f"/r/a&b/{name}/" for name in named}
    root = ET.fromstring(flow_as_svg(flow, links=links, as_file=as_file))  # noqa: S314
    found = {element.get("href"): element.get("aria-label") for element in root.iter(f"{SVG}a")}

    assert found["/r/a&b/records_screened/"] == "Records screened (n\u00a0=\u00a08)"
    assert found["/r/a&b/source.1/"] == "Trials & tests (n\u00a0=\u00a04)"
    assert found["/r/a&b/dbr_excluded.0/"] == "Wrong task (n\u00a0=\u00a01)"
    shown = set(flow.boxes) - {"other_methods_results"}
    assert {f"/r/a&b/{name}/" for name in shown} <= found.keys()
    assert "other methods" in found["/r/a&b/other_sought_reports/"]


def test_without_addresses_nothing_is_a_link():
    assert "<a " not in flow_as_svg(small_flow())


def test_the_drawing_is_told_to_those_who_cannot_see_it():
    root = ET.fromstring(flow_as_svg(small_flow(), title="Flow of <this>"))  # noqa: S314

    assert root.findtext(f"{SVG}title") == "Flow of <this>"
    told = root.findtext(f"{SVG}desc")
    assert "Records screened: 8" in told
    assert "Reports in conflict: 1" in told
    assert root.get("aria-labelledby") == "flow-title"


def test_work_in_progress_is_dashed_and_leaves_when_done():
    assert 'class="running"' in flow_as_svg(small_flow())
    assert 'class="running"' not in flow_as_svg(Flow())


def test_a_file_carries_its_own_styles_and_the_page_none():
    assert "<style>" in flow_as_svg(small_flow(), as_file=True)
    on_the_page = flow_as_svg(small_flow())
    assert "<style>" not in on_the_page
    assert "style=" not in on_the_page


@settings(max_examples=25)
@given(flow_parts())
def test_no_text_leaves_its_box_and_no_boxes_overlap(parts):
    layout = layout_of(Flow(**parts))
    boxes = [box for box in layout.boxes if box.kind != "stage"]
    for box in boxes:
        for row in box.rows:
            assert row.y >= box.y
            assert row.y + row.height <= box.bottom + 0.01
            for line in row.lines:
                assert row.x + width_of(line, FONT_SIZE) <= box.right
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart_x = one.right <= other.x or other.right <= one.x
            assert apart_x or one.bottom <= other.y or other.bottom <= one.y
    assert all(box.right <= layout.width and box.bottom <= layout.height for box in boxes)


@pytest.mark.parametrize(("previous", "other"), VARIANTS)
def test_no_arrow_crosses_a_box(previous, other):
    layout = layout_of(small_flow(previous=previous, other=other))
    for points in layout.arrows:
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            for box in layout.boxes:
                inside_x = max(min(x0, x1), box.x + 1) < min(max(x0, x1), box.right - 1) or (
                    x0 == x1 and box.x < x0 < box.right
                )
                inside_y = max(min(y0, y1), box.y + 1) < min(max(y0, y1), box.bottom - 1) or (
                    y0 == y1 and box.y < y0 < box.bottom
                )
                assert not (inside_x and inside_y)


@pytest.mark.parametrize("has_font", [True, False])
def test_the_png_is_the_same_drawing_three_times_as_large(has_font, monkeypatch):
    if not has_font:
        monkeypatch.setattr("analytics.prisma.png.FONTS", ("no-such-font.ttf",))
    flow = small_flow(previous=True, other=True)
    image = Image.open(io.BytesIO(flow_as_png(flow)))

    assert image.format == "PNG"
    assert image.width == pytest.approx(3 * (layout_of(flow).width + 2), abs=1)
    assert len(image.getcolors(1_000_000)) > 5


def test_a_long_word_is_broken_and_nothing_is_lost():
    lines = wrap("a " + "W" * 60 + " b", 12.5, 100)

    assert "".join(lines).replace(" ", "") == "a" + "W" * 60 + "b"
    assert all(width_of(line, 12.5) <= 100 for line in lines)


def test_wrapping_to_nothing_is_refused():
    with pytest.raises(ValueError, match="is 0; it must be positive"):
        wrap("text", 12.5, 0)


def test_wide_letters_are_measured_as_wide():
    assert width_of("自己", 10) > width_of("ab", 10)


def test_an_unknown_box_has_no_words():
    with pytest.raises(ValueError, match="no box named 'screend'"):
        words_of("screend", has_previous=False)
