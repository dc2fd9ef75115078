"""The one law of every writer: what was written reads back as it was, whatever is in it."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.exporters.exported import Exported, StageSight
from screening.exporters.registry import WRITERS
from screening.exporters.writer import Writer
from screening.importers.parsed import Link, LinkRole, ParsedRecord
from screening.importers.prior import PriorDecision
from screening.importers.report import FileReport, ReportOptions, report_on

NASTY = st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "-2",
        "\t=x",
        "＝1",
        "ER  - ",
        "TY  - JOUR",
        "a\nER  - \nb",
        "x\n\ny",
        "PMID- 1",
        "one\r\ntwo",
        "50% of {x} & $y_1^2$ # \\alpha ~",
        "Müller–Ångström β",
        '"quoted", and; more',
        "},\n@article{x,",
        "null",
        "N/A",
        "a and b",
        "reviewapp: {}",
        "\u2028\x85\x1c",
        "_x0041_",
        "{'a'}",
        "10.1000/x",
        "https://arxiv.org/abs/2101.00001",
    ]
)
LETTERS = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t")
#: What a reader gives: no blanks around it, never empty, never a word for "nothing".
TEXTS = st.text(LETTERS, min_size=1, max_size=60) | NASTY
WORDS = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
LINKS = st.builds(Link, url=WORDS, role=st.sampled_from(LinkRole), label=WORDS, raw=WORDS)
NAMES = st.sampled_from(["N1", "ZZ", "T2", "AN", "AU", "note", "id", "Author(s) ID", "C8", "GN"])
RECORDS = st.builds(
    ParsedRecord,
    title=WORDS,
    abstract=TEXTS.map(str.strip),
    authors=st.lists(WORDS, max_size=3).map(tuple),
    year=st.none() | st.integers(1400, 2199),
    venue=WORDS | st.just(""),
    volume=WORDS | st.just(""),
    issue=WORDS | st.just(""),
    pages=st.sampled_from(["", "1-9", "454-81", "e12", "12–18", "1"]) | WORDS,
    doi=st.sampled_from(["", "10.1000/ab(1)2", "10.1000/x_y%z"]),
    pmid=st.sampled_from(["", "123"]),
    arxiv_id=st.sampled_from(["", "2101.00001"]),
    urls=st.lists(LINKS, max_size=2).map(tuple),
    keywords=st.lists(WORDS, max_size=3, unique=True).map(tuple),
    language=WORDS | st.just(""),
    type=st.sampled_from(["", "JOUR", "article", "Conference Paper", "book-chapter"]) | WORDS,
    extra=st.dictionaries(NAMES, st.lists(WORDS, min_size=1, max_size=2).map(tuple), max_size=3),
)
SAID = (
    PriorDecision("Sam", "exclude", "title_abstract", "wrong | one, {really}", "why", "2026-01-02"),
    PriorDecision(
        'Olga "O"',
        "include",
        "title_abstract",
        criteria="2",
        answers=(("Human images?; really, “yes”", "yes"),),
    ),
)


def read_again(writer: Writer, records: list[Exported]) -> FileReport:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        path.write_bytes(b"".join(writer.stream(iter(records))))
        return report_on(path, ReportOptions(format=writer.name, keep=10**6))


def bare(record: ParsedRecord) -> ParsedRecord:
    return replace(record, raw_text="", position=1, prior=None, extra=dict(record.extra))


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(RECORDS, min_size=1, max_size=3))
def test_what_is_written_reads_back_equal(writer: Writer, records: list[ParsedRecord]) -> None:
    report = read_again(
        writer, [Exported(record, number=str(i)) for i, record in enumerate(records)]
    )
    assert [bare(record) for record in report.records] == records


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(record=RECORDS)
def test_verdicts_tags_and_notes_read_back_and_leave_the_record_as_it_was(
    writer: Writer, record: ParsedRecord
) -> None:
    sight = StageSight("title_abstract", "excluded", "wrong | one, {really}", "", SAID)
    notes = (("Sam", "see page 3"),)
    one = Exported(record, "7", "PubMed", "", (sight,), ("later", "a,b"), notes)
    (again,) = read_again(writer, [one]).records
    assert bare(again) == record
    assert again.prior == one.prior
