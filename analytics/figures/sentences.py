"""What the figures say in the way of a paper's results, each number a link to its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.figures.forest import pooled_words
from analytics.figures.model import Part, Wording, counted, signed
from analytics.figures.pooling import Synthesis
from analytics.frames.filters import only
from extraction.schema.comparison import SynthesisPolicy

FULL, SUBSET = "full", "subset"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in parts; a model's estimate, or a description."""

    parts: tuple[Part, ...]
    is_model: bool = False

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part.text for part in self.parts)


NEEDED = ["study_id", "group", "metric", "role", "relative_gain"]


def sentences(
    experiments: pd.DataFrame,
    studies: pd.DataFrame,
    bands: Sequence[Synthesis],
    policy: SynthesisPolicy,
    wording: Wording,
) -> list[Sentence]:
    """Write the results of a selection.

    Args:
        experiments: As for `forest`.
        studies: `studies_frame` of the same selection with a `group` column.
        bands: `syntheses` of the same.
        policy: What is pooled, and how.
        wording: The review's words.

    Returns:
        How many studies compare at all; per group how many compared, mean, median, range and how
        many decreased; the range per metric; what a model estimates, where it may; what has no
        comparable pair. Unweighted numbers are descriptive; m effects from k studies is always
        said.

    Raises:
        KeyError: A column is missing.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, Results (the form of the sentences).
    """
    usable = experiments.loc[experiments["refused_reason"] == "", NEEDED]
    full = usable[usable["role"] == FULL]
    found = [_overall(full, studies, wording)]
    silent = []
    for group in wording.order([*studies["group"]]):
        own = full[full["group"] == group]
        if own.empty:
            silent.append(group)
        else:
            subset = usable[(usable["role"] == SUBSET) & (usable["group"] == group)]
            found.append(_of_group(own, subset, group, studies, wording))
    found += [_of_metric(full[full["metric"] == one], one, wording) for one in _metrics(full)]
    found += [
        Sentence(tuple(pooled_words(band, policy.effect, wording)), is_model=True)
        for band in bands
        if band.pooled
    ]
    if silent and not full.empty:
        found.append(_silence(silent, studies, wording))
    return found


def _overall(full: pd.DataFrame, studies: pd.DataFrame, wording: Wording) -> Sentence:
    total = studies["study_id"].nunique()
    if full.empty:
        return Sentence((
            Part("None of "),
            Part(counted(total, "study", "studies"), wording.link({})),
            Part(f" compares {wording.arm} with {wording.comparator} by values that can be "),
            Part("compared."),
        ))  # fmt: skip
    count = full["study_id"].nunique()
    rows, worse = wording.link({"role": FULL}), wording.link({"role": FULL, "sign": "down"})
    down = full[full["relative_gain"] < 0]
    parts = [
        Part(counted(count, "study", "studies"), rows),
        Part(" of "),
        Part(str(total), wording.link({})),
        Part(f" compared {wording.arm} with {wording.comparator}; "),
        Part(f"{len(down)} decreased", worse),
    ]
    if len(down):
        parts += [Part(", by "), Part(_range(down["relative_gain"].abs()), worse)]
    return Sentence((*parts, Part(" ("), Part(_effects(full), rows), Part(").")))


def _of_group(
    own: pd.DataFrame, subset: pd.DataFrame, group: str, studies: pd.DataFrame, wording: Wording
) -> Sentence:
    gains = own["relative_gain"].to_numpy(dtype=np.float64)
    total = int((studies["group"] == group).sum())
    rows = wording.link({"group": only(group), "role": FULL})
    worse = wording.link({"group": only(group), "role": FULL, "sign": "down"})
    parts = [
        Part(f"{group[:1].upper()}{group[1:]}: "),
        Part(counted(own["study_id"].nunique(), "study", "studies"), rows),
        Part(" of "),
        Part(str(total), wording.link({"group": only(group)})),
        Part(f" compared {wording.arm} with {wording.comparator}; mean relative gain "),
        Part(signed(float(gains.mean())), rows),
        Part(", median "),
        Part(signed(float(np.median(gains))), rows),
    ]
    if len(gains) > 1:
        reach = f"{signed(float(gains.min()))} to {signed(float(gains.max()))}"
        parts += [Part(", from "), Part(reach, rows)]
    parts += [Part(", "), Part(f"{int((gains < 0).sum())} decreased", worse)]
    if not subset.empty:
        few = wording.link({"group": only(group), "role": SUBSET})
        parts.append(Part("; with the smallest amount of labels "))
        parts.append(Part(signed(float(subset["relative_gain"].mean())), few))
        parts.append(Part(" on average in "))
        parts.append(Part(counted(subset["study_id"].nunique(), "study", "studies"), few))
    parts += [Part(" ("), Part(_effects(own), rows), *_mixed(own, group, wording), Part(").")]
    return Sentence(tuple(parts))


def _mixed(own: pd.DataFrame, group: str, wording: Wording) -> Iterator[Part]:
    """The metrics of a group's effects, where they differ."""
    counts = own["metric"].value_counts()
    if len(counts) == 1:
        return
    for number, (metric, count) in enumerate(counts.items()):
        yield Part(", " if number else "; metrics mixed: ")
        asked = {"group": only(group), "role": FULL, "reported_metric": str(metric)}
        yield Part(f"{metric} {count}", wording.link(asked))


def _metrics(full: pd.DataFrame) -> list[str]:
    return [str(one) for one in full["metric"].value_counts().index]


def _of_metric(own: pd.DataFrame, metric: str, wording: Wording) -> Sentence:
    rows = wording.link({"reported_metric": metric, "role": FULL})
    up = own[own["relative_gain"] > 0]["relative_gain"]
    better = wording.link({"reported_metric": metric, "role": FULL, "sign": "up"})
    parts = [Part(f"By {metric}, "), Part(counted(len(own), "study", "studies"), rows)]
    parts += [Part(": "), Part(f"{len(up)} increased", better)]
    if len(up):
        parts += [Part(", by "), Part(_range(up), better)]
    return Sentence((*parts, Part(" ("), Part(_effects(own), rows), Part(").")))


def _range(values: "pd.Series[float]") -> str:
    low, high = float(values.min()), float(values.max())
    return f"{low:.3g} %" if low == high else f"{low:.3g} % to {high:.3g} %"


def _silence(silent: list[str], studies: pd.DataFrame, wording: Wording) -> Sentence:
    parts = [Part("Nothing can be said about ")]
    for number, group in enumerate(silent):
        count = int((studies["group"] == group).sum())
        parts.append(Part(", " if number else ""))
        parts.append(Part(f"{group} ("))
        link = wording.link({"group": only(group)})
        parts.append(Part(counted(count, "study", "studies"), link))
        parts.append(Part(")"))
    return Sentence((*parts, Part(": no comparable pair is on record.")))


def _effects(rows: pd.DataFrame) -> str:
    studies = counted(rows["study_id"].nunique(), "study", "studies")
    return f"{counted(len(rows), 'effect')} from {studies}"
