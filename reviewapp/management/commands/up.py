"""`manage.py up`: one command from a fresh clone to a running app."""

import argparse
import contextlib
import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from reviewapp.bootstrap import ROOT
from reviewapp.env import read_list, read_number
from reviewapp.supervisor import address, datafolder, preparation
from reviewapp.supervisor.backups import Timetable
from reviewapp.supervisor.children import ChildSpec
from reviewapp.supervisor.loop import Supervisor
from reviewapp.supervisor.web import LATER_VARIABLE, SOCKET_VARIABLE


class Command(BaseCommand):
    """Prepares the data folder and runs web and worker until it is stopped."""

    help = "Prepare the data folder, print the address and the first password, run the app."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--demo", action="store_true", help="load the demo into an empty app")
        parser.add_argument("--port", type=int, default=read_number("PORT", 8000))
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in")
        parser.add_argument(
            "--data-dir", help="where the data lives (read by manage.py before the settings)"
        )
        parser.add_argument("--check", action="store_true", help="run the deploy check and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, or prepare and run."""
        if options["check"]:
            self._check()
            return
        if sys.platform == "win32":
            raise CommandError("`up` needs Linux or macOS. On Windows run it inside WSL.")
        try:
            self._up(options["host"], options["port"], with_demo=options["demo"])
        except (datafolder.AlreadyRunning, address.AddressUnusable) as refused:
            raise CommandError(str(refused)) from refused

    def _check(self) -> None:
        call_command("check", deploy=True, fail_level="WARNING")
        if not settings.TLS:
            self.stdout.write("TLS is off, so checks that only apply behind TLS were left out.")

    def _up(self, host: str, port: int, *, with_demo: bool) -> None:
        data_dir = Path(settings.DATA_DIR)
        _refuse_source_tree(data_dir)
        datafolder.make_data_folder(data_dir)
        with (
            contextlib.closing(datafolder.FolderLock(data_dir)) as lock,
            address.listen(host, port) as listening,
        ):
            place = address.page_address(host, listening.getsockname()[1])
            lock.tell(f"process {os.getpid()}, {place}")
            datafolder.ensure_secret_key(data_dir)
            self._prepare(data_dir, with_demo=with_demo)
            variables = _variables(data_dir, host)
            specs = _specs(variables, listening.fileno())
            supervisor = Supervisor(specs, [_timetable(data_dir, variables)])
            supervisor.run(lambda: self._say_ready(place, host))

    def _prepare(self, data_dir: Path, *, with_demo: bool) -> None:
        copy = preparation.migrate(data_dir)
        if copy:
            self.stdout.write(f"Database copied to {copy} before its schema was changed.")
        preparation.collect_static(data_dir)
        admin = preparation.ensure_admin()
        if admin:
            self.stdout.write("\nThe first account (the password is shown only now):")
            self._say_account(admin)
        else:
            self.stdout.write("The first account exists; `manage.py changepassword` changes it.")
        if with_demo:
            self._load_demo()

    def _load_demo(self) -> None:
        self.stdout.write("\nThe demo review ...")
        try:
            members = preparation.load_demo_once()
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        if members is None:
            self.stdout.write("There is a review already, so the demo was not loaded.")
            return
        self.stdout.write("Members of the demo review (passwords are shown only now):")
        for member in members:
            self._say_account(member)

    def _say_account(self, account: preparation.Account) -> None:
        name = f"   ({account.name})" if account.name else ""
        self.stdout.write(f"  e-mail: {account.email}   password: {account.password}{name}")

    def _say_ready(self, place: str, host: str) -> None:
        self.stdout.write(f"\nData:    {settings.DATA_DIR}")
        self.stdout.write(self.style.SUCCESS(f"Open     {place}"))
        if not address.is_loopback(host):
            self.stdout.write(
                "Other machines can reach this address without encryption; "
                "docs/running.md says how to put TLS in front."
            )
        self.stdout.write("Ctrl-C stops the app.\n")
        self.stdout.flush()


def _variables(data_dir: Path, host: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "REVIEWAPP_DATA_DIR": str(data_dir),
        "REVIEWAPP_WORKER_ID": f"up-{socket.gethostname()[:20]}-{_short(data_dir)}",
        "ALLOWED_HOSTS": ",".join(read_list("ALLOWED_HOSTS") or address.allowed_hosts(host)),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *_python_path()]),
    }


def _specs(variables: dict[str, str], listening: int) -> list[ChildSpec]:
    web = [sys.executable, "-m", "reviewapp.supervisor.web"]
    worker = [sys.executable, "-m", "reviewapp.supervisor.worker"]
    short = {**variables, "REVIEWAPP_WORKER_ID": variables["REVIEWAPP_WORKER_ID"] + "-short"}
    names = ["web", *(f"web {number}" for number in range(2, _web_processes() + 1))]
    serving = {**variables, SOCKET_VARIABLE: str(listening)}
    later = serving | {LATER_VARIABLE: "1"}  # the first page needs the first process only
    return [
        *(
            ChildSpec(one, web, later if at else serving, (listening,))
            for at, one in enumerate(names)
        ),
        ChildSpec("worker", [*worker, "long"], variables),
        ChildSpec("worker for short work", [*worker, "short"], short),
    ]


def _web_processes() -> int:
    """Two where there are two cores: Python computes on one core per process."""
    return max(1, read_number("WEB_PROCESSES", min(2, os.cpu_count() or 1)))


def _timetable(data_dir: Path, variables: dict[str, str]) -> Timetable:
    return Timetable(
        data_dir / "backups",
        every_hours=read_number("BACKUP_HOURS", 24),
        keep=read_number("BACKUP_KEEP", 7),
        variables={**os.environ, **variables},
    )


def _refuse_source_tree(data_dir: Path) -> None:
    if data_dir.resolve().is_relative_to(ROOT):
        raise CommandError(
            f"The data folder {data_dir} lies inside the source tree; choose one outside of it "
            "with --data-dir or REVIEWAPP_DATA_DIR."
        )


def _short(data_dir: Path) -> str:
    return hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:8]


def _python_path() -> list[str]:
    return [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
