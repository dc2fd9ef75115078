"""How far people agreed in a pilot round."""

from analytics.selectors.agreement import Agreement, agreement_on
from analytics.selectors.alone import Alone, Said
from screening.models import Membership, Pilot, PilotDecision
from screening.rules.consensus import Stage, Verdict
from screening.rules.roles import Capability, Role
from screening.selectors.stages import settings_of


def may_see_pilot_agreement(membership: Membership, pilot: Pilot) -> bool:
    """Whether a member may see how far people agreed in a pilot.

    Nobody may while it runs. After that, those who took part, leads and observers; at a stage that
    is not blinded everybody.
    """
    if pilot.is_running or not membership.can(Capability.VIEW):
        return False
    if not settings_of(membership.review, Stage(pilot.stage)).is_blinded or membership.is_lead:
        return True
    if Role.OBSERVER in membership.roles and not membership.is_screener:
        return True
    said = PilotDecision.objects.current().filter(pilot=pilot, reviewer=membership)
    return said.exists()


def pilot_agreement(*, membership: Membership, pilot: Pilot) -> Agreement:
    """The agreement of everybody in a pilot that has ended.

    Its standing verdicts are what each said alone, since nobody saw another's while it ran. At a
    blinded stage a person who screens is told only of records they decided on themselves, since
    the others may still come to them.

    Args:
        membership: Who asks; ask `may_see_pilot_agreement` first.
        pilot: The round.
    """
    stage = Stage(pilot.stage)
    alone: Alone = {}
    rows = PilotDecision.objects.current().filter(pilot=pilot).order_by("record", "pk")
    for row in rows:
        said = Said(
            person=row.reviewer_id,
            verdict=Verdict(row.verdict),
            reason=row.reason_id,
            round=pilot.number,
            is_imported=False,
            made=row.created_at,
            ended=None,
        )
        alone.setdefault(row.record_id, {})[row.reviewer_id] = said
    is_bound = membership.is_screener and settings_of(membership.review, stage).is_blinded
    if is_bound:
        alone = {pk: said for pk, said in alone.items() if membership.pk in said}
    return agreement_on(membership.review, stage, alone)
