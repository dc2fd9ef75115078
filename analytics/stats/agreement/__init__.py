"""How far raters agree: coefficients with 95 % intervals, from what each said alone."""

from analytics.stats.agreement.estimate import Estimate
from analytics.stats.agreement.many import (
    counts_of,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from analytics.stats.agreement.pairs import (
    LINEAR,
    QUADRATIC,
    ac1,
    kappa,
    pabak,
    percent_agreement,
    specific_agreement,
    table_of,
)

__all__ = [
    "LINEAR",
    "QUADRATIC",
    "Estimate",
    "ac1",
    "counts_of",
    "fleiss_kappa",
    "gwet_ac1",
    "kappa",
    "krippendorff_alpha",
    "pabak",
    "percent_agreement",
    "specific_agreement",
    "table_of",
]
