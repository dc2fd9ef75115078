"""PubMed, Web of Science, Ovid and EndNote tagged text."""

import pytest

from screening.importers.parsed import Severity
from tests.screening.importers.conftest import Report, messages, only

NBIB = """PMID- 123
OWN - NLM
DP  - 2009 Nov
TI  - From danger to
      beauty.
PG  - 454-81
LID - S0048 [pii]
LID - 10.1000/x.1 [doi]
LID - http://eric.ed.gov/?id=1
AB  - Lorem
      ipsum.
FAU - Long, Vicky
AU  - Long V
CN  - The Group
LA  - eng
JT  - Journal of Tests
TA  - J Tests
VI  - 20
IP  - 4
MH  - Factories/history
OT  - health
PT  - Journal Article

PMID- 124
TI  -Second
"""


def test_pubmed_records_are_read(report_of: Report) -> None:
    report = report_of(NBIB)
    first, second = report.records
    assert report.format == "nbib"
    assert (first.title, first.pmid, first.year) == ("From danger to beauty.", "123", 2009)
    assert (first.doi, first.pages, first.language) == ("10.1000/x.1", "454-81", "eng")
    assert (first.venue, first.volume, first.issue) == ("Journal of Tests", "20", "4")
    assert first.authors == ("Long, Vicky", "The Group")
    assert first.keywords == ("Factories/history", "health")
    assert first.extra["AU"] == ("Long V",)
    assert first.extra["LID"] == ("S0048 [pii]",)
    assert first.urls[0].url == "http://eric.ed.gov/?id=1"
    assert (second.title, second.position) == ("Second", 24)


def test_a_line_without_tag_in_a_pubmed_file_is_kept_and_reported(report_of: Report) -> None:
    report = report_of("PMID- 1\nSO  invalid\nTI  - T\n")
    assert only(report).extra["untagged"] == ("SO  invalid",)
    assert only(report).title == "T"
    assert report.problems[0].position == 2
    assert "no tag" in messages(report)


WOS = """FN Web of Science
VR 1.0
PT J
AU Smith, JM
AF Smith, J. Mark (a@b.org)
   Guarino, A.
TI Second harmonic
   generation
SO Applied Physics
PY 2006
BP 82
EP 90
PS 82-90
DI 10.1000/w
DE lasers; optics
ID GROWTH
AB Text.
DT Article
UT WOS:1
ER

EF
"""


def test_web_of_science_records_are_read(report_of: Report) -> None:
    report = report_of(WOS)
    record = only(report)
    assert report.format == "wos"
    assert record.title == "Second harmonic generation"
    assert record.authors == ("Smith, J. Mark", "Guarino, A.")
    assert (record.year, record.venue, record.pages) == (2006, "Applied Physics", "82-90")
    assert (record.doi, record.type) == ("10.1000/w", "Article")
    assert record.keywords == ("lasers", "optics", "GROWTH")
    assert record.extra["UT"] == ("WOS:1",)
    assert record.extra["AU"] == ("Smith, JM",)
    assert not report.problems


def test_text_with_pt_alone_is_hardly_web_of_science(report_of: Report) -> None:
    assert report_of("PT J\nTI One\n").format == "wos"


OVID_TAGS = """<3. >
VN  - Ovid Technologies
DB  - BIOSIS
AU  - Peterson, James A.
AU  - Doe, J. [Reprint Author, E-mail: j@d.org]
TI  - Take Ten: Facts.  [Miscellaneous]
SO  - Health & Fitness Journal January/February 2010;14(1):56-58
KW  - one;  two.
LG  - English.
DI  - 10.1249/F
XL  - http://ovid.example/1

<5. >
TI  - Second
SO  - Official Gazette. 1288(3), Nov. 16, 2004.
"""


def test_ovid_records_with_tags_are_read(report_of: Report) -> None:
    report = report_of(OVID_TAGS)
    first, second = report.records
    assert report.format == "ovid"
    assert (first.title, first.extra["kind"]) == ("Take Ten: Facts", ("Miscellaneous",))
    assert first.authors == ("Peterson, James A.", "Doe, J.")
    assert (first.venue, first.volume, first.issue) == ("Health & Fitness Journal", "14", "1")
    assert (first.pages, first.year, first.language) == ("56-58", 2010, "English")
    assert first.keywords == ("one", "two")
    assert first.urls[0].url == "http://ovid.example/1"
    assert (second.volume, second.issue, second.year) == ("1288", "3", 2004)
    assert second.venue == "Official Gazette"


