"""The talk about a record, as far as a person may read it."""

from collections.abc import Sequence

from screening.models import DiscussionMessage, Membership, Record
from screening.rules.consensus import Stage
from screening.selectors.blinding import sight_of


def is_discussion_open(membership: Membership, record: Record, stage: Stage) -> bool:
    """Whether the person may take part: exactly when others' verdicts on the record are open."""
    return sight_of(membership, record, stage).is_open


def discussion_of(
    *, membership: Membership, record: Record, stage: Stage, is_open: bool
) -> Sequence[DiscussionMessage]:
    """The messages in their order; none unless the verdicts are open to the person.

    Args:
        membership: Who reads.
        record: The record.
        stage: The stage that is talked about.
        is_open: What `is_discussion_open` says, as the page has worked it out already.
    """
    if not is_open or record.review_id != membership.review_id:
        return []
    messages = DiscussionMessage.objects.filter(record=record, stage=stage, pilot=None)
    return list(messages.select_related("author__user"))
