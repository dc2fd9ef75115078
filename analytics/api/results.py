"""The overview, the PRISMA flow, figures, traces of values, simulations."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from analytics.api.queries import as_query
from analytics.selectors.days import moment_asked
from screening.api.base import ReviewApi, endpoint
from screening.api.jobs import JobOut
from screening.models import Job
from screening.rules.roles import Capability

EXPORT = Capability.EXPORT
WRONG_FLOW = "The flow does not add up; its page shows the rows to blame."


class WaitingOut(serializers.Serializer[Any]):
    """Something that waits for me."""

    place = serializers.CharField()
    count = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]


class OverviewOut(serializers.Serializer[Any]):
    """How far the review is."""

    records = serializers.IntegerField()
    screened = serializers.IntegerField()
    sought = serializers.IntegerField()
    studies = serializers.IntegerField()
    open_verdicts = serializers.IntegerField()
    waiting = WaitingOut(many=True)


class MomentQuery(serializers.Serializer[Any]):
    """Of which day."""

    as_of = serializers.DateField(required=False, help_text="The end of this day; now without.")


class BoxQuery(MomentQuery):
    """Of which day, and which hundred rows."""

    page = serializers.IntegerField(required=False, min_value=1, max_value=10**6)


class BoxRowOut(serializers.Serializer[Any]):
    """One record, report or study of a box."""

    title = serializers.CharField()
    detail = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()


class BoxOut(serializers.Serializer[Any]):
    """A box of the flow with a page of its rows."""

    key = serializers.CharField()
    words = serializers.CharField()
    unit = serializers.CharField()
    count = serializers.IntegerField()
    declared = serializers.IntegerField()
    page = serializers.IntegerField(source="page.number")
    pages = serializers.IntegerField(source="page.paginator.num_pages")
    rows = BoxRowOut(many=True)


class FigureLineOut(serializers.Serializer[Any]):
    """A figure."""

    key = serializers.CharField()
    title = serializers.CharField()
    section = serializers.CharField()
    left_out = serializers.ListField(child=serializers.CharField())


class SimulationOut(serializers.Serializer[Any]):
    """A simulated screening."""

    job = JobOut()
    name = serializers.CharField()
    records = serializers.IntegerField()
    relevant = serializers.IntegerField()
    runs = serializers.ListField(child=serializers.DictField())


class SimulationIn(serializers.Serializer[Any]):
    """Which models, and how often."""

    models = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=20
    )
    seeds = serializers.IntegerField(min_value=1, max_value=100)


class Overview(ReviewApi):
    """How far the review is."""

    @endpoint(OverviewOut)
    def get(self) -> dict[str, Any]:
        """Give the numbers of the overview, and what waits for me."""
        from analytics.selectors.overview import overview_of  # noqa: PLC0415
        from analytics.selectors.waiting import waiting  # noqa: PLC0415

        found = overview_of(membership=self.membership)
        names = ("records", "screened", "sought", "studies", "open_verdicts")
        numbers = {name: getattr(found, name) for name in names}
        return numbers | {"waiting": waiting(membership=self.membership)}


class FlowApi(ReviewApi):
    """What endpoints of the flow share."""

    def flow(self) -> Any:
        """The flow of the day asked for."""
        from analytics.forms.moment import MomentForm  # noqa: PLC0415
        from analytics.prisma.flow import FlowError  # noqa: PLC0415
        from analytics.selectors.prisma import flow_of  # noqa: PLC0415

        form = MomentForm(as_query({"as_of": self.asked.get("as_of")}))
        if not form.is_valid():
            raise ValidationError({name: list(map(str, why)) for name, why in form.errors.items()})
        try:
            return flow_of(review=self.review, membership=self.membership, as_of=form.moment)
        except FlowError as error:
            raise ValidationError(WRONG_FLOW, code="settled") from error


class Prisma(FlowApi):
    """The PRISMA 2020 flow."""

    @endpoint(OpenApiTypes.OBJECT, asks=MomentQuery)
    def get(self) -> dict[str, Any]:
        """Give every box with its number and the ids of its rows."""
        from analytics.prisma.exports import flow_as_json  # noqa: PLC0415

        return flow_as_json(self.flow())


class PrismaFile(FlowApi):
    """The flow as a file."""

    @endpoint(OpenApiTypes.BINARY, asks=MomentQuery, needs=EXPORT)
    def get(self, file_format: str) -> HttpResponse:
        """Write the flow as svg, png, pdf or csv."""
        from analytics.prisma.files import FILES  # noqa: PLC0415

        if file_format not in FILES:
            raise Http404(f"The flow comes as {', '.join(FILES)}.")
        kind, write = FILES[file_format]
        name = f"prisma-{self.review.slug}.{file_format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(write(self.flow()), content_type=kind, headers=headers)


class PrismaBox(FlowApi):
    """The rows of one box."""

    @endpoint(BoxOut, asks=BoxQuery)
    def get(self, box: str) -> Any:
        """List the rows of a box, a hundred a page; a part of one as `excluded_reports.1`."""
        from analytics.selectors.prisma_rows import box_of  # noqa: PLC0415

        page = str(self.asked.get("page", 1))
        found = box_of(review=self.review, flow=self.flow(), key=box, page=page)
        if found is None:
            raise Http404("The PRISMA flow has no such box.")
        return found


class FigureApi(ReviewApi):
    """What endpoints of figures share."""

    def plans(self) -> list[Any]:
        """Every figure under the filters of the address; none when nothing is compared."""
        from analytics.selectors.experiments import address_of, selection_of  # noqa: PLC0415

        query: QueryDict = self.request.query_params
        asked = {name: [str(one) for one in values] for name, values in query.lists()}
        selection = selection_of(self.review, asked)
        return selection.plans(lambda filters: address_of("", {}, filters)) if selection else []

    def figure(self, key: str) -> Any:
        """The figure of that name."""
        found = next((one for one in self.plans() if one.key == key), None)
        if found is None:
            raise Http404("There is no such figure.")
        return found.figure()


class Figures(FigureApi):
    """The figures."""

    @endpoint(FigureLineOut, many=True)
    def get(self) -> list[Any]:
        """List the figures that the review's data give."""
        return [one.figure() for one in self.plans()]


