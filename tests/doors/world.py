"""A review with one of everything, to fill the arguments of any address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from analytics.models import Footnote, Publication
from extraction.models import (
    Assignment,
    ConsensusRow,
    ConsensusValue,
    DataSet,
    ExtractedValue,
    Extraction,
    ExtractionRow,
    FormDraft,
    Reconciliation,
    SheetImport,
)
from extraction.schema.codec import sketch_from_json, to_json
from extraction.schema.editing import with_tool
from extraction.schema.templates import template
from screening.models import (
    BatchPdf,
    DeclaredRemoval,
    DiscussionMessage,
    DuplicateLink,
    DuplicateSuggestion,
    FullText,
    FullTextPage,
    ImportBatch,
    ImportProblem,
    Invitation,
    Job,
    MemberGroup,
    NotDuplicate,
    Note,
    PathQuestion,
    PdfBatch,
    Pilot,
    RecordCompletion,
    Review,
    SavedSearch,
    ScreeningAssignment,
    ScreeningStop,
    Tag,
    Webhook,
    WebhookDelivery,
)
from screening.rules.consensus import Stage
from tests import factories


@dataclass(frozen=True)
class World:
    """A review and the id of one object of each kind in it, by the name addresses use."""

    review: Review
    arguments: Mapping[str, Any]


def make_world(slug: str, definition: dict[str, Any], pdf: bytes) -> World:
    """Make one of everything."""
    review = factories.make_review(slug=slug)
    member = factories.make_member(
        review, "lead", "screener", "extractor", "adjudicator", user=factories.make_user("World")
    )
    record, twin, third, fourth = (factories.make_record(review) for _ in range(4))
    for reviewer in (member, factories.make_member(review, "screener")):
        factories.make_decision(record, reviewer, stage=Stage.TITLE_ABSTRACT)
    report = factories.make_report(record)
    full_text = FullText.objects.create(
        report=report,
        file=ContentFile(pdf, name="x.pdf"),
        original_name="x.pdf",
        sha256="0" * 64,
        size=len(pdf),
        page_count=1,
        uploaded_by=member,
    )
    FullTextPage.objects.create(full_text=full_text, number=1, text="Some words.")
    pair = {"review": review, "first": record, "second": twin}
    batch_pdf = BatchPdf.objects.create(
        batch=PdfBatch.objects.create(review=review, created_by=member),
        file=ContentFile(pdf, name="y.pdf"),
        original_name="y.pdf",
        state="unmatched",
        candidates=[report.pk],
    )
    link = DuplicateLink.objects.create(review=review, record=third, kept=fourth, method="manual")
    apart = {"review": review, "first": record, "second": fourth, "created_by": member}
    arguments = {
        "slug": review.slug,
        "member_id": member.pk,
        "invitation_id": _invitation(review, member).pk,
        "source_id": record.source_id,
        "batch_id": record.batch_id,
        "problem_id": _rejected_row(record.batch).pk,
        "record_id": record.pk,
        "other_id": twin.pk,
        "report_id": report.pk,
        "full_text_id": full_text.pk,
        "pdf_batch_id": batch_pdf.batch_id,
        "batch_pdf_id": batch_pdf.pk,
        "suggestion_id": DuplicateSuggestion.objects.create(**pair).pk,
        "link_id": link.pk,
        "ruling_id": NotDuplicate.objects.create(**apart).pk,
        "declared_id": _declared(record, member).pk,
        "search_id": SavedSearch.objects.create(
            review=review, database="pubmed", query="x", digest="x", created_by=member
        ).pk,
        "completion_id": RecordCompletion.objects.create(
            record=record,
            field="abstract",
            value=record.abstract,
            origin="pubmed",
            identifier="1",
            created_by=member,
        ).pk,
        "reason_id": factories.make_reason(review).pk,
        "question_id": PathQuestion.objects.create(
            review=review,
            stage=Stage.FULL_TEXT,
            position=1,
            text="Is it about images?",
            reason=factories.make_reason(review),
        ).pk,
        "tag_id": Tag.objects.create(review=review, label="later").pk,
        "stop_id": ScreeningStop.objects.create(
            review=review, stage=Stage.TITLE_ABSTRACT, removed=0, stopped_by=member
        ).pk,
        "message_id": DiscussionMessage.objects.create(
            record=record, stage=Stage.TITLE_ABSTRACT, author=member, body="A message."
        ).pk,
        "screening_assignment_id": ScreeningAssignment.objects.create(
            review=review,
            stage=Stage.TITLE_ABSTRACT,
            member=member,
            name="Batch",
            created_by=member,
        ).pk,
        "group_id": MemberGroup.objects.create(review=review, name="Clinicians").pk,
        "pilot_id": Pilot.objects.create(
            review=review,
            stage=Stage.TITLE_ABSTRACT,
            number=1,
            started_by=member,
            ended_at=timezone.now(),
            closed_at=timezone.now(),
        ).pk,
        "note_id": Note.objects.create(record=record, author=member, body="A note.").pk,
        "job_id": Job.objects.create(kind="none", review=review, created_by=member.user).pk,
        "bundle_id": _bundle(review, member).pk,
    }
    hook = Webhook.objects.create(
        review=review, url="https://x.invalid/", events=["conflict"], created_by=member
    )
    facts = {"record": record.pk, "stage": "title_abstract"}
    delivery = WebhookDelivery.objects.create(
        webhook=hook, event="conflict", facts=facts, state="failed"
    )
    arguments |= {"webhook_id": hook.pk, "delivery_id": delivery.pk}
    return World(review, arguments | _study(review, member, report, definition))


def _bundle(review: Review, member: Any) -> Job:
    stored = default_storage.save(f"bundles/{review.pk}/x.zip", ContentFile(b"A ZIP."))
    return Job.objects.create(
        kind="write_bundle",
        review=review,
        created_by=member.user,
        params={"files": "none", "pseudonyms": False},
        state=Job.State.DONE,
        result={"file": stored, "size": 6, "content_sha256": "0" * 64},
    )


def _rejected_row(batch: ImportBatch) -> ImportProblem:
    return ImportProblem.objects.create(
        batch=batch, position=9, severity="rejected", message="No row.", raw_text="?"
    )


def _invitation(review: Review, member: Any) -> Invitation:
    return Invitation.objects.create(
        review=review,
        token_hash=review.slug,
        roles=["observer"],
        created_by=member.user,
        expires_at=timezone.now() + timedelta(days=1),
    )


def _declared(record: Any, member: Any) -> DeclaredRemoval:
    return DeclaredRemoval.objects.create(
        source=record.source,
        kind="duplicate",
        count=3,
        note="EndNote",
        removed_on=timezone.localdate(),
        declared_by=member,
    )


def _study(review: Review, member: Any, report: Any, definition: dict[str, Any]) -> dict[str, Any]:
    whole = with_tool(sketch_from_json(definition), template("quadas_2").groups)
    form = factories.make_form(review, to_json(whole))
    FormDraft.objects.create(
        review=review, base=form, definition=definition, created_by=member, updated_by=member
    )
    study = factories.make_study(review, report)
    extraction = Extraction.objects.create(study=study, form=form, extractor=member)
    row = ExtractionRow.objects.create(extraction=extraction, group="experiment", position=1)
    value = ExtractedValue.objects.create(
        extraction=extraction, row=row, field="task", value="pneumonia", page=1, quote="Some words."
    )
    reconciliation = Reconciliation.objects.create(study=study, form=form)
    settled_row = ConsensusRow.objects.create(
        reconciliation=reconciliation, group="experiment", position=1, row_a=row
    )
    settled = ConsensusValue.objects.create(
        reconciliation=reconciliation,
        row=settled_row,
        field="task",
        value="pneumonia",
        side="a",
        value_a=value,
        decided_by=member,
    )
    named = Assignment.objects.create(study=study, member=member, assigned_by=member)
    return {
        "assignment_id": named.pk,
        "footnote_id": Footnote.objects.create(
            review=review, study=study, text="A remark.", created_by=member
        ).pk,
        "publication_id": Publication.objects.create(
            review=review, title="Gains", handle=f"handle-{review.slug}", created_by=member
        ).pk,
        "form_id": form.pk,
        "sheet_id": SheetImport.objects.create(
            review=review,
            file=ContentFile(b"study,task\nA,pneumonia\n", name="x"),
            original_name="x.csv",
            sha256=review.slug.ljust(64, "0"),
            size=25,
            created_by=member,
        ).pk,
        "data_set_id": DataSet.objects.create(review=review, name="X", created_by=member).pk,
        "study_id": study.pk,
        "extraction_id": extraction.pk,
        "row_id": row.pk,
        "row_key": settled_row.key,
        "value_id": value.pk,
        "consensus_row_id": settled_row.pk,
        "consensus_id": settled.pk,
    }
