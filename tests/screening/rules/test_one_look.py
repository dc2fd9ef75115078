"""What one page asks twice is answered once, and no longer than the page lives."""

from screening.rules.one_look import one_look, seen


def test_answers_live_as_long_as_the_look():
    asked = []

    def ask():
        asked.append(1)
        return len(asked)

    assert [seen("a", ask), seen("a", ask)] == [1, 2]
    with one_look():
        assert [seen("a", ask), seen("a", ask), seen("b", ask)] == [3, 3, 4]
        with one_look():
            assert seen("a", ask) == 3
        assert seen("a", ask) == 3
    assert seen("a", ask) == 5
