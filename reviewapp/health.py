"""Two addresses for probes: the process is alive; the app is ready to serve."""

import logging
from collections.abc import Callable
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerError

from reviewapp.files import FINE, files_state

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database, schema, broker and files are all there, else 503 naming what is not."""
    found = {name: check() for name, check in CHECKS.items()}
    is_ready = all(state == FINE for state in found.values())
    return JsonResponse({"ready": is_ready, "checks": found}, status=200 if is_ready else 503)


def database_state() -> str:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer")
        return "does not answer"
    return FINE


def schema_state() -> str:
    """Whether all migrations are applied."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return "unknown"
    return FINE if not waiting else f"{waiting} migrations wait"


def broker_state() -> str:
    """Whether messages to the workers can be handed over."""
    folder = settings.CELERY["broker_transport_options"].get("data_folder_out")
    if folder is None:
        return _team_broker_state()
    return FINE if Path(folder).is_dir() else "its folder is missing"


def _team_broker_state() -> str:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerError, OSError):
        logger.exception("The broker does not answer")
        return "does not answer"
    return FINE


CHECKS: dict[str, Callable[[], str]] = {
    "database": database_state,
    "schema": schema_state,
    "broker": broker_state,
    "files": files_state,
}
