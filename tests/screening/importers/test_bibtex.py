import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importers.bibtex import _entries
from screening.importers.latex import plain_text
from tests.screening.importers.conftest import Report, messages, only

ENTRY = """Scopus
EXPORT DATE: 7 July 2022

@string{jot = "Journal of Tests"}
@comment{nothing here}
@ARTICLE{Moreau2021,
  author = {Moreau, Alice and L{\\"u}ddeckens, J. and others},
  title = "The {SSL} of \\'etudes",
  journal = jot,
  year = 2021,
  volume = {7}, number = {2},
  pages = {101--109},
  doi = {10.1000/b_1},
  eprint = {2101.01234},
  keywords = {one; two},
  url = {https://x.example/a\\_b},
  note = {cited By 0} # { and 1},
}
"""


def test_an_entry_is_read(report_of: Report) -> None:
    report = report_of(ENTRY)
    record = only(report)
    assert (report.format, record.position) == ("bibtex", 6)
    assert record.authors == ("Moreau, Alice", "Lüddeckens, J.")
    assert (record.title, record.venue) == ("The SSL of études", "Journal of Tests")
    assert (record.year, record.volume, record.issue) == (2021, "7", "2")
    assert (record.pages, record.doi, record.arxiv_id) == ("101-109", "10.1000/b_1", "2101.01234")
    assert record.keywords == ("one", "two")
    assert record.urls[0].url == "https://x.example/a_b"
    assert record.extra == {"key": ("Moreau2021",), "note": ("cited By 0 and 1",)}
    assert record.type == "article"


def test_text_between_entries_is_reported(report_of: Report) -> None:
    (problem,) = report_of(ENTRY).problems
    assert (problem.position, problem.raw) == (1, "Scopus\nEXPORT DATE: 7 July 2022\n")
    report = report_of("@misc{a, title={One}},\n year = {2020}\n}\n% a comment\n@misc{b,title={T}}")
    assert [p.position for p in report.problems] == [1]
    assert "year = {2020}" in report.problems[0].raw


def test_an_entry_that_is_never_closed_costs_no_other(report_of: Report) -> None:
    report = report_of("@article{a,\n title = {One,\n year = 2020\n\n@article{b,\n title={Two}}\n")
    assert [record.title for record in report.records] == ["One", "Two"]
    assert report.records[0].year == 2020
    assert report.problems[0].position == 1
    assert "not closed" in messages(report)


def test_an_entry_without_a_key_is_read(report_of: Report) -> None:
    report = report_of("@article{title = {One}, year = {2020}}")
    assert (only(report).title, only(report).year) == ("One", 2020)
    assert "no key" in messages(report)


def test_a_key_with_blanks_is_a_key(report_of: Report) -> None:
    assert only(report_of("@book{ WOS:0004 x,\nTitle = {{One}}}")).title == "One"


def test_fields_without_a_comma_between_them_are_read_by_lines(report_of: Report) -> None:
    record = only(report_of('@article{a,\n title = {One}\n year = {2020},\n note = "open\n}\n'))
    assert (record.title, record.year) == ("One", 2020)


def test_an_entry_cut_off_at_the_end_of_the_file_is_kept(report_of: Report) -> None:
    report = report_of("@article{a,\n title = {One},\n abstract = {cut of")
    assert (only(report).title, only(report).abstract) == ("One", "cut of")
    assert "not closed" in messages(report)


def test_two_entries_on_one_line_are_two(report_of: Report) -> None:
    report = report_of("@misc{a, title={One}} @misc{b, title={Two}}\n@misc(c, title={T(hre)e})\n")
    assert [record.title for record in report.records] == ["One", "Two", "T(hre)e"]


def test_an_entry_of_nothing_is_a_record_without_a_title(report_of: Report) -> None:
    report = report_of("@misc{a}\n@misc{b, title={Two}}\n")
    assert len(report.records) == 2
    assert "no title" in messages(report)


def test_comments_alone_are_no_bibtex(report_of: Report) -> None:
    assert report_of("@comment{jabref-meta: x}\n").is_refused


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("{\\'E}cole", "École"),
        ('na{\\"\\i}ve', "naïve"),
        ("\\v{S}koda \\c c", "Škoda ç"),
        ("Stra{\\ss}e", "Straße"),
        ("AT\\&T 5\\% \\$3 a\\_b \\{x\\}", "AT&T 5% $3 a_b {x}"),
        ("\\emph{in vitro}~study", "in vitro study"),
        ("$\\alpha$-synuclein", "α-synuclein"),
        ("plain", "plain"),
        ("{Braces} {kept} out", "Braces kept out"),
    ],
)
def test_latex_becomes_plain_text(latex: str, text: str) -> None:
    assert plain_text(latex) == text


@given(st.text(alphabet="abc {}\\\"'~$%&é", max_size=30))
def test_plain_text_holds_no_braces_but_escaped_ones(latex: str) -> None:
    if "\\{" not in latex and "\\}" not in latex:
        assert not set("{}") & set(plain_text(latex))


titles = st.text("abcdefgh XYZ", min_size=1, max_size=20).filter(str.strip)


@given(st.lists(titles, min_size=1, max_size=6))
def test_as_many_entries_come_out_as_were_written(written: list[str]) -> None:
    text = "".join(f"@misc{{k{at},\n title = {{{title}}}\n}}\n" for at, title in enumerate(written))
    lines = ((at, f"{line}\n") for at, line in enumerate(text.split("\n"), 1))
    assert len(list(_entries(lines))) == len(written)


def test_an_entry_that_never_ends_is_cut_and_the_next_one_read(
    report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.importers.bounds.ROOM", 2000)
    lines = "word {word}\n" * 100
    report = report_of(f"@article{{a,\n title = {{One\n{lines}\n@article{{b, title = {{Two}}}}\n")
    assert [record.title[:3] for record in report.records] == ["One", "Two"]
    assert any("longer than 2,000 letters" in problem.message for problem in report.problems)
    assert len(report.records[0].raw_text) < 2000


def test_a_number_between_entries_is_reported_like_any_other_line(report_of: Report) -> None:
    report = report_of("@article{a, title = {One}}\n12.\n@article{b, title = {Two}}\n")
    (problem,) = report.problems
    assert (problem.position, problem.raw) == (2, "12.\n")