def test_ovid_records_with_names_are_read(report_of: Report) -> None:
    report = report_of(
        "<1>\nAuthor\n  Bunkers, S;  Max\nTitle\n  Listening.[Article]\nSource\n"
        "  Nursing Science.   28(2):103-106, April 2015.\nDOI Number\n  10.1177/08\n"
        "Institution\n  A place\n\n<2>\n  stray words\nTitle\n  Two\n"
    )
    first, second = report.records
    assert report.format == "ovid"
    assert first.authors == ("Bunkers, S", "Max")
    assert (first.title, first.venue, first.year) == ("Listening", "Nursing Science", 2015)
    assert (first.volume, first.pages, first.doi) == ("28", "103-106", "10.1177/08")
    assert first.extra["Institution"] == ("A place",)
    assert second.extra["untagged"] == ("stray words",)


def test_ovid_names_without_a_marker_are_refused(report_of: Report) -> None:
    report = report_of("\nScore\n  *****\nAuthor\n  V, J\nTitle\n  T\nSource\n  S\n")
    assert report.is_refused
    assert report.found == 0


ENW = """%0 Journal Article
%T Title
%A Moreau, A
%D 2025
%J Journal
%V 1
%N 2
%P 3-4
%R 10.1000/e
%K one
%U http://x.example
%X Abstract
%W Archive

%T Above its type
%0 Book
%A Berg, B
"""


def test_endnote_text_is_read(report_of: Report) -> None:
    report = report_of(ENW)
    first, second = report.records
    assert report.format == "enw"
    assert (first.title, first.authors, first.year) == ("Title", ("Moreau, A",), 2025)
    assert (first.venue, first.volume, first.issue, first.pages) == ("Journal", "1", "2", "3-4")
    assert (first.doi, first.keywords, first.abstract) == ("10.1000/e", ("one",), "Abstract")
    assert first.extra["%W"] == ("Archive",)
    assert (second.title, second.type, second.position) == ("Above its type", "Book", 15)


def test_endnote_text_without_types_is_cut_at_empty_lines(report_of: Report) -> None:
    report = report_of("%T Corn\n%A Newman\n\n\n%T Rye\n%A Oldman\n")
    assert [record.title for record in report.records] == ["Corn", "Rye"]


def test_a_block_without_type_among_typed_ones_is_reported(report_of: Report) -> None:
    report = report_of("%0 Book\n%T One\n\n%T Contents\n%D 2021\n")
    assert only(report).title == "One"
    assert report.problems[0].position == 4
    assert "%T Contents" in report.problems[0].raw


def test_two_types_at_the_top_are_one_record(report_of: Report) -> None:
    record = only(report_of("%0 Serial\n%0 Audio\n%T Podcast\n"))
    assert (record.title, record.type, record.extra) == ("Podcast", "Serial", {"%0": ("Audio",)})


def test_a_file_of_one_type_line_is_one_empty_record(report_of: Report) -> None:
    report = report_of("%0 Audio\n%0 Book\n%T A\nfree words\n")
    assert only(report).title == "A free words"


@pytest.mark.parametrize("text", ["%0 Book\n", "100 %\n%A\n"])
def test_percent_signs_alone_are_no_endnote(report_of: Report, text: str) -> None:
    assert report_of(text).is_refused


def test_stray_text_between_blocks_is_reported(report_of: Report) -> None:
    report = report_of("A banner\n%0 Book\n%T One\n\nfree words\n\n%0 Book\n%T Two\n")
    assert len(report.records) == 2
    assert all(problem.severity is Severity.WARNING for problem in report.problems)
    assert [problem.position for problem in report.problems] == [1, 5]


@pytest.mark.parametrize(
    "text",
    [
        f"A banner\n{NBIB}",
        f"A banner\n{WOS}",
        f"A banner\n{OVID_TAGS}",
        f"A banner\n{ENW}",
    ],
)
def test_a_banner_above_the_first_record_is_reported(report_of: Report, text: str) -> None:
    report = report_of(text)
    assert report.records
    assert (report.problems[0].position, report.problems[0].raw) == (1, "A banner\n")
