"""Loading the demo where it may and may not go; outside its package, whose tests share one demo."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from reviewapp.demo import load_demo
from screening.models import Review
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
    with pytest.raises(ValidationError, match="people besides the admin: 1"):
        load_demo(admin=admin)


def test_without_an_account_it_says_what_to_do(db):
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("load_demo")
