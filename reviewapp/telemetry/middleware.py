"""Around every request: its id, its count, and a line of the log where that is wanted."""

import logging
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from reviewapp.telemetry.context import HEADER, accepted_id, working_for
from reviewapp.telemetry.counters import SharedCounts
from reviewapp.telemetry.routes import method_of, route_of
from reviewapp.telemetry.yielding import OpenRequests, giving_way

logger = logging.getLogger("reviewapp.requests")
open_requests = OpenRequests()


@cache
def shared_counts() -> SharedCounts:
    """The counts of this process and its neighbours."""
    return SharedCounts(Path(settings.DATA_DIR) / "metrics")


class TelemetryMiddleware:
    """Takes the request's id or makes one, returns it as a header, counts and logs the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next layer."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; the seconds end when a streamed answer begins."""
        started = time.perf_counter()
        request_id = accepted_id(request.headers.get(HEADER, ""))
        request.request_id = request_id  # type: ignore[attr-defined]  # for lines after this layer
        with working_for(request_id), open_requests.counted():
            response = self._get_response(request)
            _tell(request, response.status_code, time.perf_counter() - started)
        response[HEADER] = request_id
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            # a file of the disk is only read; any other is made piece by piece
            response.streaming_content = giving_way(iter(response), open_requests)
        return response


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = route_of(request), method_of(request)
    if settings.METRICS_TOKEN:
        shared_counts().observe((route, method, str(status)), seconds)
    if settings.LOG_REQUESTS:
        took = round(seconds * 1000)
        fields = {"method": method, "route": route, "status": status, "milliseconds": took}
        said = ("%s %s was answered %s in %s ms", method, route, status, took)
        logger.info(*said, extra={"fields": fields})
