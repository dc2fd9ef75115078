"""The rows behind one box of the flow, a page of them at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse

from analytics.prisma.flow import Flow, Ids
from analytics.prisma.invariants import SHOWN_IDS, Violation
from analytics.prisma.wording import words_of
from extraction.models import Study
from screening.models import Record, Review
from screening.selectors.shown import ShownRecord, shown_records

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One row of a box: a record, a report or a study, with its page."""

    title: str
    detail: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Box:
    """One box opened: its words, its size and one page of its rows."""

    key: str
    words: str
    unit: str
    count: int
    declared: int
    page: Page[int]
    rows: tuple[BoxRow, ...]


def keys_of(flow: Flow) -> dict[str, Ids]:
    """Everything of the flow that can be opened, by the key the diagram uses."""
    keys = {**flow.boxes, **flow.in_progress, **flow.set_aside}
    for prefix, reports in (("dbr", flow.databases), ("other", flow.other)):
        for i, reason in enumerate(reports.reasons):
            keys[f"{prefix}_excluded.{i}"] = reason.ids
    for i, rows in enumerate(flow.sources):
        keys[f"source.{i}"] = rows.ids
    return keys


def links_of(review: Review, flow: Flow, query: str = "") -> dict[str, str]:
    """Address of every box; `query` keeps the moment that is shown."""
    links = {key: address_of(review, key) + query for key in keys_of(flow)}
    page = reverse("analytics:prisma", kwargs={"slug": review.slug})
    return links | {"declared": f"{page}{query}#declared"}


def address_of(review: Review, key: str) -> str:
    """Address of one box: `dbr_excluded.2` becomes `dbr-excluded/2`."""
    name, _, number = key.partition(".")
    box = name.replace("_", "-")
    arguments = {"slug": review.slug, "box": box}
    if number:
        return reverse("analytics:prisma-part", kwargs={**arguments, "number": number})
    return reverse("analytics:prisma-box", kwargs=arguments)


def box_of(*, review: Review, flow: Flow, key: str, page: str | None) -> Box | None:
    """One box with a page of its rows, or nothing when the flow has no such box."""
    ids = keys_of(flow).get(key)
    if ids is None:
        return None
    is_study = key.endswith("_studies")
    wanted = Paginator(sorted(ids), PAGE_SIZE).get_page(page)
    numbers = list(wanted.object_list)
    rows = _studies(review, numbers) if is_study else _records(review, numbers, _is_report(key))
    unit = _unit(key, len(ids) + flow.declared_counts.get(key, 0))
    ordered = tuple(rows[number] for number in numbers if number in rows)
    declared = flow.declared_counts.get(key, 0)
    return Box(key, _words(flow, key), unit, len(ids) + declared, declared, wanted, ordered)


def _unit(key: str, count: int) -> str:
    is_one = count == 1
    if key.endswith("_studies"):
        return "study" if is_one else "studies"
    unit = "report" if _is_report(key) else "record"
    return unit if is_one else f"{unit}s"


def _words(flow: Flow, key: str) -> str:
    name, _, number = key.partition(".")
    if name == "source":
        return flow.sources[int(number)].name
    words = words_of(name, has_previous=flow.has_previous)
    if not number:
        return words
    reports = flow.databases if name.startswith("dbr") else flow.other
    return f"{words}: {reports.reasons[int(number)].name}"


def _is_report(key: str) -> bool:
    is_of_column = key.startswith(("dbr_", "other_")) and not key.endswith("_results")
    return (is_of_column or "reports" in key) and not key.endswith(("_duplicates", "_removed"))


def _records(review: Review, numbers: list[int], is_report: bool) -> Mapping[int, BoxRow]:  # noqa: FBT001
    found = Record.objects.filter(review=review, pk__in=numbers).select_related("source", "report")
    return {shown.pk: _record_row(review, shown, is_report) for shown in shown_records(found)}


def _record_row(review: Review, shown: ShownRecord, is_report: bool) -> BoxRow:  # noqa: FBT001
    record = shown.record
    report = getattr(record, "report", None) if is_report else None
    if report:
        url = reverse("screening:report", kwargs={"slug": review.slug, "report_id": report.pk})
    else:
        url = reverse("screening:record", kwargs={"slug": review.slug, "record_id": record.pk})
    parts = [shown.first_author, str(shown.year or ""), shown.venue]
    detail = ", ".join(part for part in parts if part)
    return BoxRow(shown.title, detail, record.source.name, url)


def _studies(review: Review, numbers: list[int]) -> Mapping[int, BoxRow]:
    found = Study.objects.filter(review=review, pk__in=numbers)
    return {study.pk: _study_row(review, study) for study in found}


def _study_row(review: Review, study: Study) -> BoxRow:
    url = reverse("extraction:study", kwargs={"slug": review.slug, "study_id": study.pk})
    return BoxRow(study.title, str(study) if study.first_author else "", "", url)


@dataclass(frozen=True, slots=True)
class BlamedRow:
    """One row that contradicts another."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Blame:
    """One sum that does not hold, with links to at most twenty of its rows."""

    invariant: str
    message: str
    rows: tuple[BlamedRow, ...]
    more: int


def rows_to_blame(review: Review, violations: Sequence[Violation]) -> list[Blame]:
    """What does not add up, each id with the page where it can be looked at and mended."""
    return [_blame(review, violation) for violation in violations]


def _blame(review: Review, violation: Violation) -> Blame:
    ids = sorted(violation.ids)
    if violation.is_of_studies:
        names = {"name": "extraction:study", "argument": "study_id", "noun": "study"}
    else:
        names = {"name": "screening:record", "argument": "record_id", "noun": "record"}
    rows = tuple(
        BlamedRow(
            f"{names['noun']} {pk}",
            reverse(names["name"], kwargs={"slug": review.slug, names["argument"]: pk}),
        )
        for pk in ids[:SHOWN_IDS]
    )
    return Blame(violation.invariant, violation.message, rows, len(ids) - len(rows))


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source with the number of its records and the address of its rows."""

    name: str
    kind: str
    count: int
    declared: int
    url: str


def sources_of(flow: Flow, links: Mapping[str, str]) -> list[SourceLine]:
    """What each source gave, in the order of the sources."""
    counts, declared = flow.counts, flow.declared_counts
    return [
        SourceLine(
            rows.name,
            rows.kind.value.replace("_", " "),
            counts[f"source.{i}"],
            declared.get(f"source.{i}", 0),
            links[f"source.{i}"],
        )
        for i, rows in enumerate(flow.sources)
    ]
