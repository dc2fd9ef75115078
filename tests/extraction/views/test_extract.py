import json

import pytest
from django.core.files.base import ContentFile

from extraction.services.extractions import start_extraction
from screening.models import FullText, FullTextPage
from tests import factories
from tests.extraction.conftest import current, enter, experiment, extract
from tests.extraction.views.test_studies import address
from tests.pdf import make_pdf

PART = {"HX-Request": "true"}
TEXT = "We use MoCo v2.\nAUROC was 0.885."


@pytest.fixture
def extraction(extractor, study):
    return start_extraction(membership=extractor, study=study)


@pytest.fixture
def full_text(report, extractor):
    pdf = make_pdf([TEXT, "Second page."])
    made = FullText.objects.create(
        report=report,
        file=ContentFile(pdf, name="x.pdf"),
        original_name="x.pdf",
        sha256="9" * 64,
        size=len(pdf),
        page_count=2,
        uploaded_by=extractor,
    )
    for number, text in enumerate([TEXT, "Second page."], start=1):
        FullTextPage.objects.create(full_text=made, number=number, text=text)
    return made


@pytest.fixture
def client(client_of, extractor):
    return client_of(extractor)


def save(client, study, field, value, expected="", headers=PART, **more):
    data = {"field": field, "value": value, "expected": expected, **more}
    return client.post(address(study, "extract", "cell"), data, headers=headers)


def test_the_page_shows_form_and_report_side_by_side(client, study, extraction, full_text):
    page = client.get(address(study, "extract")).content.decode()
    assert "Imaging modality" in page
    assert ">MoCo</text>" in page
    assert f"/full-texts/{full_text.pk}/pages/1/" in page


def test_without_a_full_text_the_page_says_so(client, study, extraction):
    page = client.get(address(study, "extract"))
    assert b"No full text is stored for this study yet." in page.content


def test_without_an_extraction_it_leads_to_the_study(client, study):
    assert client.get(address(study, "extract")).url == address(study)
    for part in ("submit", "reopen", "rows"):
        assert client.post(address(study, "extract", part)).url == address(study)
    assert save(client, study, "strategy", "x").status_code == 400
    assert client.get(address(study, "extract", "evidence")).url == address(study)


def test_a_cell_is_saved_by_itself_and_says_so(client, study, extraction):
    answer = save(client, study, "ssl_framework", "MoCo").content.decode()
    assert "Saved" in answer
    assert f'name="expected" value="{current(extraction, "ssl_framework").pk}"' in answer
    assert 'id="jump"' in answer


def test_a_cell_is_saved_without_script_too(client, study, extraction):
    answer = save(client, study, "ssl_framework", "MoCo", headers={})
    assert answer.url == address(study, "extract")
    refused = client.post(
        address(study, "extract", "cell"),
        {"field": "strategy", "value": "magic"},
        follow=True,
    )
    assert b"is not in the vocabulary" in refused.content


def test_93_as_a_fraction_is_refused_beside_the_cell(client, study, extraction, extractor):
    extract(study, extractor, experiment("1%", "0.8", "0.7"), submit=False)
    row = extraction.rows.get()
    known = current(extraction, "ssl_performance", row)
    answer = save(
        client, study, "ssl_performance", "93", known.pk, unit="fraction", row=row.pk
    ).content.decode()
    assert "Not saved." in answer
    assert "Did you mean 93 percent?" in answer
    assert current(extraction, "ssl_performance", row).value == "0.8"


def test_an_unlikely_value_is_saved_and_asked_about(client, study, extraction, extractor):
    extract(study, extractor, experiment("1%", "0.8", "0.7"), submit=False)
    row = extraction.rows.get()
    known = current(extraction, "ssl_performance", row)
    answer = save(
        client, study, "ssl_performance", "0.4", known.pk, unit="fraction", row=row.pk
    ).content.decode()
    assert "worse than chance" in answer


def test_the_second_window_is_told_and_may_save_its_own(client, study, extraction):
    first = enter(extraction, "ssl_framework", "MoCo").value
    second = enter(extraction, "ssl_framework", "MoCo v2").value
    answer = save(client, study, "ssl_framework", "SimCLR", first.pk).content.decode()
    assert "changed in another window and is now “MoCo v2”" in answer
    assert "Save mine" in answer
    assert f'value="{second.pk}"' in answer
    save(client, study, "ssl_framework", "SimCLR", second.pk)
    assert current(extraction, "ssl_framework").value == "SimCLR"


def test_a_condition_brings_its_field_along(client, study, extraction):
    answer = save(client, study, "strategy", "combined").content.decode()
    assert 'id="cell-f-0-combined_method"' in answer
    assert "hx-swap-oob" in answer


def test_several_choices_and_others_are_saved_together(client, study, extraction):
    save(client, study, "imaging_modality", ["CT", "MRI"], is_list="1", other="X; Y")
    assert current(extraction, "imaging_modality").value == ["CT", "MRI", "X", "Y"]
    page = client.get(address(study, "extract")).content.decode()
    assert 'value="X; Y"' in page


def test_a_row_of_another_extraction_is_not_found(client, study, extraction, other_extractor):
    other = extract(study, other_extractor, experiment("1%", "0.8", "0.7"), submit=False)
    answer = save(client, study, "task", "x", row=other.rows.get().pk)
    assert answer.status_code == 404


