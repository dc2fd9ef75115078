import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reviewapp import bootstrap


class Machine:
    """Stands in for the commands that the bootstrap runs, and for what they leave behind."""

    def __init__(self, environment: Path) -> None:
        self.environment = environment
        self.commands: list[list[str]] = []
        self.answers: dict[str, tuple[int, str]] = {}

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.commands.append(list(command))
        text = " ".join(command)
        if "-m venv" in text:
            (self.environment / "bin").mkdir(parents=True)
            (self.environment / "bin" / "python").touch()
        code, error = next((a for key, a in self.answers.items() if key in text), (0, ""))
        return subprocess.CompletedProcess(list(command), code, "", error)

    def ran(self, text: str) -> int:
        return sum(text in " ".join(command) for command in self.commands)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    lock = tmp_path / "requirements.txt"
    lock.write_text("django==5.2.19\n", encoding="utf-8")
    made = Machine(tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", made.environment)
    monkeypatch.setattr(bootstrap, "RUN_LOCK", lock)
    monkeypatch.setattr(bootstrap, "_run", made.run)
    return made


def test_a_fresh_clone_gets_an_environment_from_the_hashed_lock(machine: Machine) -> None:
    assert bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert machine.ran("-m venv") == 1
    assert machine.ran("pip install --require-hashes") == 1


def test_the_second_start_touches_nothing(machine: Machine) -> None:
    bootstrap.complete_environment([bootstrap.RUN_LOCK])
    machine.commands.clear()
    assert not bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert machine.commands == []


def test_a_changed_lock_is_installed_into_the_same_environment(machine: Machine) -> None:
    bootstrap.complete_environment([bootstrap.RUN_LOCK])
    machine.commands.clear()
    bootstrap.RUN_LOCK.write_text("django==5.2.20\n", encoding="utf-8")
    assert bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert machine.ran("-m venv") == 0
    assert machine.ran("pip install") == 1


def test_a_filled_environment_made_by_hand_is_taken_as_it_is(machine: Machine) -> None:
    (machine.environment / "bin").mkdir(parents=True)
    (machine.environment / "bin" / "python").touch()
    information = machine.environment / "lib/python3.11/site-packages/django-5.2.19.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: Django\nVersion: 5.2.19\n")
    assert not bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert machine.commands == []


@pytest.mark.parametrize(("variables", "is_wanted"), [({}, False), ({"S3_BUCKET": "b"}, True)])
def test_a_bucket_brings_the_packages_it_needs(
    variables: dict[str, str], is_wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[Path]] = []
    monkeypatch.setattr(bootstrap, "is_in_environment", lambda: True)
    monkeypatch.setattr(bootstrap, "is_in_own_environment", lambda: True)
    monkeypatch.setattr(bootstrap, "complete_environment", asked.append)
    monkeypatch.delenv("S3_BUCKET", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    bootstrap.enter_environment(["manage.py"], testing=False)
    assert (bootstrap.S3_LOCK in asked[0]) is is_wanted


def test_without_venv_it_names_the_package_to_install(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.answers["-m venv"] = (1, "ensurepip is not available")
    with pytest.raises(SystemExit) as stopped:
        bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert stopped.value.code == 1
    assert "sudo apt-get install python3-venv" in capsys.readouterr().err


def test_without_ensurepip_it_names_the_package_before_it_tries(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert machine.commands == []
    assert "python3-venv" in capsys.readouterr().err


def test_without_network_it_says_so_and_leaves_the_next_start_to_go_on(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.answers["pip install"] = (1, "NewConnectionError: Name or service not known")
    with pytest.raises(SystemExit):
        bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert "Check the network" in capsys.readouterr().err
    machine.answers.clear()
    assert bootstrap.complete_environment([bootstrap.RUN_LOCK])


def test_an_environment_without_pip_gets_it_first(machine: Machine) -> None:
    machine.answers["-m pip --version"] = (1, "No module named pip")
    bootstrap.complete_environment([bootstrap.RUN_LOCK])
    assert machine.ran("-m ensurepip") == 1


def test_a_foreign_environment_is_respected(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", "/somewhere/else")
    bootstrap.enter_environment(["manage.py", "up"], testing=False)
    assert machine.commands == []


def test_a_foreign_environment_that_lacks_packages_is_named_and_not_filled(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "prefix", "/somewhere/else")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        bootstrap.enter_environment(["manage.py", "test"], testing=True)
    said = capsys.readouterr().err
    assert "/somewhere/else" in said
    assert "requirements-dev.txt" in said
    assert machine.commands == []


def test_outside_of_any_environment_it_starts_again_inside_its_own(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[Any] = []
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(os, "execv", lambda *arguments: entered.append(arguments))
    bootstrap.enter_environment(["manage.py", "up", "--demo"], testing=False)
    python = str(machine.environment / "bin" / "python")
    assert entered == [(python, [python, "manage.py", "up", "--demo"])]


def test_the_data_folder_is_taken_out_of_any_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWAPP_DATA_DIR", "before")
    arguments = ["up", "--data-dir", str(tmp_path), "--demo"]
    assert bootstrap.take_data_dir(arguments) == ["up", "--demo"]
    assert os.environ["REVIEWAPP_DATA_DIR"] == str(tmp_path)


def test_the_data_folder_may_follow_an_equals_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWAPP_DATA_DIR", "before")
    assert bootstrap.take_data_dir([f"--data-dir={tmp_path}", "migrate"]) == ["migrate"]
    assert os.environ["REVIEWAPP_DATA_DIR"] == str(tmp_path)


def test_a_missing_data_folder_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as stopped:
        bootstrap.take_data_dir(["up", "--data-dir"])
    assert stopped.value.code == 2
