import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reviewapp.supervisor import datafolder


def test_the_folder_and_its_parts_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    datafolder.make_data_folder(folder)
    datafolder.make_data_folder(folder)
    for part in (folder, folder / "files", folder / "backups", folder / "broker" / "messages"):
        assert part.stat().st_mode & 0o077 == 0


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = datafolder.ensure_secret_key(tmp_path)
    assert len(key) >= 50
    assert datafolder.ensure_secret_key(tmp_path) == key
    assert (tmp_path / datafolder.SECRET_NAME).stat().st_mode & 0o777 == 0o600


def test_a_second_start_on_the_same_data_is_refused_with_the_address_of_the_first(
    tmp_path: Path,
) -> None:
    first = datafolder.FolderLock(tmp_path)
    first.tell("process 12, http://127.0.0.1:8000/")
    with pytest.raises(datafolder.AlreadyRunning, match=r"http://127\.0\.0\.1:8000/"):
        datafolder.FolderLock(tmp_path)
    first.close()
    datafolder.FolderLock(tmp_path).close()


def test_an_empty_database_is_not_copied(tmp_path: Path) -> None:
    assert datafolder.back_up_database(tmp_path / "none.sqlite3", tmp_path) is None
    (tmp_path / "empty.sqlite3").touch()
    assert datafolder.back_up_database(tmp_path / "empty.sqlite3", tmp_path) is None


def test_a_copy_holds_what_was_committed_while_the_database_is_in_use(tmp_path: Path) -> None:
    file = tmp_path / "data.sqlite3"
    with closing(sqlite3.connect(file)) as user:
        user.execute("PRAGMA journal_mode=WAL")
        user.execute("CREATE TABLE decision (verdict TEXT)")
        user.execute("INSERT INTO decision VALUES ('include')")
        user.commit()
        copy = datafolder.back_up_database(file, tmp_path)
    assert copy is not None
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as reader:
        assert reader.execute("SELECT verdict FROM decision").fetchall() == [("include",)]
