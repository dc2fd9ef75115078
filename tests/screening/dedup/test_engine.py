"""The nasty cases of real searches: merged, asked about, or left alone."""

from dataclasses import replace

import pytest

from screening.dedup import DedupRecord, DuplicateIndex, find_duplicates

PAPER = DedupRecord(
    id="a",
    title="Intestinal lipoprotein overproduction in insulin-resistant states of the gut",
    authors=("Adeli, K.", "Lewis, G. F."),
    year=2008,
    venue="Current Opinion in Lipidology",
    volume="19",
    issue="3",
    pages="482-491",
    doi="10.1097/mol.1",
    abstract="Excessive postprandial lipemia is highly prevalent in obese individuals. " * 5,
    type="article",
)
BARE = replace(PAPER, doi="", abstract="", type="")
TITLE = PAPER.title
OTHER_ABSTRACT = "We randomised four hundred nursing homes to receive vitamins or placebo. " * 5


def answer(one, two):
    result = find_duplicates([replace(one, id="a"), replace(two, id="b")])
    if result.merged:
        return "merge"
    return "suggest" if result.suggested else "different"


@pytest.mark.parametrize(
    "changes",
    [
        {"pages": "482-91"},
        {"pages": "482"},
        {"pages": "e12724"},
        {"venue": "Curr Opin Lipidol"},
        {"title": f"[{TITLE}]. [German]"},
        {"title": f"{TITLE}. [Review] [24 refs]"},
        {"title": TITLE.upper()},
        {"title": TITLE.replace("insulin-resistant", "insulin resistant")},
        {"title": TITLE.replace("overproduction", "overproductlon")},
        {"title": f"{TITLE}: a review of what we know"},
        {"authors": ("K Adeli", "GF Lewis")},
        {"authors": ("Khosrow, Adeli", "Gary, Lewis")},
        {"authors": ("Ad?li K.", "Lewis G.")},
        {"year": 2009},
        {"volume": "", "pages": ""},
        {"volume": "3)"},
        {"year": None},
        {"authors": (), "pages": "482"},
    ],
    ids=str,
)
def test_one_report_written_in_two_ways_is_merged(changes):
    assert answer(BARE, replace(BARE, **changes)) == "merge"


@pytest.mark.parametrize(
    "doi",
    ["https://doi.org/10.1097/MOL.1", "10.1097%2Fmol.1", "doi:10.1097/mol.1."],
)
def test_the_same_identifier_with_the_same_title_is_merged(doi):
    bare = DedupRecord(id="b", title=TITLE, doi=doi)
    assert answer(PAPER, bare) == "merge"


def test_a_spreadsheet_date_is_a_page_range():
    one = replace(BARE, pages="1-10")
    assert answer(one, replace(one, pages="01-Oct")) == "merge"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": f"Retracted: {TITLE}"},
        {"title": f"Corrigendum to: {TITLE}"},
        {"title": f"Comment on: {TITLE}"},
        {"title": f"{TITLE}: authors' reply"},
        {"venue": "arXiv", "volume": "", "pages": "", "doi": ""},
        {"venue": "ClinicalTrials.gov", "volume": "", "pages": ""},
        {"title": f"{TITLE}. Part II"},
        {"doi": "10.1097/mol.1", "title": "Vitamins in nursing homes"},
        {"doi": "10.1097/other", "pages": "S12"},
        {"year": 2009, "volume": "", "pages": "", "doi": ""},
        {"title": "Darmlipoproteine bei Insulinresistenz", "doi": ""},
    ],
    ids=str,
)
def test_what_is_not_surely_one_report_is_asked_about(changes):
    assert answer(PAPER, replace(PAPER, **changes)) == "suggest"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": f"Erratum: {TITLE}", "pages": "900", "doi": "10.1097/mol.2", "volume": "20"},
        {"title": "Vitamins in nursing homes", "pages": "12-19", "doi": ""},
        {"title": "", "pages": "12-19", "doi": ""},
        {
            "title": "Vitamins in nursing homes: a trial",
            "authors": ("Miller, A.",),
            "pages": "12",
            "abstract": OTHER_ABSTRACT,
        },
    ],
    ids=str,
)
def test_different_reports_are_left_alone(changes):
    assert answer(PAPER, replace(PAPER, **changes)) == "different"


