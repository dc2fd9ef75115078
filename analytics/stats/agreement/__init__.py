"""How far raters agree: coefficients with 95 % intervals, from what each said alone."""

from analytics.stats.agreement.estimate import Estimate
from analytics.stats.agreement.many import (
    counts_of,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from analytics.stats.agreement.numbers import Differences, differences_of, intraclass
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
    "Differences",
    "Estimate",
    "ac1",
    "counts_of",
    "differences_of",
    "fleiss_kappa",
    "gwet_ac1",
    "intraclass",
    "kappa",
    "krippendorff_alpha",
    "pabak",
    "percent_agreement",
    "specific_agreement",
    "table_of",
]
