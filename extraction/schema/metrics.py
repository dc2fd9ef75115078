"""The catalogue of metrics: direction, natural range and how a standard error is derived."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Whether a larger value is better."""

    HIGHER = "higher"
    LOWER = "lower"


class ErrorFamily(StrEnum):
    """How a standard error follows from summary numbers, if it does."""

    AREA = "area"
    PROPORTION = "proportion"
    NONE = "none"


class Cases(StrEnum):
    """Which test cases a proportion is a share of; those predicted positive are not known."""

    ALL = "all"
    POSITIVES = "positives"
    NEGATIVES = "negatives"
    PREDICTED = "predicted"


@dataclass(frozen=True, slots=True)
class Metric:
    """One performance measure.

    Attributes:
        key: What is stored.
        label: Long name.
        direction: Which way is better.
        low: Smallest possible value on the 0-1 scale, None without a bound.
        high: Largest possible value on the 0-1 scale, None without a bound.
        error: Family of its standard error.
        ask_below: Below this a value is possible but unlikely: ask (AUROC 0.5 = chance).
        aliases: Other names under which it is printed.
        cases: For a proportion: the cases it is a share of.
    """

    key: str
    label: str = ""
    direction: Direction = Direction.HIGHER
    low: Decimal | None = Decimal(0)
    high: Decimal | None = Decimal(1)
    error: ErrorFamily = ErrorFamily.NONE
    ask_below: Decimal | None = None
    aliases: tuple[str, ...] = ()
    cases: Cases = Cases.ALL

    @property
    def names(self) -> frozenset[str]:
        """Every name it goes by, folded to lower case and single blanks."""
        named = (self.key, self.label, *self.aliases)
        return frozenset(" ".join(name.casefold().split()) for name in named if name)


_HALF = Decimal("0.5")
_AREA = ErrorFamily.AREA
_SHARE = ErrorFamily.PROPORTION
_LOWER = Direction.LOWER
_MINUS = Decimal(-1)

METRICS: tuple[Metric, ...] = (
    Metric(
        "AUROC",
        "area under the ROC curve",
        error=_AREA,
        ask_below=_HALF,
        aliases=("AUC", "ROC AUC", "AUC-ROC", "ROC-AUC", "area under the ROC curve"),
    ),
    Metric("accuracy", "accuracy", error=_SHARE, aliases=("ACC", "overall accuracy")),
    Metric("F1", "F1 score", aliases=("F1 score", "F1-score", "macro F1", "F-score")),
    Metric(
        "sensitivity",
        "sensitivity",
        error=_SHARE,
        aliases=("recall", "TPR", "true positive rate"),
        cases=Cases.POSITIVES,
    ),
    Metric(
        "specificity",
        "specificity",
        error=_SHARE,
        aliases=("TNR", "true negative rate"),
        cases=Cases.NEGATIVES,
    ),
    Metric(
        "precision",
        "precision",
        error=_SHARE,
        aliases=("PPV", "positive predictive value"),
        cases=Cases.PREDICTED,
    ),
    Metric(
        "negative predictive value",
        "negative predictive value",
        error=_SHARE,
        aliases=("NPV",),
        cases=Cases.PREDICTED,
    ),
    Metric("balanced accuracy", "balanced accuracy", aliases=("BACC", "mean class accuracy")),
    Metric("top-1 accuracy", "top-1 accuracy", error=_SHARE, aliases=("top-1",)),
    Metric(
        "AUPRC",
        "area under the precision-recall curve",
        aliases=("average precision", "AP", "mAP", "PR AUC"),
    ),
    Metric("kappa", "Cohen's kappa", low=_MINUS, aliases=("Cohen's kappa", "QWK")),
    Metric("MCC", "Matthews correlation coefficient", low=_MINUS, aliases=("Matthews",)),
    Metric("Dice", "Dice coefficient", aliases=("DSC", "Dice score")),
    Metric("Brier score", "Brier score", direction=_LOWER, aliases=("Brier",)),
    Metric(
        "expected calibration error",
        "expected calibration error",
        direction=_LOWER,
        aliases=("ECE",),
    ),
    Metric("error rate", "error rate", direction=_LOWER, error=_SHARE, aliases=("top-1 error",)),
    Metric("log loss", "log loss", direction=_LOWER, high=None, aliases=("cross-entropy",)),
    Metric("MAE", "mean absolute error", direction=_LOWER, high=None),
)

_BY_NAME = {name: metric for metric in METRICS for name in metric.names}


def metric_of(name: str) -> Metric | None:
    """Find a metric by the name it is printed under.

    Args:
        name: Key, label or alias, whatever the case and the blanks around it.

    Returns:
        The metric, or None when the catalogue does not know the name.

    Source:
        Own catalogue; standard error families after NUMBERS (Hanley-McNeil for areas, binomial
        for proportions, none for F1, AUPRC and kappa).
    """
    return _BY_NAME.get(" ".join(name.casefold().split()))
