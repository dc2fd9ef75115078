"""Fills an installation for `intake.py`: a review, its lead, its reviewers, records to screen.

Called with how many reviewers, records and (by choice) extractors. Prints one line of JSON: `slug`,
`people` and `extractors` as [e-mail, password], the lead first, and the numbers of `studies`.
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

from extraction.models import ExtractionForm, Study  # noqa: E402
from screening.models import Membership, Review, StageSettings, User  # noqa: E402
from screening.rules.consensus import Stage  # noqa: E402
from screening.selectors.import_files import reading_of  # noqa: E402
from screening.services import import_run, imports  # noqa: E402

RECORD = (
    "TY  - JOUR\nTI  - Seeded record number {0}\nAB  - {1}\nAU  - Moreau, A\nPY  - 2021\nER  - \n"
)
ABSTRACT = "Self-supervised learning of medical images with few labels. " * 20
STUDIES = 40  # for each extractor


def _texts(group: str, number: int) -> list[dict[str, object]]:
    return [{"key": f"{group}_{n}", "label": f"Text {n}", "type": "text"} for n in range(number)]


FORM = {
    "key": "load",
    "title": "Load",
    "groups": [
        {"key": "study", "label": "Study", "fields": _texts("study", 8)},
        {
            "key": "experiment",
            "label": "Experiments",
            "row_label": "experiment",
            "repeating": True,
            "fields": _texts("experiment", 4),
        },
    ],
}


def main() -> None:
    """Make everything and print it."""
    reviewers, records, extractors = map(int, [*sys.argv[1:], "0"][:3])
    call_command("migrate", interactive=False, verbosity=0)
    review = Review.objects.create(slug="intake", title="Intake")
    for stage in Stage:
        StageSettings.objects.create(review=review, stage=stage)
    password = secrets.token_urlsafe(12)
    (lead,) = _members(review, "lead", 1, password)
    people = [lead, *_members(review, "screener", reviewers, password)]
    readers = _members(review, "extractor", extractors, password)
    if records:
        _records(lead, records)
    told = {
        "slug": review.slug,
        "people": [[one.user.email, password] for one in people],
        "extractors": [[one.user.email, password] for one in readers],
        "studies": _studies(lead, extractors * STUDIES),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _members(review: Review, role: str, number: int, password: str) -> list[Membership]:
    users = [
        User.objects.create_user(f"{role}{one}@example.org", password, name=f"{role} {one}")
        for one in range(number)
    ]
    roles = {f"is_{role}": True}
    return [Membership.objects.create(review=review, user=user, **roles) for user in users]


def _studies(lead: Membership, number: int) -> list[int]:
    """Studies to extract with a form of texts, so that any word may be entered."""
    if not number:
        return []
    review = lead.review
    ExtractionForm.objects.create(review=review, version=1, definition=FORM, created_by=lead)
    studies = [
        Study(review=review, title=f"Study {one}", first_author=f"Author{one}", year=2021)
        for one in range(number)
    ]
    return [study.pk for study in Study.objects.bulk_create(studies)]


def _records(lead: Membership, number: int) -> None:
    text = "".join(RECORD.format(one, ABSTRACT) for one in range(number))
    upload = ContentFile(text.encode(), name="seed.ris")
    batch = imports.take_in(membership=lead, source_name="Seed", kind="database", upload=upload)
    imports.fix_reading(membership=lead, batch=batch, reading=reading_of(batch))
    import_run.run_import(batch=batch)


if __name__ == "__main__":
    main()
