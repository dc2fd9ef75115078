import pytest

from extraction.schema.codec import to_json
from extraction.schema.fields import FieldType
from extraction.schema.templates import template
from extraction.selectors.forms import form_draft, sketch_of
from extraction.services import drafts


@pytest.fixture
def page(review):
    return f"/r/{review.slug}/extraction/form/draft/"


@pytest.fixture
def client(client_of, lead):
    return client_of(lead)


@pytest.fixture
def draft(lead):
    return drafts.start_draft(membership=lead, definition=to_json(template("blank")))


def sketch(review):
    return sketch_of(form_draft(review))


def test_the_builder_shows_every_part_and_field_with_buttons(client, page, lead, form):
    drafts.start_draft(membership=lead)
    shown = client.get(page).content.decode()
    assert "Imaging modality" in shown
    assert 'aria-label="Move Metric up"' in shown
    assert "after version 1" in shown


def test_a_choice_is_added_with_words_and_a_condition(client, page, review, draft):
    sent = {
        "label": "Kind of study",
        "type": "choice",
        "required": "on",
        "term_key": ["trial", "cohort", ""],
        "term_definition": ["Allocated at random.", "", ""],
        "term_aliases": ["RCT; randomised trial", "", ""],
    }
    assert client.post(f"{page}parts/study/new-field/", sent).status_code == 302
    made = sketch(review).find("kind_of_study")
    assert (made.type, made.required) == (FieldType.CHOICE, True)
    assert [term.key for term in made.terms] == ["trial", "cohort"]
    assert made.terms[0].aliases == ("RCT", "randomised trial")
    more = {"label": "Seed", "type": "number", "only_field": made.key, "only_values": "RCT"}
    client.post(f"{page}parts/study/new-field/", more | {"low": "0"})
    asked = sketch(review).find("seed")
    assert (asked.only_if.values, asked.low) == (("trial",), 0)


def test_a_number_gets_units_with_ranges(client, page, review, draft):
    sent = {
        "label": "Share",
        "type": "number",
        "unit_label": ["fraction", "percent", ""],
        "unit_low": ["0", "0", ""],
        "unit_high": ["1", "100", ""],
        "unit_scale": ["1", "0.01", ""],
    }
    client.post(f"{page}parts/study/new-field/", sent)
    units = sketch(review).find("share").units
    assert [(unit.key, unit.high) for unit in units] == [("fraction", 1), ("percent", 100)]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"label": "", "type": "text"}, "Give the field a label."),
        ({"label": "A", "type": "choice"}, "A choice needs a vocabulary"),
        ({"label": "A", "type": "number", "low": "ten"}, "“ten” is no number"),
        ({"label": "A", "type": "number", "low": "3", "high": "1"}, "lies above the largest 1"),
        ({"label": "A", "type": "text", "key": "1 x"}, "is no name for files"),
        ({"label": "A", "type": "text", "key": "notes"}, "Another field here has the name"),
        ({"label": "A", "type": "text", "only_field": "notes"}, "Say at which answers"),
        (
            {"label": "A", "type": "number", "unit_label": ["mg"], "unit_low": ["x"]},
            "Smallest of “mg”: “x” is no number.",
        ),
    ],
)
def test_a_faulty_field_is_refused_and_everything_typed_is_kept(
    client, page, review, draft, sent, message
):
    answer = client.post(f"{page}parts/study/new-field/", sent | {"help": "My long help."})
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert "My long help." in answer.content.decode()
    assert len(sketch(review).study_fields) == 1


def test_buttons_beside_the_words_store_nothing_and_keep_what_is_typed(client, page, review, draft):
    sent = {"label": "Kind", "type": "choice", "term_key": ["b", "a"], "paste": "c | Third"}
    address = f"{page}parts/study/new-field/"
    up = client.post(address, sent | {"term_up": "1"}).content.decode()
    assert up.index('value="a" placeholder="Word"') < up.index('value="b" placeholder="Word"')
    more = client.post(address, sent | {"term_more": "1"}).content.decode()
    assert 'value="Third"' in more
    dropped = client.post(address, {**sent, "paste": "", "term_drop": "0"}).content.decode()
    assert 'value="b" placeholder="Word"' not in dropped
    share = client.post(address, {"label": "x", "type": "number", "unit_share": "1"})
    assert 'value="0.01"' in share.content.decode()
    assert len(sketch(review).study_fields) == 1


