"""The laws of the question path."""

from hypothesis import given
from hypothesis import strategies as st

from screening.rules.consensus import Verdict
from screening.rules.path import PathAnswer, PathOutcome, path_outcome

YES, NO, UNCLEAR = PathAnswer.YES, PathAnswer.NO, PathAnswer.UNCLEAR
ANSWERS = st.lists(st.sampled_from([YES, NO, UNCLEAR, None]), min_size=1, max_size=8)


def test_the_first_no_decides_and_the_rest_needs_no_answer():
    assert path_outcome([YES, NO, None]) == PathOutcome(Verdict.EXCLUDE, 1, 2)
    assert path_outcome([UNCLEAR, NO, NO]) == PathOutcome(Verdict.EXCLUDE, 1, 2)
    assert path_outcome([YES, YES]) == PathOutcome(Verdict.INCLUDE, None, 2)
    assert path_outcome([YES, UNCLEAR]) == PathOutcome(Verdict.MAYBE, None, 2)
    assert path_outcome([None, NO]) is None
    assert path_outcome([]) is None


@given(ANSWERS)
def test_it_excludes_by_the_first_no_that_is_reached_and_includes_on_yes_alone(answers):
    outcome = path_outcome(answers)
    reached = answers[: answers.index(None)] if None in answers else answers
    if NO in reached:
        assert outcome is not None
        assert outcome.verdict == Verdict.EXCLUDE
        assert outcome.decisive == reached.index(NO)
    elif None in answers:
        assert outcome is None
    else:
        assert outcome is not None
        assert outcome.decisive is None
        assert (outcome.verdict == Verdict.INCLUDE) == (set(answers) == {YES})


@given(ANSWERS, st.lists(st.sampled_from([YES, NO, UNCLEAR, None])))
def test_what_comes_after_the_deciding_no_changes_nothing(answers, more):
    outcome = path_outcome(answers)
    if outcome is not None and outcome.verdict == Verdict.EXCLUDE:
        assert path_outcome([*answers[: outcome.used], *more]) == outcome
