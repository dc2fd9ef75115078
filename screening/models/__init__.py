"""The tables of the ground floor, one noun a file."""

from screening.models.audit import AuditEvent
from screening.models.decisions import Adjudication, Decision, ExclusionReason, ScreeningLease
from screening.models.duplicates import (
    DeclaredRemoval,
    DuplicateLink,
    DuplicateSuggestion,
    FieldChoice,
    NotDuplicate,
    PreScreenRemoval,
)
from screening.models.jobs import Job, JobContext, JobLost
from screening.models.labels import HighlightTerm, Note, RecordTag, Tag
from screening.models.people import Invitation, Membership, Review, StageSettings, User
from screening.models.records import ImportBatch, ImportProblem, Record, Search, Source
from screening.models.reports import FullText, FullTextPage, Report, RetrievalAttempt

__all__ = [
    "Adjudication",
    "AuditEvent",
    "Decision",
    "DeclaredRemoval",
    "DuplicateLink",
    "DuplicateSuggestion",
    "ExclusionReason",
    "FieldChoice",
    "FullText",
    "FullTextPage",
    "HighlightTerm",
    "ImportBatch",
    "ImportProblem",
    "Invitation",
    "Job",
    "JobContext",
    "JobLost",
    "Membership",
    "NotDuplicate",
    "Note",
    "PreScreenRemoval",
    "Record",
    "RecordTag",
    "Report",
    "RetrievalAttempt",
    "Review",
    "ScreeningLease",
    "Search",
    "Source",
    "StageSettings",
    "Tag",
    "User",
]
