from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from reviewapp import env


def test_a_value_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text(" from the file \n", encoding="utf-8")
    monkeypatch.setenv("SOME_SETTING", "from the variable")
    monkeypatch.setenv("SOME_SETTING_FILE", str(secret))
    assert env.read_text("SOME_SETTING") == "from the file"


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SETTING_FILE", "/no/such/file")
    with pytest.raises(ImproperlyConfigured, match="SOME_SETTING_FILE names /no/such/file"):
        env.read_text("SOME_SETTING")


def test_a_missing_required_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_SETTING", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set SOME_SETTING"):
        env.read_text("SOME_SETTING")


@pytest.mark.parametrize(
    ("word", "is_on"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False)]
)
def test_a_flag_is_read_in_the_usual_words(
    monkeypatch: pytest.MonkeyPatch, word: str, *, is_on: bool
) -> None:
    monkeypatch.setenv("SOME_FLAG", word)
    assert env.read_flag("SOME_FLAG", default=not is_on) is is_on


def test_any_other_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_FLAG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="'perhaps'; write 1 or 0"):
        env.read_flag("SOME_FLAG", default=False)


def test_a_number_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_NUMBER", "many")
    with pytest.raises(ImproperlyConfigured, match="write a whole number"):
        env.read_number("SOME_NUMBER", 3)


def test_a_list_drops_empty_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_LIST", "a, b,,")
    assert env.read_list("SOME_LIST") == ["a", "b"]
