import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema.data_sets import named_in

KNOWN = {
    "CheXpert": ["CheXpert v1"],
    "ChestX-ray": [],
    "ChestX-ray14": ["NIH ChestX-ray14", "CXR14"],
    "MIMIC-CXR": ["MIMIC"],
    "ISIC": [],
}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("CheXpert", {"CheXpert"}),
        ("chexpert (small) and MIMIC-CXR", {"CheXpert", "MIMIC-CXR"}),
        ("MIMIC CXR", {"MIMIC-CXR"}),
        ("NIH ChestX-ray14", {"ChestX-ray14"}),
        ("ChestX-ray; ChestX-ray14", {"ChestX-ray", "ChestX-ray14"}),
        ("ISIC2019", set()),
        ("ISIC 2019", {"ISIC"}),
        ("in-house", set()),
        ("", set()),
    ],
)
def test_data_sets_are_found_as_whole_words(text, names):
    assert named_in(text, KNOWN) == names


def test_a_part_of_a_longer_name_does_not_count():
    known = {"CAMELYON": [], "CAMELYON lung": []}
    assert named_in("Camelyon lung", known) == {"CAMELYON lung"}
    assert named_in("Camelyon lung, Camelyon", known) == {"CAMELYON", "CAMELYON lung"}


def test_a_name_of_signs_only_names_nothing():
    assert named_in("anything", {"--": []}) == set()


@given(st.lists(st.sampled_from(["CheXpert", "ISIC", "MIMIC", "other words"]), max_size=4))
def test_order_and_signs_between_do_not_matter(parts):
    found = named_in(" + ".join(parts), KNOWN)
    assert found == named_in("; ".join(reversed(parts)).upper(), KNOWN)
