"""The dashboard: figures under filters, their data, and the value behind a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from analytics.figures.downloads import DOWNLOADS
from analytics.figures.model import FIRST_ROWS, MOST_ROWS, Figure, pick_of
from analytics.figures.packing import packed
from analytics.figures.theme import THEMES
from analytics.forms.moment import MomentForm
from analytics.frames import Level
from analytics.frames.rows import records
from analytics.selectors.experiments import Selection, address_of, selection_of
from analytics.selectors.progress import PROGRESS_KEYS, progress_figures
from analytics.selectors.values import trace_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

WANTED = "X-Figures"  # the keys of the figures that a page shows first, parted by commas
PICKED_COLUMNS = (
    *("study", "group", "metric", "task", "fraction", "arm_typed", "other_typed"),
    *("relative_gain", "status", "link"),
)
# Plotly writes rules into an empty <style> element and styles into attributes; on loading it
# also adds the style sheet of its map library. The hashes name exactly these two texts.
PLOTLY_STYLES = {
    "style-src-elem": [
        SELF,
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
    ],
    "style-src-attr": ["'unsafe-inline'"],
}


@require_safe
@csp_update(PLOTLY_STYLES)
@vary_on_headers(WANTED)
@review_view(Capability.VIEW)
def figures(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All figures of the review under the filters of the address."""
    selection = _selection(request, membership)
    if selection is None or not selection.all_studies:
        found = {"has_form": selection is not None, "form": MomentForm(request.GET)}
        return render(request, "analytics/figures_empty.html", found)
    link = partial(address_of, request.path, selection.chosen, anchor="#rows")
    cards = _cards(request, selection)
    context = {
        "sentences": selection.sentences(link),
        "cards": cards,
        "is_picking": "pick" in request.GET,
        "may_publish": membership.can(Capability.MANAGE),
        "unpicked": address_of(request.path, selection.chosen, {}),
        "themes": {name: dict(colours) for name, colours in THEMES.items()},
        "filters": _filters(request, selection),
        "studies": records(_shown_studies(selection.studies)),
        **_of_cards(cards, selection, membership),
        **_picked(selection),
    }
    return render(request, "analytics/figures.html", context)


