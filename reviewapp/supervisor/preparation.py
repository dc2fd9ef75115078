"""Everything `up` does before it serves: schema, static files, the first account, the demo."""

import hashlib
import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from reviewapp.backups.writing import write_backup
from reviewapp.supervisor.datafolder import back_up_database
from screening.models import Review, User

logger = logging.getLogger(__name__)

ADMIN_EMAIL = "admin@localhost"
STATIC_STAMP = "static-files"
NOT_SERVED = ["datasets", "templates", "*.json", "widgetbundle.js"]  # of the plotly package


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in; the password is known only at the moment it was made."""

    email: str
    password: str
    name: str = ""


def migrate(data_dir: Path) -> Path | None:
    """Bring the schema up to date; a database with tables is copied before.

    Returns:
        The copy, if one was made: of the database file, or of every row of a Postgres.
    """
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return None
    copy = None
    if connection.introspection.table_names():
        copy = _copy_database(data_dir / "backups")
    call_command("migrate", interactive=False, verbosity=0)
    return copy


def _copy_database(backups: Path) -> Path | None:
    if connection.vendor == "sqlite":
        return back_up_database(Path(str(settings.DATABASES["default"]["NAME"])), backups)
    target = backups / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-before-migrating.zip"
    write_backup(target, with_files=False)
    return target


def collect_static(data_dir: Path) -> bool:
    """Collect the static files unless none has changed since the last time.

    Returns:
        Whether files were collected.
    """
    stamp = data_dir / STATIC_STAMP
    now = _static_fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_SERVED)
    stamp.write_text(now, encoding="utf-8")
    return True


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for line in sorted(_static_sources()):
        digest.update(line.encode())
    return digest.hexdigest()


def _static_sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(NOT_SERVED):
            source = Path(storage.path(name)).stat()
            yield f"{getattr(storage, 'prefix', '')}/{name} {source.st_size} {source.st_mtime_ns}\n"


def ensure_admin() -> Account | None:
    """Make the first account with a random password; there is never a default one.

    Returns:
        The account with its password, or None when somebody runs this installation already.
    """
    if User.objects.filter(is_superuser=True).exists():
        return None
    account = Account(ADMIN_EMAIL, secrets.token_urlsafe(12), "Administrator")
    User.objects.create_superuser(account.email, account.password, name=account.name)
    return account


def load_demo_once() -> list[Account] | None:
    """Load the demo review into a database without reviews.

    Returns:
        The demo's members with their passwords, or None when there is a review already.
    """
    if Review.objects.exists():
        return None
    # The demo brings the importers along, which take longer to load than all the rest of `up`.
    from reviewapp.demo import load_demo  # noqa: PLC0415

    admin = User.objects.filter(is_superuser=True).earliest("pk")
    members = load_demo(admin=admin)
    return [Account(member.email, member.password, member.name) for member in members]
