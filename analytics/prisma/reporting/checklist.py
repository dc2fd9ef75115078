"""The PRISMA 2020 checklist, each cell filled from the facts or left to be written."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from analytics.prisma.reporting.facts import ReviewFacts, StageFacts
from analytics.prisma.reporting.items import CHECKLIST
from analytics.prisma.reporting.searches import source_line, strategy_line
from analytics.prisma.reporting.table import ReportRow, ReportTable, listed
from analytics.prisma.wording import words_of

PEOPLE = MappingProxyType({1: "one person", 2: "two people", 3: "three people"})
FLOW_BOXES = (
    "database_results",
    "register_results",
    "duplicates",
    "excluded_automatic",
    "excluded_other",
    "records_screened",
    "records_excluded",
    "dbr_sought_reports",
    "dbr_notretrieved_reports",
    "dbr_assessed",
    "dbr_excluded",
    "other_sought_reports",
    "other_notretrieved_reports",
    "other_assessed",
    "other_excluded",
    "previous_studies",
    "previous_reports",
    "new_studies",
    "new_reports",
    "total_studies",
    "total_reports",
)
ALWAYS = frozenset({"duplicates", "records_screened", "records_excluded", "new_studies"})


def checklist_of(facts: ReviewFacts) -> ReportTable:
    """The 27 items of PRISMA 2020 with their sub-items.

    Args:
        facts: What the review knows of itself.

    Returns:
        42 rows in the official order; what the app cannot know is empty and to be written.

    Source:
        Page et al. 2021, BMJ 372:n71.
    """
    rows = tuple(
        ReportRow(item, FILLERS[item.number](facts) if item.number in FILLERS else "")
        for item in CHECKLIST
    )
    return ReportTable("PRISMA 2020 checklist", facts.title, facts.moment, rows)


def _title(facts: ReviewFacts) -> str:
    says_so = "systematic review" in facts.title.casefold()
    note = "" if says_so else "The title does not say yet that this is a systematic review."
    return listed((f"Working title: {facts.title}", note))


def _objectives(facts: ReviewFacts) -> str:
    return facts.question


def _criteria(facts: ReviewFacts) -> str:
    return listed([f"- {sentence}" for sentence in facts.criteria])


def _sources(facts: ReviewFacts) -> str:
    last: dict[str, date] = {}
    for search in facts.searches:
        if search.searched_on:
            known = last.get(search.source)
            last[search.source] = max(known or search.searched_on, search.searched_on)
    lines = []
    for source in facts.sources:
        day = f", last searched {last[source.name]:%Y-%m-%d}" if source.name in last else ""
        lines.append(f"- {source_line(source)}{day}")
    return listed(lines)


def _strategies(facts: ReviewFacts) -> str:
    return listed([strategy_line(search) for search in facts.searches if search.strategy])


def _selection(facts: ReviewFacts) -> str:
    return listed([_stage(stage) for stage in facts.stages])


def _stage(stage: StageFacts) -> str:
    people = PEOPLE[stage.verdicts_needed]
    alone = ", blinded to each other's verdicts" if stage.is_blinded else ", not blinded"
    if stage.verdicts_needed == 1:
        alone = ""
    settled = "Differing verdicts were settled by talk or by an adjudicator"
    barred = " who had not decided on the record" if stage.is_own_ruling_barred else ""
    conflicts = f" {settled}{barred}." if stage.verdicts_needed > 1 else ""
    agreement = f" {stage.agreement}" if stage.agreement else ""
    return f"{stage.name}: {people} per record{alone}.{conflicts}{agreement}"


def _collection(facts: ReviewFacts) -> str:
    if facts.form is None:
        return ""
    seen = "without seeing each other's entries" if facts.is_extraction_blinded else "openly"
    return (
        f"Data of each study were extracted by {PEOPLE[facts.extractors]} {seen}, with the form "
        f'"{facts.form.title}" (version {facts.form.version}), each value with the place it was '
        "read at; differences were reconciled cell by cell, keeping both entries."
    )


def _outcomes(facts: ReviewFacts) -> str:
    if facts.form is None:
        return ""
    outcomes = ", ".join(facts.form.outcomes)
    return listed((f"Results sought: {outcomes}." if outcomes else "", *facts.form.policy))


def _variables(facts: ReviewFacts) -> str:
    if facts.form is None:
        return ""
    others = [name for name in facts.form.fields if name not in facts.form.outcomes]
    return f"Variables of the form: {', '.join(others)}." if others else ""


def _effects(facts: ReviewFacts) -> str:
    if facts.form is None or not facts.form.has_comparison:
        return ""
    return (
        "Absolute gain (percentage points) and relative gain (percent of the comparator) of each "
        "experiment over its comparator, the sign turned where lower is better."
    )


def _synthesised(facts: ReviewFacts) -> str:
    return listed(facts.form.policy) if facts.form else ""


def _prepared(facts: ReviewFacts) -> str:
    if facts.form is None or not facts.form.has_comparison:
        return ""
    return (
        "Both values of a comparison were brought to one scale by the unit stored with them. "
        "A comparison without a comparator's value, or with one of zero, was left out and is "
        "listed with the reason."
    )


def _flow(facts: ReviewFacts) -> str:
    if facts.flow is None:
        return "The flow does not add up yet; the PRISMA page names the rows to mend."
    has_previous = facts.flow.get("previous_reports", 0) > 0
    lines = [
        f"{_box_words(box, has_previous=has_previous)}: {facts.flow[box]:,}"
        for box in FLOW_BOXES
        if facts.flow.get(box) or box in ALWAYS
    ]
    running = "Work in progress: these numbers will change." if facts.is_running else ""
    return listed((*lines, running))


def _box_words(box: str, *, has_previous: bool) -> str:
    words = words_of(box, has_previous=has_previous)
    if box in {"database_results", "register_results"}:
        return f"Records identified from {words.lower()}"
    return f"{words} (other methods)" if box.startswith("other_") else words


def _excluded(facts: ReviewFacts) -> str:
    return listed([f"- {one.report}: {one.reason}" for one in facts.excluded])


def _studies(facts: ReviewFacts) -> str:
    if not facts.studies:
        return ""
    named = "; ".join(facts.studies)
    return f"{len(facts.studies)} studies, their characteristics in Table 1: {named}."


def _single_results(facts: ReviewFacts) -> str:
    if not facts.studies or facts.form is None or not facts.form.has_comparison:
        return ""
    return "Results of each study with absolute and relative gains: Table 1 and its long form."


def _registration(facts: ReviewFacts) -> str:
    return facts.registration


def _protocol(facts: ReviewFacts) -> str:
    return facts.protocol


def _available(facts: ReviewFacts) -> str:
    if not facts.studies:
        return ""
    return (
        "To be made public with the article: the extraction form, Table 1 and its long form with "
        "the evidence of each value, the data of each figure, the flow with the ids of each box."
    )


Filler = Callable[[ReviewFacts], str]
FILLERS: Mapping[str, Filler] = MappingProxyType(
    {
        "1": _title,
        "4": _objectives,
        "5": _criteria,
        "6": _sources,
        "7": _strategies,
        "8": _selection,
        "9": _collection,
        "10a": _outcomes,
        "10b": _variables,
        "12": _effects,
        "13a": _synthesised,
        "13b": _prepared,
        "16a": _flow,
        "16b": _excluded,
        "17": _studies,
        "19": _single_results,
        "24a": _registration,
        "24b": _protocol,
        "27": _available,
    }
)
