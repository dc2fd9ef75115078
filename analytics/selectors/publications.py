"""Published dashboards: their links, and what a visitor without an account is shown."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from analytics.models import Publication
from analytics.selectors.experiments import Selection, selection_of
from screening.models import Review

SALT = "analytics.publications"
SEPARATOR = "."


def token_of(publication: Publication) -> str:
    """The secret part of its address: the stored handle and its signature, which is not stored.

    With another secret of the installation all links change.
    """
    signature = salted_hmac(SALT, publication.handle, algorithm="sha256").hexdigest()
    return f"{publication.handle}{SEPARATOR}{signature[:40]}"


def open_publication(token: str) -> Publication | None:
    """The dashboard of a link; nothing where it is unknown, forged, withdrawn or expired."""
    handle, _, signature = token.partition(SEPARATOR)
    found = Publication.objects.open(timezone.now()).select_related("review")
    publication: Publication | None = found.filter(handle=handle).first()
    if publication is None or not signature:
        return None
    return publication if constant_time_compare(token, token_of(publication)) else None


def publications_of(review: Review) -> list[tuple[Publication, str]]:
    """All of a review, the newest first, each with its token."""
    made = Publication.objects.filter(review=review).select_related(
        "created_by__user", "withdrawn_by__user"
    )
    return [(one, token_of(one)) for one in made]


def outside_selection(
    review: Review, asked: Mapping[str, Sequence[str]], day: date | None
) -> Selection | None:
    """What may be shown outside: reconciled and verified values only, no link into the review."""
    kept = {key: values for key, values in asked.items() if key not in {"as_of", "pick"}}
    if day is not None:
        kept["as_of"] = [day.isoformat()]
    return selection_of(review, kept, only_reconciled=True)
