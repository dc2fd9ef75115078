"""Fills a database with one review of any size in seconds: rows are made by the database itself.

    python benchmarks/screening_load.py --records N --screeners S [--done SHARE]   # fill
    python benchmarks/screening_load.py --check                                    # what is stored

works on the database of the surroundings (`REVIEWAPP_DATA_DIR`, `DATABASE_URL`). The rows are those
that an import and a team's work would leave: records with abstracts of some 1,200 letters and a
random key, members with sessions, and, where a share is done, two verdicts per record.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import django_here  # noqa: F401  (sets Django up)
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone

from screening.models import (
    Decision,
    ExclusionReason,
    HighlightTerm,
    ImportBatch,
    Membership,
    Review,
    Source,
    StageSettings,
    User,
)
from screening.rules.consensus import Stage

SLUG = "benchmark"
FILLER = (
    "self supervised learning contrastive masked image modelling radiograph tomography "
    "retinal pathology classification segmentation accuracy cohort randomised trial placebo "
    "outcome risk patients study results methods background conclusion model network transfer "
    "labels training validation hospital disease screening cancer lung breast skin cardiac "
    "brain tumour lesion sensitivity specificity AUROC external dataset baseline supervised "
    "fine tuning fraction of the and in with for by from to a we was were is are between "
    "after before during among "
)
MARKED = ("contrast*", "self supervised", "masked image", "fine tuning", "label*", "baseline")
UNWANTED = ("trial", "placebo", "cohort", "segmentation", "animal*", "protocol")
RECORDS = """
INSERT INTO screening_record (review_id, source_id, batch_id, position, title, abstract, authors,
  year, venue, volume, issue, pages, language, record_type, keywords, doi, pmid, arxiv_id, urls,
  extra, raw_text, fingerprint, occurrence, random_key, created_at)
WITH RECURSIVE numbers(n) AS
  (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM numbers WHERE n < %(records)s)
SELECT %(review)s, %(source)s, %(batch)s, n,
  'Record ' || n || ': ' || substr(%(text)s, CAST(1 + (n * 37) %% 18000 AS integer), 80),
  substr(%(text)s, CAST(1 + (n * 101) %% 18000 AS integer), 1200),
  {json}'["Moreau, Alice", "Bianchi, Bruno"]'{end}, 1990 + n %% 35, 'Journal of Benchmarks', '',
  '', '', 'en', 'article', {json}'[]'{end}, '10.5555/bench.' || n, '', '', {json}'[]'{end},
  {json}'{{}}'{end}, '', 'row ' || n, 1,
  (((n * 2654435761) %% 2147483647) * ((n * 2654435761) %% 2147483647)) %% 2147483647, %(now)s
FROM numbers
"""
DECISIONS = """
INSERT INTO screening_decision (record_id, stage, reviewer_id, verdict, comment, round,
  seconds_spent, origin, created_at)
SELECT id, 'title_abstract', %(first)s + (position + %(shift)s * (1 + position / %(people)s %% 7))
    %% %(people)s,
  CASE WHEN (random_key / 1000) %% 40 = 0 OR (random_key / 1000 + %(shift)s) %% 97 = 0
    THEN 'include' ELSE 'exclude' END, '', 1, 5, 'page', %(now)s
FROM screening_record
WHERE review_id = %(review)s AND (random_key / 7) %% 1000 < %(share)s
"""


@dataclass(frozen=True, slots=True)
class Screener:
    """One person who screens, and the cookie of their session."""

    membership_id: int
    session: str


def load(records: int, screeners: int, *, share_done: float = 0) -> list[Screener]:
    """Make the schema and one review in an empty database.

    Args:
        records: How many records.
        screeners: How many people screen; ten at least where records are done already.
        share_done: Share of the records that two people have decided, 0 to 1.

    Returns:
        The screeners, signed in.
    """
    call_command("migrate", interactive=False, verbosity=0)
    review = _review()
    people = _people(review, screeners)
    _insert_records(review, records)
    decide_share(review, people, share_done)
    return [Screener(one.pk, _signed_in(one.user)) for one in people]


def decide_share(review: Review, people: Sequence[Membership], share: float) -> None:
    """Have two people decide a share of the records, and let the database look at its tables."""
    for shift in (0, 1) if share else ():
        _insert_decisions(review, people, shift, share)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _review() -> Review:
    criteria = ["Medical images", "Self-supervised pre-training", "A classification task"]
    review = Review.objects.create(slug=SLUG, title="Benchmark", inclusion_criteria=criteria)
    for stage in Stage:
        is_full = stage == Stage.FULL_TEXT
        StageSettings.objects.create(
            review=review, stage=stage, is_reason_required=is_full, is_maybe_allowed=not is_full
        )
    for position, label in enumerate(("No images", "No self-supervision", "Not classification")):
        ExclusionReason.objects.create(review=review, position=position, label=label)
    for name, words in (("include", MARKED), ("exclude", UNWANTED)):
        for word in words:
            HighlightTerm.objects.create(review=review, list=name, pattern=word)
    return review


def _people(review: Review, screeners: int) -> Sequence[Membership]:
    users = [
        User(email=f"screener-{n}@example.org", name=f"Screener {n}", password="!")  # noqa: S106  (nobody signs in by it)
        for n in range(screeners)
    ]
    User.objects.bulk_create(users)
    members = [Membership(review=review, user=user, is_screener=True) for user in users]
    Membership.objects.bulk_create(members)
    return members


def _insert_records(review: Review, records: int) -> None:
    source = Source.objects.create(review=review, name="PubMed", kind=Source.Kind.DATABASE)
    batch = ImportBatch.objects.create(
        review=review, source=source, original_name="benchmark.ris", sha256="0" * 64, size=0
    )
    is_postgres = connection.vendor == "postgresql"
    cast, end = ("CAST(", " AS jsonb)") if is_postgres else ("", "")
    values = {
        "records": records,
        "review": review.pk,
        "source": source.pk,
        "batch": batch.pk,
        "text": " ".join(random.Random(4).choices(FILLER.split(), k=4000)),  # noqa: S311  (filler, no secret)
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORDS.format(json=cast, end=end), values)


def _insert_decisions(
    review: Review, people: Sequence[Membership], shift: int, share: float
) -> None:
    values = {
        "first": people[0].pk,
        "people": len(people),
        "shift": shift,
        "review": review.pk,
        "share": round(share * 1000),
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(DECISIONS, values)


def _signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def stored() -> dict[str, int]:
    """What the database holds: decisions, the most that one record has, repeated keys."""
    per_record = Decision.objects.current().values("record").annotate(n=Count("pk"))
    return {
        "decisions": Decision.objects.exclude(client_key=None).count(),
        "most_on_one_record": per_record.aggregate(most=Max("n"))["most"] or 0,
        "needed": StageSettings.objects.get(stage=Stage.TITLE_ABSTRACT).verdicts_needed,
    }


def main() -> None:
    """Fill or check the database and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int)
    parser.add_argument("--screeners", type=int, default=50)
    parser.add_argument("--done", type=float, default=0)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.check:
        print(json.dumps(stored()))
        return
    people = load(asked.records, asked.screeners, share_done=asked.done)
    print(json.dumps([asdict(one) for one in people]))


if __name__ == "__main__":
    main()
