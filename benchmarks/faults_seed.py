"""Fills an installation for `faults.py`: imports of some thousand records, handed to the workers.

Prints one line of JSON: the numbers of the batches.
"""

import json
import sys

import django_here  # noqa: F401  (sets Django up)
from django.core.files.base import ContentFile
from django.core.management import call_command

from screening.models import Membership, Review, StageSettings, User
from screening.rules.consensus import Stage
from screening.selectors.import_files import reading_of
from screening.services import imports

ROW = "TY  - JOUR\nTI  - Title {0} of file {1}\nAB  - {2}\nAU  - Moreau, A\nPY  - 2020\nER  - \n"
ABSTRACT = "Self-supervised learning of medical images with few labels. " * 20


def main() -> None:
    """Make a review and its imports."""
    number, records = map(int, sys.argv[1:])
    call_command("migrate", interactive=False, verbosity=0)
    review = Review.objects.create(slug="faults", title="Faults", is_detection_automatic=False)
    for stage in Stage:
        StageSettings.objects.create(review=review, stage=stage)
    user = User.objects.create_user("lead@example.org", None, name="Lead")
    lead = Membership.objects.create(review=review, user=user, is_lead=True)
    batches = []
    for file in range(number):
        text = "".join(ROW.format(one, file, ABSTRACT) for one in range(records))
        upload = ContentFile(text.encode(), name=f"file-{file}.ris")
        name = f"Source {file}"
        batch = imports.take_in(membership=lead, source_name=name, kind="database", upload=upload)
        imports.start_import(membership=lead, batch=batch, reading=reading_of(batch))
        batches.append(batch.pk)
    sys.stdout.write(json.dumps(batches) + "\n")


if __name__ == "__main__":
    main()
