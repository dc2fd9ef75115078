import pytest

from extraction.sheets.evidence import place_of
from reviewapp.demo.evidence import proof_of_basis, proof_of_result
from reviewapp.demo.tables import read_table


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("abstract of arXiv v1", "abstract"),
        ("image_source/cx_all_last_ci.PNG, ResNet18 panel", "figure"),
        ("README, Table II", "table"),
        ("notebook output", ""),
    ],
)
def test_the_place_is_read_off_the_words(words, place):
    assert place_of(words) == place


def test_a_title_as_basis_becomes_the_quote():
    proof = proof_of_basis("title as cited", "MoCo-CXR")
    assert proof == {
        "note": "Basis: title as cited",
        "quote": "MoCo-CXR",
        "location": "",
        "source_url": "",
    }


def test_an_address_in_the_basis_is_kept():
    proof = proof_of_basis("abstract https://example.org/a/; rule R1", "Title")
    assert (proof["source_url"], proof["location"], proof["quote"]) == (
        "https://example.org/a/",
        "abstract",
        "",
    )


def test_an_unknown_basis_proves_nothing():
    assert set(proof_of_basis("", "Title").values()) == {""}


def test_every_result_has_an_address_and_words_from_its_source():
    for row in read_table("results.csv"):
        proof = proof_of_result(row)
        assert proof["source_url"].startswith("https://")
        assert proof["quote"]
        assert proof["location"]


def test_a_digitised_figure_is_a_figure():
    digitised = next(r for r in read_table("results.csv") if r["read_method"] == "digitised figure")
    assert proof_of_result(digitised)["location"] == "figure"
