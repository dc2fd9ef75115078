"""The words of the PRISMA 2020 flow diagram, exactly as its official templates print them.

Source: PRISMA 2020 flow diagram templates for new and for updated reviews (Page et al. 2021, BMJ
372:n71), four variants with and without other methods.
"""

from collections.abc import Mapping
from types import MappingProxyType

STAGES = ("Identification", "Screening", "Included")

NEW_DATABASES = "Identification of studies via databases and registers"
NEW_OTHER = "Identification of studies via other methods"
UPDATED_DATABASES = "Identification of new studies via databases and registers"
UPDATED_OTHER = "Identification of new studies via other methods"
PREVIOUS = "Previous studies"

IDENTIFIED = "Records identified from:"
REMOVED = "Records removed before screening:"

WORDING: Mapping[str, str] = MappingProxyType(
    {
        "database_results": "Databases",
        "register_results": "Registers",
        "website_results": "Websites",
        "organisation_results": "Organisations",
        "citations_results": "Citation searching",
        "other_methods_results": "Other",
        "duplicates": "Duplicate records removed",
        "excluded_automatic": "Records marked as ineligible by automation tools",
        "excluded_other": "Records removed for other reasons",
        "records_screened": "Records screened",
        "records_excluded": "Records excluded",
        "dbr_sought_reports": "Reports sought for retrieval",
        "dbr_notretrieved_reports": "Reports not retrieved",
        "dbr_assessed": "Reports assessed for eligibility",
        "dbr_excluded": "Reports excluded",
        "other_sought_reports": "Reports sought for retrieval",
        "other_notretrieved_reports": "Reports not retrieved",
        "other_assessed": "Reports assessed for eligibility",
        "other_excluded": "Reports excluded",
        "previous_studies": "Studies included in previous version of review",
        "previous_reports": "Reports of studies included in previous version of review",
        "new_studies": "New studies included in review",
        "new_reports": "Reports of new included studies",
        "total_studies": "Total studies included in review",
        "total_reports": "Reports of total included studies",
        # Ours: what the official diagram has no box for, shown while the review runs.
        "records_awaiting": "Records awaiting a verdict",
        "records_conflict": "Records in conflict",
        "dbr_awaiting_retrieval": "Reports awaiting retrieval",
        "dbr_awaiting": "Reports awaiting a verdict",
        "dbr_conflict": "Reports in conflict",
        "other_awaiting_retrieval": "Reports awaiting retrieval",
        "other_awaiting": "Reports awaiting a verdict",
        "other_conflict": "Reports in conflict",
        "reports_without_study": "Reports not yet assigned to a study",
        "other_duplicates": "Duplicates, also found elsewhere",
        "other_removed": "Removed before retrieval",
        "previous_duplicates": "Duplicates among the previous reports",
        "previous_removed": "Removed from the previous reports",
    }
)

# Numbers from before the import, which no row stands for.
DECLARED = "of which declared"

# In a review without an earlier version the last box speaks of studies, not of new studies.
FIRST_VERSION: Mapping[str, str] = MappingProxyType(
    {"new_studies": "Studies included in review", "new_reports": "Reports of included studies"}
)


def words_of(field: str, *, has_previous: bool) -> str:
    """The official words of one field.

    Args:
        field: Field name of the PRISMA2020 template, or one of ours in progress.
        has_previous: Whether the review updates an earlier version.

    Returns:
        The words without a number.

    Raises:
        ValueError: For a field that no diagram has.

    Source:
        PRISMA 2020 templates, Page et al. 2021, BMJ 372:n71.
    """
    if not has_previous and field in FIRST_VERSION:
        return FIRST_VERSION[field]
    if field not in WORDING:
        raise ValueError(f"The PRISMA flow has no box named {field!r}.")
    return WORDING[field]
