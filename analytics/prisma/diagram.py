"""The flow diagram as accessible SVG: for the page with its classes, or as a file of its own."""

from collections.abc import Mapping
from html import escape

from analytics.prisma.contents import Row
from analytics.prisma.flow import Flow
from analytics.prisma.layout import (
    FONT_SIZE,
    LINE,
    Box,
    Layout,
    PlacedRow,
    layout_of,
)
from analytics.prisma.measure import width_of
from analytics.prisma.wording import words_of

MARGIN = 1
RADIUS = 4
HIT = 4  # how far the area of a link reaches beyond its text
BASELINE_SHIFT = 4.5
FILE_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
# A file is pasted into papers: black on white, whatever the reader's theme.
FILE_STYLE = f"""
text {{ font: {FONT_SIZE}px {FILE_FONT}; fill: #16181d; }}
.ground {{ fill: #ffffff; }}
.box, .running {{ fill: #ffffff; stroke: #62656b; }}
.running {{ stroke-dasharray: 4 3; }}
.col-box {{ fill: #f0f0ec; stroke: #b9bcc1; }}
.stage-box {{ fill: #e4eafb; stroke: #8499e2; }}
.n, .t-strong {{ font-weight: 600; }}
.t-quiet {{ fill: #4a4d52; }}
.line {{ fill: none; stroke: #4a4d52; stroke-width: 1.25; }}
.head {{ fill: #4a4d52; stroke: none; }}
"""
_CLASSES = {"box": "box", "running": "running", "title": "col-box", "stage": "stage-box"}
_HEAD = (
    '<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>'
)


def flow_as_svg(
    flow: Flow, *, links: Mapping[str, str] | None = None, title: str = "", as_file: bool = False
) -> str:
    """Draw the flow.

    Args:
        flow: A flow that holds.
        links: Address by key of a row (see `contents.Row.key`); rows without one are plain text.
        title: Name of the diagram; the default names PRISMA 2020.
        as_file: Whether the SVG stands alone with its own styles and a white ground.

    Returns:
        One `svg` element in official wording, with title, description and a label per link;
        everything from the outside is escaped.

    Source:
        PRISMA 2020 templates, Page et al. 2021, BMJ 372:n71.
    """
    layout = layout_of(flow)
    label = escape(title or "PRISMA 2020 flow diagram")
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    box = f"{-MARGIN} {-MARGIN} {_px(width)} {_px(height)}"
    size = f' width="{_px(width)}" height="{_px(height)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="{box}"{size} role="group" '
        'aria-labelledby="flow-title" aria-describedby="flow-desc">',
        f'<title id="flow-title">{label}</title><desc id="flow-desc">{escape(_told(flow))}</desc>',
        _HEAD,
    ]
    if as_file:
        parts.insert(1, f"<style>{FILE_STYLE}</style>")
        parts.append(f'<rect class="ground" x="{-MARGIN}" y="{-MARGIN}" {_sized(width, height)}/>')
    parts += _drawn(layout, links or {})
    return "\n".join([*parts, "</svg>"])


def _drawn(layout: Layout, links: Mapping[str, str]) -> list[str]:
    arrows = [
        f'<path class="line" d="{_path(points)}" marker-end="url(#flow-arrow)"/>'
        for points in layout.arrows
    ]
    return [*(_box(box, links) for box in layout.boxes), *arrows]


def _told(flow: Flow) -> str:
    """The numbers as one text, for those who cannot see the drawing."""
    counts = flow.counts
    told = [
        f"{words_of(name, has_previous=flow.has_previous)}{_column_of(name)}: {counts[name]}"
        for name in flow.boxes
        if flow.has_previous or not name.startswith(("previous", "total"))
    ]
    waiting = [
        f"{words_of(name, has_previous=False)}{_column_of(name)}: {len(ids)}"
        for name, ids in flow.in_progress.items()
        if ids
    ]
    return f"{'. '.join([*told, *waiting])}."


def _box(box: Box, links: Mapping[str, str]) -> str:
    shape = _rect(_CLASSES[box.kind], box.x, box.y, box.width, box.height)
    if box.kind == "title":
        y = box.y + box.height / 2 + BASELINE_SHIFT
        middle = f'x="{_px(box.middle)}" y="{_px(y)}" text-anchor="middle"'
        return f'{shape}<text class="t-strong" {middle}>{escape(box.words)}</text>'
    if box.kind == "stage":
        return shape + _upright(box)
    if len(box.rows) == 1:
        return _linked(box.rows[0].row, shape + _text(box.rows[0]), links)
    return shape + "".join(_list_row(row, links) for row in box.rows)


def _list_row(placed: PlacedRow, links: Mapping[str, str]) -> str:
    text = _text(placed)
    if placed.row.key not in links:
        return text
    place = f'x="{_px(placed.x - HIT)}" y="{_px(placed.y)}"'
    size = _sized(placed.width + 2 * HIT, placed.height)
    area = f'<rect class="hit" {place} {size} rx="{RADIUS}" fill="none" pointer-events="all"/>'
    return _linked(placed.row, area + text, links)


def _linked(row: Row, drawn: str, links: Mapping[str, str]) -> str:
    if row.key not in links:
        return drawn
    label = f"{row.words.rstrip(':')}{_column_of(row.key)} {row.number}".strip()
    href = escape(links[row.key])
    return f'<a href="{href}" aria-label="{escape(label)}">{drawn}</a>'


def _text(placed: PlacedRow) -> str:
    row = placed.row
    style = "t-quiet" if row.is_quiet else "t"
    out = []
    for i, line in enumerate(placed.lines):
        y = placed.first_baseline + i * LINE
        content = escape(line)
        if row.number and i == len(placed.lines) - 1:
            words = line.removesuffix(row.number)
            content = f'{escape(words)}<tspan class="n">{escape(row.number)}</tspan>'
        out.append(f'<text class="{style}" x="{_px(placed.x)}" y="{_px(y)}">{content}</text>')
    return "".join(out)


def _upright(box: Box) -> str:
    """A word that reads upwards; left out where the box is too low for it."""
    if width_of(box.words, FONT_SIZE) > box.height + 2 * LINE:
        return ""
    x, y = box.middle + BASELINE_SHIFT, box.y + box.height / 2
    turned = f'transform="translate({_px(x)} {_px(y)}) rotate(-90)"'
    return f'<text class="t-strong" text-anchor="middle" {turned}>{escape(box.words)}</text>'


def _column_of(key: str) -> str:
    return ", other methods" if key.startswith("other_") and "methods" not in key else ""


def _rect(style: str, x: float, y: float, width: float, height: float) -> str:
    place = f'x="{_px(x)}" y="{_px(y)}"'
    return f'<rect class="{style}" {place} {_sized(width, height)} rx="{RADIUS}"/>'


def _sized(width: float, height: float) -> str:
    return f'width="{_px(width)}" height="{_px(height)}"'


def _path(points: tuple[tuple[float, float], ...]) -> str:
    first, *others = points
    rest = "".join(f"L{_px(x)} {_px(y)}" for x, y in others)
    return f"M{_px(first[0])} {_px(first[1])}{rest}"


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
