"""One record's corrected text is read in its file's format, or in any other."""

import pytest

from screening.importers.correction import Frame, read_corrected
from screening.importers.parsed import ImportRefusedError
from screening.importers.reader import ReadOptions

TABLE = Frame("csv", ("Paper", "Year"), ";", ReadOptions({"Paper": "title"}, ";"))


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (Frame("ris"), "TY  - JOUR\nTI  - One\nER  - \n"),
        (TABLE, "One;2020"),
        (Frame("xlsx", ("Paper",), "\t", ReadOptions({"Paper": "title"}, "\t")), "One"),
        (Frame("endnote_xml"), "<record><titles><title>One</title></titles></record>"),
        (Frame("csl_json"), '{"type": "article", "title": "One"}'),
        (Frame("nbib"), "PMID- 1\nTI  - One\n"),
        (Frame("bibtex"), "@article{a, title = {One}}"),
        (Frame("enlx"), "TY  - JOUR\nTI  - One\nER  - \n"),
        (TABLE, "TY  - JOUR\nTI  - One\nER  - \n"),
    ],
)
def test_the_record_of_a_text_is_read(frame: Frame, text: str) -> None:
    assert read_corrected(text, frame).record.title == "One"


def test_warnings_come_with_the_record() -> None:
    corrected = read_corrected("TY  - JOUR\nTI  - One\n", Frame("ris"))
    assert [one.message for one in corrected.warnings] == ["The last record has no end line."]


@pytest.mark.parametrize(
    ("frame", "text", "words"),
    [
        (Frame("ris"), " \n", "empty"),
        (Frame("ris"), "TI  - One\nER  - \nTI  - Two\nER  - \n", "2 records"),
        (Frame("ris"), "hello", "No record"),
        (Frame("mods"), "<mods><titleInfo>", "broken"),
        (TABLE, '"One;2020', "never closed"),
    ],
)
def test_what_gives_no_single_record_is_refused_with_a_reason(
    frame: Frame, text: str, words: str
) -> None:
    with pytest.raises(ImportRefusedError, match=words):
        read_corrected(text, frame)
