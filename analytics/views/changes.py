"""What an update changed: the page that compares two days, and its CSV."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analytics.figures.files import rows_as_csv
from analytics.figures.model import MOST_ROWS
from analytics.forms.changes import ChangesForm
from analytics.selectors.changes import FIELDS, Changes, change_rows, changes_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

BACK = timedelta(days=30)


@require_safe
@review_view(Capability.VIEW)
def changes(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Studies, values and figures of two days side by side."""
    form = _form(request, membership)
    context = {
        "form": form,
        "found": _found(request, membership, form),
        "query": urlencode({**request.GET, **form.data}, doseq=True),
        "most": MOST_ROWS,
    }
    return render(request, "analytics/changes.html", context)


@require_safe
@review_view(Capability.VIEW)
def changes_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything that differs, one row each."""
    found = _found(request, membership, _form(request, membership))
    if found is None:
        raise Http404("Choose two days on the page; the review compares something since then.")
    name = f"changes-{membership.review.slug}-{found.before}-{found.after}.csv"
    return HttpResponse(
        rows_as_csv(FIELDS, change_rows(found)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _form(request: HttpRequest, membership: Membership) -> ChangesForm:
    """The days of the address; a month back unless one is chosen."""
    given = request.GET.copy()
    if "before" not in given:
        today = timezone.localdate()
        usual = max(timezone.localdate(membership.review.created_at), today - BACK)
        given["before"] = min(usual, today - timedelta(days=1)).isoformat()
    return ChangesForm(given)


def _found(request: HttpRequest, membership: Membership, form: ChangesForm) -> Changes | None:
    if form.days is None:
        return None
    asked = {key: [str(one) for one in values] for key, values in request.GET.lists()}
    return changes_of(membership.review, *form.days, asked)
