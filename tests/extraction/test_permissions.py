from extraction.models import Extraction
from extraction.permissions import can_read_values
from tests.extraction.conftest import extract


def test_ones_own_values_are_always_readable(extractor, study):
    assert can_read_values(extractor, extract(study, extractor, submit=False))


def test_anothers_values_are_hidden_until_both_have_submitted(
    lead, extractor, other_extractor, study
):
    first = extract(study, extractor)
    assert not can_read_values(other_extractor, first)
    assert not can_read_values(lead, first)
    extract(study, other_extractor)
    assert can_read_values(other_extractor, first)
    assert can_read_values(lead, first)


def test_imported_values_are_readable(lead, observer, study, form):
    imported = Extraction.objects.create(
        study=study, form=form, extractor=lead, origin=Extraction.Origin.IMPORT
    )
    assert can_read_values(observer, imported)


def test_a_review_that_does_not_blind_shows_all(review, other_extractor, extractor, study):
    first = extract(study, extractor, submit=False)
    review.is_extraction_blinded = False
    review.save()
    other_extractor.review.refresh_from_db()
    assert can_read_values(other_extractor, first)
