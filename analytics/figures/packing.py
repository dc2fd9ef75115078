"""Figures of one page as one small document: every address once, texts only while they are few."""

from collections.abc import Iterable, Mapping, Sequence

from analytics.figures.model import Figure, PlotJson

MOST_TEXTS = 3_000


def packed(figures: Sequence[Figure], base: str) -> dict[str, object]:
    """Put the plots of a page together.

    Args:
        figures: All of the page.
        base: What the addresses of single values begin with.

    Returns:
        `base`; `links`: each address once, without the base where it has it; `labels`: a name for
        each; `plots` by key, whose `customdata` are positions in `links`. Where the page has more
        than 3,000 points the texts beside the pointer are left to the labels.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    places: dict[str, int] = {}
    has_texts = sum(_points(trace) for one in figures for trace in _traces(one)) <= MOST_TEXTS
    plots = {one.key: _packed(one, places, has_texts=has_texts) for one in figures}
    rows = [(one, row) for one in figures for row in one.table.rows if row["link"]]
    names = {str(row["link"]): _label(one, row) for one, row in rows}
    links = [link.removeprefix(base) if link.startswith(base) else link for link in places]
    labels = [] if has_texts else [names.get(link, "") for link in places]
    return {"base": base, "links": links, "labels": labels, "plots": plots}


def _label(figure: Figure, row: Mapping[str, object]) -> str:
    return str(row[figure.table.columns[0].key])


def _traces(figure: Figure) -> Iterable[PlotJson]:
    traces = figure.plot["data"]
    return traces if isinstance(traces, list) else []


def _points(trace: PlotJson) -> int:
    links = trace.get("customdata")
    return len(links) if isinstance(links, list) else 0


def _packed(figure: Figure, places: dict[str, int], *, has_texts: bool) -> PlotJson:
    return {
        "data": [_trace(one, places, has_texts=has_texts) for one in _traces(figure)],
        "layout": figure.plot["layout"],
    }


def _trace(trace: PlotJson, places: dict[str, int], *, has_texts: bool) -> PlotJson:
    links = trace.get("customdata")
    if not isinstance(links, list):
        return trace
    positions = [places.setdefault(str(link), len(places)) for link in links]
    kept = {key: value for key, value in trace.items() if has_texts or not _is_hover(key, trace)}
    return kept | {"customdata": positions}


def _is_hover(key: str, trace: PlotJson) -> bool:
    """Whether an entry is a text beside the pointer; the counts inside bars stay."""
    return key == "text" and trace.get("hovertemplate") == "%{text}<extra></extra>"
