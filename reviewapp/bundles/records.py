"""What the audit trail says of bundles."""

from typing import Any

from reviewapp.bundles.about import as_plain
from reviewapp.bundles.options import Options
from screening.models import AuditEvent, Review, User


def note_export(review: Review, options: Options, actor: User | None = None) -> None:
    """Note that everything of a review is being taken out, by whom, and with which choices.

    Args:
        review: The review.
        options: The choices.
        actor: Who asked, or nobody for the command line.
    """
    after: dict[str, Any] = as_plain(options)
    AuditEvent.objects.append(
        action="bundle.exported", target=review, review=review, actor=actor, after=after
    )
