"""Two people at the duplicates desk at the same moment."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from screening.models import DuplicateLink
from screening.services import duplicates
from tests import factories
from tests.screening.services.test_races import at_once, real_connections

__all__ = ["real_connections"]

TIMES = 4

pytestmark = pytest.mark.django_db(transaction=True)


def link(member, kept, duplicate):
    return duplicates.link_records(membership=member, kept=kept, duplicate=duplicate)


def chains():
    standing = DuplicateLink.objects.standing()
    return standing.filter(kept__in=standing.values("record"))


def test_linking_a_pair_in_both_directions_gives_one_link(review, screener, other_screener):
    for _ in range(TIMES):
        one, two = factories.make_record(review), factories.make_record(review)
        at_once(partial(link, screener, one, two), partial(link, other_screener, two, one))
        assert DuplicateLink.objects.standing().filter(record__in=[one, two]).count() == 1


def test_linking_around_a_shared_record_never_makes_a_chain(review, screener, other_screener):
    for _ in range(TIMES):
        one, two, three = (factories.make_record(review) for _ in range(3))
        at_once(partial(link, screener, two, one), partial(link, other_screener, one, three))
        assert DuplicateLink.objects.standing().filter(record__in=[one, two, three]).count() == 2
        assert not chains().exists()


def test_the_database_itself_refuses_a_second_standing_link(review, screener):
    one, two, three = (factories.make_record(review) for _ in range(3))
    made = link(screener, two, one)
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicateLink.objects.create(review=review, record=one, kept=three, method=made.method)
