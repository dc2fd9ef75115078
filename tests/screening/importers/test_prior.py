"""What people had decided elsewhere, as each tool's export says it."""

import openpyxl
import pytest

from screening.importers.parsed import ParsedRecord
from screening.importers.prior import PriorDecision as Said
from screening.importers.prior_columns import stage_in, verdict_of
from screening.importers.prior_notes import prior_of_note
from screening.importers.report import ReportOptions, report_on
from tests.screening.importers.conftest import Report, only

RAYYAN = (
    'RAYYAN-INCLUSION: {"Ann Lee"=>"Included", "Bob"=>"Excluded", "Cy"=>"Maybe"} '
    "| RAYYAN-LABELS: CT, later | RAYYAN-EXCLUSION-REASONS: wrong population,background article "
    '| USER-NOTES: {"Bob"=>["see table 2", "a \\"quote\\""]}'
)
OF_RAYYAN = (
    Said("Ann Lee", "include"),
    Said("Bob", "exclude", reason="wrong population", note="Further reasons: background article"),
    Said("Cy", "maybe"),
)


def test_rayyans_notes_give_each_persons_verdict_reason_labels_and_notes():
    prior = prior_of_note(RAYYAN)
    assert prior.tool == "rayyan"
    assert prior.decisions == OF_RAYYAN
    assert prior.tags == ("CT", "later")
    assert prior.notes == (("Bob", "see table 2"), ("Bob", 'a "quote"'))


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (f"TY  - JOUR\nTI  - One\nN1  - mine\nN1  - {RAYYAN}\nER  - \n", {"N1": ("mine",)}),
        ('key,title,notes\n1,One,"' + RAYYAN.replace('"', '""') + '"\n', {"key": ("1",)}),
        (f"@article{{k,\n title={{One}},\n note={{{RAYYAN}}}\n}}\n", {"key": ("k",)}),
    ],
    ids=["ris", "csv", "bibtex"],
)
def test_rayyans_files_of_any_format_are_read(report_of: Report, content: str, left: dict):
    record = only(report_of(content))
    assert record.prior.decisions == OF_RAYYAN
    assert record.prior.tags == ("CT", "later")
    assert record.extra == left, "what others decided is no tag of the record any more"
    assert "RAYYAN-INCLUSION" in record.raw_text


def test_rayyans_older_files_say_true_and_false():
    prior = prior_of_note('RAYYAN-INCLUSION: {"Ann"=>true, "Bob"=>false}')
    assert prior.decisions == (Said("Ann", "include"), Said("Bob", "exclude"))
    assert prior_of_note("RAYYAN-INCLUSION: {}") is None


@pytest.mark.parametrize(
    ("note", "verdict", "rest"),
    [
        ("ASReview_relevant", "include", ""),
        ("ASReview_irrelevant. Additional notes 2.", "exclude", "Additional notes 2."),
        ("ASReview_relevant ASReview_prior", "include", ""),
    ],
)
def test_asreviews_labels_in_ris_are_one_nameless_persons(note: str, verdict: str, rest: str):
    prior = prior_of_note(note)
    assert prior.decisions == (Said("", verdict, "title_abstract", note=rest),)
    assert prior_of_note("ASReview_not_seen") is None


def test_asreviews_table_gives_name_time_and_note(report_of: Report):
    report = report_of(
        "title,abstract,asreview_label,asreview_time,asreview_note,asreview_user_name,"
        "asreview_user_email,asreview_prior\n"
        "One,A,1,2026-01-02 10:00:00,good,Ann Lee,ann@example.org,0\n"
        "Two,B,0,2026-01-02 10:01:00,,Ann Lee,ann@example.org,1\n"
        "Three,C,,,,,,\n"
    )
    one, two, three = report.records
    at = "2026-01-02 10:00:00"
    assert one.prior.decisions == (
        Said("Ann Lee", "include", "title_abstract", note="good", at=at),
    )
    assert two.prior.decisions[0].verdict == "exclude"
    assert three.prior is None
    assert "asreview_label" not in one.extra


