"""What forest, funnel and sensitivity share: the effects of a metric and their model."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.stats.synthesis.cautions import Setting, cautions, may_pool
from analytics.stats.synthesis.effects import Effects, make_effects
from analytics.stats.synthesis.heterogeneity import h_squared, i_squared
from analytics.stats.synthesis.multilevel import level_weights, pool_three_level
from analytics.stats.synthesis.pooling import Pooled, pool
from extraction.schema.comparison import Dependence, EffectMeasure, SynthesisPolicy

Z95 = 1.959963984540054
COLUMNS = {
    EffectMeasure.LOG_RATIO: ("log_ratio", "log_variance"),
    EffectMeasure.DIFFERENCE: ("absolute_gain", "difference_variance"),
}
TWO_LEVELS = "random effects, REML with Hartung-Knapp"
THREE_LEVELS = "three-level random effects, REML with t of studies − 1"


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The effects of one metric.

    Attributes:
        metric: Its name.
        rows: The effects, one row each, with `yi`, `vi` (NaN without a sampling error), `low`,
            `high` (95 %, scale of `yi`) and `weight` (percent, NaN where not pooled).
        pooled: What the model says, on the scale of `yi`; None where nothing is pooled.
        model: Name of the model, empty without one.
        warnings: What a reader must be told.
        why_not: Why nothing is pooled, empty where something is.
    """

    metric: str
    rows: pd.DataFrame
    pooled: Pooled | None
    model: str
    warnings: tuple[str, ...]
    why_not: str

    @property
    def studies(self) -> int:
        """How many studies the effects come from."""
        return int(self.rows["study_id"].nunique())


def shown_effect(value: float, measure: EffectMeasure) -> float:
    """Bring an effect to the scale on which it is read.

    Args:
        value: A log ratio, or a difference in points.
        measure: Which of both.

    Returns:
        The relative gain in percent, exp(lnRR) - 1; or the difference as it is.

    Raises:
        OverflowError: The log ratio is beyond 700.

    Source:
        NUMBERS: exp(lnRR) - 1 = d.
    """
    return 100 * math.expm1(value) if measure is EffectMeasure.LOG_RATIO else value


def needed(policy: SynthesisPolicy) -> tuple[str, ...]:
    """Name the columns that `synthesise` reads.

    Args:
        policy: What is pooled.

    Returns:
        Names of columns, each once.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    known = ("study_id", "metric", "dataset", "other_value", "error_family")
    return (*COLUMNS[policy.effect], *known)


def syntheses(experiments: pd.DataFrame, policy: SynthesisPolicy) -> list[Synthesis]:
    """Pool per metric, which is also per direction.

    Args:
        experiments: `with_sampling(mark_reported(with_gains(experiments_frame(...))))`.
        policy: What is pooled, and how dependent effects are treated.

    Returns:
        One synthesis per metric, the one with the most studies first. With one effect per study
        the rows are the reported experiments at the largest amount; in three levels all
        experiments that have a sampling error join them.

    Raises:
        KeyError: A column is missing.

    Source:
        NUMBERS; REML: Viechtbauer 2005; Hartung & Knapp 2001; Konstantopoulos 2011.
    """
    yi, vi = COLUMNS[policy.effect]
    is_kept = experiments["role"] == "full"
    if policy.dependence is Dependence.THREE_LEVEL:
        is_kept |= experiments[vi].notna()
    is_usable = experiments["refused_reason"] == ""
    kept = experiments[is_usable & is_kept & experiments[yi].notna()]
    order = kept.groupby("metric")["study_id"].nunique().sort_values(ascending=False, kind="stable")
    return [
        synthesise(kept[kept["metric"] == metric], str(metric), policy) for metric in order.index
    ]


def synthesise(rows: pd.DataFrame, metric: str, policy: SynthesisPolicy) -> Synthesis:
    """Pool the effects of one metric where that is allowed.

    Args:
        rows: Effects of this metric, as `syntheses` keeps them.
        metric: Its name.
        policy: What is pooled.

    Returns:
        The synthesis, sorted by effect.

    Raises:
        KeyError: A column is missing.

    Source:
        NUMBERS (k < 2 none; effects without a sampling error are never pooled by variance).
    """
    yi, vi = COLUMNS[policy.effect]
    found = rows.assign(yi=rows[yi], vi=rows[vi]).sort_values(["yi", "study_id"], kind="stable")
    reach = Z95 * np.sqrt(found["vi"])
    found = found.assign(low=found["yi"] - reach, high=found["yi"] + reach, weight=math.nan)
    known = found[found["vi"].notna()]
    pooled, model = (None, "") if known.empty else pooled_of(_effects(known), policy)
    if pooled is None:
        return Synthesis(metric, found, None, "", (), _why_not(found, known))
    found.loc[known.index, "weight"] = pooled.weights
    said = cautions(_effects(known), pooled, _setting(known, policy))
    return Synthesis(metric, found, pooled, model, tuple(said), "")


def _why_not(found: pd.DataFrame, known: pd.DataFrame) -> str:
    if known.empty:
        return f"none of its {len(found)} effects has a sampling error on record"
    return (
        f"{len(known)} of its {len(found)} effects, from {known['study_id'].nunique()} "
        "of its studies, have a sampling error, and 2 effects from 2 studies are needed"
    )


def _effects(known: pd.DataFrame) -> Effects:
    return make_effects(
        known["yi"].to_numpy(dtype=np.float64),
        known["vi"].to_numpy(dtype=np.float64),
        known["study_id"].tolist(),
    )


def pooled_of(effects: Effects, policy: SynthesisPolicy) -> tuple[Pooled | None, str]:
    """Pool effects by the model of the policy.

    Args:
        effects: Any number, of one metric.
        policy: How dependent effects are treated.

    Returns:
        The pooled value and the model's name; nothing where it may not be pooled. Three levels
        need a study with two effects, else the two-level model is used.

    Raises:
        ValueError: Never.

    Source:
        NUMBERS.
    """
    if not may_pool(effects):
        return None, ""
    if policy.dependence is Dependence.THREE_LEVEL and effects.cluster_count < effects.k:
        return _three_levels(effects), THREE_LEVELS
    return pool(effects), TWO_LEVELS


def _three_levels(effects: Effects) -> Pooled:
    """The three-level model as a pooled value; tau2 is the sum of both variances."""
    found = pool_three_level(effects, df=effects.cluster_count - 1)
    tau2 = found.sigma2_between + found.sigma2_within
    plain = pool(effects)
    return Pooled(
        estimate=found.estimate,
        se=found.se,
        statistic=found.estimate / found.se,
        df=effects.cluster_count - 1,
        p=found.p,
        low=found.low,
        high=found.high,
        tau2=tau2,
        tau2_interval=plain.tau2_interval,
        i2=i_squared(effects, tau2),
        h2=h_squared(effects, tau2),
        q=plain.q,
        q_p=plain.q_p,
        prediction=found.prediction,
        weights=level_weights(effects, found.sigma2_between, found.sigma2_within),
        k=found.k,
        studies=found.studies,
    )


def _setting(known: pd.DataFrame, policy: SynthesisPolicy) -> Setting:
    return Setting(
        metrics=known["metric"].tolist(),
        datasets=known["dataset"].tolist(),
        scores=[
            value
            for value, family in zip(known["other_value"], known["error_family"], strict=True)
            if family == "area"
        ],
        imputed_correlation=float(policy.correlation),
    )
