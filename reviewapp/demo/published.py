"""The paper's verdicts on its 79 studies, and the reports it read."""

from collections.abc import Mapping, Sequence

from reviewapp.demo.tables import PAPER
from screening.models import Adjudication, Decision, Membership, Record, Report, RetrievalAttempt
from screening.rules.consensus import Stage, Verdict


def record_published_verdicts(*, team: Membership, kept: Mapping[str, Record]) -> None:
    """Include the 79 at both stages, as the paper published it.

    The paper prints only what the whole team settled on, so each verdict is an imported decision
    of the team's own former member and a ruling of the kind `published`; no screener's row is
    made up.

    Args:
        team: The paper's team.
        kept: Reference number to the record that stands for it.
    """
    places = [(stage, number, record) for stage in Stage for number, record in kept.items()]
    Decision.objects.bulk_create(
        Decision(
            record=record,
            stage=stage,
            reviewer=team,
            verdict=Verdict.INCLUDE,
            origin=Decision.Origin.IMPORT,
            comment=f"Reference {number} of {PAPER}",
        )
        for stage, number, record in places
    )
    Adjudication.objects.bulk_create(
        Adjudication(
            record=record,
            stage=stage,
            verdict=Verdict.INCLUDE,
            kind=Adjudication.Kind.PUBLISHED,
            rationale=f"Reference {number} of {PAPER}, one of its 79 included studies.",
            adjudicator=team,
        )
        for stage, number, record in places
    )


def retrieve_reports(*, team: Membership, kept: Mapping[str, Record]) -> dict[str, Report]:
    """Make the reports of the 79 and log that the paper's team had read them.

    Returns:
        Reference number to report.
    """
    reports: Sequence[Report] = Report.objects.bulk_create(
        Report(record=record) for record in kept.values()
    )
    RetrievalAttempt.objects.bulk_create(
        RetrievalAttempt(
            report=report,
            how=f"read by {PAPER}",
            outcome=RetrievalAttempt.Outcome.RETRIEVED,
            note="No full text is stored here; upload the PDF to extract from it.",
            created_by=team,
        )
        for report in reports
    )
    return dict(zip(kept, reports, strict=True))
