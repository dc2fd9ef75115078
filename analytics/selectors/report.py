"""The whole report of a review, every number computed now by what the pages compute it with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from django.utils import timezone

from analytics.figures.model import Figure
from analytics.figures.summary import DRAWS, SEED
from analytics.figures.theme import themed
from analytics.prisma.diagram import flow_as_svg
from analytics.prisma.flow import FlowError
from analytics.prisma.png import flow_as_png
from analytics.prisma.reporting.checklist import checklist_of
from analytics.prisma.reporting.facts import ReviewFacts
from analytics.prisma.reporting.searches import SEARCH_COLUMNS, search_rows
from analytics.selectors.agreement import agreement_of, may_see_agreement
from analytics.selectors.agreement_rows import agreement_rows
from analytics.selectors.days import end_of
from analytics.selectors.experiments import Selection, selection_of
from analytics.selectors.prisma import flow_of
from analytics.selectors.reporting import STAGE_NAMES, facts_of
from analytics.selectors.table1 import NO_FORM, table1_of
from analytics.tables.document import Block, Document, Drawing, Grid, Section
from analytics.tables.footnotes import footnotes_of
from analytics.tables.print_writers import columns_in_print, words_at
from extraction.models import ExtractionSettings
from extraction.selectors.settings import choices_then
from screening.models import Membership, Review
from screening.rules.consensus import Stage

METHODS = (
    ("Eligibility criteria", ("5",)),
    ("Information sources", ("6",)),
    ("Selection process", ("8",)),
    ("Data collection", ("9",)),
    ("Data items and effect measures", ("10a", "10b", "12")),
    ("Synthesis", ("13a", "13b")),
)
NO_FLOW = "The flow does not add up yet; the PRISMA page names the rows to mend."
NOTHING_COMPARED = "The review's form compares nothing, so there are no results to show."


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is told, to whom, and of which moment."""

    review: Review
    membership: Membership | None
    as_of: datetime | None


def report_of(
    review: Review, membership: Membership | None = None, day: date | None = None
) -> Document:
    """Methods, flow, searches, Table 1, results, figures and agreement.

    Args:
        review: The review.
        membership: Whose eyes; what this person may not know yet is left out. Nobody means the
            whole truth.
        day: The day at whose end everything is told; today and none mean now.
    """
    as_of = end_of(day)
    seen = _Seen(review, membership, as_of)
    facts = facts_of(review=review, membership=membership, as_of=as_of)
    selection = selection_of(review, {"as_of": [day.isoformat()]} if day and as_of else {})
    sections = (
        Section("Methods", tuple(_methods(seen, facts, selection))),
        Section("Searches", tuple(_searches(facts))),
        Section("Flow of records, reports and studies", tuple(_flow(seen, facts))),
        Section("Table 1", tuple(_table1(seen))),
        Section("Results", tuple(_results(selection))),
        Section("Figures", tuple(_figures(selection))),
        Section("Agreement", tuple(_agreement(seen))),
    )
    return Document(review.title, timezone.localtime(), sections, day if as_of else None)


def _methods(seen: _Seen, facts: ReviewFacts, selection: Selection | None) -> Iterator[Block]:
    told = {row.item.number: row.told for row in checklist_of(facts).rows}
    for title, numbers in METHODS:
        words = "\n".join(filter(None, (told.get(number, "") for number in numbers)))
        if words:
            yield f"{title}.\n{words}"
    chosen = str(choices_then(seen.review, seen.as_of)["mode"])
    mode = str(ExtractionSettings.Mode(chosen).label)
    yield f"Way of extraction: {mode[0].lower()}{mode[1:]}."
    spec = selection.form.comparison if selection else None
    if spec is not None:
        policy = spec.synthesis
        effect = policy.effect.value.replace("_", " ")
        yield (
            f"Synthesis model: effect {effect}, {policy.dependence.value.replace('_', ' ')}, "
            f"r = {policy.correlation:f} between the errors of both arms. Intervals of means "
            f"resample studies ({DRAWS:,} draws, seed {SEED})."
        )
    used = ", ".join(f"{name} {version(name)}" for name in ("pandas", "numpy", "plotly"))
    yield f"Computed with {used}."


