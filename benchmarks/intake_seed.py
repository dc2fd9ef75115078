"""Fills an installation for `intake.py`: a review, its lead, its reviewers, records to screen.

Prints one line of JSON: `slug`, and `people` as [e-mail, password], the lead first.
"""

import json
import os
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402

from screening.models import Membership, Review, StageSettings, User  # noqa: E402
from screening.rules.consensus import Stage  # noqa: E402
from screening.selectors.import_files import reading_of  # noqa: E402
from screening.services import import_run, imports  # noqa: E402

RECORD = (
    "TY  - JOUR\nTI  - Seeded record number {0}\nAB  - {1}\nAU  - Moreau, A\nPY  - 2021\nER  - \n"
)
ABSTRACT = "Self-supervised learning of medical images with few labels. " * 20


def main() -> None:
    """Make everything and print it."""
    reviewers, records = map(int, sys.argv[1:])
    call_command("migrate", interactive=False, verbosity=0)
    review = Review.objects.create(slug="intake", title="Intake")
    for stage in Stage:
        StageSettings.objects.create(review=review, stage=stage)
    password = secrets.token_urlsafe(12)
    people = []
    for number in range(reviewers + 1):
        email = f"person{number}@example.org"
        user = User.objects.create_user(email, password, name=f"Person {number}")
        role = "is_screener" if number else "is_lead"
        member = Membership.objects.create(review=review, user=user, **{role: True})
        people.append((member, email))
    if records:
        _records(people[0][0], records)
    accounts = [[email, password] for _, email in people]
    sys.stdout.write(json.dumps({"slug": review.slug, "people": accounts}) + "\n")


def _records(lead: Membership, number: int) -> None:
    text = "".join(RECORD.format(one, ABSTRACT) for one in range(number))
    upload = ContentFile(text.encode(), name="seed.ris")
    batch = imports.take_in(membership=lead, source_name="Seed", kind="database", upload=upload)
    imports.fix_reading(membership=lead, batch=batch, reading=reading_of(batch))
    import_run.run_import(batch=batch)


if __name__ == "__main__":
    main()
