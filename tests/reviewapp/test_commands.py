import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from reviewapp import testrun
from reviewapp.jobs import run_job
from reviewapp.management.commands import up
from reviewapp.supervisor import preparation
from reviewapp.supervisor.worker import worker_arguments
from screening.models import Job


def said(command: str, *arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


class TestCheckWorker:
    @pytest.fixture(autouse=True)
    def no_waiting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)

    @pytest.mark.django_db(transaction=True)
    def test_it_says_how_long_the_job_took(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("screening.models.jobs.send", lambda job, _queue: run_job(job))
        assert "3 steps, attempts: 1." in said("check_worker")

    @pytest.mark.django_db
    def test_without_a_worker_it_asks_the_right_question(self) -> None:
        with pytest.raises(CommandError, match="Is a worker running"):
            said("check_worker", "--timeout", "0")

    @pytest.mark.django_db(transaction=True)
    def test_a_failed_job_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(job_id: int, _queue: str) -> None:
            Job.objects.filter(pk=job_id).update(state="failed", error="No disk.")

        monkeypatch.setattr("screening.models.jobs.send", fail)
        with pytest.raises(CommandError, match=r"Failed: No disk\."):
            said("check_worker")


class TestUp:
    def test_the_deploy_check_says_what_it_left_out_without_tls(self) -> None:
        assert "TLS is off" in said("up", "--check")

    @override_settings(DEBUG=True)
    def test_the_deploy_check_fails_on_a_warning(self) -> None:
        with pytest.raises(Exception, match=r"security\.W018"):
            said("up", "--check")

    def test_elsewhere_it_names_the_way_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(up.sys, "platform", "win32")
        with pytest.raises(CommandError, match="inside WSL"):
            said("up")

    def test_the_source_tree_is_no_place_for_data(self, settings: Any) -> None:
        settings.DATA_DIR = up.ROOT / "var"
        with pytest.raises(CommandError, match="inside the source tree"):
            said("up")

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("host", "is_warned"), [("127.0.0.1", False), ("0.0.0.0", True), ("::1", False)]
    )
    def test_it_prepares_says_and_runs(
        self,
        tmp_path: Path,
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
        host: str,
        *,
        is_warned: bool,
    ) -> None:
        settings.DATA_DIR = tmp_path / "data"
        specs: list[Any] = []

        class Supervisor:
            def __init__(self, given: list[Any], _chores: list[Any]) -> None:
                specs.extend(given)

            def run(self, when_started: Any) -> None:
                when_started()

        monkeypatch.setattr(up, "Supervisor", Supervisor)
        monkeypatch.setenv("WEB_PROCESSES", "1")
        monkeypatch.setattr(preparation, "collect_static", lambda _: True)
        monkeypatch.setattr(preparation, "load_demo_once", lambda: [preparation.Account("a", "b")])
        words = said("up", "--demo", "--port", "0", "--host", host)
        assert "e-mail: admin@localhost   password: " in words
        assert "e-mail: a   password: b" in words
        assert ("without encryption" in words) is is_warned
        assert [spec.name for spec in specs] == ["web", "worker", "worker for short work"]
        assert "SECRET_KEY" not in specs[0].variables
        monkeypatch.setattr(preparation, "load_demo_once", lambda: None)
        again = said("up", "--demo", "--port", "0", "--host", host)
        assert "password:" not in again
        assert "the demo was not loaded" in again

    @pytest.mark.django_db
    def test_it_says_where_the_copy_of_the_database_is(
        self, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DATA_DIR = tmp_path / "data"
        monkeypatch.setattr(up.Supervisor, "run", lambda *_: None)
        monkeypatch.setattr(preparation, "collect_static", lambda _: True)
        monkeypatch.setattr(preparation, "migrate", lambda _: tmp_path / "copy.sqlite3")
        assert f"Database copied to {tmp_path / 'copy.sqlite3'}" in said("up", "--port", "0")


class TestTheTestCommand:
    @pytest.fixture
    def ran(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        commands: list[str] = []
        codes = {"-m pytest -q": 0, "-m coverage report": 2}

        def run(arguments: list[str]) -> int:
            commands.append(" ".join(arguments))
            return codes.get(commands[-1], 0)

        monkeypatch.setattr(testrun, "_run", run)
        return commands

    def test_arguments_go_to_pytest(self, ran: list[str]) -> None:
        assert testrun.run_tests(["-q"]) == 0
        assert ran == ["-m pytest -q"]

    def test_coverage_below_the_floor_fails(self, ran: list[str]) -> None:
        assert testrun.run_tests(["-q", "--coverage"]) == 2
        assert "-m coverage run -m pytest -q" in ran


def test_the_worker_of_long_work_reads_its_size_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORKER_PROCESSES", "3")
    assert "--concurrency=3" in worker_arguments("long")
    assert "--concurrency=4" in worker_arguments("short")


@pytest.mark.parametrize(
    ("cores", "asked", "names"),
    [
        (1, None, ["web"]),
        (8, None, ["web", "web 2"]),
        (2, "3", ["web", "web 2", "web 3"]),
        (2, "0", ["web"]),
    ],
)
def test_web_processes_share_one_socket(
    monkeypatch: pytest.MonkeyPatch, cores: int, asked: str | None, names: list[str]
) -> None:
    monkeypatch.setattr(up.os, "cpu_count", lambda: cores)
    monkeypatch.delenv("WEB_PROCESSES", raising=False)
    if asked:
        monkeypatch.setenv("WEB_PROCESSES", asked)
    specs = up._specs({"REVIEWAPP_WORKER_ID": "up"}, 7)
    web = [spec for spec in specs if spec.name.startswith("web")]
    assert [spec.name for spec in web] == names
    assert {spec.variables[up.SOCKET_VARIABLE] for spec in web} == {"7"}
