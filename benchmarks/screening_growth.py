"""How the time of a decision and of the next record grows with the review: services timed directly.

    python benchmarks/screening_growth.py 10000 100000 1000000

Each size is filled into the database of the surroundings, emptied of the review before, and timed
when nothing is done and when 99 % of the records have their two verdicts.
"""

import sys
from time import perf_counter, process_time

import django_here  # noqa: F401  (sets Django up)
from django.db import connection
from django.db.models import Max
from screening_clients import percentile
from screening_load import decide_share, load

from screening.models import (
    Decision,
    ExclusionReason,
    HighlightTerm,
    ImportBatch,
    Membership,
    Record,
    Review,
    ScreeningLease,
    Source,
    StageSettings,
    User,
)
from screening.rules.consensus import Stage
from screening.selectors.queue import asker_of, next_record_id
from screening.selectors.stages import settings_of
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out

TIMES, WARM = 200, 10
TITLE = Stage.TITLE_ABSTRACT
FILLED = (ScreeningLease, Decision, Record, ImportBatch, Source, HighlightTerm, ExclusionReason)


def timed(name: str, order: str) -> None:
    """Let one person decide `TIMES` records in a row and say how long each part took."""
    review = Review.objects.get()
    StageSettings.objects.filter(review=review).update(order=order)
    members = Membership.objects.select_related("user", "review").order_by("pk")
    member, settings = members[7], settings_of(review, TITLE)
    last = Decision.objects.aggregate(last=Max("pk"))["last"] or 0
    record = hand_out(membership=member, stage=TITLE)
    decisions, walks, used = [], [], process_time()
    for _ in range(WARM + TIMES):
        if record is None:  # of 10,000 records one in a hundred is soon decided
            break
        started = perf_counter()
        record_decision(
            membership=member, record_id=record.pk, stage=TITLE, answer=Answer("exclude")
        )
        decided = perf_counter()
        next_record_id(asker_of(member, settings), near=record)
        walked = perf_counter()
        record = hand_out(membership=member, stage=TITLE, near=record)
        decisions.append(perf_counter() - started - (walked - decided))
        walks.append(walked - decided)
    used = (process_time() - used) * 1000 / len(walks)
    both, walk = decisions[WARM:], walks[WARM:]
    Decision.objects.filter(pk__gt=last).delete()
    ScreeningLease.objects.all().delete()
    print(
        f"| {name} | {order} | {percentile(both, 0.5):.1f} | {percentile(both, 0.95):.1f} | "
        f"{percentile(walk, 0.5):.2f} | {percentile(walk, 0.95):.2f} | {used:.1f} |",
        flush=True,
    )


def empty() -> None:
    """Take the former review out; only tables that the loader filled."""
    if "screening_review" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for model in (*FILLED, StageSettings, Membership, Review, User):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608  (names of ours)


def main() -> None:
    """Measure every size named."""
    print("| records | order | decision + next p50 | p95 | next alone p50 | p95 ms | CPU ms |")
    print("|---|---|---|---|---|---|---|")
    for size in map(int, sys.argv[1:]):
        empty()
        load(size, 50)
        for order in ("random", "newest"):
            timed(f"{size:,}", order)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM screening_decision")
        review = Review.objects.get()
        decide_share(review, list(review.memberships.order_by("pk")), 0.99)
        left = Record.objects.count() - Decision.objects.values("record").distinct().count()
        for order in ("random", "newest"):
            timed(f"{size:,}, {left:,} left", order)


if __name__ == "__main__":
    main()
