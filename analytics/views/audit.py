"""The audit trail for the lead: read, filtered, taken along, its chain checked."""

import csv
import io
import json
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analytics.forms.audit import AuditForm
from analytics.selectors.audit import Subject, changes_of, subject_of, trail_rows
from screening.models import AuditEvent, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.rules.spreadsheets import harmless
from screening.selectors.audit import audit_of, check_chain, is_trail_blinded

PER_PAGE = 50
COLUMNS = (
    *("number", "at", "who", "action", "target_type", "target_id"),
    *("before", "after", "previous_hash", "hash"),
)


@require_safe
@never_cache
@review_view(Capability.MANAGE)
def audit(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The events, newest first."""
    form, subject, events = _asked(request, membership)
    page = Paginator(events.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "subject": subject,
        "page": page,
        "lines": [(event, changes_of(event)) for event in page],
        "query": asked.urlencode(),
        "is_narrowed": any(asked.values()),
        "is_blinded": is_trail_blinded(membership),
    }
    return render(request, "analytics/audit.html", context, status=400 if form.errors else 200)


@require_safe
@never_cache
@review_view(Capability.MANAGE)
def audit_chain(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Whether the chain is unbroken; every event is computed anew."""
    chain = check_chain(review=membership.review)
    name = "_audit_chain" if request.headers.get("HX-Request") else "audit_chain"
    return render(request, f"analytics/{name}.html", {"chain": chain})


@require_safe
@never_cache
@review_view(Capability.MANAGE)
def audit_file(
    request: HttpRequest, membership: Membership, file_format: str
) -> HttpResponse | StreamingHttpResponse:
    """The events that fit as a file, oldest first."""
    form, _, events = _asked(request, membership)
    if form.errors:
        raise Http404("A filter of this address fits nothing in this review.")
    writers = {"csv": (_csv, "text/csv; charset=utf-8"), "json": (_json, "application/json")}
    if file_format not in writers:
        raise Http404("There is no such format.")
    write, content_type = writers[file_format]
    name = f"{membership.review.slug}-audit-{timezone.localdate().isoformat()}.{file_format}"
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return StreamingHttpResponse(write(events), headers=headers)


def _asked(
    request: HttpRequest, membership: Membership
) -> tuple[AuditForm, Subject | None, QuerySet[AuditEvent]]:
    """The filters of the address and what fits them; nothing when one of them is no filter."""
    form = AuditForm(request.GET, membership=membership)
    if not form.is_valid():
        return form, None, AuditEvent.objects.none()
    events = audit_of(membership=membership, filters=form.filters())
    about = form.cleaned_data["about"]
    subject = subject_of(membership, about) if about else None
    if about and subject is None:
        raise Http404("There is no such thing in this review.")
    return form, subject, events.filter(subject.events) if subject else events


def _csv(events: QuerySet[AuditEvent]) -> Iterator[bytes]:
    yield ("\ufeff" + _line(list(COLUMNS))).encode()
    for row in trail_rows(events):
        told = {name: _text(value) for name, value in row.items()}
        yield _line([harmless(told[name].replace("\0", "")) for name in COLUMNS]).encode()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _line(cells: list[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _json(events: QuerySet[AuditEvent]) -> Iterator[bytes]:
    yield b"["
    for number, row in enumerate(trail_rows(events)):
        yield (",\n" if number else "\n").encode() + json.dumps(row, ensure_ascii=False).encode()
    yield b"\n]\n"
