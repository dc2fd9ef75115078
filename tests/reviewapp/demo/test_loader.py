import pytest
from django.core.exceptions import ValidationError

from reviewapp.demo import load_demo
from reviewapp.demo.protocol import SLUG
from screening.models import ExclusionReason, HighlightTerm, Review, StageSettings
from tests import factories


@pytest.fixture
def admin(db):
    return factories.make_user("Ada Admin")


def test_a_database_with_a_review_is_refused_and_left_alone(admin):
    factories.make_review(slug="mine")
    with pytest.raises(ValidationError, match="only into an empty database"):
        load_demo(admin=admin)
    assert list(Review.objects.values_list("slug", flat=True)) == ["mine"]


def test_a_database_with_other_people_is_refused(admin):
    factories.make_user("Somebody Else")
    with pytest.raises(ValidationError, match="1 people besides the admin"):
        load_demo(admin=admin)


def test_a_second_load_is_refused(people):
    admin = people.review.memberships.get(is_lead=True).user
    with pytest.raises(ValidationError, match="only into an empty database"):
        load_demo(admin=admin)


def test_the_review_is_set_up_with_criteria_reasons_and_words(review):
    assert review.slug == SLUG
    assert review.inclusion_criteria
    assert "never published" in review.source_note
    assert StageSettings.objects.filter(review=review).count() == 2
    reasons = ExclusionReason.objects.filter(review=review)
    assert reasons.count() == 7
    assert all(reason.explanation for reason in reasons)
    assert HighlightTerm.objects.filter(review=review, member=None).count() == 14
