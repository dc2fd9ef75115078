"""A quote is found again in the file that replaced its own; one that is not is shown, and kept."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from extraction.models import ConsensusValue, QuotePlace, Reconciliation, Study
from extraction.selectors.entry import entry_of
from extraction.selectors.sheets import SHEET_JOB
from extraction.selectors.standing import Quoted, QuoteState, lost_quotes, standings
from extraction.services.extractions import start_extraction
from extraction.services.quotes import find_quotes_again
from extraction.services.reports import join_report
from extraction.services.sheets import map_sheet, start_sheet, take_in_sheet
from extraction.services.values import CellAddress, Evidence, attach_evidence
from extraction.sheets.mapping import Match, SheetMapping
from reviewapp.jobs import handlers
from screening.models import FullText, Job, JobContext
from screening.rules.consensus import Stage, Verdict
from screening.services.full_texts import store_full_text, withdraw_full_text
from tests.extraction.conftest import current, enter
from tests.factories import make_decision, make_record, make_report
from tests.paper import SENTENCE, make_paper
from tests.pdf import make_pdf

CHANGED = SENTENCE.replace("0.885", "0.855")


@pytest.fixture
def paper(store):
    return store(make_paper(2))


@pytest.fixture
def extraction(extractor, study, paper):
    extraction = start_extraction(membership=extractor, study=study)
    enter(extraction, "ssl_framework", "MoCo")
    quote(extraction, Evidence(quote=SENTENCE, full_text=paper, page=1))
    return extraction


def quote(extraction, evidence, field="ssl_framework"):
    known = current(extraction, field)
    attach_evidence(
        membership=extraction.extractor,
        cell=CellAddress(extraction, field),
        evidence=evidence,
        expected=known.pk if known else None,
    )


def run_job(kind="find_quotes_again"):
    """Do what a worker would with everything that waits."""
    waiting = list(Job.objects.filter(kind=kind, state=Job.State.QUEUED))
    assert waiting
    for job in waiting:
        Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, owner="test")
        job.refresh_from_db()
        handlers()[job.kind](JobContext(job))
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)


def shown(extraction):
    return entry_of(extraction).find("ssl_framework", None)


def test_nothing_is_looked_for_while_the_file_stands(extraction, paper):
    run_job()
    assert not QuotePlace.objects.exists()
    assert shown(extraction).standing is None


def test_a_quote_typed_before_the_first_file_is_looked_for_when_it_comes(extractor, study, store):
    extraction = start_extraction(membership=extractor, study=study)
    enter(extraction, "ssl_framework", "MoCo")
    enter(extraction, "strategy", "contrastive")
    quote(extraction, Evidence(quote=SENTENCE))
    quote(extraction, Evidence(quote="Nowhere in it, 42 patients."), field="strategy")
    assert not Job.objects.exists()
    paper = store(make_paper(2, front=1))
    run_job()
    one = shown(extraction)
    assert (one.standing.state, one.standing.full_text_id) == (QuoteState.MOVED, paper.pk)
    assert [one.quote for one in lost_quotes(extractor)] == ["Nowhere in it, 42 patients."]


def test_quotes_of_a_spreadsheet_are_looked_for_in_files_that_are_here(
    extractor, study, store, lead
):
    paper = store(make_paper(2, front=1))
    text = f'study,strategy,quote\n1,contrastive,"{SENTENCE}"\n'
    sheet = take_in_sheet(membership=lead, upload=ContentFile(text.encode(), name="x.csv"))
    Study.objects.update(label="1")
    mapping = SheetMapping(("study", "value::strategy", "quote::strategy"), match=Match.LABEL)
    map_sheet(membership=lead, sheet=sheet, mapping=mapping, extractor=extractor)
    start_sheet(membership=lead, sheet=sheet)
    run_job(SHEET_JOB)
    place = QuotePlace.objects.get()
    assert (place.full_text, place.page) == (paper, 2)


def test_a_report_that_joins_a_study_is_looked_into(
    extractor, study, lead, review, screener, other_screener
):
    extraction = start_extraction(membership=extractor, study=study)
    enter(extraction, "ssl_framework", "MoCo")
    quote(extraction, Evidence(quote=SENTENCE))
    record = make_record(review, title="Its supplement")
    for reviewer in (screener, other_screener):
        for stage in Stage:
            make_decision(record, reviewer, Verdict.INCLUDE, stage)
    joining = make_report(record)
    upload = SimpleUploadedFile("paper.pdf", make_paper(2))
    store_full_text(membership=lead, report=joining, upload=upload)
    join_report(membership=lead, study=study, report=joining)
    run_job()
    assert shown(extraction).standing.state is QuoteState.MOVED


def test_a_quote_is_found_again_on_another_page_of_the_new_file(extraction, paper, store):
    new = store(make_paper(2, front=2))
    assert shown(extraction).standing.state is QuoteState.UNSEEN
    run_job()
    one = shown(extraction)
    assert (one.standing.state, one.standing.full_text_id) == (QuoteState.MOVED, new.pk)
    assert one.evidence_page == 3
    assert one.standing.rectangles
    assert f"text={new.pk}&page=3" in one.evidence_query


def test_the_value_itself_is_not_changed(extraction, paper, store):
    before = current(extraction, "ssl_framework")
    store(make_paper(2, front=2))
    run_job()
    after = current(extraction, "ssl_framework")
    assert (after.pk, after.full_text, after.page) == (before.pk, paper, 1)
    assert after.rectangles == before.rectangles


def test_a_changed_number_is_not_found_and_said(extraction, paper, store, extractor):
    store(make_paper(2, CHANGED))
    run_job()
    one = shown(extraction)
    assert one.standing.is_lost
    assert f"text={paper.pk}&page=1" in one.evidence_query
    (lost,) = lost_quotes(extractor)
    assert (lost.field, lost.quote, lost.full_text_id) == ("SSL framework", SENTENCE, paper.pk)


def test_taking_the_new_file_back_makes_the_quote_stand_again(
    extraction, paper, store, lead, extractor
):
    new = store(make_paper(2, CHANGED))
    run_job()
    withdraw_full_text(membership=lead, full_text=new)
    assert shown(extraction).standing is None
    assert lost_quotes(extractor) == []


def test_the_job_goes_on_where_it_stood_and_changes_nothing_twice(extraction, paper, store):
    new = store(make_paper(2, front=1))
    told = []
    for _ in range(2):
        assert find_quotes_again(full_text=new, progress=lambda **sent: told.append(sent)) == 0
    assert len(told) == 1
    assert QuotePlace.objects.count() == 1
    assert find_quotes_again(full_text=FullText.objects.get(pk=paper.pk), progress=None) == 0


def test_a_typed_quote_that_is_not_there_is_lost_until_a_file_has_it(
    extraction, paper, store, extractor
):
    quote(extraction, Evidence(quote="A sentence of the supplement only, with 42 patients."))
    assert shown(extraction).standing.is_lost
    store(make_pdf(["A sentence of the supplement only,\nwith 42 patients."]))
    assert shown(extraction).standing.state is QuoteState.UNSEEN
    run_job()
    assert shown(extraction).standing.state is QuoteState.MOVED
    assert lost_quotes(extractor) == []


def test_a_rectangle_without_words_stays_in_the_older_file(extraction, paper, store):
    box = ((0.1, 0.1, 0.2, 0.2),)
    quote(extraction, Evidence(page=1, full_text=paper, rectangles=box, location="figure"))
    store(make_paper(2, front=1))
    one = shown(extraction)
    assert one.standing.state is QuoteState.OLDER
    assert f"text={paper.pk}&page=1" in one.evidence_query


def test_nobody_learns_of_quotes_they_may_not_read(
    extraction, paper, store, other_extractor, adjudicator, study
):
    store(make_paper(2, CHANGED))
    run_job()
    assert lost_quotes(other_extractor) == []
    assert lost_quotes(other_extractor, study) == []
    assert lost_quotes(adjudicator, study) == []


def test_a_lost_quote_of_a_reconciled_value_is_everybodys(
    extraction, store, form, study, observer, adjudicator
):
    value = current(extraction, "ssl_framework")
    ConsensusValue.objects.create(
        reconciliation=Reconciliation.objects.create(study=study, form=form),
        field="ssl_framework",
        value="MoCo",
        side="a",
        value_a=value,
        quote=SENTENCE,
        page=1,
        full_text=value.full_text,
        decided_by=adjudicator,
    )
    store(make_paper(2, CHANGED))
    run_job()
    (lost,) = lost_quotes(observer, study)
    assert lost.is_reconciled


def test_many_quotes_take_three_queries(extraction, paper, store, django_assert_num_queries, study):
    store(make_paper(2, CHANGED))
    asked = [Quoted(study.pk, paper.pk, 1, f"quote {number}") for number in range(40)]
    with django_assert_num_queries(3):
        assert {one.state for one in standings(asked).values()} == {QuoteState.UNSEEN}
