"""`/metrics`: numbers in Prometheus' text format, for who holds the token of the installation.

No number is about a person or a review: labels are patterns of addresses, kinds and states of
jobs, names of queues.
"""

import hmac
import shutil
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reviewapp.telemetry.counters import BUCKETS, Counts
from reviewapp.telemetry.middleware import shared_counts
from screening.models import Job

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Sample(NamedTuple):
    """One line: a name, its labels, a number."""

    name: str
    labels: Mapping[str, str]
    value: float


class Family(NamedTuple):
    """A metric: name, kind, what it is, its samples."""

    name: str
    kind: str
    help: str
    samples: Iterable[Sample]


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers; without a token in the settings there is no such address."""
    token = settings.METRICS_TOKEN
    if not token:
        raise Http404("Metrics are off.")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not hmac.compare_digest(given.encode(), token.encode()):
        refused = HttpResponse("The token of the metrics is missing or wrong.\n", status=401)
        refused["WWW-Authenticate"] = 'Bearer realm="metrics"'
        refused["Content-Type"] = "text/plain; charset=utf-8"
        return refused
    families = [*requests_seen(shared_counts().sum()), *house_numbers()]
    return HttpResponse(written(families), content_type=CONTENT_TYPE, status=HTTPStatus.OK)


def requests_seen(counts: Counts) -> Iterator[Family]:
    """Requests of all web processes of this machine."""
    name = "reviewapp_http_requests_total"
    samples = [
        Sample(name, {"route": route, "method": method, "status": status}, count)
        for (route, method, status), count in sorted(counts.requests.items())
    ]
    yield Family(name, "counter", "Requests by pattern of the address.", samples)
    name = "reviewapp_http_request_seconds"
    text = "Seconds until an answer, or until a streamed one began."
    yield Family(name, "histogram", text, _histogram(name, counts))


def _histogram(name: str, counts: Counts) -> Iterator[Sample]:
    for route, buckets in sorted(counts.buckets.items()):
        total = 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), buckets, strict=True):
            total += count
            yield Sample(f"{name}_bucket", {"route": route, "le": bound}, total)
        yield Sample(f"{name}_sum", {"route": route}, round(counts.seconds[route], 6))
        yield Sample(f"{name}_count", {"route": route}, total)


def house_numbers() -> Iterator[Family]:
    """Jobs, database and disk."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    yield _gauge("reviewapp_data_free_bytes", "Free space of the data folder's disk.", free)
    try:
        found = [*_jobs(), _gauge("reviewapp_database_bytes", "Size.", database_bytes())]
    except DatabaseError:
        yield _gauge("reviewapp_database_up", "Whether the database answers.", 0)
        return
    yield _gauge("reviewapp_database_up", "Whether the database answers.", 1)
    yield from found


def _jobs() -> Iterator[Family]:
    by_kind = Job.objects.order_by("kind", "state").values_list("kind", "state")
    name = "reviewapp_jobs"
    rows = by_kind.annotate(number=Count("pk"))
    samples = [Sample(name, {"kind": kind, "state": state}, n) for kind, state, n in rows]
    yield Family(name, "gauge", "Jobs by kind and state.", samples)
    now = timezone.now()
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("queue").values_list("queue")
    oldest = dict(waiting.annotate(since=Min("created_at")))
    name = "reviewapp_job_queue_oldest_seconds"
    samples = [
        Sample(name, {"queue": queue}, round((now - oldest.get(queue, now)).total_seconds(), 1))
        for queue in Job.Queue.values
    ]
    yield Family(name, "gauge", "How long the longest waiting job has waited.", samples)
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now).count()
    yield _gauge("reviewapp_jobs_without_worker", "Running jobs whose lease ran out.", lost)


def database_bytes() -> int:
    """How large the database is on its disk."""
    is_postgres = connection.vendor == "postgresql"
    query = (
        "SELECT pg_database_size(current_database())"
        if is_postgres
        else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _gauge(name: str, text: str, value: float) -> Family:
    return Family(name, "gauge", text, [Sample(name, {}, value)])


def written(families: Iterable[Family]) -> str:
    """The text format, version 0.0.4."""
    lines = []
    for family in families:
        lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]
        lines += [f"{one.name}{_labels(one.labels)} {one.value}" for one in family.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return "{" + ",".join(pairs) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