def test_rows_are_added_copied_removed_and_restored(client, study, extraction):
    rows = address(study, "extract", "rows")
    client.post(rows, {"action": "add", "group": "experiment"})
    first = extraction.rows.get()
    enter(extraction, "task", "effusion", row=first)
    client.post(rows, {"action": "copy", "row": first.pk})
    assert extraction.rows.count() == 2
    page = client.post(rows, {"action": "remove", "row": first.pk}, follow=True)
    assert b"Restore" in page.content
    client.post(rows, {"action": "restore", "row": first.pk})
    assert extraction.rows.filter(removed_at=None).count() == 2
    refused = client.post(rows + "?page=2", {"action": "add", "group": "method"}, follow=True)
    assert "no repeating group" in refused.content.decode()


def test_the_selected_words_become_evidence(client, study, extraction, full_text):
    data = {
        "field": "ssl_framework",
        "page": "1",
        "full_text": full_text.pk,
        "quote": "We use MoCo v2.",
        "location": "text",
        "rectangles": json.dumps([[0.1, 0.07, 0.3, 0.09]]),
    }
    answer = client.post(address(study, "extract", "evidence"), data, headers=PART)
    assert "p. 1, text" in answer.content.decode()
    value = current(extraction, "ssl_framework")
    assert value.rectangles == [[0.1, 0.07, 0.3, 0.09]]
    page = client.get(address(study, "extract"), {"page": "1", "mark": value.pk})
    assert b"sheet-mark-here" in page.content


@pytest.mark.parametrize("rectangles", ["[1]", "[[0, 0, 7, 1]]", "[['a']]", "nonsense"])
def test_malformed_rectangles_are_refused(client, study, extraction, full_text, rectangles):
    data = {"field": "ssl_framework", "page": "1", "rectangles": rectangles}
    client.post(address(study, "extract", "evidence"), data, headers=PART)
    assert current(extraction, "ssl_framework") is None


def test_evidence_is_typed_without_script(client, study, extraction):
    where = address(study, "extract", "evidence")
    form = client.get(where, {"field": "ssl_framework"})
    assert b"Evidence for SSL framework" in form.content
    part = client.get(where, {"field": "ssl_framework"}, headers=PART)
    assert b"<html" not in part.content
    answer = client.post(where, {"field": "ssl_framework", "page": "2", "quote": "x"})
    assert answer.url == address(study, "extract")
    assert current(extraction, "ssl_framework").page == 2
    refused = client.post(where, {"field": "ssl_framework", "quote": "y"}, follow=True)
    assert b"changed in another window" in refused.content
    assert client.get(where, {"field": "nothing"}).url == address(study)


def test_the_reader_turns_pages_and_finds_words(client, study, extraction, full_text):
    sheet = address(study, "extract", "page")
    second = client.get(sheet, {"page": "2"}, headers=PART).content.decode()
    assert "Second" in second
    assert "Next page" not in second
    found = client.get(sheet, {"find": "moco  V2"}, headers=PART).content.decode()
    assert "<mark>MoCo v2</mark>" in found
    missing = client.get(sheet, {"find": "unicorn"}, headers=PART).content.decode()
    assert "“unicorn” is not in the text" in missing
    plain = client.get(sheet, {"page": "2"})
    assert plain.url == address(study, "extract") + "?page=2"


def test_an_unreadable_pdf_is_told(client, study, extraction, full_text):
    full_text.page_count = 7
    full_text.save()
    page = client.get(address(study, "extract"), {"page": "7"})
    assert b"there is no page 7" in page.content


def test_the_picture_of_a_page_is_private_and_kept_by_the_browser(client, study, full_text):
    url = f"/r/{study.review.slug}/extraction/full-texts/{full_text.pk}/pages/1/"
    answer = client.get(url)
    assert answer["Content-Type"] == "image/webp"
    assert "private" in answer["Cache-Control"]
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(url.replace("pages/1", "pages/9")).status_code == 400


def test_submitting_with_gaps_names_them(client, study, extraction):
    page = client.post(address(study, "extract", "submit"), follow=True)
    assert b"Strategy is required." in page.content


def test_a_submitted_form_is_locked(client, study, extractor):
    extract(study, extractor)
    page = client.get(address(study, "extract")).content.decode()
    assert "fieldset" in page
    assert "disabled" in page
    assert "Add experiment" not in page


def test_the_form_takes_a_constant_number_of_queries(
    client, study, extractor, full_text, django_assert_max_num_queries
):
    rows = [experiment(f"{number}%", "0.8", "0.7") for number in range(12)]
    extract(study, extractor, *rows, submit=False)
    with django_assert_max_num_queries(14):
        assert client.get(address(study, "extract")).status_code == 200


def test_nobody_opens_anothers_extraction(client_of, other_extractor, study, extraction):
    enter(extraction, "ssl_framework", "A secret framework")
    page = client_of(other_extractor).get(address(study, "extract"), follow=True)
    assert b"A secret framework" not in page.content


def test_a_foreign_full_text_is_no_evidence(client, study, extraction):
    other = factories.make_record(factories.make_review())
    foreign = FullText.objects.create(
        report=factories.make_report(other),
        file="x.pdf",
        original_name="x",
        sha256="0" * 64,
        size=1,
        page_count=1,
        uploaded_by=factories.make_member(other.review, "extractor"),
    )
    data = {"field": "ssl_framework", "page": "1", "full_text": foreign.pk}
    answer = client.post(address(study, "extract", "evidence"), data, headers=PART)
    assert answer.status_code == 404
