"""The note of our own exports: applied when it is whole, left alone when it is not."""

import pytest

from screening.importers.own import restored
from screening.importers.parsed import Link, LinkRole, ParsedRecord
from screening.importers.prior import Prior, PriorDecision, prior_from


def with_note(note: str, **fields: str) -> ParsedRecord:
    return ParsedRecord(extra={"C8": ("kept", f"reviewapp: {note}")}, **fields)


def test_the_note_gives_fields_line_breaks_and_unknown_tags_back():
    note = (
        '{"set":{"pmid":"1","year":2020,"authors":["A"],"urls":[{"url":"u","role":"pdf",'
        '"label":"","raw":"u"}]},"breaks":{"abstract":[3]},"extra":{"ZZ":["x"],"AN":null}}'
    )
    record = restored(with_note(note, abstract="one two"))
    assert (record.pmid, record.year, record.authors) == ("1", 2020, ("A",))
    assert record.urls == (Link("u", LinkRole.PDF, "", "u"),)
    assert record.abstract == "one\ntwo"
    assert record.extra == {"C8": ("kept",), "ZZ": ("x",)}


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no json",
        "[1]",
        '{"set":{"year":"2020"}}',
        '{"set":{"title":1}}',
        '{"set":{"authors":"A"}}',
        '{"set":{"raw_text":"x"}}',
        '{"set":{"urls":[{"url":"u"}]}}',
        '{"set":{"urls":"u"}}',
        '{"set":{"urls":[{"url":"u","role":"x","label":"","raw":"u"}]}}',
        '{"set":{"title":"\\ud800"}}',
        '{"set":[]}',
    ],
)
def test_a_damaged_note_changes_nothing_and_stays(note: str):
    record = with_note(note)
    assert restored(record) == record


def test_what_people_said_is_read_back():
    prior = Prior(
        "reviewapp", (PriorDecision("", "maybe", "full_text"),), ("a",), (("Sam", "why"),)
    )
    assert prior_from(prior.as_dict()) == prior
    assert prior.people == ("", "Sam")
    said = {"person": "A", "verdict": "include"}
    answered = [[said | {"answers": odd}] for odd in ([["Human?"]], "yes", [["Human?", 1]])]
    decided = [{"decisions": one} for one in ([{"person": "A", "verdict": "perhaps"}], *answered)]
    damaged = [{"tool": "x"} | one for one in (*decided, {"notes": [1]})]
    assert [prior_from(one) for one in (*damaged, {})] == [None] * (len(damaged) + 1)


def test_a_record_says_what_it_brings_along():
    record = ParsedRecord(title="A", prior=Prior("rayyan", tags=("a",)))
    assert record.as_dict()["prior"] == {"tool": "rayyan", "tags": ["a"]}
    assert "prior" not in ParsedRecord(title="A").as_dict()
