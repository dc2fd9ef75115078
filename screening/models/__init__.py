"""The tables of the ground floor, one noun a file."""

from screening.models.assignments import AssignedRecord, ScreeningAssignment
from screening.models.audit import AuditEvent, AuditRelease
from screening.models.completions import LookupAttempt, RecordCompletion
from screening.models.criteria import CriteriaVersion
from screening.models.decisions import Adjudication, Decision, ExclusionReason, ScreeningLease
from screening.models.discussion import DiscussionMessage
from screening.models.duplicates import (
    ComparedRecord,
    DeclaredRemoval,
    DuplicateLink,
    DuplicateSuggestion,
    FieldChoice,
    NotDuplicate,
    PreScreenRemoval,
)
from screening.models.groups import MemberGroup
from screening.models.jobs import Job, JobContext, JobLost
from screening.models.labels import HighlightTerm, Note, RecordTag, Tag
from screening.models.online import FetchedPage, HostPace, SavedSearch, SearchFetch
from screening.models.path import GivenAnswer, PathQuestion
from screening.models.pdf_batches import BatchPdf, PdfBatch
from screening.models.people import Invitation, Membership, Review, StageSettings, User
from screening.models.pilots import Pilot, PilotDecision, PilotRecord
from screening.models.rankings import (
    PriorDecisions,
    Ranking,
    RankingVectors,
    ScreeningStop,
    SharedTraining,
    SkippedRecord,
)
from screening.models.records import ImportBatch, ImportProblem, Record, Search, Source
from screening.models.reports import FullText, FullTextPage, Report, RetrievalAttempt
from screening.models.sign_ins import Identity, Passkey, RecoveryCode, SecondFactor, SignIn
from screening.models.tokens import ApiToken, IdempotentAnswer
from screening.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "Adjudication",
    "ApiToken",
    "AssignedRecord",
    "AuditEvent",
    "AuditRelease",
    "BatchPdf",
    "ComparedRecord",
    "CriteriaVersion",
    "Decision",
    "DeclaredRemoval",
    "DiscussionMessage",
    "DuplicateLink",
    "DuplicateSuggestion",
    "ExclusionReason",
    "FetchedPage",
    "FieldChoice",
    "FullText",
    "FullTextPage",
    "GivenAnswer",
    "HighlightTerm",
    "HostPace",
    "IdempotentAnswer",
    "Identity",
    "ImportBatch",
    "ImportProblem",
    "Invitation",
    "Job",
    "JobContext",
    "JobLost",
    "LookupAttempt",
    "MemberGroup",
    "Membership",
    "NotDuplicate",
    "Note",
    "Passkey",
    "PathQuestion",
    "PdfBatch",
    "Pilot",
    "PilotDecision",
    "PilotRecord",
    "PreScreenRemoval",
    "PriorDecisions",
    "Ranking",
    "RankingVectors",
    "Record",
    "RecordCompletion",
    "RecordTag",
    "RecoveryCode",
    "Report",
    "RetrievalAttempt",
    "Review",
    "SavedSearch",
    "ScreeningAssignment",
    "ScreeningLease",
    "ScreeningStop",
    "Search",
    "SearchFetch",
    "SecondFactor",
    "SharedTraining",
    "SignIn",
    "SkippedRecord",
    "Source",
    "StageSettings",
    "Tag",
    "User",
    "Webhook",
    "WebhookDelivery",
]
