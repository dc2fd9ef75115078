"""Pages, volumes and years are read in all their forms."""

import pytest

from screening.dedup.locators import (
    Pages,
    clean_number,
    clean_pages,
    clean_year,
    digits_of,
    is_repaginated,
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("482-91", "482", "491"),
        ("482--491", "482", "491"),
        ("482–491", "482", "491"),
        ("pp. 482 - 491", "482", "491"),
        ("e12724", "e12724", ""),
        ("S11-S15", "s11", "s15"),
        ("S78-89", "s78", "s89"),
        ("01-Oct", "1", "10"),
        ("11-Sep", "11", "19"),
        ("Nov-19", "11", "19"),
        ("12-Xyz", "", ""),
        ("7-7", "7", ""),
        ("106-11; discussion 111", "106", "111"),
        ("S1-A5", "s1", ""),
        ("NA", "", ""),
        ("Suppl", "", ""),
        ("Xyz-12", "", ""),
        ("", "", ""),
    ],
)
def test_pages_have_a_first_and_a_last(text, first, last):
    assert clean_pages(text) == Pages(first, last)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", "7"),
        ("Vol. 07", "7"),
        ("12 Suppl 1", "12"),
        ("XIV", "14"),
        ("PP", ""),
        ("NA", ""),
        ("", ""),
    ],
)
def test_a_volume_is_its_leading_number(text, number):
    assert clean_number(text) == number


@pytest.mark.parametrize(
    ("text", "year"),
    [(2010, 2010), ("2010 Mar", 2010), ("c2010", 2010), ("NA", None), (None, None)],
)
def test_a_year_is_found_in_its_field(text, year):
    assert clean_year(text) == year


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("e12724", "1-6", True),
        ("969-972", "a1754", True),
        ("246-250", "250-254", True),
        ("567-569", "569", True),
        ("1-6", "2422-2427", True),
        ("S42", "120-128", False),
        ("e12724", "e12725", False),
        ("125-128", "200-208", False),
        ("125", "", False),
    ],
)
def test_an_article_number_may_stand_for_pages_and_a_supplement_page_may_not(one, two, same):
    assert is_repaginated(clean_pages(one), clean_pages(two)) is same


def test_letters_around_a_page_number_do_not_count():
    assert digits_of("p63") == digits_of("63") == "63"