def _searches(facts: ReviewFacts) -> Iterator[Block]:
    rows = search_rows(facts)
    if not rows:
        yield "No search is documented yet."
        return
    yield Grid(SEARCH_COLUMNS, tuple(tuple(row) for row in rows))


def _flow(seen: _Seen, facts: ReviewFacts) -> Iterator[Block]:
    try:
        flow = flow_of(review=seen.review, membership=seen.membership, as_of=seen.as_of)
    except FlowError:
        yield NO_FLOW
        return
    told = next(row.told for row in checklist_of(facts).rows if row.item.number == "16a")
    yield Drawing(
        key="prisma",
        title="PRISMA 2020 flow",
        reading=told.replace("\n", "; "),
        svg=flow_as_svg(flow, as_file=True),
        png=flow_as_png(flow),
    )


def _table1(seen: _Seen) -> Iterator[Block]:
    table = table1_of(review=seen.review, as_of=seen.as_of)
    if table is None:
        yield NO_FORM
        return
    columns = columns_in_print(table)
    notes = footnotes_of(table, columns)
    head = ("Group", *(one.label for one in columns))
    rows = tuple((row.group, *(words_at(row, one) for one in columns)) for row in table.rows)
    compared = sum(not row.reason for row in table.rows)
    results = f", {compared} with both values" if any(one.is_result for one in columns) else ""
    yield f"{len(table.rows)} studies{results}."
    yield Grid(head, rows)
    for number, text in notes.numbered:
        yield f"{number} {text}"


def _results(selection: Selection | None) -> Iterator[Block]:
    if selection is None:
        yield NOTHING_COMPARED
        return
    for sentence in selection.plain_sentences():
        kind = "A model's estimate." if sentence.is_model else "Descriptive."
        yield f"{sentence.text} ({kind})"


def _figures(selection: Selection | None) -> Iterator[Block]:
    for figure in selection.plain_figures() if selection else ():
        yield _drawing(figure)


def _drawing(figure: Figure) -> Drawing:
    plot = themed(figure.plot, "light")
    rows = tuple(tuple(text for text, _ in cells) for cells, _ in figure.shown_rows)
    return Drawing(
        key=figure.key,
        title=figure.title,
        reading=figure.sentence,
        notes=tuple(filter(None, (figure.note, *figure.left_out))),
        plot=plot if isinstance(plot, dict) and figure.table.rows else None,
        data=Grid(tuple(one.label for one in figure.table.columns), rows),
    )


def _agreement(seen: _Seen) -> Iterator[Block]:
    for stage in Stage:
        if seen.membership is not None and not may_see_agreement(seen.membership, stage):
            yield f"{STAGE_NAMES[stage]}: not shown while the stage is screened blinded."
            continue
        found = agreement_of(
            review=seen.review, stage=stage, membership=seen.membership, as_of=seen.as_of
        )
        if not found.records:
            yield f"{STAGE_NAMES[stage]}: no record was judged by two people."
            continue
        yield f"{STAGE_NAMES[stage]}: {found.records:,} records judged by two or more people."
        rows = tuple(
            (str(row["coefficient"]), f"{row['records']:,}", *_interval(row))
            for row in agreement_rows(found)
            if row["first_reviewer"] == "everybody"
        )
        yield Grid(("Coefficient", "Records", "Value", "95 % interval", "Note"), rows)


def _interval(row: dict[str, object]) -> tuple[str, str, str]:
    value, low, high = row["value"], row["low_95"], row["high_95"]
    shown = f"{value:.3f}" if isinstance(value, float) else "not defined"
    has_both = isinstance(low, float) and isinstance(high, float)
    return shown, f"{low:.3f} to {high:.3f}" if has_both else "", str(row["note"] or "")
