"""The step that asks whose decisions a file brings, and what stays hidden afterwards."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from screening.models import Decision, ImportBatch, Membership, Record, StageSettings
from screening.services.import_run import run_import
from screening.tasks import HANDLERS
from tests import factories
from tests.responses import close
from tests.screening.services.test_prior import RAYYAN, ris, taken_in


def at(name, review, **more):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)


@pytest.fixture
def batch(lead):
    return taken_in(lead, RAYYAN)


@pytest.fixture
def browser(client_of, lead):
    return client_of(lead)


def start(browser, review, batch):
    reading = {"format": batch.format, "encoding": batch.encoding, "start": "1"}
    reading |= {"was_format": batch.format, "was_encoding": batch.encoding}
    return browser.post(at("import-preview", review, batch_id=batch.pk), reading)


def test_starting_leads_to_the_people_when_there_are_decisions(review, browser, batch, lead):
    here = at("import-people", review, batch_id=batch.pk)
    assert start(browser, review, batch).url == here
    plain = taken_in(lead, ris(("Five", "x")), source="PubMed")
    assert start(browser, review, plain).url == at("import-report", review, batch_id=plain.pk)
    assert browser.get(at("import-people", review, batch_id=plain.pk)).url.endswith(
        f"/imports/{plain.pk}/"
    )


def test_the_page_names_people_and_reasons_and_guesses_members(review, browser, batch):
    ann = factories.make_member(review, "screener", user=factories.make_user("ann"))
    page = browser.get(at("import-people", review, batch_id=batch.pk)).content.decode()
    assert "3 records of this file bring 6 decisions from Rayyan" in page
    assert f'<option value="{ann.pk}" selected>ann, ' in page
    assert '<option value="absent" selected>A person no longer here' in page
    assert '<option value="new" selected>Add it to the review' in page
    assert "Included" not in page


def test_sending_it_maps_and_starts_the_import(review, browser, batch, screener, other_screener):
    sent = {"person-0": screener.pk, "person-1": other_screener.pk, "reason-0": "new", "tags": "on"}
    sent["stage"] = "title_abstract"
    answer = browser.post(at("import-people", review, batch_id=batch.pk), sent)
    assert answer.url == at("import-report", review, batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.prior["people"] == {"Ann": screener.pk, "Bob": other_screener.pk}
    assert "import_records" in HANDLERS
    run_import(batch=batch)
    assert Decision.objects.count() == 6


def test_two_names_for_one_member_are_refused_in_words(review, browser, batch, screener):
    sent = {"person-0": screener.pk, "person-1": screener.pk, "reason-0": ""}
    answer = browser.post(at("import-people", review, batch_id=batch.pk), sent)
    assert answer.status_code == 400
    assert "cannot be one" in answer.content.decode()


def test_the_raw_text_of_a_file_with_decisions_is_a_leads_while_blinded(
    review, batch, client_of, screener, lead
):
    sent = {"person-0": screener.pk, "person-1": "absent", "reason-0": "new"}
    client_of(lead).post(at("import-people", review, batch_id=batch.pk), sent)
    batch.refresh_from_db()
    run_import(batch=batch)
    batch.problems.create(position=1, severity="warning", message="Odd.", raw_text="RAYYAN-X")
    record = Record.objects.get(title="One")
    places = [
        at("record", review, record_id=record.pk),
        at("import-report", review, batch_id=batch.pk),
        at("sources", review),
    ]
    third = factories.make_member(review, "screener")
    for place in places:
        assert "RAYYAN" not in client_of(third).get(place).content.decode(), place
        assert "RAYYAN" in client_of(lead).get(place).content.decode(), place
    file = at("original-file", review, batch_id=batch.pk)
    assert client_of(third).get(file).status_code == 403
    StageSettings.objects.filter(review=review).update(is_blinded=False)
    answer = client_of(third).get(file)
    assert answer.status_code == 200
    close(answer)
    assert "RAYYAN" in client_of(third).get(places[0]).content.decode()


def call(path: Path, *more: str, capsys) -> dict:
    names = ["--review", "ssl", "--source", "Rayyan", "--kind", "database"]
    call_command("import_records", *names, str(path), *more, "--json")
    return json.loads(capsys.readouterr().out)[0]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "rayyan.ris"
    path.write_text(RAYYAN, encoding="utf-8")
    return path


def test_the_command_leaves_decisions_out_and_says_how_to_take_them(review, lead, export, capsys):
    report = call(export, capsys=capsys)
    (problem,) = report["problems"]
    assert problem["message"].startswith("Decisions were left out: 6 of 'Ann', 'Bob' from Rayyan.")
    assert "--people FILE.csv" in problem["message"]
    assert not Decision.objects.exists()
    assert ImportBatch.objects.get().prior["people"] == {"Ann": None, "Bob": None}


def test_the_command_takes_them_with_a_file_of_people(
    review, lead, screener, export, tmp_path, capsys
):
    people = tmp_path / "people.csv"
    people.write_text(f"name,e-mail\nAnn,{screener.user.email.upper()}\nBob,\n", encoding="utf-8")
    assert call(export, "--people", str(people), capsys=capsys)["problems"] == []
    assert Decision.objects.filter(reviewer=screener).count() == 3
    assert Membership.objects.get(user__name="Bob").decisions.count() == 3
    again = call(export, "--people", str(people), capsys=capsys)
    assert (again["imported"], again["known"], Decision.objects.count()) == (0, 4, 6)


def test_the_command_refuses_people_it_cannot_find(review, lead, export, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text("Ann,nobody@example.org\n", encoding="utf-8")
    with pytest.raises(CommandError, match="no member of the review has it"):
        call(export, "--people", str(people), capsys=capsys)
    with pytest.raises(CommandError, match="No such file"):
        call(export, "--people", str(tmp_path / "none.csv"), capsys=capsys)


def test_without_json_the_hint_goes_to_the_error_stream(review, lead, export, capsys):
    names = ["--review", "ssl", "--source", "Rayyan", "--kind", "database"]
    call_command("import_records", *names, str(export))
    assert "Decisions were left out" in capsys.readouterr().err