def test_covidences_list_gives_the_reason_of_the_full_text_and_its_tags(report_of: Report):
    head = "Title,Authors,Published Year,DOI,Covidence #,Study,Notes,Tags\n"
    note = (
        "Exclusion reason: Wrong study design; Ann Lee (2021-03-01 12:00:00)(Select): no control; "
    )
    report = report_of(head + f'One,"Lee, A.",2020,,#12,Lee 2020,"{note}",later; CT\n')
    prior = only(report).prior
    assert prior.tool == "covidence"
    assert prior.decisions == (Said("", "exclude", "full_text", "Wrong study design"),)
    assert prior.notes == (("Ann Lee", "no control"),)
    assert prior.tags == ("later", "CT")


def test_covidences_votes_stand_in_a_column_for_each_reviewer(report_of: Report):
    report = report_of(
        "Title,Covidence #,Title and abstract screening: Ann Lee vote,Bob vote,"
        "Reviewer 3,Reviewer 3 decision,Exclusion reason,Final decision\n"
        "One,#1,Yes,No,Cy Orr,Maybe,Wrong population,Include\n"
    )
    record = only(report)
    assert set(record.prior.decisions) == {
        Said("Ann Lee", "include", "title_abstract"),
        Said("Bob", "exclude", reason="Wrong population"),
        Said("Cy Orr", "maybe"),
    }
    assert record.extra == {"Covidence #": ("#1",), "Final decision": ("Include",)}


DISTILLER = (
    ("Refid", "Title", "Level", "User", "Should this reference be included?", "Reason", "Comments"),
    ("7", "One", "Level 1: Title/Abstract", "ann", "Include", "", ""),
    ("7", "One", "Level 1: Title/Abstract", "bob", "Exclude", "Wrong population", "unsure"),
    ("7", "One", "Level 2: Full Text", "ann", "No", "Wrong outcome", ""),
    ("8", "Two", "Level 1: Title/Abstract", "ann", "Cannot tell", "", ""),
    ("9", "Three", "Level 1: Title/Abstract", "", "", "", ""),
)
OF_DISTILLER = (
    Said("ann", "include", "title_abstract"),
    Said("bob", "exclude", "title_abstract", "Wrong population", "unsure"),
    Said("ann", "exclude", "full_text", "Wrong outcome"),
)


def test_distillers_rows_of_one_reference_are_one_record(report_of: Report):
    text = "\n".join(",".join(row) for row in DISTILLER) + "\n"
    one, two, three = report_of(text).records
    assert one.prior.decisions == OF_DISTILLER
    assert one.raw_text.count("7,One") == 3
    assert two.prior.decisions == (Said("ann", "maybe", "title_abstract"),)
    assert three.prior is None


def test_distillers_workbook_reads_the_same(tmp_path):
    book = openpyxl.Workbook()
    for row in DISTILLER:
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    records = report_on(tmp_path / "x.xlsx", ReportOptions(keep=9)).records
    assert [len(record.prior.decisions) for record in records[:2]] == [3, 1]


@pytest.mark.parametrize(
    "content",
    [
        "title,year,note\nOne,2020,Cited by 4\n",
        "title,included\nOne,perhaps\n",
        "title,User,Decision\nOne,ann,Include\n",
        "title,Refid,User,Include?\nOne,1,ann,\n",
        "title,Conference vote count vote\nOne,17\n",
    ],
)
def test_other_tables_bring_no_decisions(report_of: Report, content: str):
    record = only(report_of(content))
    assert record.prior is None


def test_a_labelled_data_set_is_the_work_of_one_nameless_person(report_of: Report):
    one, two = report_of("title,abstract,label_included\nOne,A,1\nTwo,B,0\n").records
    assert [record.prior.decisions[0].verdict for record in (one, two)] == ["include", "exclude"]
    assert isinstance(one, ParsedRecord)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Exclude - wrong population", "exclude"),
        ("Included", "include"),
        ("CANNOT TELL", "maybe"),
        ("Not relevant", "exclude"),
        ("2", ""),
        ("", ""),
    ],
)
def test_verdicts_are_known_in_many_words(text: str, verdict: str):
    assert verdict_of(text) == verdict


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Level 2: Full Text", "full_text"),
        ("Level 1", "title_abstract"),
        ("1", "title_abstract"),
        ("Title & abstract", "title_abstract"),
        ("Data extraction", ""),
    ],
)
def test_stages_are_known_in_many_words(text: str, stage: str):
    assert stage_in(text) == stage
