import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from reviewapp.demo import load_demo
from reviewapp.demo.protocol import SLUG
from screening.models import ExclusionReason, HighlightTerm, StageSettings


def test_the_command_tells_the_passwords_once(loaded, people):
    assert "ssl-medical-imaging is loaded; admin@example.org leads it" in loaded.printed
    assert loaded.printed.count("password: ") == 3
    assert all(f"password: {person.password} " in loaded.printed for person in people)
    with pytest.raises(CommandError, match="only into an empty database"):
        call_command("load_demo", admin="ADMIN@example.org")


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
