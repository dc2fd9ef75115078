"""Answers of studies as data frames: one row per study, one row per experiment."""

from analytics.frames.experiments import EXPERIMENT_COLUMNS, experiments_frame
from analytics.frames.studies import NOT_STATED, studies_frame

__all__ = ["EXPERIMENT_COLUMNS", "NOT_STATED", "experiments_frame", "studies_frame"]
