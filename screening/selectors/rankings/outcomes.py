"""What a review has decided in the end of each record: labels for an update or a simulation."""

from screening.models import Record, Review
from screening.ranking.texts import record_text
from screening.rules.consensus import Stage, Status
from screening.selectors.shown import shown_records

FULL = Stage.FULL_TEXT


def final_decisions(review: Review) -> list[tuple[str, bool]]:
    """Text and outcome of each record that a review has settled, by the last stage it reached.

    Included at full text is relevant; excluded at either stage is not. A record that has passed
    title and abstract and is not settled at full text says nothing yet, unless the review has
    not begun with full texts: then passing counts.
    """
    screened = Record.objects.filter(review=review).to_screen()
    first = dict(screened.with_status(Stage.TITLE_ABSTRACT).values_list("pk", "team_status"))
    read = Record.objects.filter(review=review, report__isnull=False)
    last = dict(read.with_status(FULL).values_list("pk", "team_status"))
    settled = {Status.INCLUDED.value, Status.EXCLUDED.value}
    has_read = any(status in settled for status in last.values())
    outcome: dict[int, bool] = {}
    for pk, status in first.items():
        final = last.get(pk, status) if has_read and status == Status.INCLUDED.value else status
        if final in settled:
            outcome[pk] = final == Status.INCLUDED.value
    records = Record.objects.filter(pk__in=outcome).select_related("source").order_by("pk")
    shown = shown_records(records.defer("raw_text", "extra"))
    return [(record_text(one.title, one.abstract), outcome[one.pk]) for one in shown]
