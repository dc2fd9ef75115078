"""Detection in steps: the same groups as one run, in any order; persons' words kept for ever."""

import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening.models import (
    AuditEvent,
    ComparedRecord,
    Decision,
    DuplicateLink,
    DuplicateSuggestion,
    Record,
)
from screening.rules.consensus import Stage, Status, Verdict
from screening.selectors.duplicates import groups, open_suggestions
from screening.services import duplicates
from screening.services.detection import detect_duplicates
from screening.services.import_undo import undo_import
from tests import factories
from tests.laws import examples

TITLE = "Self-supervised pretraining for chest radiographs of children"
BASE = {"title": TITLE, "authors": ["Moreau, Alice"], "venue": "Radiology", "abstract": ""}
PLACE = {"volume": "12", "pages": "101-109"}
SHAPES = [
    BASE | PLACE,
    BASE | PLACE | {"doi": "10.1000/1"},
    BASE | {"doi": "10.1000/1"},
    BASE | {"doi": "10.1000/2"},
    BASE,
    BASE | PLACE | {"title": f"Erratum: {TITLE}"},
    BASE | {"title": "Vitamins in nursing homes: a randomised trial of two doses"},
]
CHAIN = (2, 0, 3)  # two ends that exclude each other, and what could be either


def found(review, shapes):
    """Groups and questions in terms of what the records say, whatever their numbers are."""
    head = {pk: pk for pk in shapes}
    head |= {pk: group[0] for group in groups(review=review) for pk in group}
    said = {
        one: tuple(sorted(shapes[pk] for pk in shapes if head[pk] == one)) for one in head.values()
    }
    together = sorted(shape for shape in said.values() if len(shape) > 1)
    asked = sorted(
        sorted(said[head[pk]] for pk in (one.first_id, one.second_id))
        for one in open_suggestions(review=review)
    )
    return together, asked


def in_steps(shapes, cuts=()):
    review, seen = factories.make_review(), {}
    for start, end in itertools.pairwise([0, *sorted(cuts), len(shapes)]):
        for shape in shapes[start:end]:
            seen[factories.make_record(review, **SHAPES[shape]).pk] = shape
        detect_duplicates(review=review)
    return found(review, seen)


@settings(
    deadline=None,
    max_examples=examples(25),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is two reviews
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shapes=st.lists(st.sampled_from(range(len(SHAPES))), min_size=1, max_size=6), data=st.data())
def test_any_order_and_any_steps_give_the_groups_of_one_run(db, shapes, data):
    with transaction.atomic():
        order = data.draw(st.permutations(shapes))
        cuts = data.draw(st.lists(st.integers(0, len(shapes)), max_size=3))
        assert in_steps(order, cuts) == in_steps(shapes)
        transaction.set_rollback(True)


@pytest.mark.parametrize("order", list(itertools.permutations(CHAIN)))
@pytest.mark.parametrize("cuts", [[], [1], [2], [1, 2]])
def test_a_chain_ends_in_the_groups_of_one_run(db, order, cuts):
    together, asked = in_steps(order, cuts)
    assert [len(group) for group in together] == [2]
    assert len(asked) == 1
    assert (together, asked) == in_steps(CHAIN)


def record(review, **fields):
    return factories.make_record(review, **BASE | PLACE | fields)


def test_a_second_run_compares_nothing_again(review, monkeypatch):
    record(review), record(review)
    detect_duplicates(review=review)
    assert ComparedRecord.objects.count() == 2
    monkeypatch.setattr("screening.services.compared.as_dedup", None)  # nobody is read again
    detect_duplicates(review=review)


def test_a_change_of_the_rules_compares_all_again(review, monkeypatch):
    monkeypatch.setattr("screening.services.compared.rules_version", lambda: "old")
    record(review), record(review)
    detect_duplicates(review=review)
    monkeypatch.undo()
    detect_duplicates(review=review)
    assert not ComparedRecord.objects.filter(version="old").exists()
    assert DuplicateLink.objects.count() == 1


def test_comparing_afresh_changes_nothing_when_nothing_is_new(review):
    record(review), record(review)
    detect_duplicates(review=review)
    detect_duplicates(review=review, is_afresh=True)
    assert DuplicateLink.objects.count() == 1
    assert ComparedRecord.objects.count() == 2


def test_a_link_of_a_rule_ends_when_a_later_record_speaks_against_it(review):
    """The middle of a chain goes to the end it is more like, also when that one comes later."""
    middle = record(review, abstract="A long text about films of the chest. " * 9)
    end = factories.make_record(review, **BASE | {"doi": "10.1000/1"})
    detect_duplicates(review=review)
    assert groups(review=review) == [[middle.pk, end.pk]]
    later = record(review, doi="10.1000/2", abstract=middle.abstract)
    detect_duplicates(review=review)
    assert [set(group) for group in groups(review=review)] == [{middle.pk, later.pk}]
    assert open_suggestions(review=review).count() == 1
    ended = DuplicateLink.objects.get(undone_at__isnull=False)
    assert ended.undone_by is None
    assert AuditEvent.objects.filter(action="duplicate.unlinked").count() == 1


