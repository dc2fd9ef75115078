"""Light and dark: colours of the figures, and the layout that all of them share."""

from collections.abc import Mapping, Sequence

from analytics.figures.model import PlotJson

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif'
GROUPS = 5
SYMBOLS = (
    "square",
    "circle",
    "triangle-up",
    "diamond",
    "triangle-down",
    "cross",
    "x",
    "star",
    "hexagon",
    "pentagon",
)
PATTERNS = ("", "/", "x", ".", "\\", "-", "+", "|", "/", "x")

THEMES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "@group-1": "#2d2b78",
        "@group-2": "#2775b6",
        "@group-3": "#8a2f7c",
        "@group-4": "#2f9886",
        "@group-5": "#b07e14",
        "@on-group-1": "#ffffff",
        "@on-group-2": "#ffffff",
        "@on-group-3": "#ffffff",
        "@on-group-4": "#131416",
        "@on-group-5": "#131416",
        "@seq-1": "#e9edfb",
        "@seq-2": "#bcc9f2",
        "@seq-3": "#8499e2",
        "@seq-4": "#4f68cc",
        "@seq-5": "#283b93",
        "@contour-1": "#ffffff",
        "@contour-2": "#dfe3ea",
        "@contour-3": "#c3cad6",
        "@surface": "#ffffff",
        "@ink": "#1b1c1e",
        "@ink-2": "#4a4d52",
        "@ink-3": "#62656b",
        "@grid": "#e6e6e0",
        "@zero": "#62656b",
        "@hover": "#1b1c1e",
        "@hover-text": "#f6f6f3",
    },
    "dark": {
        "@group-1": "#8d89e8",
        "@group-2": "#6db8ef",
        "@group-3": "#e294d6",
        "@group-4": "#58c9b3",
        "@group-5": "#f0c85f",
        "@on-group-1": "#131416",
        "@on-group-2": "#131416",
        "@on-group-3": "#131416",
        "@on-group-4": "#131416",
        "@on-group-5": "#131416",
        "@seq-1": "#232b4d",
        "@seq-2": "#34437f",
        "@seq-3": "#4f66b8",
        "@seq-4": "#7f96e6",
        "@seq-5": "#c3cffb",
        "@contour-1": "#1b1d20",
        "@contour-2": "#2d3138",
        "@contour-3": "#3f4650",
        "@surface": "#1b1d20",
        "@ink": "#e9e9e6",
        "@ink-2": "#b9bcc1",
        "@ink-3": "#9a9ea6",
        "@grid": "#2c2f34",
        "@zero": "#9a9ea6",
        "@hover": "#e9e9e6",
        "@hover-text": "#131416",
    },
}


def colour(position: int) -> str:
    """Colour token of the group at a position, from 0; after five they begin again."""
    return f"@group-{position % GROUPS + 1}"


def symbol(position: int) -> str:
    """Marker symbol of the group at a position, from 0; differs where a colour repeats."""
    return SYMBOLS[position % len(SYMBOLS)]


def pattern(position: int) -> str:
    """Fill pattern of a bar of the group at a position, from 0."""
    return PATTERNS[position % len(PATTERNS)]


def axis(**changes: object) -> PlotJson:
    """An axis of the common look, with changes."""
    look: PlotJson = {
        "gridcolor": "@grid",
        "zerolinecolor": "@zero",
        "zerolinewidth": 1.5,
        "linecolor": "rgba(0,0,0,0)",
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
    }
    return look | changes


def named_rows(
    names: Sequence[str], places: Sequence[float] | None = None, *, count: int, **changes: object
) -> PlotJson:
    """An upright axis whose rows are named, the first at the top, with changes.

    Args:
        names: What stands beside the rows.
        places: The row of each name; 0, 1, 2, ... without.
        count: How many rows there are, at least 1.
        changes: Further changes of the common look.
    """
    at = list(range(len(names)) if places is None else places)
    look: PlotJson = {
        "range": [count - 0.4, -0.6],
        "tickmode": "array",
        "tickvals": at,
        "ticktext": list(names),
        "showgrid": False,
        "zeroline": False,
    }
    return axis(**look | changes)


def layout(height: int, **changes: object) -> PlotJson:
    """The common layout at a height in pixels, with changes."""
    look: PlotJson = {
        "height": height,
        "paper_bgcolor": "@surface",
        "plot_bgcolor": "@surface",
        "font": {"family": FONT, "size": 12, "color": "@ink-2"},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "hoverlabel": {
            "bgcolor": "@hover",
            "bordercolor": "@hover",
            "align": "left",
            "font": {"family": FONT, "size": 12, "color": "@hover-text"},
        },
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "bargap": 0.28,
        "transition": {"duration": 0},
        "xaxis": axis(),
        "yaxis": axis(),
    }
    return look | changes


def themed(value: object, theme: str) -> object:
    """Replace every colour token in a plot by the theme's colour.

    Args:
        value: A plot, or any part of it.
        theme: `light` or `dark`.

    Returns:
        The same structure with colours; the original is not changed.

    Raises:
        KeyError: The theme is unknown. A text that is no token, e.g. an extractor's, stays.

    Source:
        Own definition.
    """
    if isinstance(value, Mapping):
        return {key: themed(item, theme) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [themed(item, theme) for item in value]
    colours = THEMES[theme]
    return colours.get(value, value) if isinstance(value, str) else value
