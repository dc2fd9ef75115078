"""Author names are read in all their orders."""

import pytest

from screening.dedup.evidence import is_same_person
from screening.dedup.names import parse_people, parse_person, split_authors


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zhai, Q. J. and Yue, X. Y.", ("Zhai, Q. J.", "Yue, X. Y.")),
        ("Zhai, Q. J.; Yue, X. Y.;", ("Zhai, Q. J.", "Yue, X. Y.")),
        ("Smith J, Miller K", ("Smith J", "Miller K")),
        ("Azizi, S. et al.", ("Azizi, S.",)),
        ("Tian, Yu", ("Tian, Yu",)),
        ("", ()),
    ],
)
def test_an_author_field_is_cut_into_names(text, names):
    assert split_authors(text) == names


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Zhai, Q. J.", "Q. J. Zhai"),
        ("Adeli K.", "Khosrow Adeli"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("Giorgi Rossi, P.", "Rossi, P. G."),
        ("Wei, Zhang", "Zhang, Wei"),
        ("Sj?gren, A.", "Sjögren, A."),
        ("Herndon, James E., 2nd", "Herndon, J. E."),
        ("Group, ALTS", "ALTS Group"),
    ],
)
def test_forms_of_one_name_agree(one, two):
    assert is_same_person(parse_person(one), parse_person(two))


def test_different_names_differ():
    assert not is_same_person(parse_person("Smith, J."), parse_person("Miller, J."))


def test_a_group_is_told_from_a_person():
    assert parse_person("The ALTS Study Group").is_group
    assert not parse_person("Grouper, A.").is_group


def test_nobody_is_left_out():
    assert parse_people(["Anonymous", "N.A.", "Jr.", "Smith, J."]) == (parse_person("Smith, J."),)


def test_a_name_of_nothing_but_a_suffix_is_nobody():
    assert parse_person("Jr III").family == ()
