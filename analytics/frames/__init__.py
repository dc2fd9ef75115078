"""Answers of studies as data frames: one row per study, one row per experiment."""

from analytics.frames.arms import arms_of, comparing, pair_of
from analytics.frames.experiments import EXPERIMENT_COLUMNS, experiments_frame
from analytics.frames.filters import Dimension, Level, dimensions_of, keep, only, options_of
from analytics.frames.studies import NOT_STATED, studies_frame

__all__ = [
    "EXPERIMENT_COLUMNS",
    "NOT_STATED",
    "Dimension",
    "Level",
    "arms_of",
    "comparing",
    "dimensions_of",
    "experiments_frame",
    "keep",
    "only",
    "options_of",
    "pair_of",
    "studies_frame",
]
