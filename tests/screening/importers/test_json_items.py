import json

import pytest

from screening.importers import json_stream
from screening.importers.parsed import Severity
from tests.screening.importers.conftest import Report, messages, only

ZOTERO = {
    "key": "X",
    "data": {
        "itemType": "conferencePaper",
        "title": "A title",
        "creators": [
            {"creatorType": "author", "firstName": "Alice", "lastName": "Moreau"},
            {"creatorType": "author", "name": "The Group"},
            {"creatorType": "editor", "lastName": "Ed"},
        ],
        "proceedingsTitle": "Proceedings",
        "date": "2020-05",
        "DOI": "10.1000/z",
        "tags": [{"tag": "ssl"}],
        "url": "https://x.example",
        "ISBN": "1",
        "collections": [],
    },
}
CROSSREF = {
    "status": "ok",
    "message-type": "work-list",
    "message": {
        "items": [
            {
                "title": ["A title"],
                "container-title": ["Journal"],
                "DOI": "10.1000/c",
                "issued": {"date-parts": [[2019, 2]]},
                "author": [{"family": "Moreau", "given": "A"}, {"name": "The Group"}],
                "subject": ["Imaging"],
                "page": "1-2",
                "score": 1.5,
            }
        ]
    },
}
CSL = [
    {
        "id": 1,
        "type": "article",
        "title": "A title",
        "issued": {"raw": "May 2018"},
        "keyword": "a;b",
        "author": [{"literal": "The Group"}],
    },
    {"type": "article", "title": "Two", "issued": 2017},
]
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.1000/o",
    "title": "A title",
    "publication_year": 2012,
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/99"},
    "primary_location": {
        "landing_page_url": "https://arxiv.org/abs/1201.0490",
        "source": {"display_name": "Journal"},
    },
    "authorships": [{"author": {"display_name": "Alice Moreau"}}],
    "biblio": {"volume": "1", "first_page": "5", "last_page": "9"},
    "abstract_inverted_index": {"world": [1], "Hello": [0]},
    "keywords": [{"display_name": "learning"}],
}
SCHOLAR = {
    "data": [
        {
            "paperId": "x",
            "title": "A title",
            "year": 2021,
            "externalIds": {"DOI": "10.1000/s", "ArXiv": "2101.01234", "PubMed": "5"},
            "journal": {"name": "Journal", "volume": "3", "pages": "1-2"},
            "authors": [{"name": "Alice Moreau"}],
            "publicationTypes": ["Review"],
            "citationCount": 4,
        }
    ]
}


def test_zotero_items_are_read(report_of: Report) -> None:
    report = report_of(json.dumps([ZOTERO]))
    record = only(report)
    assert report.format == "zotero_json"
    assert (record.title, record.authors) == ("A title", ("Moreau, Alice", "The Group"))
    assert (record.year, record.venue, record.doi) == (2020, "Proceedings", "10.1000/z")
    assert record.extra["ISBN"] == ("1",)
    assert record.extra["editor"] == ("Ed",)
    assert json.loads(record.raw_text) == ZOTERO


def test_crossref_answers_are_read_page_by_page(report_of: Report) -> None:
    report = report_of(json.dumps([CROSSREF, CROSSREF]))
    assert report.format == "crossref_json"
    first, second = report.records
    assert (first.title, first.venue, first.year) == ("A title", "Journal", 2019)
    assert (first.authors, first.keywords) == (("Moreau, A", "The Group"), ("Imaging",))
    assert first.extra["score"] == ("1.5",)
    assert second.position == 2


def test_csl_items_are_read(report_of: Report) -> None:
    report = report_of(json.dumps(CSL))
    first, second = report.records
    assert report.format == "csl_json"
    assert (first.year, first.keywords, first.authors) == (2018, ("a", "b"), ("The Group",))
    assert (second.title, second.year) == ("Two", 2017)


def test_openalex_works_are_read(report_of: Report) -> None:
    report = report_of(json.dumps(OPENALEX))
    record = only(report)
    assert report.format == "openalex_json"
    assert (record.title, record.abstract, record.year) == ("A title", "Hello world", 2012)
    assert (record.doi, record.pmid, record.arxiv_id) == ("10.1000/o", "99", "1201.0490")
    assert (record.venue, record.pages, record.keywords) == ("Journal", "5-9", ("learning",))


def test_semantic_scholar_papers_are_read(report_of: Report) -> None:
    report = report_of(json.dumps(SCHOLAR))
    record = only(report)
    assert report.format == "semantic_scholar_json"
    assert (record.venue, record.volume, record.pages) == ("Journal", "3", "1-2")
    assert (record.doi, record.arxiv_id, record.pmid) == ("10.1000/s", "2101.01234", "5")
    assert record.extra["citationCount"] == ("4",)


def test_one_object_a_line_is_read(report_of: Report) -> None:
    lines = "\n".join(json.dumps(item) for item in CSL)
    assert len(report_of(lines).records) == 2


def test_an_item_that_is_no_object_is_rejected(report_of: Report) -> None:
    report = report_of(json.dumps([*CSL, "words"]))
    assert report.rejected == 1
    assert (report.problems[-1].position, report.problems[-1].severity) == (3, Severity.REJECTED)


def test_broken_json_is_refused_with_its_line(report_of: Report) -> None:
    report = report_of('[{"title": "A",\n "type": }]')
    assert report.is_refused
    assert report.problems[0].position == 2
    assert "broken in line 2" in messages(report)


def test_an_item_beyond_all_measure_is_refused(
    report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "MAX_ITEM", 1000)
    monkeypatch.setattr(json_stream, "_PIECE", 100)
    long = json.dumps([{"type": "article", "title": "long " * 1000}])
    assert "longer than 1,000 letters" in messages(report_of(long))


def test_json_that_breaks_off_keeps_what_stands_above(report_of: Report) -> None:
    text = json.dumps(CSL, indent=1)
    report = report_of(text[: text.rindex("Two")])
    assert [record.title for record in report.records] == ["A title"]
    assert (report.rejected, report.is_refused) == (1, False)
    assert report.problems[-1].position > 10
    assert '"type": "article"' in report.problems[-1].raw


@pytest.mark.parametrize("document", [ZOTERO, CROSSREF, CSL, OPENALEX])
def test_a_file_that_ends_anywhere_says_so_where_records_came_out_of_it(
    report_of: Report, document: object
) -> None:
    whole = json.dumps(document)
    for end in range(1, len(whole)):
        report = report_of(whole[:end])
        assert report.is_refused or report.problems or not report.imported, whole[:end]


def test_items_are_found_wherever_the_window_ends(
    report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "_PIECE", 7)
    whole = report_of(json.dumps(CROSSREF))
    monkeypatch.undo()
    assert whole.records == report_of(json.dumps(CROSSREF)).records


def test_half_a_pair_of_surrogates_becomes_a_question_mark(report_of: Report) -> None:
    text = '[{"type": "article", "title": "a \\ud800 title"}]'
    assert only(report_of(text)).title == "a ? title"


def test_the_raw_text_of_an_item_is_its_own_stretch(report_of: Report) -> None:
    text = '[{"type":"article",  "title": "One"},\n {"type":"article","title":"Two"}]'
    assert report_of(text).records[0].raw_text == '{"type":"article",  "title": "One"}'


def test_json_of_another_kind_is_refused(report_of: Report) -> None:
    assert report_of('{"colour": "red"}').is_refused
