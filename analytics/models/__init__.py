"""The tables of the analytics floor: how a review reports and publishes, never a count."""

from analytics.models.publications import Publication
from analytics.models.reporting import Footnote, ReportedChoice, ReportingSettings

__all__ = ["Footnote", "Publication", "ReportedChoice", "ReportingSettings"]
