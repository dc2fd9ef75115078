"""What stands around a title does not change its core."""

import pytest

from screening.dedup.titles import NO_TITLE, read_title

CORE = "Efficacy of batroxobin for vascular cognitive impairment"


@pytest.mark.parametrize(
    "text",
    [
        f"{CORE}. [Chinese]",
        f"[{CORE}]",
        f"[{CORE}]. [in German with English summary]",
        f"{CORE}. [Review] [24 refs]",
        f'"{CORE}"',
        f"{CORE} [Wirksamkeit von Batroxobin bei kognitiver Störung]",
        f"{CORE}.[Erratum appears in J Card Surg. 2011 Mar;26(2):244 Note: X, M [corrected to",
        f"{CORE} (Abstract)",
        CORE.upper(),
    ],
)
def test_tails_and_brackets_are_cut_off(text):
    assert read_title(text).key == read_title(CORE).key


def test_the_second_title_is_kept_apart():
    title = read_title(f"{CORE} [Wirksamkeit von Batroxobin bei kognitiver Störung]")
    assert title.other == "wirksamkeit von batroxobin bei kognitiver storung"


def test_a_bracket_in_the_middle_stays():
    assert read_title("Effect of [18F]FDG on cells").key == "effect of 18f fdg on cells"


def test_a_bracket_that_says_something_stays():
    assert read_title("Effect (of drugs)").key == "effect of drugs"


def test_an_unopened_bracket_is_harmless():
    assert read_title("Effect of drugs)").key == "effect of drugs"


@pytest.mark.parametrize("text", ["", "NA", "[]", "Untitled"])
def test_no_title_is_no_title(text):
    assert read_title(text) == NO_TITLE


@pytest.mark.parametrize(
    ("text", "parts", "numbers"),
    [
        ("The heart. Part II", {"2"}, {"2"}),
        ("The heart: part two", {"2"}, set()),
        ("The heart III", {"3"}, {"3"}),
        ("Care of 93 women", set(), {"93"}),
    ],
)
def test_parts_and_numbers_are_named(text, parts, numbers):
    title = read_title(text)
    assert title.parts == parts
    assert title.numbers == numbers


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("RETRACTED: The heart", "retraction"),
        ("Notice of retraction: the heart", "retraction"),
        ("Expression of concern: the heart", "concern"),
        ("Author Correction: The heart", "erratum"),
        ("Corrigendum to 'The heart'", "erratum"),
        ("The heart: authors' reply", "reply"),
        ("Commentary: the heart", "comment"),
        ("Letter to the editor", "comment"),
        ("The heart: book review", "book review"),
        ("Cover Image, Volume 3", "cover"),
        ("The heart: study protocol", "protocol"),
        ("The heart NCT01234567", "registration"),
    ],
)
def test_special_kinds_are_told_by_the_title(text, kind):
    assert kind in read_title(text).kinds


@pytest.mark.parametrize("text", ["Editorial", "Letters to the Editor", "Reply", "Short title"])
def test_a_common_or_short_title_names_no_report(text):
    assert not read_title(text).telling
