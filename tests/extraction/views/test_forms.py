import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from extraction.schema.codec import to_json
from extraction.schema.templates import template


@pytest.fixture
def page(review):
    return f"/r/{review.slug}/extraction/form/"


def publish(client, page, content=None, **data):
    if content is not None:
        data["file"] = SimpleUploadedFile("form.json", content)
    return client.post(f"{page}publish/", data)


def test_a_lead_publishes_a_template_and_all_see_it(client_of, lead, observer, page, review):
    assert b"No form is published yet" in client_of(lead).get(page).content
    publish(client_of(lead), page, template="ssl_classification", note="First")
    shown = client_of(observer).get(page).content.decode()
    assert "Imaging modality" in shown
    assert "AUROC before accuracy" in shown
    assert "Publish" not in shown
    assert review.extraction_forms.get().note == "First"


def test_a_form_goes_out_as_json_and_comes_back(client_of, lead, page, review, form):
    client = client_of(lead)
    sent = client.get(page.rstrip("/") + ".json")
    assert sent.json() == to_json(template("ssl_classification"))
    publish(client, page, sent.content)
    assert review.extraction_forms.count() == 2


def test_before_the_first_form_there_is_no_file(client_of, lead, page):
    assert client_of(lead).get(page.rstrip("/") + ".json").status_code == 404


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
    answer = publish(client_of(lead), page, content)
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert not review.extraction_forms.exists()


def test_a_note_without_end_is_refused(client_of, lead, page):
    assert publish(client_of(lead), page, template="blank", note="x" * 2001).status_code == 400