def test_a_persons_link_never_ends_by_itself(review, screener):
    middle = record(review, abstract="A long text about films of the chest. " * 9)
    end = factories.make_record(review, **BASE | {"doi": "10.1000/1"})
    duplicates.link_records(membership=screener, kept=middle, duplicate=end)
    record(review, doi="10.1000/2", abstract=middle.abstract)
    detect_duplicates(review=review)
    assert [end.pk in group and middle.pk in group for group in groups(review=review)] == [True]


def test_decisions_return_when_a_link_of_a_rule_ends(review, screener):
    middle = record(review, abstract="A long text about films of the chest. " * 9)
    end = factories.make_record(review, **BASE | {"doi": "10.1000/1"})
    factories.make_decision(end, screener, Verdict.EXCLUDE)
    detect_duplicates(review=review)
    record(review, doi="10.1000/2", abstract=middle.abstract)
    detect_duplicates(review=review)
    current = Decision.objects.current().values_list("record_id", "verdict")
    assert (end.pk, Verdict.EXCLUDE) in set(current)
    statuses = Record.objects.with_status(Stage.TITLE_ABSTRACT)
    assert statuses.get(pk=middle.pk).team_status == Status.AWAITING


class TestNotDuplicates:
    """A person's "not duplicates" is never asked again."""

    @pytest.fixture
    def pair(self, review, screener):
        one, two = record(review), record(review)
        duplicates.reject_pair(membership=screener, one=one, two=two)
        return one, two

    def assert_never_asked(self, review, pair):
        assert not open_suggestions(review=review).exists()
        head = {pk: group[0] for group in groups(review=review) for pk in group}
        one, two = (head.get(record.pk, record.pk) for record in pair)
        assert one != two

    def test_when_detection_starts_again(self, review, pair):
        for is_afresh in (False, False, True):
            detect_duplicates(review=review, is_afresh=is_afresh)
            self.assert_never_asked(review, pair)

    def test_after_taking_it_back_and_ruling_again(self, review, screener, pair):
        detect_duplicates(review=review)
        ruling = duplicates.reject_pair(membership=screener, one=pair[0], two=pair[1])
        duplicates.undo_rejection(membership=screener, ruling=ruling)
        assert open_suggestions(review=review).count() == 1
        duplicates.reject_pair(membership=screener, one=pair[0], two=pair[1])
        detect_duplicates(review=review)
        self.assert_never_asked(review, pair)

    def test_when_the_same_rows_come_by_another_source(self, review, pair):
        detect_duplicates(review=review)
        other = factories.make_source(review, name="Another source")
        batch = factories.make_batch(other)
        for place, row in enumerate(pair):
            factories.make_record(
                review,
                **BASE | PLACE,
                source=other,
                fingerprint=row.fingerprint,
                raw_text=row.raw_text,
                position=place + 1,
            )
        assert batch.source == other
        detect_duplicates(review=review)
        self.assert_never_asked(review, pair)

    def test_when_a_copy_of_one_of_the_two_is_linked_to_it_by_a_person(
        self, review, screener, pair
    ):
        copy = factories.make_record(review, title="Quite another title")
        DuplicateSuggestion.objects.create(review=review, first=pair[1], second=copy)
        assert open_suggestions(review=review).count() == 1
        duplicates.link_records(membership=screener, kept=pair[0], duplicate=copy)
        self.assert_never_asked(review, pair)

    def test_a_question_that_stands_already_is_answered_for_the_groups(
        self, review, screener, pair
    ):
        detect_duplicates(review=review)
        record(review, title=TITLE + " and adults", doi="10.1000/9")
        detect_duplicates(review=review)
        self.assert_never_asked(review, pair)


def test_an_undone_import_lets_the_rest_be_compared_again(review, lead):
    source = factories.make_source(review, name="To be undone")
    batch = factories.make_batch(source)
    first = record(review, source=source, doi="10.1000/1", abstract="Long. " * 60)
    rest = [record(review, source=factories.make_source(review)) for _ in range(2)]
    detect_duplicates(review=review)
    assert groups(review=review) == [[first.pk, *(one.pk for one in rest)]]
    undo_import(membership=lead, batch=batch)
    detect_duplicates(review=review)
    assert groups(review=review) == [[one.pk for one in rest]]


def test_many_links_are_written_with_few_queries(review, django_assert_max_num_queries):
    for number in range(40):
        fields = {"title": f"{TITLE} in town {number}", "volume": str(number + 1)}
        record(review, **fields), record(review, **fields)
    with django_assert_max_num_queries(40):  # 40 links at once, not 40 times 12 queries
        detect_duplicates(review=review)
    assert DuplicateLink.objects.count() == 40
    assert AuditEvent.objects.filter(action="duplicate.linked").count() == 40
    chain = list(AuditEvent.objects.filter(review=review).order_by("pk"))
    for before, after in itertools.pairwise(chain):
        assert after.previous_hash == before.hash == before.computed_hash()
