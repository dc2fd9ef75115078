"""A large review for the dashboard: studies with experiments that say something different each."""

import random

from extraction.models import ExtractedValue, Extraction, ExtractionForm, ExtractionRow, Study
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import Membership, Review, User

SLUG = "large"
DOMAINS = ("Radiology", "Pathology", "Ophthalmology", "Dermatology", "Cardiology")
MODALITIES = ("X-ray", "CT", "MRI", "ultrasound", "mammography")
GROUPS = ("combined", "contrastive", "generative", "innate relationship", "self-prediction")
SHARES = ("1%", "10%", "50%", "100%")
BATCH = 5_000


def make_large(studies: int, experiments: int) -> Review:
    """A review with that many studies and experiments in all, imported by its lead.

    Args:
        studies: How many studies.
        experiments: How many experiments over all studies, a multiple of `studies`.
    """
    draw = random.Random(4)  # noqa: S311  # no secret: made-up numbers
    review = Review.objects.create(slug=SLUG, title="A large review")
    user = User.objects.create_user(email="large@example.org", name="Large", password=None)
    lead = Membership.objects.create(review=review, user=user, is_lead=True)
    definition = to_json(template("ssl_classification"))
    form = ExtractionForm.objects.create(
        review=review, version=1, definition=definition, created_by=lead
    )
    made = Study.objects.bulk_create(
        [
            Study(
                review=review,
                first_author=f"Author{n}",
                year=draw.randint(2015, 2026),
                title=f"Pretraining for the {n}th classification of images",
                label=str(n),
            )
            for n in range(studies)
        ],
        batch_size=BATCH,
    )
    readings = Extraction.objects.bulk_create(
        [
            Extraction(study=one, form=form, extractor=lead, origin=Extraction.Origin.IMPORT)
            for one in made
        ],
        batch_size=BATCH,
    )
    rows = ExtractionRow.objects.bulk_create(
        [
            ExtractionRow(extraction=one, group="experiment", position=position)
            for one in readings
            for position in range(experiments // studies)
        ],
        batch_size=BATCH,
    )
    values = [value for one in readings for value in _of_study(one, draw)]
    values += [value for row in rows for value in _of_row(row, draw)]
    ExtractedValue.objects.bulk_create(values, batch_size=BATCH)
    return review


def _of_study(reading: Extraction, draw: random.Random) -> list[ExtractedValue]:
    answers: dict[str, object] = {
        "imaging_modality": [draw.choice(MODALITIES)],
        "clinical_domain": [draw.choice(DOMAINS)],
        "strategy": draw.choice(GROUPS),
        "fine_tuning": draw.choice(("end-to-end", "feature extraction")),
    }
    return [ExtractedValue(extraction=reading, field=k, value=v) for k, v in answers.items()]


def _of_row(row: ExtractionRow, draw: random.Random) -> list[ExtractedValue]:
    metric = draw.choice(("AUROC", "AUROC", "accuracy", "F1"))
    base = draw.uniform(0.6, 0.9)
    cases = draw.randint(100, 5000)
    words = {
        "task": f"task {draw.randint(1, 40)}",
        "dataset": f"data set {draw.randint(1, 300)}",
        "metric": metric,
        "label_fraction": SHARES[row.position % len(SHARES)],
        "ssl_framework": f"framework {draw.randint(1, 12)}",
        "backbone": f"net {draw.randint(1, 5)}",
        "fine_tuning": draw.choice(("end-to-end", "feature extraction")),
        "comparator": draw.choice(("ImageNet", "random initialisation", "same network")),
        "evaluation": "original authors",
        "read_method": draw.choice(("table", "printed text")),
        "test_cases": str(cases),
        "test_positives": str(cases // 4),
    }
    scores = {
        "ssl_performance": f"{min(0.999, base + draw.gauss(0.02, 0.02)):.4f}",
        "supervised_performance": f"{base:.4f}",
    }
    found = [
        ExtractedValue(extraction_id=row.extraction_id, row=row, field=key, value=text)
        for key, text in words.items()
    ]
    proof = {"page": draw.randint(1, 12), "quote": f"reached {scores['ssl_performance']}"}
    return found + [
        ExtractedValue(
            extraction_id=row.extraction_id,
            row=row,
            field=key,
            value=text,
            unit="fraction",
            **proof,
        )
        for key, text in scores.items()
    ]
