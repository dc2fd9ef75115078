"""Frames as the pages hand them to the figures, without a database."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import pandas as pd

from analytics.figures.dashboard import bands_of, plans_of
from analytics.figures.model import Figure, Wording
from analytics.figures.provenance import proof_of
from analytics.frames import experiments_frame, studies_frame
from analytics.stats.gains import with_gains
from analytics.stats.sampling import with_sampling
from analytics.tables.policy import mark_reported
from extraction.schema.answers import StudyAnswers
from extraction.schema.definition import FormDefinition


def link_to(filters: Mapping[str, str]) -> str:
    return "?" + urlencode(filters)


def frames_of(
    studies: Iterable[StudyAnswers], form: FormDefinition
) -> tuple[pd.DataFrame, pd.DataFrame, Wording]:
    kept = list(studies)
    spec = form.comparison
    assert spec is not None
    gains = with_sampling(with_gains(experiments_frame(kept, form)))
    marked = mark_reported(gains, spec.policy)
    experiments = marked.assign(
        proof=[proof_of(share) for share in marked["proven"]],
        link=[f"/{s}/{r}/" for s, r in zip(marked["study_id"], marked["row_key"], strict=True)],
    )
    overview = studies_frame(kept, form)
    overview = overview.assign(group=overview[f"study.{spec.group_by}"])
    field = form.find(spec.group_by)
    assert field is not None
    wording = Wording(
        arm=spec.arm.label,
        comparator=spec.comparator.label,
        group=field.label,
        groups=tuple(term.key for term in field.terms),
        link=link_to,
    )
    return experiments, overview, wording


def figures_of(
    experiments: pd.DataFrame, studies: pd.DataFrame, form: FormDefinition, wording: Wording
) -> list[Figure]:
    """Everything the form allows, drawn."""
    bands = bands_of(experiments, form)
    plans = plans_of(experiments, studies, form, wording, (), lambda: bands)
    return [one.figure() for one in plans]
