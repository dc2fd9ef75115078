"""The report: the same numbers as the pages, as HTML and Word."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import docx
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from analytics.selectors.agreement import agreement_of
from analytics.selectors.experiments import selection_of
from analytics.selectors.prisma import flow_of
from analytics.selectors.report import report_of
from analytics.selectors.table1 import table1_of
from analytics.selectors.written_reports import written_reports
from analytics.services.pictures import NoPicturesError, pictures_of
from analytics.services.reports import run_report, start_report
from analytics.tables.document import Drawing, document_as_html
from analytics.tables.print_writers import words_at
from extraction.models import (
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    ExtractionSettings,
    Study,
)
from extraction.services.settings import change_settings
from reviewapp.jobs import perform
from screening.models import (
    Decision,
    ImportBatch,
    Job,
    Record,
    Report,
    Search,
    Source,
)
from screening.rules.consensus import Stage
from tests import factories

MADE = (
    *(Source, Search, ImportBatch, Record, Decision, Report),
    *(Study, Extraction, ExtractionRow, ExtractedValue, ExtractionForm),
)


def words_of(page):
    text = re.sub(r"<script>.*?</script>|<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "\n", text))


def word_text(content):
    document = docx.Document(io.BytesIO(content))
    cells = [node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")]
    return document, "\n".join(cells)


@pytest.fixture
def run(lead, stored, settings, tmp_path):
    """A report that a worker wrote, without pictures."""
    settings.CHROMIUM = "off"
    settings.MEDIA_ROOT = tmp_path
    job = start_report(member=lead)
    perform(job.pk, owner="here:1:a")
    job.refresh_from_db()
    return job


def test_every_number_of_the_pages_stands_in_both_files_of_who_asked(
    client_of, lead, observer, run
):
    assert client_of(observer).get("/r/ssl/report/file/html/").status_code == 302
    assert client_of(observer).get(f"/r/ssl/report/file/html/?job={run.pk}").status_code == 302
    assert written_reports(observer) == []
    assert "HTML, one file" in client_of(lead).get("/r/ssl/report/").content.decode()
    assert run.state == Job.State.DONE
    page = words_of(b"".join(taken(client_of(lead), "html")).decode())
    document, word = word_text(b"".join(taken(client_of(lead), "docx")))
    selection = selection_of(lead.review)
    table = table1_of(review=lead.review)
    counts = flow_of(review=lead.review).counts
    told = [one.text for one in selection.plain_sentences()]
    told += [one.sentence for one in selection.plain_figures()]
    told += [note for one in selection.plain_figures() for note in one.left_out]
    told += [text for row in table.rows for column in table.columns
             if column.key != table.group_column and (text := words_at(row, column))]  # fmt: skip
    told += [f"Records screened: {counts['records_screened']:,}"]
    told += [f"{agreement_of(review=lead.review, stage=stage).records or 'no'} record"
             for stage in Stage]  # fmt: skip
    for text in told:
        assert text in page, text
        assert text in word, text
    for figure in selection.plain_figures():
        for cells, _ in figure.shown_rows:
            assert all(cell in page for cell, _ in cells)
    assert "Chromium is switched off. Its data stand here instead." in word
    assert len(document.inline_shapes) == 1  # the flow, which needs no Chromium


def taken(client, kind):
    answer = client.get(f"/r/ssl/report/file/{kind}/")
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.streaming_content


def test_what_a_member_may_not_know_is_not_in_it(lead, stored):
    factories.make_record(lead.review)
    blind = factories.make_member(lead.review, "screener")
    told = [text for one in report_of(lead.review, blind).sections for text in one.blocks]
    assert "Title and abstract: not shown while the stage is screened blinded." in told


def yesterday():
    return timezone.localdate() - timedelta(days=1)


@pytest.fixture
def changed_today(lead, stored, screener, other_screener):
    """A review of which everything is a week old; its report then; and what came today."""
    week = timezone.now() - timedelta(days=7)
    record = factories.make_record(lead.review)
    for person in (screener, other_screener):
        factories.make_decision(record, person)
    factories.make_report(record)
    ExtractionSettings.objects.create(review=lead.review, mode="verified")
    for model in MADE:
        model.objects.update(created_at=week)
    before = report_of(lead.review, lead)
    factories.make_decision(factories.make_record(lead.review), screener)
    store_value(stored["t1"], "treated", "99")
    change_settings(membership=lead, wanted={"mode": "double", "is_extraction_blinded": False})
    return before


def store_value(row, field, value):
    former = ExtractedValue.objects.current().get(row=row, field=field)
    ExtractedValue.objects.filter(pk=former.pk).update(superseded_at=timezone.now())
    ExtractedValue.objects.create(
        extraction=row.extraction, row=row, field=field, value=value, unit=former.unit,
        replaces=former,
    )  # fmt: skip


def test_the_report_of_a_past_day_is_the_one_that_was_written_then(lead, changed_today):
    then = report_of(lead.review, lead, yesterday())
    assert then.day == yesterday()
    assert f"of what stood at the end of {yesterday()}" in then.stand
    for old, same in zip(changed_today.sections, then.sections, strict=True):
        if not old.title.startswith("Flow"):
            assert told(same) == told(old)
    assert same_flow(then) == same_flow(changed_today)
    since = "mean relative gain +23.75 %"
    assert any(since in one.text for one in selection_of(lead.review).plain_sentences())
    assert since not in document_as_html(then, "")


def told(section):
    """What a section says; the addresses behind its points name the day."""
    drawn = (one for one in section.blocks if isinstance(one, Drawing))
    said = [replace(one, plot=None) for one in drawn]
    return said, [one for one in section.blocks if not isinstance(one, Drawing)]


def same_flow(document):
    drawn = next(one for one in document.sections if one.title.startswith("Flow")).blocks[0]
    return drawn.reading


def test_the_page_asks_for_the_day_and_its_files_are_named_by_it(
    client_of, lead, stored, settings, tmp_path
):
    settings.CHROMIUM, settings.MEDIA_ROOT = "off", tmp_path
    day = yesterday().isoformat()
    client_of(lead).post("/r/ssl/report/write/", {"as_of": day})
    job = written_reports(lead)[0]
    assert job.params["day"] == day
    perform(job.pk, owner="here:1:a")
    assert "as of the end of" in client_of(lead).get("/r/ssl/report/").content.decode()
    answer = client_of(lead).get("/r/ssl/report/file/html/")
    assert f"report-ssl-{day}.html" in answer.headers["Content-Disposition"]
    assert f"at the end of {day}" in b"".join(answer.streaming_content).decode()


def test_a_day_that_has_not_come_is_refused(client_of, lead, stored):
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = client_of(lead).post("/r/ssl/report/write/", {"as_of": tomorrow.isoformat()})
    assert answer.status_code == 400
    assert "This day has not come yet" in answer.content.decode()
    with pytest.raises(ValidationError, match="not come yet"):
        start_report(member=lead, day=tomorrow)
    assert written_reports(lead) == []


def test_who_left_gets_no_report(lead):
    job = start_report(member=lead)
    lead.deactivated_at = lead.joined_at
    lead.save()
    with pytest.raises(type(lead).DoesNotExist):
        run_report(job=job, progress=lambda *_: None)


def test_without_chromium_the_reason_is_said(lead, stored, settings):
    settings.CHROMIUM = "no-such-program"
    with pytest.raises(NoPicturesError, match="no Chromium on this machine"):
        pictures_of(report_of(lead.review).drawings)


@pytest.mark.chromium
@pytest.mark.one_database
def test_chromium_draws_each_figure(lead, stored):
    drawings = report_of(lead.review).drawings[:2]
    pictures = pictures_of(drawings)
    assert [one.key for one in drawings] == list(pictures)
    assert all(content.startswith(b"\x89PNG") for content in pictures.values())
