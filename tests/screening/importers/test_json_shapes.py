"""Items of JSON whose parts have another shape than the format says: kept, told, never a crash."""

import json
from typing import Any

import pytest

from tests.screening.importers.conftest import Report, messages, only

STRANGE: tuple[Any, ...] = (5, 1.5, True, "words", ["words"], [5], [None], [[1]], {"a": [1]}, [{}])
ZOTERO = {
    "itemType": "journalArticle",
    "title": "A title",
    "creators": [{"lastName": "Curie", "firstName": "M.", "creatorType": "author"}],
    "tags": [{"tag": "one"}],
    "url": "https://example.org/",
}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "title": "A title",
    "abstract_inverted_index": {"Words": [0], "here": [1]},
    "primary_location": {"source": {"display_name": "A Journal"}},
    "biblio": {"volume": "3"},
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/123"},
    "keywords": [{"display_name": "one"}],
    "authorships": [{"author": {"display_name": "M. Curie"}}],
}
CSL = {
    "title": "A title",
    "type": "article-journal",
    "author": [{"family": "Curie", "given": "M."}],
    "issued": {"date-parts": [[2021, 3]]},
    "keyword": "one; two",
}
PAPER = {
    "paperId": "1",
    "title": "A title",
    "journal": {"name": "A Journal"},
    "externalIds": {"DOI": "10.1000/x"},
    "authors": [{"name": "M. Curie"}],
}
ITEMS = {"zotero_json": ZOTERO, "openalex_json": OPENALEX, "csl_json": CSL}
ITEMS["semantic_scholar_json"] = PAPER


@pytest.mark.parametrize("strange", STRANGE, ids=repr)
@pytest.mark.parametrize("kind", ITEMS)
def test_a_part_of_another_shape_costs_no_other_part(
    kind: str, strange: Any, report_of: Report
) -> None:
    signs = {"id", "itemType", "paperId", "type", "title"}
    for name in ITEMS[kind].keys() - signs:
        found = report_of(json.dumps([{**ITEMS[kind], name: strange}]))
        assert (found.format, found.imported) == (kind, 1)
        assert only(found).title == "A title"


def test_what_has_another_shape_is_kept_and_told(report_of: Report) -> None:
    item = {**CSL, "author": "Curie, M.", "subject": {"a": 1}}
    found = report_of(json.dumps([item]))
    assert only(found).authors == ()
    assert only(found).extra["author"] == ("Curie, M.",)
    assert "'author' is no list here; it was kept as it stands." in messages(found)


def test_one_strange_element_leaves_the_others(report_of: Report) -> None:
    found = report_of(json.dumps([{**PAPER, "authors": [7, {"name": "M. Curie"}, "B"]}]))
    assert only(found).authors == ("M. Curie",)
    assert only(found).extra["authors"] == ('[7, "B"]',)
    assert "'authors' is no list of objects here; it was kept as it stands." in messages(found)


def test_an_item_nested_without_end_is_told(report_of: Report) -> None:
    deep = "[" * 900 + "]" * 900
    found = report_of('[{"title": "One", "type": "a", "strange": ' + deep + "}]")
    assert found.imported + len(found.problems) == 1
