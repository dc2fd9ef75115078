"""Which of the wanted reports a document is: by the DOI in it, then by its title."""

import pytest

from screening.dedup.documents import Document, Finder, Wanted

ONE = "Self-supervised learning for chest radiograph classification"
TWO = "Contrastive pre-training of histopathology encoders at scale"
FINDER = Finder(
    [Wanted(1, ONE, ("10.1000/one",)), Wanted(2, TWO, ("10.1000/two", "10.4800/pre.2"))]
)


def find(*pages, **facts):
    return FINDER.find(Document(facts.pop("name", "x.pdf"), pages, **facts))


@pytest.mark.parametrize(
    "text",
    [
        "Vol 3\nhttps://doi.org/10.1000/ONE.\nAbstract",
        "doi:10.1000/one, cites 10.1000/two too",
        "broken 10.1000/\none over a line",
        "Some page\n10.4800/other\n" + ONE + "\n10.1000/one",
    ],
)
def test_the_first_doi_or_one_whose_title_agrees_decides(text):
    finding = find(text)
    expected = None if "cites" in text else 1
    assert (finding.key, finding.candidates[0].key) == (expected, 1)
    assert finding.method == ("doi" if expected else "")


def test_a_doi_of_a_duplicate_record_and_one_on_the_second_page_count():
    assert find("Cover", "10.4800/pre.2").key == 2
    assert find("Cover", "more", "10.4800/pre.2").key is None


def test_a_doi_that_the_file_states_wins_over_those_it_cites():
    finding = find("10.1000/two", dois=["https://doi.org/10.1000/one"])
    assert (finding.key, finding.method) == (1, "doi")


def test_a_cited_doi_after_another_ones_own_decides_nothing():
    finding = find("doi 10.5555/own\nIn reply to 10.1000/one we say")
    assert finding.key is None
    assert [one.key for one in finding.candidates] == [1]


def test_a_title_that_contradicts_the_doi_is_left_to_a_person():
    finding = find(f"10.1000/two\n{ONE}")
    assert finding.key is None
    assert {one.key for one in finding.candidates} == {1, 2}


@pytest.mark.parametrize(
    "text",
    [
        f"JOURNAL OF X\n{ONE.upper()}\nA. Moreau",
        "Self-supervised learning for chest radio-\ngraph classi\ufb01cation\nA. Moreau",
        "Self-supervised\nlearning for chest\nradiograph classification",
    ],
)
def test_without_a_doi_the_title_decides(text):
    finding = find(text)
    assert (finding.key, finding.method) == (1, "title")


def test_equal_titles_short_titles_and_foreign_documents_decide_nothing():
    twins = Finder([Wanted(1, ONE), Wanted(2, ONE)])
    assert twins.find(Document("x.pdf", [ONE])).key is None
    short = Finder([Wanted(1, "Deep learning")])
    assert short.find(Document("x.pdf", ["Deep learning in dogs"])).key is None
    assert find("A cookbook of soups and stews for the winter").candidates == ()


def test_a_title_within_a_longer_one_does_not_take_its_document():
    longer = f"{ONE}: a multicentre reader study"
    finder = Finder([Wanted(1, ONE), Wanted(2, longer)])
    assert finder.find(Document("x.pdf", [f"{longer}\nAuthors"])).key == 2
    assert finder.find(Document("x.pdf", [f"{ONE}\nAuthors"])).key == 1


def test_a_scan_is_only_suggested_by_its_name():
    finding = find("", name="contrastive_pre-training_histopathology_encoders.pdf")
    assert finding.key is None
    assert [one.key for one in finding.candidates] == [2]
