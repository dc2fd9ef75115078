from pathlib import Path

import pytest

from reviewapp import locks

LOCK = """\
django==5.2.19 \\
    --hash=sha256:aa
    # via -r pyproject.toml
psycopg-binary==3.3.9 ; implementation_name != 'pypy' \\
    --hash=sha256:bb
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:cc
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text(LOCK, encoding="utf-8")
    return file


def test_a_full_environment_misses_nothing(lock: Path) -> None:
    installed = {"django": "5.2.19", "numpy": "2.5.5", "psycopg-binary": "3.3.9"}
    assert locks.missing_pins([lock], installed) == []


def test_an_absent_package_and_another_version_are_named(lock: Path) -> None:
    assert locks.missing_pins([lock], {"numpy": "2.0.0"}) == [
        "django==5.2.19",
        "numpy==2.4.6 or 2.5.5",
    ]


def test_a_conditional_package_may_be_absent(lock: Path) -> None:
    assert locks.missing_pins([lock], {"django": "5.2.19"}) == []


def test_the_fingerprint_changes_with_the_lock(lock: Path) -> None:
    before = locks.fingerprint([lock])
    lock.write_text(LOCK + "celery==5.7.0\n", encoding="utf-8")
    assert locks.fingerprint([lock]) != before


def test_names_are_compared_as_the_index_compares_them() -> None:
    assert locks.normalised("Django_Stubs.Ext") == "django-stubs-ext"


def test_installed_distributions_are_found_in_their_folder(tmp_path: Path) -> None:
    information = tmp_path / "Some_Thing-1.2.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: Some_Thing\nVersion: 1.2\n")
    assert locks.installed_versions([tmp_path]) == {"some-thing": "1.2"}
