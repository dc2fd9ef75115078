from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importers.files import Head
from screening.importers.parsed import Problem
from screening.importers.ris import RisReader, syntax_of
from screening.importers.tagged import Block, cut_blocks, lines_of
from tests.screening.importers.conftest import Report, messages, only

ONE = """TY  - JOUR
TI  - A title
AU  - Moreau, Alice
AU  - Berg, Bo
PY  - 2021/03/04
JF  - Journal of Tests
JA  - J. Tests
VL  - 7
IS  - 2
SP  - 101
EP  - 109
DO  - https://doi.org/10.1000/ABC.1
UR  - https://arxiv.org/abs/2101.01234v2
KW  - one
KW  - two
LA  - en
AB  - First sentence.
Second paragraph.
C9  - kept
ER  -
"""


def test_every_field_of_a_record_is_read(report_of: Report) -> None:
    record = only(report_of(ONE))
    assert record.title == "A title"
    assert record.authors == ("Moreau, Alice", "Berg, Bo")
    assert (record.year, record.venue, record.type) == (2021, "Journal of Tests", "JOUR")
    assert (record.volume, record.issue, record.pages) == ("7", "2", "101-109")
    assert (record.doi, record.arxiv_id) == ("10.1000/ABC.1", "2101.01234")
    assert record.keywords == ("one", "two")
    assert record.abstract == "First sentence.\nSecond paragraph."
    assert record.position == 1
    assert record.raw_text == ONE


def test_unknown_tags_and_values_that_lost_their_field_are_kept(report_of: Report) -> None:
    extra = only(report_of(ONE)).extra
    assert extra["C9"] == ("kept",)
    assert extra["JA"] == ("J. Tests",)
    assert extra["PY"] == ("2021/03/04",)


def test_a_record_without_an_end_line_is_kept_and_reported(report_of: Report) -> None:
    report = report_of("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n")
    assert [record.title for record in report.records] == ["One", "Two"]
    assert "next one begins here" in messages(report)
    assert "last record has no end line" in messages(report)


def test_a_record_without_its_first_line_is_kept_and_reported(report_of: Report) -> None:
    report = report_of("TY  - JOUR\nTI  - One\nER  - \nTI  - Two\nAU  - B\nER  - \n")
    assert [record.title for record in report.records] == ["One", "Two"]
    assert "begins with TI" in messages(report)


def test_tags_after_the_end_line_belong_to_the_record_before(report_of: Report) -> None:
    report = report_of(
        "TY  - JOUR\nTI  - One\nER  - \nNL  - Abbr\n\n2.\nTY  - JOUR\nTI  - Two\nER  -\n"
    )
    assert report.records[0].extra["NL"] == ("Abbr",)
    assert len(report.records) == 2


def test_text_outside_every_record_is_reported_with_its_line(report_of: Report) -> None:
    report = report_of("A banner\nTY  - JOUR\nTI  - One\nER  - \n")
    assert report.problems[0].position == 1
    assert "outside every record" in report.problems[0].message
    assert report.problems[0].raw == "A banner\n"


def test_counters_between_records_are_no_problem(report_of: Report) -> None:
    assert not report_of("1.\nTY  - JOUR\nTI  - One\nER  - \n").problems


def test_a_file_with_one_blank_before_the_dash_is_read(report_of: Report) -> None:
    assert only(report_of("TY - JOUR\nTI - Narrow tags\nER -\n")).title == "Narrow tags"


def test_a_line_of_an_abstract_that_looks_like_a_tag_is_no_tag(report_of: Report) -> None:
    text = "TY  - JOUR\nTI  - One\nAB  - We used\nMR - the imaging - here\nER  - \n"
    assert only(report_of(text)).abstract == "We used MR - the imaging - here"


def test_wrapped_titles_are_joined_by_a_blank(report_of: Report) -> None:
    assert only(report_of("TY  - JOUR\nTI  - One\nlong title\nER  - \n")).title == "One long title"


def test_a_doi_in_m3_is_read(report_of: Report) -> None:
    assert only(report_of("TY  - JOUR\nTI  - T\nM3  - 10.1000/x\nER  - \n")).doi == "10.1000/x"


def test_several_links_on_one_line_are_several_links(report_of: Report) -> None:
    text = "TY  - JOUR\nTI  - T\nUR  - http://a.example; http://b.example\nL1  - file.pdf\nER  - \n"
    assert [link.url for link in only(report_of(text)).urls] == [
        "http://a.example",
        "http://b.example",
        "file.pdf",
    ]


def test_authors_on_one_line_with_semicolons_are_several(report_of: Report) -> None:
    text = "TY  - JOUR\nTI  - T\nAU  - A, B; C, D\nAU  - \nER  - \n"
    assert only(report_of(text)).authors == ("A, B", "C, D")


