"""Updates of a review: what the previous version included, in real rows and all four drawings."""

import pytest
from django.core.exceptions import ValidationError

from analytics.prisma.contents import previous_content
from analytics.prisma.diagram import flow_as_svg
from analytics.selectors.overview import overview_of
from analytics.selectors.prisma import flow_of
from extraction.selectors.desk import reports_without_study
from extraction.services.reports import join_report
from extraction.services.studies import create_study
from screening.models import DuplicateLink, Note, PreScreenRemoval, Record, Source
from screening.rules.consensus import Stage, Verdict
from screening.selectors.blinding import are_labels_open
from screening.selectors.stages import in_stage
from screening.services.duplicates import keep_instead, link_records, undo_link
from tests import factories

pytestmark = pytest.mark.django_db
TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


def record_of(review, kind, **fields):
    source = Source.objects.filter(review=review, kind=kind).first()
    source = source or factories.make_source(review, kind=kind, name=f"A {kind}")
    record = factories.make_record(review, source=source, **fields)
    if kind != Source.Kind.DATABASE:
        factories.make_report(record)  # as an import makes it
    return record


def include(record, people):
    for stage in Stage:
        for person in people:
            factories.make_decision(record, person, Verdict.INCLUDE, stage)
    factories.make_report(record)


@pytest.fixture
def old(review):
    return record_of(review, Source.Kind.PREVIOUS_VERSION)


@pytest.fixture
def new(review, screener, other_screener):
    record = record_of(review, Source.Kind.DATABASE)
    include(record, [screener, other_screener])
    return record


def test_a_previous_report_is_neither_identified_nor_screened_nor_sought(review, old):
    flow = flow_of(review=review)

    assert flow.has_previous
    assert flow.boxes["previous_reports"] == flow.boxes["total_reports"] == {old.pk}
    assert flow.in_progress["reports_without_study"] == {old.pk}
    for box in ("records_screened", "dbr_sought_reports", "other_sought_reports", "new_reports"):
        assert flow.boxes[box] == set()
    for stage in Stage:
        assert not in_stage(Record.objects.filter(review=review), stage).exists()
    assert not Record.objects.filter(review=review).at_full_text().exists()
    assert not Record.objects.filter(review=review).from_other_methods().exists()


def test_a_previous_report_may_have_a_study_without_screening(review, lead, old):
    assert [report.record for report in reports_without_study(review)] == [old]

    study = create_study(membership=lead, report=old.report)

    flow = flow_of(review=review)
    assert flow.boxes["previous_studies"] == flow.boxes["total_studies"] == {study.pk}
    assert flow.boxes["new_studies"] == set()
    assert reports_without_study(review) == []


def test_a_new_report_of_an_old_study_adds_a_report_and_no_study(review, lead, old, new):
    study = create_study(membership=lead, report=old.report)
    join_report(membership=lead, study=study, report=new.report)

    flow = flow_of(review=review)
    assert flow.boxes["new_reports"] == {new.pk}
    assert flow.boxes["new_studies"] == set()
    assert flow.boxes["total_reports"] == {old.pk, new.pk}
    assert flow.boxes["total_studies"] == flow.boxes["previous_studies"] == {study.pk}


def test_what_is_found_again_is_a_duplicate_of_the_previous_report(review, lead, old, new):
    link = link_records(membership=lead, kept=new, duplicate=old)

    assert (link.record, link.kept) == (new, old)
    flow = flow_of(review=review)
    assert flow.boxes["duplicates"] == {new.pk}
    assert flow.boxes["previous_reports"] == {old.pk}
    assert flow.boxes["new_reports"] == flow.boxes["records_screened"] == set()
    with pytest.raises(ValidationError, match="previous version"):
        keep_instead(membership=lead, record=new)

    undo_link(membership=lead, link=link)
    assert flow_of(review=review).boxes["new_reports"] == {new.pk}


def test_a_group_that_was_screened_moves_whole_to_the_previous_report(review, lead, old, new):
    twin = record_of(review, Source.Kind.DATABASE)
    link_records(membership=lead, kept=new, duplicate=twin)
    link_records(membership=lead, kept=twin, duplicate=old)

    assert flow_of(review=review).boxes["duplicates"] == {new.pk, twin.pk}
    assert set(DuplicateLink.objects.standing().values_list("kept", flat=True)) == {old.pk}
    assert not in_stage(Record.objects.filter(pk=old.pk), FULL).exists()  # decisions were carried


def test_the_flow_holds_when_another_record_is_kept_around_the_services(review, old, new):
    DuplicateLink.objects.create(review=review, record=old, kept=new, method="manual")

    flow = flow_of(review=review)
    assert flow.set_aside["previous_duplicates"] == {old.pk}
    assert flow.boxes["previous_reports"] == set()
    assert flow.boxes["new_reports"] == {new.pk}


def test_a_previous_report_taken_out_is_told(review, lead, old):
    other = record_of(review, Source.Kind.PREVIOUS_VERSION)
    PreScreenRemoval.objects.create(record=old, kind="other", note="retracted", created_by=lead)

    flow = flow_of(review=review)
    assert flow.boxes["previous_reports"] == {other.pk}
    assert flow.set_aside["previous_removed"] == {old.pk}
    assert "previous_removed" in [row.key for row in previous_content(flow).rows]


def test_the_overview_counts_the_previous_version_apart(lead, old):
    stage = overview_of(membership=lead).stages[0]

    assert [(part.count, part.label) for part in stage.parts] == [
        (0, "from databases and registers"),
        (1, "from the previous version"),
    ]


def test_notes_on_a_previous_report_are_open_since_nobody_judges_it(review, screener, old):
    lead = factories.make_member(review, "lead")
    Note.objects.create(record=old, author=lead, body="Data from 2019 stand.")

    assert are_labels_open(screener, old, TITLE)


@pytest.mark.parametrize("previous", [False, True])
@pytest.mark.parametrize("other", [False, True])
def test_all_four_variants_are_drawn_from_real_rows(review, lead, new, previous, other):
    study = create_study(membership=lead, report=new.report)
    if previous:
        create_study(membership=lead, report=record_of(review, Source.Kind.PREVIOUS_VERSION).report)
    if other:
        record_of(review, Source.Kind.WEBSITE)

    flow = flow_of(review=review)
    assert (flow.has_previous, flow.has_other_methods) == (previous, other)
    assert flow.boxes["new_studies"] == {study.pk}
    drawn = flow_as_svg(flow)
    assert ("Previous studies" in drawn) is previous
    assert ("via other methods" in drawn) is other
    assert f"Total studies included in review: {1 + previous}" in drawn or not previous
