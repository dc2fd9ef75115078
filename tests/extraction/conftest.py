"""A study with a report, a published form, and short ways to fill an extraction."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from extraction.models import Extraction, ExtractionForm, ExtractionRow, Study
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from extraction.services.extractions import add_row, start_extraction, submit_extraction
from extraction.services.values import CellAddress, save_value
from screening.models import FullText, Membership, Report, Review
from screening.rules.consensus import Stage, Verdict
from screening.services.full_texts import store_full_text
from tests import factories


@pytest.fixture
def extractors(extractor: Membership, other_extractor: Membership) -> list[Membership]:
    return [extractor, other_extractor]


@pytest.fixture
def count_queries(db: None):
    """How many statements a call takes."""

    def count(call) -> int:
        with CaptureQueriesContext(connection) as found:
            call()
        return len(found)

    return count


@pytest.fixture
def form(review: Review) -> ExtractionForm:
    return factories.make_form(review, to_json(template("ssl_classification")))


@pytest.fixture
def report(review: Review, screener: Membership, other_screener: Membership) -> Report:
    record = factories.make_record(review, title="MoCo-CXR", authors=["Sowrirajan, Hari"])
    for reviewer in (screener, other_screener):
        for stage in Stage:
            factories.make_decision(record, reviewer, Verdict.INCLUDE, stage)
    return factories.make_report(record)


@pytest.fixture
def study(review: Review, form: ExtractionForm, report: Report) -> Study:
    return factories.make_study(review, report, title="MoCo-CXR", first_author="Sowrirajan")


@pytest.fixture
def store(report: Report, lead: Membership):
    """Store a PDF as the report's full text."""

    def store(content: bytes) -> FullText:
        upload = SimpleUploadedFile("paper.pdf", content)
        return store_full_text(membership=lead, report=report, upload=upload)

    return store


def current(extraction: Extraction, field: str, row: ExtractionRow | None = None):
    return extraction.values.current().filter(field=field, row=row).first()


def enter(extraction: Extraction, field: str, raw, unit: str = "", row=None):
    """Save a value as its extractor would."""
    known = current(extraction, field, row)
    return save_value(
        membership=extraction.extractor,
        cell=CellAddress(extraction, field, row),
        raw=raw,
        unit=unit,
        expected=known.pk if known else None,
    )


STUDY = {"strategy": "contrastive", "outcome_task": "pleural effusion", "ssl_framework": "MoCo"}


def extract(study: Study, extractor: Membership, *rows: dict, submit: bool = True, **study_values):
    """A whole extraction: study values, and rows of experiments with values as fractions."""
    extraction = start_extraction(membership=extractor, study=study)
    for field, raw in {**STUDY, **study_values}.items():
        enter(extraction, field, raw)
    for values in rows:
        row = add_row(membership=extractor, extraction=extraction, group="experiment")
        for field, raw in values.items():
            enter(extraction, field, raw, "fraction" if "performance" in field else "", row)
    if submit:
        submit_extraction(membership=extractor, extraction=extraction)
    return extraction


def experiment(fraction: str, ssl: str, supervised: str, **more: str) -> dict:
    return {
        "task": "pleural effusion",
        "metric": "AUROC",
        "label_fraction": fraction,
        "ssl_performance": ssl,
        "supervised_performance": supervised,
        **more,
    }