def test_a_record_without_a_title_is_kept_with_a_warning(report_of: Report) -> None:
    report = report_of("TY  - JOUR\nAU  - A\nER  - \n")
    assert only(report).authors == ("A",)
    assert "no title" in messages(report)


def test_line_ends_of_all_kinds_may_be_mixed(report_of: Report) -> None:
    text = "TY  - JOUR\rTI  - One\r\nER  - \nTY  - JOUR\r\nTI  - Two\u2028still two\rER  - \r"
    assert [record.title for record in report_of(text).records] == ["One", "Two still two"]


def test_other_text_is_no_ris() -> None:
    assert RisReader().confidence(Head(b"x", "Dear TY  - friend", is_whole=True)) == 0


words = st.text(
    st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=20
)


@given(titles=st.lists(words, min_size=1, max_size=8))
def test_as_many_records_come_out_as_were_written(titles: list[str]) -> None:
    text = "".join(f"TY  - JOUR\nTI  - {title}\nER  - \n" for title in titles)
    blocks = [b for b in cut_blocks([(1, text)], syntax_of(text)) if isinstance(b, Block)]
    assert [block.fields[1][1].strip() for block in blocks] == [title.strip() for title in titles]
    assert "".join(block.raw_text for block in blocks).strip() == text.strip()


pieces = st.sampled_from(
    [
        "TY  - JOUR",
        "ER  - ",
        "TI  - One",
        "TI  - ",
        "AB  - x",
        "  y z",
        "NL",
        "12.",
        "",
        " ",
        "free",
    ]
)
ends = st.sampled_from(["\n", "\r\n", "\r"])


@given(lines=st.lists(st.tuples(pieces, ends), max_size=30), cuts=st.sets(st.integers(0, 30)))
def test_whole_records_are_cut_as_line_by_line(
    lines: list[tuple[str, str]], cuts: set[int]
) -> None:
    """The quick way through a file and the careful one give the same blocks and problems."""
    by_line = [(number, f"{text}{end}") for number, (text, end) in enumerate(lines, 1)]
    if any(a.endswith("\r") and b == "\n" for (_, a), (_, b) in pairwise(by_line)):
        return  # the two would be one line end
    windows: list[tuple[int, str]] = []
    for number, line in by_line:
        if not windows or number in cuts:
            windows.append((number, ""))
        windows[-1] = (windows[-1][0], windows[-1][1] + line)
    syntax = syntax_of("TY  - ")
    careful = cut_blocks(by_line, replace(syntax, edges=None))
    assert list(map(_seen, cut_blocks(windows, syntax))) == list(map(_seen, careful))


def _seen(item: Block | Problem) -> object:
    if isinstance(item, Problem):
        return item
    fields = [(tag, lines_of(value)) for tag, value in item.fields]
    return (item.position, fields, item.raw_text, item.problems)


def test_a_record_that_never_ends_is_cut_and_the_next_one_read(
    report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.importers.bounds.ROOM", 2000)
    lines = "AB  - first\n" + "and on it goes\n" * 100
    report = report_of(f"TY  - JOUR\nTI  - One\n{lines}TY  - JOUR\nTI  - Two\nER  - \n")
    assert [record.title for record in report.records] == ["One", "Two"]
    (problem,) = [one for one in report.problems if "longer" in one.message]
    assert problem.position == 1
    assert "longer than 2,000 letters" in problem.message
    assert len(report.records[0].raw_text) < 2000


def test_lines_outside_are_counted_and_only_their_beginning_is_kept(report_of: Report) -> None:
    stray = "".join(f"stray {number}\n" for number in range(5000))
    report = report_of(f"TY  - JOUR\nTI  - One\nER  - \n1.\n{stray}TY  - JOUR\nTI  - Two\nER  - \n")
    (problem,) = report.problems
    assert problem.message == "5000 lines stand outside every record."
    assert problem.position == 5
    assert problem.raw.startswith("stray 0\nstray 1\n")
    assert len(problem.raw) == 1000


def test_a_record_without_its_edges_is_no_tail_of_the_one_before(report_of: Report):
    report = report_of(
        "TY  - JOUR\nTI  - One\nER  - \nTI  - Two\nAU  - Lee, A.\n\n"
        "TY  - JOUR\nTI  - Three\nER  - \n"
    )
    assert [record.title for record in report.records] == ["One", "Two", "Three"]
    assert report.records[0].authors == ()
    assert "begins with TI, its first line is missing" in messages(report)


def test_a_few_tags_after_the_end_line_are_the_records_own(report_of: Report):
    report = report_of("TY  - JOUR\nTI  - One\nER  - \nUR  - https://example.org/1\n\n")
    assert [link.url for link in only(report).urls] == ["https://example.org/1"]
