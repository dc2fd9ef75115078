"""What belongs to a review: the one table of tables that bundles are written and read by."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db import models

#: Events about the archive itself; they would make two bundles of one review differ.
ARCHIVE_ACTIONS = ("bundle.exported", "bundle.imported", "bundle.downloaded")
AUDIT = "audit_events"
PEOPLE = "people"
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Belonging:
    """One table of a bundle.

    Attributes:
        name: Its file is `tables/NAME.csv`.
        label: The model, e.g. `screening.Record`.
        path: The look-up from a row to its review.
        about: What one row is, for the documented schema.
        left_out: Columns that mean nothing outside their installation; made anew by an import.
    """

    name: str
    label: str
    path: str
    about: str
    left_out: frozenset[str] = NONE

    @property
    def model(self) -> type[models.Model]:
        """The model behind it."""
        return apps.get_model(self.label)

    @property
    def fields(self) -> list["models.Field[Any, Any]"]:
        """The columns beside `id`, in order; the review itself is not repeated in each row."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if not field.primary_key and field.name not in self.left_out and field.name != "review"
        ]


KEY = frozenset({"key"})
CLIENT_KEY = frozenset({"client_key"})

TABLES: tuple[Belonging, ...] = (
    Belonging(
        "review",
        "screening.Review",
        "pk",
        "The review: question, protocol, criteria.",
        frozenset({"slug", "deletes_at", "deletion_asked_by"}),
    ),
    Belonging("memberships", "screening.Membership", "review", "A person's roles in the review."),
    Belonging("groups", "screening.MemberGroup", "review", "A named group of members."),
    Belonging(
        "group_members",
        "screening.MemberGroup_members",
        "membergroup__review",
        "A member of a group.",
    ),
    Belonging("stages", "screening.StageSettings", "review", "How a stage is screened."),
    Belonging(
        "stage_settlers",
        "screening.StageSettings_settlers",
        "stagesettings__review",
        "A member who alone may settle conflicts of a stage.",
    ),
    Belonging("criteria", "screening.CriteriaVersion", "review", "The criteria as they once were."),
    Belonging("reasons", "screening.ExclusionReason", "review", "A reason to exclude, in order."),
    Belonging(
        "path_questions", "screening.PathQuestion", "review", "A question of a stage's path."
    ),
    Belonging("highlights", "screening.HighlightTerm", "review", "A word to highlight."),
    Belonging("tags", "screening.Tag", "review", "A label for records; never counted."),
    Belonging("sources", "screening.Source", "review", "A database, register or other source."),
    Belonging("searches", "screening.Search", "source__review", "One query on one day."),
    Belonging("import_batches", "screening.ImportBatch", "review", "One imported file."),
    Belonging(
        "saved_searches", "screening.SavedSearch", "review", "A query to an outside database."
    ),
    Belonging(
        "search_fetches", "screening.SearchFetch", "saved__review", "A run of a saved search."
    ),
    Belonging(
        "records",
        "screening.Record",
        "review",
        "Title and abstract as one source lists them, with the raw text.",
    ),
    Belonging(
        "import_problems",
        "screening.ImportProblem",
        "batch__review",
        "A row that was not imported, or with a warning.",
    ),
    Belonging(
        "completions",
        "screening.RecordCompletion",
        "record__review",
        "A field its source left empty, filled from elsewhere.",
    ),
    Belonging(
        "lookup_attempts",
        "screening.LookupAttempt",
        "record__review",
        "A try to complete a record.",
    ),
    Belonging(
        "duplicate_links",
        "screening.DuplicateLink",
        "review",
        "A record that is a duplicate of another; undone ones, too.",
    ),
    Belonging(
        "duplicate_suggestions",
        "screening.DuplicateSuggestion",
        "review",
        "Two records that may be duplicates; nobody has judged them.",
    ),
    Belonging(
        "not_duplicates", "screening.NotDuplicate", "review", "Two records that are no duplicates."
    ),
    Belonging(
        "field_choices",
        "screening.FieldChoice",
        "review",
        "Which record of a group of duplicates gives a field.",
    ),
    Belonging(
        "screening_stops", "screening.ScreeningStop", "review", "A decision to stop screening."
    ),
    Belonging(
        "removals",
        "screening.PreScreenRemoval",
        "record__review",
        "A record removed before screening.",
    ),
    Belonging(
        "declared_removals",
        "screening.DeclaredRemoval",
        "source__review",
        "Records removed before the import, known by their number only.",
    ),
    Belonging(
        "prior_decisions",
        "screening.PriorDecisions",
        "review",
        "Decisions of an earlier review that the first ranking learns from.",
        frozenset({"origin"}),
    ),
    Belonging("pilots", "screening.Pilot", "review", "A pilot round."),
    Belonging(
        "pilot_records", "screening.PilotRecord", "pilot__review", "A record of a pilot round."
    ),
    Belonging(
        "pilot_decisions",
        "screening.PilotDecision",
        "pilot__review",
        "A verdict of a pilot round; superseded ones, too.",
        CLIENT_KEY,
    ),
    Belonging(
        "decisions",
        "screening.Decision",
        "record__review",
        "One verdict of one reviewer; superseded ones, too.",
        CLIENT_KEY,
    ),
    Belonging(
        "given_answers",
        "screening.GivenAnswer",
        "question__review",
        "An answer on a stage's path of questions.",
    ),
    Belonging(
        "adjudications",
        "screening.Adjudication",
        "record__review",
        "A ruling on a record; superseded ones, too.",
    ),
    Belonging("record_tags", "screening.RecordTag", "record__review", "A tag on a record."),
    Belonging("notes", "screening.Note", "record__review", "A note on a record."),
    Belonging(
        "messages", "screening.DiscussionMessage", "record__review", "A word about a conflict."
    ),
    Belonging(
        "skipped", "screening.SkippedRecord", "record__review", "A record put off by a person."
    ),
    Belonging(
        "screening_assignments",
        "screening.ScreeningAssignment",
        "review",
        "Records that one member should screen.",
    ),
    Belonging(
        "assigned_records",
        "screening.AssignedRecord",
        "assignment__review",
        "One record of an assignment.",
    ),
    Belonging(
        "reports", "screening.Report", "record__review", "The document behind a record that passed."
    ),
    Belonging(
        "retrieval_attempts",
        "screening.RetrievalAttempt",
        "report__record__review",
        "A try to get a full text.",
    ),
    Belonging("full_texts", "screening.FullText", "report__record__review", "A PDF of a report."),
    Belonging(
        "full_text_pages",
        "screening.FullTextPage",
        "full_text__report__record__review",
        "The text of one page; only beside its PDF.",
    ),
    Belonging("pdf_batches", "screening.PdfBatch", "review", "PDFs uploaded together."),
    Belonging("batch_pdfs", "screening.BatchPdf", "batch__review", "One file of such a batch."),
    Belonging("sheet_imports", "extraction.SheetImport", "review", "An imported extraction table."),
    Belonging("studies", "extraction.Study", "review", "An investigation; the unit of extraction."),
    Belonging("study_reports", "extraction.StudyReport", "study__review", "A report of a study."),
    Belonging(
        "extraction_settings",
        "extraction.ExtractionSettings",
        "review",
        "How the review extracts and reconciles.",
    ),
    Belonging("forms", "extraction.ExtractionForm", "review", "A version of the extraction form."),
    Belonging("form_drafts", "extraction.FormDraft", "review", "The form that is being edited."),
    Belonging(
        "form_changes", "extraction.FormChange", "review", "A change from one form to the next."
    ),
    Belonging(
        "extraction_assignments",
        "extraction.Assignment",
        "study__review",
        "A study given to a member.",
    ),
    Belonging("data_sets", "extraction.DataSet", "review", "A data set and its other names."),
    Belonging(
        "extractions", "extraction.Extraction", "study__review", "One person's reading of a study."
    ),
    Belonging(
        "extraction_rows",
        "extraction.ExtractionRow",
        "extraction__study__review",
        "A row of a repeating group, e.g. an experiment.",
        KEY,
    ),
    Belonging(
        "extracted_values",
        "extraction.ExtractedValue",
        "extraction__study__review",
        "One cell as one person read it, with its evidence; superseded ones, too.",
    ),
    Belonging(
        "reconciliations",
        "extraction.Reconciliation",
        "study__review",
        "The reconciling of a study's extractions.",
    ),
    Belonging(
        "consensus_rows",
        "extraction.ConsensusRow",
        "reconciliation__study__review",
        "A reconciled row and the two it is made of.",
        KEY,
    ),
    Belonging(
        "consensus_values",
        "extraction.ConsensusValue",
        "reconciliation__study__review",
        "A reconciled cell and the two it is made of; superseded ones, too.",
    ),
    Belonging("revisits", "extraction.Revisit", "change__review", "A cell to look at again."),
    Belonging(
        "reporting_settings",
        "analytics.ReportingSettings",
        "review",
        "Policy and layout of Table 1.",
    ),
    Belonging(
        "reported_choices",
        "analytics.ReportedChoice",
        "study__review",
        "An experiment chosen by hand for Table 1.",
    ),
    Belonging("footnotes", "analytics.Footnote", "review", "A footnote of Table 1."),
    Belonging(
        AUDIT,
        "screening.AuditEvent",
        "review",
        "Who changed what, when, from what to what.",
        frozenset({"hash", "previous_hash"}),
    ),
)

#: Models with a way to a review that no bundle holds, each with the reason.
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "screening.ApiToken": "a secret of one person in one installation",
        "screening.Invitation": "a way into one installation; who came in is a membership",
        "screening.Webhook": "holds a secret and an address of one installation",
        "screening.WebhookDelivery": "messages of one installation to an address of its own",
        "screening.Job": "work of one installation's machines",
        "screening.ScreeningLease": "lasts some minutes",
        "screening.ComparedRecord": "worked out from the records, made again when it is needed",
        "screening.FetchedPage": "pages on their way into an import, whose file is kept",
        "screening.RankingVectors": "worked out from the records, made again when it is needed",
        "screening.Ranking": "orders of one installation's ids; their verdicts are decisions",
        "screening.SharedTraining": "worked out from the verdicts, made again when it is needed",
        "analytics.Publication": "a link into one installation",
        "extraction.QuotePlace": "worked out from the PDF's text, made again when it is needed",
    }
)

BY_NAME: Mapping[str, Belonging] = MappingProxyType({table.name: table for table in TABLES})
BY_LABEL: Mapping[str, Belonging] = MappingProxyType(
    {table.label.lower(): table for table in TABLES}
)
