"""The items of PRISMA 2020 and PRISMA-S: official numbers and topics, what to report in our words.

Sources: Page et al. 2021, BMJ 372:n71, table 1 (27 items, 42 with their sub-items); Rethlefsen et
al. 2021, Systematic Reviews 10:39, table 1 (16 items).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a reporting guideline.

    Attributes:
        number: Official number, with the letter of a sub-item.
        section: Section of the article.
        topic: Official topic.
        asked: What to report, in our words.
    """

    number: str
    section: str
    topic: str
    asked: str


_TITLE, _INTRODUCTION, _METHODS = "Title and abstract", "Introduction", "Methods"
_RESULTS, _DISCUSSION, _OTHER = "Results", "Discussion", "Other information"
_SYNTHESIS, _RESULTS_OF = "Synthesis methods", "Results of syntheses"
_REGISTRATION = "Registration and protocol"

CHECKLIST = tuple(
    Item(*row)
    for row in (
        ("1", _TITLE, "Title", "Say in the title that this is a systematic review."),
        ("2", _TITLE, "Abstract", "An abstract that meets the PRISMA 2020 list for abstracts."),
        ("3", _INTRODUCTION, "Rationale", "Why the review was needed, given what is known."),
        ("4", _INTRODUCTION, "Objectives", "The question or aim, stated plainly."),
        (
            "5",
            _METHODS,
            "Eligibility criteria",
            "What was included and excluded, and how studies were grouped for the syntheses.",
        ),
        (
            "6",
            _METHODS,
            "Information sources",
            "Every source that was searched or asked, with the day it was last searched.",
        ),
        (
            "7",
            _METHODS,
            "Search strategy",
            "The full strategy for each database, register and website, with filters and limits.",
        ),
        (
            "8",
            _METHODS,
            "Selection process",
            "How it was decided what is eligible: how many people, whether independently, tools.",
        ),
        (
            "9",
            _METHODS,
            "Data collection process",
            "How data were collected: how many people, whether independently, how confirmed, "
            "tools.",
        ),
        (
            "10a",
            _METHODS,
            "Data items",
            "The outcomes for which data were sought, and which results were taken if several fit.",
        ),
        (
            "10b",
            _METHODS,
            "Data items",
            "All other variables sought, and what was assumed where something was missing or "
            "unclear.",
        ),
        (
            "11",
            _METHODS,
            "Study risk of bias assessment",
            "How risk of bias was assessed: tool, people, whether independently.",
        ),
        ("12", _METHODS, "Effect measures", "The effect measure of each outcome."),
        (
            "13a",
            _METHODS,
            _SYNTHESIS,
            "How it was decided which studies enter each synthesis.",
        ),
        (
            "13b",
            _METHODS,
            _SYNTHESIS,
            "How data were prepared: missing summary statistics, conversions.",
        ),
        (
            "13c",
            _METHODS,
            _SYNTHESIS,
            "How results of studies and syntheses are tabulated or drawn.",
        ),
        (
            "13d",
            _METHODS,
            _SYNTHESIS,
            "How results were synthesised and why; models, heterogeneity and software if pooled.",
        ),
        ("13e", _METHODS, _SYNTHESIS, "How causes of heterogeneity were explored."),
        ("13f", _METHODS, _SYNTHESIS, "Which sensitivity analyses were made."),
        (
            "14",
            _METHODS,
            "Reporting bias assessment",
            "How bias from missing results was assessed.",
        ),
        ("15", _METHODS, "Certainty assessment", "How certainty of the evidence was assessed."),
        (
            "16a",
            _RESULTS,
            "Study selection",
            "The results of search and selection, from records identified to studies included, "
            "best as a flow diagram.",
        ),
        (
            "16b",
            _RESULTS,
            "Study selection",
            "Studies that seemed to fit and were excluded, each with its reason.",
        ),
        ("17", _RESULTS, "Study characteristics", "Each included study with its characteristics."),
        ("18", _RESULTS, "Risk of bias in studies", "Risk of bias of each included study."),
        (
            "19",
            _RESULTS,
            "Results of individual studies",
            "For every outcome and study: summary statistics, and an effect with its precision.",
        ),
        (
            "20a",
            _RESULTS,
            _RESULTS_OF,
            "For each synthesis: characteristics and risk of bias of its studies, in short.",
        ),
        (
            "20b",
            _RESULTS,
            _RESULTS_OF,
            "Results of all statistical syntheses with precision, heterogeneity and direction.",
        ),
        ("20c", _RESULTS, _RESULTS_OF, "What exploring heterogeneity showed."),
        ("20d", _RESULTS, _RESULTS_OF, "What the sensitivity analyses showed."),
        ("21", _RESULTS, "Reporting biases", "Bias from missing results, for each synthesis."),
        ("22", _RESULTS, "Certainty of evidence", "Certainty of the evidence, for each outcome."),
        ("23a", _DISCUSSION, "Discussion", "The results seen in the light of other evidence."),
        ("23b", _DISCUSSION, "Discussion", "Limits of the evidence."),
        ("23c", _DISCUSSION, "Discussion", "Limits of how the review was done."),
        ("23d", _DISCUSSION, "Discussion", "What follows for practice, policy and research."),
        ("24a", _OTHER, _REGISTRATION, "Register and number, or that it is not registered."),
        ("24b", _OTHER, _REGISTRATION, "Where the protocol is, or that there is none."),
        ("24c", _OTHER, _REGISTRATION, "Amendments to registration or protocol, explained."),
        ("25", _OTHER, "Support", "Financial and other support, and the funders' part."),
        ("26", _OTHER, "Competing interests", "Competing interests of the authors."),
        (
            "27",
            _OTHER,
            "Availability of data, code and other materials",
            "What is public and where: forms, extracted data, data of analyses, code.",
        ),
    )
)

_SOURCES, _STRATEGIES = "Information sources and methods", "Search strategies"
_REVIEW, _RECORDS = "Peer review", "Managing records"

SEARCH_ITEMS = tuple(
    Item(*row)
    for row in (
        ("1", _SOURCES, "Database name", "Each database with its platform."),
        ("2", _SOURCES, "Multi-database searching", "Databases searched at once on one platform."),
        ("3", _SOURCES, "Study registries", "Each register that was searched."),
        (
            "4",
            _SOURCES,
            "Online resources and browsing",
            "Websites, tables of contents and printed sources, and how they were looked through.",
        ),
        ("5", _SOURCES, "Citation searching", "Whose references or citations were followed, how."),
        ("6", _SOURCES, "Contacts", "Authors, experts or makers that were asked."),
        ("7", _SOURCES, "Other methods", "Any other way of finding studies."),
        ("8", _STRATEGIES, "Full search strategies", "Each strategy exactly as it was run."),
        (
            "9",
            _STRATEGIES,
            "Limits and restrictions",
            "Limits that were set, with reasons, or none.",
        ),
        ("10", _STRATEGIES, "Search filters", "Published filters used, with their source."),
        ("11", _STRATEGIES, "Prior work", "Strategies taken over from earlier reviews."),
        ("12", _STRATEGIES, "Updates", "How the searches were updated."),
        ("13", _STRATEGIES, "Dates of searches", "The day of the last run of each search."),
        ("14", _REVIEW, "Peer review", "Whether the strategies were peer reviewed, and how."),
        ("15", _RECORDS, "Total records", "Records found by each source."),
        ("16", _RECORDS, "Deduplication", "How duplicates were found and removed, with software."),
    )
)