class OneFigure(FigureApi):
    """One figure."""

    @endpoint(OpenApiTypes.OBJECT)
    def get(self, key: str) -> dict[str, Any]:
        """Give the Plotly figure and the rows it draws; the page's filters work here too."""
        from analytics.figures.files import csv_of  # noqa: PLC0415
        from analytics.figures.theme import themed  # noqa: PLC0415

        figure = self.figure(key)
        plot = json.loads(json.dumps(themed(figure.plot, "light")))
        return {"key": key, "title": figure.title, "plot": plot, "csv": csv_of(figure.table)}


class FigureFile(FigureApi):
    """One figure as a file."""

    @endpoint(OpenApiTypes.BINARY)
    def get(self, key: str, kind: str) -> HttpResponse:
        """Write a figure as csv, points.csv, py, html or json; the page's filters work here too."""
        from analytics.figures.downloads import DOWNLOADS  # noqa: PLC0415

        if kind not in DOWNLOADS:
            raise Http404(f"A figure comes as {', '.join(DOWNLOADS)}.")
        figure = self.figure(key)
        media_type, write = DOWNLOADS[kind]
        headers = {
            "Content-Disposition": f'attachment; filename="{figure.key}.{kind}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
        return HttpResponse(write(figure, "light"), content_type=media_type, headers=headers)


class Value(ReviewApi):
    """One experiment, traced back to its quotes."""

    @endpoint(OpenApiTypes.OBJECT, asks=MomentQuery)
    def get(self, study_id: int, row_key: str) -> dict[str, Any]:
        """Give the formula, the scores, and where in the reports they were read."""
        from analytics.selectors.values import trace_of  # noqa: PLC0415

        as_of = moment_asked(self.asked.get("as_of"))
        trace = trace_of(self.review, study_id, row_key, as_of=as_of)
        if trace is None:
            raise Http404("There is no such experiment.")
        return {
            "study": study_id,
            "name": trace.name,
            "formula": trace.formula,
            "absolute_gain": trace.facts["absolute_gain"],
            "relative_gain": trace.facts["relative_gain"],
            "cells": [told(cell) for cell in (*trace.scores, *trace.others)],
            "evidence": [
                {
                    "page": place.page,
                    "quote": place.quote,
                    "location": place.location,
                    "source_url": place.source_url,
                    "full_text": place.full_text_id,
                    "rectangles": [list(one) for one in place.rectangles],
                }
                for place in trace.evidence
            ],
        }


class Checklist(ReviewApi):
    """PRISMA 2020 reports."""

    @endpoint(OpenApiTypes.BINARY, needs=EXPORT)
    def get(self, report: str, file_format: str) -> HttpResponse:
        """Write the checklist or the searches as docx or csv."""
        from analytics.prisma.reporting.writers import (  # noqa: PLC0415
            CHECKLIST,
            KINDS,
            SEARCHES,
            written,
        )
        from analytics.selectors.reporting import facts_of  # noqa: PLC0415

        if report not in {CHECKLIST, SEARCHES} or file_format not in KINDS:
            raise Http404("There is the checklist and there are the searches, as docx or csv.")
        facts = facts_of(review=self.review, membership=self.membership)
        name = f"prisma-{report}-{self.review.slug}.{file_format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(
            written(facts, report, file_format), content_type=KINDS[file_format], headers=headers
        )


class Simulations(ReviewApi):
    """Simulated screenings."""

    @endpoint(SimulationOut, many=True)
    def get(self) -> list[Any]:
        """List the simulations with their measures."""
        from analytics.selectors.simulations import simulations_of  # noqa: PLC0415

        return list(simulations_of(self.membership))

    @endpoint(JobOut, takes=SimulationIn, status=202, needs=Capability.MANAGE)
    def post(self) -> Job:
        """Let a worker replay the review's own screening."""
        from analytics.services.simulations import start_simulation  # noqa: PLC0415

        return start_simulation(lead=self.membership, **self.given)


def told(cell: Any) -> dict[str, Any]:
    """One answer of an experiment with its raw values."""
    raw = [
        {
            "side": one.side,
            "value": one.value,
            "page": one.page,
            "quote": one.quote,
            "note": one.note,
        }
        for one in cell.raw
    ]
    return {
        "label": cell.label,
        "value": cell.value,
        "is_score": cell.is_score,
        "status": cell.status,
        "settled_as": cell.settled_as,
        "raw": raw,
    }