def test_the_same_wrong_doi_on_two_abstracts_of_a_supplement_is_never_merged():
    one = replace(PAPER, pages="S51", authors=("Chen, R.", "Wang, Y.", "Liang, L."))
    two = replace(one, title=f"The {TITLE}", pages="S52", abstract=OTHER_ABSTRACT)
    assert answer(one, two) == "suggest"


@pytest.mark.parametrize(
    "title", [TITLE.replace("gut", "liver"), TITLE.replace("insulin-resistant", "starving")]
)
def test_another_word_on_one_page_of_abstracts_is_another_text(title):
    one = replace(BARE, pages="S321")
    assert answer(one, replace(one, title=title)) == "suggest"


def test_bilingual_editions_are_never_merged():
    other = replace(
        PAPER, venue="Lipidologie heute", volume="77", pages="12-21", doi="10.1000/german"
    )
    assert answer(PAPER, other) == "suggest"


def test_an_abstract_and_its_paper_are_never_merged():
    talk = replace(PAPER, doi="", volume="12", pages="S33", venue="Hepatology", type="conference")
    assert answer(PAPER, talk) == "suggest"


def test_updates_of_a_living_review_are_never_merged():
    one = replace(
        PAPER, venue="Cochrane Database of Systematic Reviews", pages="CD006787", volume="", doi=""
    )
    assert answer(one, replace(one, year=2012)) == "suggest"
    assert answer(one, replace(one, issue="7")) == "suggest"
    assert answer(one, one) == "merge"


def test_weak_data_is_asked_about_and_not_merged():
    weak = DedupRecord(
        id="a", title=TITLE, authors=PAPER.authors, year=2008, venue="Current Opinion in Lipidology"
    )
    assert answer(weak, weak) == "suggest"


def test_a_common_title_names_no_report():
    one = replace(BARE, title="Editorial", pages="", authors=("Smith, J.",))
    assert answer(one, one) == "suggest"
    assert answer(one, replace(one, authors=("Miller, A.",))) == "different"


def test_anonymous_records_of_one_place_are_merged():
    one = replace(BARE, authors=("Anonymous",))
    assert answer(one, one) == "merge"


def test_one_issue_that_lists_a_text_twice_gives_one_report():
    assert answer(BARE, replace(BARE, pages="S8")) == "merge"
    assert answer(BARE, replace(BARE, pages="S8", issue="")) == "suggest"


def test_different_trial_registrations_are_not_merged():
    one = DedupRecord(id="a", title=f"{TITLE} NCT01234567", venue="ClinicalTrials.gov", year=2008)
    assert answer(one, replace(one, title=f"{TITLE} NCT07654321")) != "merge"


def test_two_links_to_one_preprint_are_merged_whatever_venue_is_named():
    one = DedupRecord(id="a", title=TITLE, venue="ICCV", arxiv_id="2101.05224v2", year=2021)
    assert answer(one, replace(one, venue="arXiv", arxiv_id="2101.05224")) == "merge"
    assert answer(replace(one, doi="10.1000/iccv"), replace(one, venue="arXiv")) == "suggest"


def test_a_chain_does_not_join_what_its_ends_keep_apart():
    one = replace(PAPER, doi="10.1097/one", pages="", volume="")
    two = replace(PAPER, id="b", doi="")
    three = replace(PAPER, id="c", doi="10.1097/three", pages="", volume="")
    result = find_duplicates([one, two, three])
    assert [len(group) for group in result.merged] == [2]
    assert len(result.suggested) == 1


def test_a_rejected_pair_is_neither_merged_nor_asked_again():
    copy = replace(PAPER, id="b")
    result = find_duplicates([PAPER, copy], rejected=[("b", "a")])
    assert not result.merged
    assert not result.suggested


def test_a_rejected_pair_is_not_merged_by_way_of_a_third_record():
    records = [PAPER, replace(PAPER, id="b"), replace(PAPER, id="c")]
    result = find_duplicates(records, rejected=[("a", "c")])
    assert result.merged == (("a", "b"),)
    assert not result.suggested


