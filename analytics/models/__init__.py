"""The tables of the analytics floor: how a review reports, never a count."""

from analytics.models.reporting import Footnote, ReportedChoice, ReportingSettings

__all__ = ["Footnote", "ReportedChoice", "ReportingSettings"]
