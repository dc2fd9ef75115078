"""Recall curves of replayed screenings: one colour per model, one line per seed."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.figures.model import PlotJson
from analytics.figures.theme import axis, colour, layout

HEIGHT = 420


def recall_plot(runs: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> PlotJson:
    """Draw recall over the records screened.

    Args:
        runs: With `model`, `seed`, `screened` (places) and `recall` (0 to 1, one per place).
        names: What each model is called.

    Returns:
        The plot; the order of the models in it is that of their first runs.

    Source:
        Recall curves as in the literature on prioritised screening; own design.
    """
    models = list(dict.fromkeys(run["model"] for run in runs))
    first = {run["model"]: run["seed"] for run in reversed(runs)}
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "name": names.get(run["model"], run["model"]),
                "legendgroup": run["model"],
                "showlegend": run["seed"] == first[run["model"]],
                "x": list(run["screened"]),
                "y": list(run["recall"]),
                "line": {"color": colour(models.index(run["model"])), "width": 2},
                "hovertemplate": f"seed {run['seed']}: %{{y:.1%}} after %{{x}} records",
            }
            for run in runs
        ],
        "layout": layout(
            height=HEIGHT,
            xaxis=axis(title="Records screened", rangemode="tozero"),
            yaxis=axis(title="Recall", tickformat=".0%", range=[0, 1.02]),
            showlegend=True,
            legend={"orientation": "h", "y": -0.25},
        ),
    }
