"""Decisions follow a duplicate to its kept record, and back when the link is undone."""

from datetime import datetime

from screening.models import Adjudication, Decision, DuplicateLink, GivenAnswer
from screening.selectors.path import answers_of


def carry_decisions(*, link: DuplicateLink) -> None:
    """Copy the duplicate's current decisions to the kept record; none vanishes.

    Different reviewers' verdicts meet on the kept record, and where they differ the rule of
    consensus makes them a conflict. Where one reviewer said two different things of the two
    records, or two rulings differ, neither word is preferred: it is asked again. The duplicate's
    own rows stay as they are.

    Args:
        link: A new standing link. Call it inside the link's transaction.
    """
    there = {
        (decision.stage, decision.reviewer_id): decision
        for decision in Decision.objects.current().filter(record_id=link.kept_id)
    }
    for decision in Decision.objects.current().filter(record_id=link.record_id):
        known = there.get((decision.stage, decision.reviewer_id))
        if known is None:
            _copy(decision, link)
        elif (known.verdict, known.reason_id) != (decision.verdict, decision.reason_id):
            _ask_again(known, link)
    _carry_rulings(link)


def _copy(decision: Decision, link: DuplicateLink) -> None:
    copied = Decision.objects.create(
        record_id=link.kept_id,
        stage=decision.stage,
        reviewer_id=decision.reviewer_id,
        verdict=decision.verdict,
        reason_id=decision.reason_id,
        comment=decision.comment,
        round=decision.round,
        criteria_version=decision.criteria_version,
        origin=Decision.Origin.MERGE,
        client_key=f"{_mark(link)}{decision.pk}",
        created_at=link.created_at,
    )
    _copy_answers(decision, copied)


def _copy_answers(decision: Decision, copied: Decision) -> None:
    """Give a copied verdict the answers to the question path that led to it."""
    GivenAnswer.objects.bulk_create(
        GivenAnswer(decision=copied, question_id=given.question_id, answer=given.answer)
        for given in answers_of([decision]).get(decision.pk, ())
    )


def _mark(link: DuplicateLink) -> str:
    """What the keys of decisions carried by a link begin with."""
    return f"merge-{link.pk}-"


def _ask_again(decision: Decision, link: DuplicateLink) -> None:
    decision.superseded_at = decision.undone_at = link.created_at
    decision.save(update_fields=["superseded_at", "undone_at"])


def _carry_rulings(link: DuplicateLink) -> None:
    current = Adjudication.objects.current()
    there = {ruling.stage: ruling for ruling in current.filter(record_id=link.kept_id)}
    for ruling in current.filter(record_id=link.record_id):
        known = there.get(ruling.stage)
        if known is None:
            _copy_ruling(ruling, link.kept_id, link.created_at)
        elif (known.verdict, known.reason_id) != (ruling.verdict, ruling.reason_id):
            known.superseded_at = link.created_at
            known.save(update_fields=["superseded_at"])


def _copy_ruling(ruling: Adjudication, record_id: int, at: datetime) -> None:
    Adjudication.objects.create(
        record_id=record_id,
        stage=ruling.stage,
        verdict=ruling.verdict,
        reason_id=ruling.reason_id,
        kind=ruling.kind,
        rationale=ruling.rationale,
        adjudicator_id=ruling.adjudicator_id,
        created_at=at,
    )


def take_back_carried(*, link: DuplicateLink, now: datetime) -> None:
    """End what the link had carried, and give back what it had opened again.

    A reviewer who has decided anew on the kept record since keeps that decision.

    Args:
        link: A link that has just been undone.
        now: When it was undone.
    """
    carried = Decision.objects.current().filter(
        record_id=link.kept_id, client_key__startswith=_mark(link)
    )
    carried.update(superseded_at=now, undone_at=now)
    rulings = Adjudication.objects.filter(record_id=link.kept_id)
    rulings.current().filter(created_at=link.created_at).update(superseded_at=now)
    for ruling in rulings.filter(superseded_at=link.created_at):
        if not rulings.current().filter(stage=ruling.stage).exists():
            _copy_ruling(ruling, link.kept_id, now)
    for decision in Decision.objects.filter(
        record_id=link.kept_id, undone_at=link.created_at, superseded_at=link.created_at
    ):
        _give_back(decision, now)


def _give_back(decision: Decision, now: datetime) -> None:
    same = {"record_id": decision.record_id, "stage": decision.stage}
    same |= {"reviewer_id": decision.reviewer_id}
    if Decision.objects.current().filter(**same).exists():
        return
    given_back = Decision.objects.create(
        **same,
        verdict=decision.verdict,
        reason_id=decision.reason_id,
        comment=decision.comment,
        round=decision.round,
        criteria_version=decision.criteria_version,
        origin=Decision.Origin.UNDO,
        replaces=None if hasattr(decision, "replaced_by") else decision,
        created_at=now,
    )
    _copy_answers(decision, given_back)
