"""The best field of each record of one report, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from screening.dedup.best import FIELDS, PLACE, Listing, best_fields


def best(name, *values, chosen=None):
    """The value shown of a field, the kept record's given first."""
    listings = [Listing(number, {name: value}) for number, value in enumerate(values)]
    return values[best_fields(listings, chosen)[name]]


def test_a_missing_field_is_filled_from_a_record_that_gives_it():
    assert best("abstract", "", "An abstract.") == "An abstract."


def test_a_field_that_no_record_gives_is_left_out():
    assert best_fields([Listing(1), Listing(2)]) == {}


def test_the_kept_records_own_title_stays_when_it_is_sound():
    assert best("title", "Deep learning for X-rays", "Deep Learning for X-rays") == (
        "Deep learning for X-rays"
    )


def test_a_title_in_capitals_gives_way():
    assert best("title", "DEEP LEARNING FOR XRAYS", "Deep learning for X-rays").startswith("Deep")


def test_a_title_with_damaged_letters_gives_way():
    whole = "Über naïve Bayes"
    for damaged in ("Ãœber naÃ¯ve Bayes", "\ufffdber na\ufffdve Bayes", "?ber na?ve Bayes"):
        assert best("title", damaged, whole) == whole


def test_a_title_with_entities_gives_way():
    assert best("title", "Cats &amp; dogs", "Cats & dogs") == "Cats & dogs"


def test_a_cut_title_gives_way():
    assert best("title", "Learning from few…", "Learning from few labels") == (
        "Learning from few labels"
    )


def test_a_translated_title_gives_way_to_the_printed_one():
    assert best("title", "[Learning of images].", "Learning of images") == "Learning of images"


def test_the_fullest_abstract_is_shown():
    assert best("abstract", "Aims: to learn.", "Aims: to learn. " + 20 * "Results. ").endswith(
        "Results. "
    )


def test_a_copyright_notice_makes_no_abstract_fuller():
    own = "We trained a network on 10,000 films."
    assert best("abstract", own, f"{own} © 2020 The Publisher. All rights reserved.") == own


def test_a_cut_abstract_gives_way_to_a_whole_one_of_like_length():
    whole = "We trained a network on 10,000 films of the chest and tested it."
    assert best("abstract", "We trained a network on 10,000 films of the chest and test...", whole)
    cut = "We trained a network on 10,000 films of the chest and tested it, and found (TRUNCATED)"
    assert best("abstract", whole, cut) == whole


def test_a_note_that_there_is_no_abstract_is_none():
    assert best("abstract", "No abstract available for this article.", "Short one.") == (
        "Short one."
    )


def test_the_longer_list_of_authors_is_shown_when_it_holds_the_kept_records():
    own, longer = ["Moreau, A.", "et al."], ["Moreau, Alice", "Li, Bo"]
    assert best("authors", own, longer) == longer


def test_a_longer_list_of_other_people_is_not():
    own = ["Moreau, A."]
    assert best("authors", own, ["Smith, J.", "Li, Bo"]) == own


def test_full_given_names_are_shown_before_initials():
    assert best("authors", ["Moreau, A."], ["Moreau, Alice"]) == ["Moreau, Alice"]


def test_the_full_name_of_a_venue_is_shown_before_an_abbreviation():
    assert best("venue", "Med Image Anal", "Medical Image Analysis") == "Medical Image Analysis"


def test_another_venue_is_not_taken_for_being_longer():
    assert best("venue", "Radiology", "IEEE Transactions on Medical Imaging") == "Radiology"


def place(**values):
    return dict.fromkeys(PLACE, "") | {"year": None, "venue": "Radiology"} | values


def test_year_and_place_come_from_one_record():
    ahead = Listing(1, place(year=2020))
    printed = Listing(2, place(year=2021, volume="12", issue="3", pages="1-9"))
    assert {best_fields([ahead, printed])[name] for name in PLACE} == {2}


def test_a_missing_issue_is_added_from_a_record_of_the_same_volume_only():
    fullest = Listing(1, place(year=2021, volume="12", pages="1-9"))
    assert best_fields([fullest, Listing(2, place(volume="12", issue="3"))])["issue"] == 2
    assert "issue" not in best_fields([fullest, Listing(2, place(volume="13", issue="3"))])


def test_the_published_place_is_shown_before_a_preprints():
    preprint = Listing(
        1, place(year=2020, venue="arXiv", volume="abs/2001.1", issue="1", pages="1")
    )
    published = Listing(2, place(year=2021))
    assert best_fields([preprint, published])["year"] == 2


def test_the_published_doi_is_shown_before_a_preprints():
    assert best("doi", "10.48550/arXiv.2001.00001", "10.1148/radiol.1") == "10.1148/radiol.1"


def test_the_doi_most_records_give_is_shown():
    assert best("doi", "10.1/wrong", "10.1/right", "10.1/right") == "10.1/right"


def test_what_a_person_chose_is_shown():
    assert best("title", "One title", "Another", chosen={"title": 1}) == "Another"


def test_a_choice_that_gives_nothing_is_passed_over():
    assert best("title", "One title", "", chosen={"title": 1}) == "One title"
    assert best("title", "One title", "Two", chosen={"title": 7}) == "One title"


def test_a_completion_fills_only_what_no_record_gives():
    own, looked_up = (
        Listing(1, {"abstract": "Short."}),
        Listing(2, {"abstract": 9 * "Longer."}, True),
    )
    assert best_fields([own, looked_up]) == {"abstract": 1}
    assert best_fields([Listing(1), looked_up]) == {"abstract": 2}


def test_only_completions_give_a_place_too():
    looked_up = Listing(2, place(year=2021), is_completion=True)
    assert best_fields([Listing(1), looked_up])["year"] == 2
    twice = [looked_up, Listing(3, place(year=2022), is_completion=True)]
    assert best_fields(twice)["year"] == 2


TEXTS = st.sampled_from(["", "A title", "A TITLE OF CAPITALS", "a…", "[b]", "10.1/x", "2020"])
VALUES = st.fixed_dictionaries(dict.fromkeys(FIELDS, TEXTS)).map(
    lambda values: values | {"authors": values["authors"].split(), "keywords": []}
)


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_every_field_some_record_gives_has_an_origin_that_gives_it(values):
    listings = [Listing(number, one) for number, one in enumerate(values)]
    picked = best_fields(listings)
    given_fields = {name for one in values for name in FIELDS if one[name]}
    assert given_fields - set(PLACE) <= set(picked) <= given_fields
    assert all(values[number][name] for name, number in picked.items())


@given(VALUES)
def test_a_record_alone_shows_itself(values):
    assert set(best_fields([Listing(5, values)]).values()) <= {5}
