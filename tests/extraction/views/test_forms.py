import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from extraction.schema.codec import to_json
from extraction.schema.templates import template


@pytest.fixture
def page(review):
    return f"/r/{review.slug}/extraction/form/"


def start(client, page, content=None, **data):
    if content is not None:
        data["file"] = SimpleUploadedFile("form.json", content)
    return client.post(f"{page}start/", data)


def test_a_lead_begins_with_a_template_and_publishes_it_and_all_see_it(
    client_of, lead, observer, page, review
):
    assert b"No form is published yet" in client_of(lead).get(page).content
    assert start(client_of(lead), page, template="ssl_classification").url == f"{page}draft/"
    assert b"A draft is open" not in client_of(observer).get(page).content
    client_of(lead).post(f"{page}draft/publish/", {"note": "First"})
    shown = client_of(observer).get(page).content.decode()
    assert "Imaging modality" in shown
    assert "AUROC before accuracy" in shown
    assert "Change the form" not in shown
    assert review.extraction_forms.get().note == "First"


def test_a_form_goes_out_as_json_and_comes_back_as_a_draft(client_of, lead, page, review, form):
    client = client_of(lead)
    sent = client.get(page.rstrip("/") + ".json")
    assert sent.json() == to_json(template("ssl_classification"))
    start(client, page, sent.content)
    assert client.get(f"{page}draft.json").json() == sent.json()
    assert review.extraction_forms.count() == 1


def test_the_next_version_begins_with_the_form_in_force(client_of, lead, page, form):
    assert start(client_of(lead), page, template="current").url == f"{page}draft/"
    assert b"after version 1" in client_of(lead).get(f"{page}draft/").content


def test_before_the_first_form_there_is_no_file(client_of, lead, page):
    assert client_of(lead).get(page.rstrip("/") + ".json").status_code == 404
    assert client_of(lead).get(f"{page}draft.json").status_code == 404


def test_without_a_draft_its_pages_lead_to_the_form(client_of, lead, page):
    assert client_of(lead).get(f"{page}draft/").url == page
    assert client_of(lead).get(f"{page}draft/try/").url == page


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Choose a template or a JSON file."),
        (b"\xff\xfe\x00", "The file is not UTF-8 text."),
        (b'{"key": ', "The file is no JSON: Expecting value in line 1, column 9."),
        (b"[]", "The file holds no JSON object."),
        (b"x" * 1_000_001, "a form has at most 1000000"),
        (json.dumps({"key": "f", "title": "F"}).encode(), "form.groups: is missing"),
    ],
)
def test_a_bad_file_is_refused_with_its_fault(client_of, lead, page, review, content, message):
    answer = start(client_of(lead), page, content)
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert not hasattr(review, "form_draft")
