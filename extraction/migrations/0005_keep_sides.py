"""Draws each study's seed and keeps the sides of what is being reconciled already."""

import hashlib
from typing import Any

from django.db import migrations

from screening.models.people import random_seed

PAIR = 2


def keep_sides(apps: Any, schema_editor: Any) -> None:
    study = apps.get_model("extraction", "Study")
    drawn = list(study.objects.only("pk"))
    for one in drawn:
        one.side_seed = random_seed()
    study.objects.bulk_update(drawn, ["side_seed"], batch_size=500)
    for one in apps.get_model("extraction", "Reconciliation").objects.select_related("study"):
        pair = _pair(one.study)
        if pair is not None:
            one.extraction_a, one.extraction_b = pair
            one.save(update_fields=["extraction_a", "extraction_b"])


def _pair(study: Any) -> list[Any] | None:
    """The two sides as they were named until now: by a digest of the study's number."""
    found = list(study.extractions.order_by("pk"))
    submitted = [one for one in found if one.origin == "page" and one.submitted_at is not None]
    imported = [one for one in found if one.origin == "import"]
    pair = submitted[:PAIR] if len(submitted) >= PAIR else [*submitted[:1], *imported[-1:]]
    if len(pair) < PAIR:
        return None
    coin = hashlib.sha256(f"sides of study {study.pk}".encode()).digest()[0] % 2
    return pair[::-1] if coin else pair


class Migration(migrations.Migration):
    dependencies = [("extraction", "0004_assignments_sides_and_pairings")]

    operations = [migrations.RunPython(keep_sides, migrations.RunPython.noop)]
