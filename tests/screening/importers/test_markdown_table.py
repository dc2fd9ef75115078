import csv
from pathlib import Path

import pytest

from screening.importers.inline import read_cell
from screening.importers.markdown_table import split_row
from screening.importers.parsed import Severity
from screening.importers.reader import ReadOptions
from screening.importers.report import ReportOptions, report_on
from tests.screening.importers.conftest import MakeFile, Report, messages, only

LISTS = {
    "list_a.md": ("awesome list A", 38),
    "list_b.md": ("awesome list B", 43),
    "list_c.md": ("Awesome-Medical", 11),
}


@pytest.mark.parametrize("name", LISTS)
def test_each_row_of_the_real_lists_equals_the_record_made_by_hand(
    shared_data: Path, name: str
) -> None:
    start, count = LISTS[name]
    folder = shared_data / "ssl_review"
    with (folder / "records.csv").open(encoding="utf-8", newline="") as stream:
        wanted = [row for row in csv.DictReader(stream) if row["source_list"].startswith(start)]
    report = report_on(folder / name, ReportOptions(keep=100))
    assert len(wanted) == count == report.found == len(report.records)
    for row, record in zip(wanted, report.records, strict=True):
        links = {str(link.role): link.raw for link in record.urls}
        assert record.title == row["title"]
        assert str(record.year) == row["year"]
        assert record.venue == row["venue"]
        assert links.get("preprint", "") == row["url_preprint"]
        assert links.get("official", "") == row["url_official"]
        assert links.get("code", "") == row["url_code"]
        assert record.arxiv_id == row["arxiv_id"].partition("v")[0]
        assert record.doi == row["doi_in_url"]
        assert record.extra.get("modality", ("",))[0] == row["modality_as_given"]
        assert record.extra.get("category", ("",))[0] == row["category_as_given"]


def test_the_empty_row_of_list_c_is_reported_as_empty(shared_data: Path) -> None:
    (problem,) = report_on(shared_data / "ssl_review" / "list_c.md").problems
    assert (problem.position, problem.severity) == (17, Severity.WARNING)
    assert "Empty row" in problem.message


def test_the_row_of_list_a_that_lacks_a_cell_is_reported(shared_data: Path) -> None:
    (problem,) = report_on(shared_data / "ssl_review" / "list_a.md").problems
    assert problem.position == 35
    assert problem.message.endswith("The missing cell was taken to be 'Paper'.")


def test_records_csv_is_complete(shared_data: Path) -> None:
    report = report_on(shared_data / "ssl_review" / "records.csv")
    assert (report.found, report.problems) == (175, [])


def test_the_year_comes_from_the_heading_and_sections_become_categories(report_of: Report) -> None:
    table = "|Title|Link|\n|---|---|\n"
    report = report_of(
        f"# List\n## 2021\n### Contrastive\n{table}|One|[x](http://a.example)|\n"
        f"### Generative\n{table}|Two|N/A|\n## 2020\n{table}|Three||\n"
    )
    got = [(r.year, r.extra.get("category", ("",))[0]) for r in report.records]
    assert got == [(2021, "Contrastive"), (2021, "Generative"), (2020, "")]


def test_badges_and_images_are_left_out_but_their_links_stay(report_of: Report) -> None:
    report = report_of(
        "|Title|Paper|\n|---|---|\n"
        "|**One** ![new](n.png)|[![badge](b.svg)](https://arxiv.org/abs/2101.01234)|\n"
    )
    record = only(report)
    assert record.title == "One"
    assert (record.arxiv_id, record.urls[0].label) == ("2101.01234", "")


def test_tracking_parameters_leave_the_link_and_stay_in_the_raw_one(report_of: Report) -> None:
    url = "https://x.example/p?id=7&utm_source=mail&casa_token=abc"
    link = only(report_of(f"|Title|Paper|\n|--|--|\n|One|[Link]({url})|\n")).urls[0]
    assert (link.url, link.raw) == ("https://x.example/p?id=7", url)


def test_a_linked_title_gives_title_and_link(report_of: Report) -> None:
    report = report_of(
        '|Paper|Note|\n|--|--|\n|<a href="https://doi.org/10.1000/x">A<br>b</a>|n|\n'
    )
    record = only(report)
    assert (record.title, record.doi, record.extra["Note"]) == ("A b", "10.1000/x", ("n",))


def test_authors_keywords_and_words_beside_links_are_kept(report_of: Report) -> None:
    report = report_of(
        "|Title|Authors|Keywords|Resources|\n|--|--|--|--|\n"
        "|One|A. Moreau, B. Berg|x, y|[Data](http://d.example) on request|\n"
    )
    record = only(report)
    assert record.authors == ("A. Moreau", "B. Berg")
    assert record.keywords == ("x, y",)
    assert record.extra["Resources"] == ("Data on request",)


def test_tables_in_code_and_tables_without_titles_are_no_records(report_of: Report) -> None:
    report = report_of(
        "```\n|Title|x|\n|--|--|\n|code|1|\n```\n|Metric|Value|\n|--|--|\n|AUC|1|\n\n"
        "|Title|x|\n|--|--|\n|Real|1|\n"
    )
    assert only(report).title == "Real"


def test_a_file_of_other_tables_is_refused(report_of: Report) -> None:
    report = report_of("|Metric|Value|\n|--|--|\n|AUC|1|\n")
    assert report.is_refused
    assert "No table with a title column" in messages(report)


def test_a_row_with_too_many_cells_keeps_them(report_of: Report) -> None:
    report = report_of("|Title|Year|\n|--|--|\n|One|2020|more|\n")
    assert only(report).extra["column 3"] == ("more",)
    assert "3 cells, the header 2" in messages(report)


def test_a_mapping_given_by_a_person_wins(make_file: MakeFile) -> None:
    options = ReportOptions(read=ReadOptions(mapping={"Was": "title"}), keep=2)
    assert only(report_on(make_file("|Was|Y|\n|--|--|\n|One|2|\n"), options)).title == "One"


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("| a | b |", ["a", "b"]),
        ("a|b", ["a", "b"]),
        (r"|a\|b|c|", ["a|b", "c"]),
        ("|`x|y`|c|", ["`x|y`", "c"]),
        ("|a||", ["a", ""]),
        ("|lone ` tick|c|", ["lone ` tick", "c"]),
    ],
)
def test_rows_are_split_at_bars(line: str, row: list[str]) -> None:
    assert split_row(line) == row


def test_an_unclosed_link_in_html_is_closed_at_the_end_of_the_cell() -> None:
    assert read_cell('<a href="http://a.example">word').links == (("http://a.example", "word"),)
