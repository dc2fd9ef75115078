"""The files under docs/deploy, held to the code: variables, commands, queues, secrets."""

import os
import re
import shlex
import string
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from celery.bin.worker import worker as celery_worker
from django.core.management import get_commands

from reviewapp.celery import app
from reviewapp.databases import database_from_url
from reviewapp.settings import MEGABYTE, UPLOAD_LIMIT_BYTES
from screening.models import Job

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "docs" / "deploy"
READER = re.compile(r'\bread_(?:text|flag|number|list|choice)\(\s*["\']([A-Z_]+)["\']')
INTERNAL = {"REVIEWAPP_WORKER_ID", "LOCALAPPDATA", "XDG_DATA_HOME"}
DJANGO = {"DJANGO_SETTINGS_MODULE"}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def variables_of_the_code() -> set[str]:
    sources = (ROOT / "reviewapp").rglob("*.py")
    return {name for file in sources for name in READER.findall(file.read_text())} - INTERNAL


def example() -> dict[str, str]:
    lines = (DEPLOY / "review.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def unit_command(unit: Path) -> list[str]:
    found = re.search(r"^ExecStart=(.+)$", unit.read_text(), re.M)
    assert found, unit
    words = shlex.split(found[1].replace("%%", "%"))
    return shlex.split(words[2].removeprefix("exec ")) if words[0] == "/bin/sh" else words


def commands() -> list[list[str]]:
    services = compose()["services"].values()
    ours = [one["command"] for one in services if one.get("image") == "review"]
    prepared = [part for one in ours if one[0] == "sh" for part in one[2].split(" && ")]
    image = re.search(r"^CMD (\[.+\])$", (DEPLOY / "Dockerfile").read_text(), re.M)
    assert image
    return [
        *([*one] for one in ours if one[0] != "sh"),
        *(shlex.split(one) for one in prepared),
        yaml.safe_load(image[1]),
        *(unit_command(unit) for unit in UNITS),
    ]


def test_every_variable_that_is_read_is_documented_and_no_other_one() -> None:
    text = (ROOT / "docs" / "running.md").read_text()
    table = text.split("## Variables", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\|([^|]+)\|", table, re.M)
    documented = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert documented == variables_of_the_code()


def test_the_example_sets_variables_that_exist_and_names_secrets_that_are_made() -> None:
    given = example()
    plain = {name.removesuffix("_FILE") for name in given}
    assert plain - DJANGO <= variables_of_the_code()
    files = {Path(value).name for name, value in given.items() if name.endswith("_FILE")}
    assert files == set(compose()["x-app"]["secrets"])
    made = (ROOT / "docs" / "deploy.md").read_text()
    for name, secret in compose()["secrets"].items():
        assert secret == {"file": f"secrets/{name}"}
        assert f"> secrets/{name}\n" in made
    mounts = [one for service in compose()["services"].values() for one in service["volumes"]]
    for file in [one.split(":")[0] for one in mounts if one.startswith("./")]:
        assert (DEPLOY / file).is_file() or f"> {file.removeprefix('./')}\n" in made, file


def test_the_broker_is_told_its_account_as_its_image_takes_it() -> None:
    """Since RabbitMQ 3.9 the image ends at once when it is given `RABBITMQ_DEFAULT_PASS_FILE`."""
    broker = compose()["services"]["broker"]
    assert "environment" not in broker
    assert any(one.endswith("/etc/rabbitmq/conf.d/20-review.conf:ro") for one in broker["volumes"])
    guide = (ROOT / "docs" / "deploy.md").read_text()
    assert "default_user = review\\ndefault_pass = %s\\n" in guide


def test_services_stand_on_things_that_are_there() -> None:
    house = compose()
    for name, service in house["services"].items():
        assert set(service.get("depends_on", ())) <= set(house["services"]), name
        assert set(service.get("secrets", ())) <= set(house["secrets"]), name
        assert set(service["networks"]) <= set(house["networks"]), name
        volumes = {one.split(":")[0] for one in service.get("volumes", ())}
        assert {one for one in volumes if not one.startswith(".")} <= set(house["volumes"]), name
        assert ("ports" in service) is (name == "proxy")
    assert house["networks"]["inside"] == {"internal": True}


def test_every_command_exists_and_takes_its_options() -> None:
    assert len(commands()) >= 9
    for program, *rest in commands():
        name = Path(program).name
        assert name in {"gunicorn", "celery", "python"}, program
        if name == "python":
            assert rest[0] == "manage.py"
            assert rest[1] in get_commands()
        elif name == "celery":
            assert rest[:3] == ["-A", "reviewapp", "worker"]
            celery_worker.make_context("worker", rest[3:], obj=SimpleNamespace(app=app))


@pytest.mark.parametrize("where", ["compose", "systemd"])
def test_every_queue_has_a_worker_of_its_own(where: str) -> None:
    ours = [one for one in commands() if Path(one[0]).name == "celery"]
    ours = [one for one in ours if one[0].startswith("/") is (where == "systemd")]
    served = [one[one.index("-Q") + 1] for one in ours]
    assert sorted(served) == sorted(Job.Queue.values)
    assert sorted(queue.name for queue in app.conf.task_queues) == sorted(served)


def team_surroundings(folder: Path) -> dict[str, str]:
    """The example's variables, with secrets that are there."""
    secrets = {
        "SECRET_KEY_FILE": string.ascii_letters,
        "DATABASE_URL_FILE": "postgres://review:word@db/review",
        "CELERY_BROKER_URL_FILE": "amqp://review:word@broker//",
        "METRICS_TOKEN_FILE": "token",
    }
    given = example() | {"REVIEWAPP_DATA_DIR": str(folder)}
    for name, value in secrets.items():
        file = folder / name
        file.write_text(value)
        given[name] = str(file)
    dropped = {"DATABASE_URL", "CELERY_BROKER_URL"}
    return {k: v for k, v in os.environ.items() if k not in dropped} | given


def test_the_deploy_check_is_green_with_the_example(tmp_path: Path) -> None:
    around = team_surroundings(tmp_path)
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(check, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_the_image_has_an_environment_so_that_manage_builds_none() -> None:
    """Outside of one `manage.py` makes `.venv` beside the code, which nobody may write there."""
    text = (DEPLOY / "Dockerfile").read_text()
    made = re.search(r"^RUN python -m venv (\S+)$", text, re.M)
    assert made
    place = re.search(r"^WORKDIR (\S+)$", text, re.M)
    assert place
    assert not made[1].startswith(f"{place[1]}/")
    assert text.index(made[0]) < text.index(f"ENV PATH={made[1]}/bin:$PATH") < text.index("RUN pip")


def test_gunicorn_opens_no_socket_in_a_home_that_is_shared_or_closed() -> None:
    served = [one for one in commands() if Path(one[0]).name == "gunicorn"]
    assert len(served) == 3
    assert all("--no-control-socket" in one for one in served)


def test_a_proxy_closes_a_resting_connection_before_gunicorn_does() -> None:
    served = [one for one in commands() if Path(one[0]).name == "gunicorn"]
    ours = {int(one[one.index("--keep-alive") + 1]) for one in served}
    for name in ("Caddyfile", "nginx.conf"):
        found = re.search(r"keepalive(?:_timeout)? (\d+)s", (DEPLOY / name).read_text())
        assert found, name
        assert int(found[1]) < min(ours)


def test_gunicorn_takes_its_options_and_loads_the_app(tmp_path: Path) -> None:
    served = next(one for one in commands() if Path(one[0]).name == "gunicorn")
    check = [sys.executable, "-m", "gunicorn", "--check-config", *served[1:]]
    around = team_surroundings(tmp_path)
    done = subprocess.run(check, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_proxies_keep_metrics_inside_and_take_the_largest_upload(name: str) -> None:
    text = (DEPLOY / name).read_text()
    size = re.search(r"(?:max_size|client_max_body_size) (\d+)(?:MB|m)\b", text)
    assert size
    assert int(size[1]) * MEGABYTE > UPLOAD_LIMIT_BYTES
    assert re.search(r"/metrics.*(404|/readyz)", text)
    assert "8000" in text
    assert "X-Request-ID" in text


def test_behind_a_pooler_no_cursor_of_the_server_is_used() -> None:
    assert database_from_url("postgres://db/x", is_pooled=True)["DISABLE_SERVER_SIDE_CURSORS"]
    assert not database_from_url("postgres://db/x")["DISABLE_SERVER_SIDE_CURSORS"]


def test_units_run_the_code_that_the_guide_installs() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text()
    for unit in UNITS:
        text = unit.read_text()
        assert "WorkingDirectory=/opt/review" in text
        assert "EnvironmentFile=/etc/review/review.env" in text
        assert unit.stem in guide or f"{unit.stem}.timer" in guide