@require_safe
@vary_on_headers(WANTED)
@review_view(Capability.VIEW)
def figure_cards(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Figures that the page of figures left out at first, as a part of it."""
    selection = _selection(request, membership)
    if selection is None:
        raise Http404("There are no figures.")
    page = reverse("analytics:figures", kwargs={"slug": membership.review.slug})
    cards = _cards(request, selection, page)
    context = {"cards": cards, **_of_cards(cards, selection, membership), **_picked(selection)}
    return render(request, "analytics/_figure_cards.html", context)


@require_safe
@csp_update(PLOTLY_STYLES)
@review_view(Capability.VIEW)
def progress(request: HttpRequest, membership: Membership) -> HttpResponse:
    """How the work went on day by day, and how far reviewers agree."""
    drawn = progress_figures(membership)
    context = {
        "figures": drawn,
        "plots": packed(drawn, _values_base(membership)),
        "themes": {name: dict(colours) for name, colours in THEMES.items()},
        "most": MOST_ROWS,
        "few": FIRST_ROWS,
    }
    return render(request, "analytics/progress.html", context)


@require_safe
@review_view(Capability.VIEW)
def picked_rows(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The rows of the points selected in the figures, as a part of the page."""
    selection = _selection(request, membership)
    if selection is None:
        raise Http404("There are no figures.")
    return render(request, "analytics/_figure_picked.html", _picked(selection))


@require_safe
@review_view(Capability.VIEW)
def figure_data(request: HttpRequest, membership: Membership, key: str, kind: str) -> HttpResponse:
    """One figure as a file, see `DOWNLOADS`."""
    figure = _find(request, membership, key)
    media_type, write = DOWNLOADS[kind]
    headers = {
        "Content-Disposition": f'attachment; filename="{figure.key}.{kind}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(write(figure, "light"), content_type=media_type, headers=headers)


@require_safe
@csp_update(PLOTLY_STYLES)
@review_view(Capability.VIEW)
def figure_print(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """One figure with its whole table, to be printed or saved as PDF by the browser."""
    page = reverse("analytics:figures", kwargs={"slug": membership.review.slug})
    figure = _find(request, membership, key, page)
    context = {
        "figure": figure,
        "plots": packed([figure], _values_base(membership)),
        "themes": {name: dict(colours) for name, colours in THEMES.items()},
        "asked": request.GET.urlencode(),
        "host": request.build_absolute_uri("/").rstrip("/"),
        "moment": timezone.now(),
    }
    return render(request, "analytics/figure_print.html", context)


@require_safe
@review_view(Capability.VIEW)
def value(
    request: HttpRequest, membership: Membership, study_id: int, row_key: str
) -> HttpResponse:
    """One experiment: its gain, both raw values, who settled them, the quote and its page."""
    form = MomentForm(request.GET)
    pair = request.GET.get("compare", "")
    trace = trace_of(membership.review, study_id, row_key, pair, form.moment)
    if trace is None:
        raise Http404("There is no such experiment.")
    context = {"trace": trace, "trail_key": row_key, "query": form.query, "day": form.day}
    return render(request, "analytics/value.html", context)


@dataclass(frozen=True, slots=True)
class Card:
    """The place of a figure on the page; without the figure where it comes later."""

    key: str
    section: str
    figure: Figure | None


def _cards(request: HttpRequest, selection: Selection, path: str = "") -> list[Card]:
    """The places of all figures in order, drawn are those that the request wants."""
    wanted = request.headers.get(WANTED)
    keys = None if wanted is None else set(wanted.split(","))
    return [
        Card(one.key, one.section, one.figure() if keys is None or one.key in keys else None)
        for one in selection.page_plans(path or request.path)
    ]


def _of_cards(
    cards: Sequence[Card], selection: Selection, membership: Membership
) -> dict[str, object]:
    drawn = [one.figure for one in cards if one.figure]
    return {
        "selection": selection,
        "plots": packed(drawn, _values_base(membership)),
        "query": address_of("", selection.chosen, {}),
        "most": MOST_ROWS,
        "few": FIRST_ROWS,
    }


def _shown_studies(studies: pd.DataFrame) -> pd.DataFrame:
    return studies if len(studies) <= MOST_ROWS else studies.iloc[:FIRST_ROWS]


def _picked(selection: Selection) -> dict[str, object]:
    """The selected experiments, and by which filters their studies are found."""
    rows = selection.picked
    studies = selection.studies[selection.studies["study_id"].isin(rows["study_id"])]
    of_studies = [one.dimension for one in selection.choices if one.dimension.level is Level.STUDY]
    kinds = {one.key: one.column for one in of_studies} | {"group": "group"}
    return {
        "picks": {pick_of(str(link)) for link in rows["link"]} if len(rows) else set(),
        "picked": [] if rows.empty else records(rows, PICKED_COLUMNS),
        "picked_studies": [
            {key: str(row[column]) for key, column in kinds.items()}
            for row in records(studies, kinds.values())
        ],
    }


def _values_base(membership: Membership) -> str:
    page = reverse("analytics:figures", kwargs={"slug": membership.review.slug})
    return f"{page.removesuffix('figures/')}values/"


def _selection(request: HttpRequest, membership: Membership) -> Selection | None:
    asked = {key: [str(item) for item in values] for key, values in request.GET.lists()}
    return selection_of(membership.review, asked)


def _find(request: HttpRequest, membership: Membership, key: str, path: str = "") -> Figure:
    """The figure of that name; its points lead to rows of the page at `path`."""
    if key in PROGRESS_KEYS:
        drawn = progress_figures(membership)
        found = next((figure for figure in drawn if figure.key == key), None)
    else:
        selection = _selection(request, membership)
        plans = selection.plans(partial(address_of, path, {})) if selection else []
        found = next((plan.figure() for plan in plans if plan.key == key), None)
    if found is None:
        raise Http404("There is no such figure.")
    return found


def _filters(request: HttpRequest, selection: Selection) -> list[dict[str, str]]:
    """Active filters, each with the address of the page without it."""
    return (
        [
            {
                "label": choice.dimension.label,
                "value": value,
                "without": address_of(
                    request.path, _without(selection, choice.dimension.key, value), {}
                ),
            }
            for choice in selection.choices
            for value in choice.chosen
        ]
        + [
            {
                "label": setting.label,
                "value": dict(setting.options)[setting.chosen],
                "without": address_of(
                    request.path, _without(selection, setting.key, setting.chosen), {}
                ),
            }
            for setting in selection.settings
            if setting.key in selection.chosen
        ]
        + [
            {
                "label": "As of the end of",
                "value": day,
                "without": address_of(request.path, _without(selection, "as_of", day), {}),
            }
            for day in selection.chosen.get("as_of", ())
        ]
    )


def _without(selection: Selection, key: str, value: str) -> dict[str, tuple[str, ...]]:
    rest = {name: values for name, values in selection.chosen.items() if name != key}
    others = tuple(one for one in selection.chosen[key] if one != value)
    return rest | ({key: others} if others else {})
