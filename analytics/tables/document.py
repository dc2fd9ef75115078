"""A report as plain data: sections of words, tables and drawings; and its offline page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1000px; padding: 0 1rem;
  color: #1b1c1e; background: #fff; }
table { border-collapse: collapse; font-size: 13px; margin: .5rem 0 1rem; }
.scroll { overflow-x: auto; } th, td { border: 1px solid #d9d9d2; padding: 4px 8px;
  text-align: start; vertical-align: top; } th { background: #f0f0ec; }
section { margin-block: 2rem; }
figure { margin: 1.5rem 0; break-inside: avoid; } .quiet { color: #4a4d52; font-size: 14px; }
.plot { overflow-x: auto; } .plot > div { min-width: 640px; } svg { max-width: 100%; height: auto; }
"""
NOT_KEPT = (
    "Not kept, so as they are today: question, criteria, protocol and texts of searches; titles, "
    "authors and years of studies; that an extraction was submitted before it was reopened; that "
    "a removed row was put back."
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a head and rows of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: `plot` for Plotly in the colours of paper, or `svg` and `png` where it is drawn."""

    key: str
    title: str
    reading: str
    notes: tuple[str, ...] = ()
    plot: Mapping[str, object] | None = None
    svg: str = ""
    png: bytes = b""
    data: Grid | None = None

    @property
    def height(self) -> int:
        """Height of the plot in pixels."""
        layout = (self.plot or {}).get("layout")
        return int(layout.get("height", 400)) if isinstance(layout, Mapping) else 400


Block = str | Grid | Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report; every number in it was computed at `moment`, and is that of a past `day` if any."""

    title: str
    moment: datetime
    sections: tuple[Section, ...]
    day: date | None = None

    @property
    def stand(self) -> str:
        """When everything was computed, and of which day it is."""
        computed = f"Every number was computed on {self.moment:%Y-%m-%d at %H:%M %Z}"
        if self.day is None:
            return f"{computed}."
        return f"{computed}, of what stood at the end of {self.day:%Y-%m-%d}. {NOT_KEPT}"

    @property
    def drawings(self) -> list[Drawing]:
        """Drawings that Plotly has to draw, in order."""
        blocks = [block for section in self.sections for block in section.blocks]
        return [one for one in blocks if isinstance(one, Drawing) and one.plot is not None]


def document_as_html(document: Document, plotly: str) -> str:
    """Write a page that needs nothing but itself.

    Args:
        document: Any.
        plotly: The text of plotly.js.

    Returns:
        HTML with everything inside; what people typed is escaped.

    Raises:
        ValueError: A number of a plot is not finite.

    Source:
        Own definition.
    """
    parts = [
        f"<section><h2>{escape(one.title)}</h2>{''.join(map(_block, one.blocks))}</section>"
        for one in document.sections
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{STYLE}</style>"
        f"<script>{plotly}</script></head>\n<body><h1>{escape(document.title)}</h1>"
        f'<p class="quiet">{escape(document.stand)}</p>'
        f"{''.join(parts)}</body></html>\n"
    )


def drawings_as_html(drawings: Sequence[Drawing], width: int, plotly: str) -> str:
    """Write a page of which each printed sheet is one drawing.

    Args:
        drawings: With a plot.
        width: Of each, in pixels.
        plotly: The text of plotly.js.

    Returns:
        HTML; each sheet is as high as the highest drawing.

    Raises:
        ValueError: A number of a plot is not finite.

    Source:
        Own definition.
    """
    height = max((one.height for one in drawings), default=1)
    sheet = (
        f"@page {{ size: {width}px {height}px; margin: 0 }} body {{ margin: 0 }} "
        f".sheet {{ width: {width}px; height: {height}px; break-after: page; overflow: hidden }}"
    )
    pages = "".join(f'<div class="sheet">{_plot(one, width)}</div>' for one in drawings)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><style>{sheet}</style>'
        f"<script>{plotly}</script></head><body>{pages}</body></html>"
    )


def _block(block: Block) -> str:
    if isinstance(block, Grid):
        return _grid(block)
    if isinstance(block, Drawing):
        return _drawing(block)
    return f"<p>{escape(block).replace(chr(10), '<br>')}</p>"


def _grid(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in grid.head)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in grid.rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{table}</div>'


def _drawing(one: Drawing) -> str:
    notes = "".join(f"<li>{escape(text)}</li>" for text in one.notes)
    data = f"<details><summary>Data</summary>{_grid(one.data)}</details>" if one.data else ""
    drawn = one.svg or (f'<div class="plot">{_plot(one, None)}</div>' if one.plot else "")
    return (
        f"<figure><h3>{escape(one.title)}</h3><p>{escape(one.reading)}</p>{drawn}"
        f'<ul class="quiet">{notes}</ul>{data}</figure>'
    )


def _plot(one: Drawing, width: int | None) -> str:
    size = {} if width is None else {"width": width, "autosize": False}
    layout = (one.plot or {}).get("layout")
    plot = {
        **(one.plot or {}),
        "layout": {**(layout if isinstance(layout, Mapping) else {}), **size},
    }
    name = f"plot-{one.key}"
    told = json.dumps(plot, allow_nan=False, ensure_ascii=False).replace("<", "\\u003c")
    is_still = json.dumps(width is not None)
    return (
        f'<div id="{escape(name)}"></div><script>(function (plot) {{ '
        f"Plotly.newPlot({json.dumps(name)}, plot.data, plot.layout, "
        f"{{ displaylogo: false, staticPlot: {is_still} }}); }})({told});</script>"
    )