def test_a_rewritten_word_takes_its_values_over(client, page, review, lead, form):
    drafts.start_draft(membership=lead)
    shown = client.get(f"{page}parts/study/fields/imaging_modality/")
    seen = shown.context["seen"]
    sent = {
        "label": "Imaging modality",
        "type": "choices",
        "key": "imaging_modality",
        "seen": seen,
        "term_old": ["CT", "MRI"],
        "term_key": ["computed tomography", "MRI"],
        "term_was": ["", "MRI; fMRI"],
    }
    client.post(f"{page}parts/study/fields/imaging_modality/", sent)
    first, second = sketch(review).find("imaging_modality").terms
    assert (first.key, first.was) == ("computed tomography", ("CT",))
    assert second.was == ("MRI", "fMRI")


def test_a_field_saved_from_an_old_window_is_refused_and_then_saved_knowingly(
    client, page, review, draft
):
    address = f"{page}parts/study/fields/notes/"
    seen = client.get(address).context["seen"]
    client.post(address, {"label": "Remarks", "type": "text", "key": "notes", "seen": seen})
    late = {"label": "Comments", "type": "text", "key": "notes", "seen": seen}
    refused = client.post(address, late)
    assert "changed in another window" in refused.content.decode()
    assert 'value="Comments"' in refused.content.decode()
    client.post(address, late | {"seen": refused.context["seen"]})
    assert sketch(review).find("notes").label == "Comments"


def test_arranging_answers_with_the_outline_for_htmx_and_with_the_page_without(
    client, page, review, lead, form
):
    drafts.start_draft(membership=lead)
    move = {"group": "study", "field": "outcome_task", "action": "up"}
    part = client.post(f"{page}arrange/", move, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert client.post(f"{page}arrange/", move).url.endswith("#part-study-outcome_task")
    assert next(one.key for one in sketch(review).group("study").fields) == "outcome_task"
    client.post(f"{page}arrange/", move | {"action": "remove"})
    assert b"Taken out since version 1" in client.get(page).content


def test_a_part_with_rows_is_made_on_its_page(client, page, review, draft):
    sent = {"label": "Arms", "repeating": "on", "row_label": "arm"}
    client.post(f"{page}new-part/", sent)
    made = sketch(review).group("arms")
    assert (made.repeating, made.row_label) == (True, "arm")
    assert client.post(f"{page}new-part/", {"label": ""}).status_code == 400


def test_the_draft_is_tried_as_the_real_form(client, page, review, lead, form):
    drafts.start_draft(membership=lead)
    shown = client.get(f"{page}try/").content.decode()
    assert shown.count(">Experiment 1<") == 1
    assert shown.count(">Experiment 2<") == 1
    cell = {"field": "ssl_performance", "row": "31", "value": "93", "unit": "fraction"}
    htmx = {"HX-Request": "true"}
    refused = client.post(f"{page}try/cell/", cell, headers=htmx).content.decode()
    assert "Did you mean 93 percent" in refused
    asked = client.post(
        f"{page}try/cell/", {"field": "strategy", "value": "combined"}, headers=htmx
    ).content.decode()
    assert 'id="cell-f-0-combined_method"' in asked
    again = client.get(f"{page}try/").content.decode()
    assert '<option value="combined" selected>' in again
    client.post(f"{page}try/")
    assert '<option value="combined" selected>' not in client.get(f"{page}try/").content.decode()


def test_publishing_from_the_page_needs_a_form_without_contradictions(client, page, review, draft):
    client.post(f"{page}parts/study/new-field/", {"label": "A", "type": "text"})
    client.post(f"{page}arrange/", {"group": "study", "action": "remove"})
    client.post(f"{page}new-part/", {"label": "Study"})
    client.post(
        f"{page}parts/study/new-field/",
        {"label": "B", "type": "text", "only_field": "c", "only_values": "x"},
    )
    refused = client.post(f"{page}publish/", {"note": "My note"})
    assert refused.status_code == 400
    assert "no other field “c” here" in refused.content.decode()
    assert "Before it can be published" in client.get(f"{page}changes/").content.decode()
    assert 'value="My note"' in refused.content.decode()
    client.post(f"{page}arrange/", {"group": "study", "field": "b", "action": "remove"})
    assert client.post(f"{page}publish/").status_code == 302
    assert review.extraction_forms.get().version == 1
