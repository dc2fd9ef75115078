"""Fields that serializers share."""

from typing import Any

from rest_framework import serializers

from screening.rules.consensus import Stage

MAX_NUMBER = 2**63 - 1  # what a column of ids holds


class Number(serializers.IntegerField):
    """The number of an object: at least 1, and no larger than a column holds."""

    def __init__(self, **kwargs: Any) -> None:
        """Bound it."""
        super().__init__(min_value=1, max_value=MAX_NUMBER, **kwargs)


class SmallNumber(serializers.IntegerField):
    """A count: 0 to two thousand million."""

    def __init__(self, **kwargs: Any) -> None:
        """Bound it."""
        super().__init__(min_value=0, max_value=2**31 - 1, **kwargs)


class Words(serializers.ListField):
    """A list of short texts."""

    child = serializers.CharField(max_length=2000)

    def __init__(self, **kwargs: Any) -> None:
        """Bound it."""
        super().__init__(max_length=1000, **kwargs)


def stage_field(**kwargs: Any) -> serializers.ChoiceField:
    """A stage by its word."""
    return serializers.ChoiceField(choices=[stage.value for stage in Stage], **kwargs)