def test_a_link_says_why():
    result = find_duplicates([PAPER, replace(PAPER, id="b", year=2009, pages="S482")])
    link = result.links["a", "b"]
    assert link.rule == "same identifier and title"
    texts = [reason.text for reason in link.reasons]
    assert "Same DOI 10.1097/mol.1" in texts
    assert "Year 2008, 2009" in texts


def test_a_suggestion_says_what_is_missing():
    two = DedupRecord(id="b", title=f"{TITLE} in II", authors=(), arxiv_id="2102.10680")
    result = find_duplicates([replace(BARE, authors=(), arxiv_id="2102.10680"), two])
    texts = [reason.text for reason in result.suggested[0].reasons]
    assert "No authors in one of the two" in texts
    assert "Numbers in the titles differ" in texts


def test_a_missing_title_is_said():
    result = find_duplicates([PAPER, DedupRecord(id="b", doi=PAPER.doi)])
    assert result.suggested[0].reasons[1].text == "A title is missing"


def test_new_records_give_the_same_answer_as_one_run():
    records = [
        replace(PAPER, id=str(place), title=f"{TITLE} {place // 2}", pages=str(place // 2))
        for place in range(12)
    ]
    index = DuplicateIndex()
    index.add(records[:7])
    assert index.add(records[7:]) == find_duplicates(records)


def test_two_records_with_one_id_are_refused():
    with pytest.raises(ValueError, match="'a'"):
        find_duplicates([PAPER, PAPER])


def test_a_very_common_key_does_not_compare_everything():
    records = [
        DedupRecord(id=str(n), title="Editorial", year=2000, venue="Blood", volume=str(n))
        for n in range(400)
    ]
    assert not find_duplicates(records).merged


def test_records_without_anything_are_different():
    assert answer(DedupRecord(id="a"), DedupRecord(id="b")) == "different"


def test_one_page_and_one_text_outweigh_a_wrong_doi_in_a_group():
    one = replace(PAPER, pages="e24", volume="59")
    two = replace(one, id="b", doi="", volume="1")
    three = replace(one, id="c", doi="10.1000/wrong", volume="1")
    assert find_duplicates([one, two, three]).merged == (("a", "b", "c"),)


def test_second_titles_are_compared_with_first_ones():
    german = "Wirksamkeit von Lipoproteinen bei insulinresistenten Menschen"
    one = replace(BARE, title=f"{TITLE} [{german}]")
    assert answer(one, replace(BARE, title=german)) == "merge"
    assert answer(one, replace(BARE, title=f"Lipoproteins in the resistant [{german}]")) == "merge"


PROCEEDINGS = replace(BARE, volume="", issue="", venue="Workshop on Lipids", type="conference")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "merge"),  # the same first and last page of one venue and year
        ({"pages": "482", "venue": ""}, "suggest"),
        ({"pages": "1201"}, "suggest"),  # an abstract stands elsewhere than its paper
        ({"year": 2007}, "suggest"),
        ({"authors": ("Adeli, K.", "Nguyen, T.")}, "suggest"),
    ],
)
def test_a_paper_that_one_source_calls_a_conference_paper(changes, expected):
    assert answer(replace(PROCEEDINGS, type="article"), replace(PROCEEDINGS, **changes)) == expected


def test_a_conference_paper_under_the_doi_of_the_article():
    one = replace(PROCEEDINGS, doi="10.1000/x", pages="482", venue="")
    assert answer(one, replace(one, type="article")) == "merge"
    assert answer(one, replace(one, type="article", pages="")) == "suggest"
    other = replace(one, type="article", abstract=OTHER_ABSTRACT)
    assert answer(replace(one, abstract=PAPER.abstract), other) == "suggest"


def test_a_missing_year_or_author_is_no_licence_to_merge_what_differs():
    assert answer(BARE, replace(BARE, year=None, venue="The Lancet")) == "suggest"
    assert answer(BARE, replace(BARE, year=None, authors=("Adeli, K.", "Ng, T."))) == "suggest"
    assert answer(BARE, replace(BARE, authors=(), pages="482", venue="")) != "merge"
    assert answer(BARE, replace(BARE, authors=(), title=f"{TITLE} part 2")) != "merge"
