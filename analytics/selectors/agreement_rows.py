"""The agreement of a stage as the rows of the command, the CSV and the page."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analytics.selectors.agreement import Agreement, PairAgreement
from analytics.stats.agreement import Estimate
from analytics.tables.agreement import (
    estimate_as_json,
    in_percent,
    interval_of,
    rows_as_csv,
)
from screening.models import Membership
from screening.rules.consensus import Verdict
from screening.selectors.people import named_for

FILES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """The agreement as a download."""

    text: str
    headers: dict[str, str]


def agreement_file(found: Agreement, file_format: str, reader: Membership) -> AgreementFile:
    """Write the agreement for a person.

    Args:
        found: The agreement.
        file_format: One of `FILES`.
        reader: Whom it is for, which decides how people are named.
    """
    text = (
        json.dumps(agreement_as_json(found, reader), indent=1)
        if file_format == "json"
        else rows_as_csv(agreement_rows(found))
    )
    stage = found.stage.value.replace("_", "-")
    name = f"agreement-{reader.review.slug}-{stage}.{file_format}"
    headers = {
        "Content-Type": FILES[file_format],
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return AgreementFile(text, headers)


def agreement_as_json(found: Agreement, reader: Membership | None = None) -> dict[str, Any]:
    """The agreement as one JSON document; a coefficient that is not defined is null.

    Args:
        found: The agreement.
        reader: Whom it is for, which decides how people are named; None for a command.
    """
    return {
        "stage": found.stage.value,
        "records": found.records,
        "reviewers": found.reviewers,
        "imported_verdicts": found.imported,
        "categories": list(found.categories),
        "pairs": [_pair_as_json(pair, reader) for pair in found.pairs],
        "fleiss": found.fleiss.value,
        "fleiss_ci": interval_of(found.fleiss),
        "krippendorff_alpha": found.alpha.value,
        "krippendorff_alpha_ci": interval_of(found.alpha),
        "ac1": estimate_as_json(found.ac1),
        "notes": sorted({note for note in (found.fleiss.note, found.alpha.note) if note}),
    }


def _pair_as_json(pair: PairAgreement, reader: Membership | None) -> dict[str, Any]:
    weighted = pair.weighted_kappa
    percent = in_percent(pair.percent)
    return {
        "a": named_for(reader, pair.first),
        "b": named_for(reader, pair.second),
        "a_id": pair.first.pk,
        "b_id": pair.second.pk,
        "a_name": pair.first.user.name,
        "b_name": pair.second.user.name,
        "n": pair.n,
        "percent": percent.value,
        "percent_ci": interval_of(percent),
        "kappa": pair.kappa.value,
        "kappa_se": pair.kappa.se,
        "kappa_ci": interval_of(pair.kappa),
        "kappa_note": pair.kappa.note,
        "weighted_kappa": weighted.value if weighted else None,
        "weighted_kappa_ci": interval_of(weighted) if weighted else None,
        "pabak": pair.pabak.value,
        "pabak_ci": interval_of(pair.pabak),
        "ac1": pair.ac1.value,
        "ac1_ci": interval_of(pair.ac1),
        "fleiss": pair.fleiss.value,
        "fleiss_ci": interval_of(pair.fleiss),
        "krippendorff_alpha": pair.alpha.value,
        "krippendorff_alpha_ci": interval_of(pair.alpha),
        "agreement_on": dict(pair.specific),
        "agreement_on_include": pair.on(Verdict.INCLUDE),
        "agreement_on_exclude": pair.on(Verdict.EXCLUDE),
        "imported_verdicts": pair.imported,
        "table": [list(row) for row in pair.table],
    }


def agreement_rows(found: Agreement) -> Iterator[dict[str, object]]:
    """One row per coefficient, of each pair and of all together, for a CSV."""
    for pair in found.pairs:
        names = (pair.first.user.name, pair.second.user.name, pair.n)
        yield _row(*names, "percent agreement", in_percent(pair.percent))
        yield _row(*names, "Cohen's kappa", pair.kappa)
        if pair.weighted_kappa:
            yield _row(*names, "weighted kappa, linear", pair.weighted_kappa)
        yield _row(*names, "PABAK", pair.pabak)
        yield _row(*names, "Gwet's AC1", pair.ac1)
        yield _row(*names, "Fleiss' kappa", pair.fleiss)
        yield _row(*names, "Krippendorff's alpha", pair.alpha)
        for category, share in pair.specific:
            yield _row(*names, f"agreement on {category}", Estimate(share))
    everybody = ("everybody", "", found.records)
    yield _row(*everybody, "Fleiss' kappa", found.fleiss)
    yield _row(*everybody, "Krippendorff's alpha", found.alpha)
    yield _row(*everybody, "Gwet's AC1", found.ac1)


def _row(
    first: str, second: str, n: int, coefficient: str, estimate: Estimate
) -> dict[str, object]:
    return {
        "first_reviewer": first,
        "second_reviewer": second,
        "records": n,
        "coefficient": coefficient,
        "value": estimate.value,
        "standard_error": estimate.se,
        "low_95": estimate.low,
        "high_95": estimate.high,
        "note": estimate.note,
    }
