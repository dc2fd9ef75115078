"""`manage.py search_online` as scripts use it."""

import json
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from screening.models import Membership, Record, SavedSearch
from tests.online import Databases, Online
from tests.screening.online.answers import esearch

pytestmark = pytest.mark.django_db


def call(*more: str, capsys: pytest.CaptureFixture[str], database: str = "arxiv") -> str:
    call_command(
        "search_online", "--review", "ssl", "--database", database, "--query", "ti:a", *more
    )
    return capsys.readouterr().out


def asked(*more: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(call(*more, "--json", capsys=capsys))
    return answer


def test_it_counts_without_fetching(
    lead: Membership, online: Online, capsys: pytest.CaptureFixture[str]
) -> None:
    online(Databases(range(5)))
    answer = asked("--count", capsys=capsys)
    assert (answer["database"], answer["query"], answer["hits"]) == ("arxiv", "ti:a", 5)
    assert answer["counted_at"]
    assert "found" not in answer
    assert not Record.objects.exists()
    assert call("--count", capsys=capsys).strip() == "arxiv: 5 hits"


def test_it_fetches_and_imports_and_the_second_time_only_what_is_new(
    lead: Membership, online: Online, capsys: pytest.CaptureFixture[str]
) -> None:
    played = Databases(range(5))
    online(played)
    first = asked(capsys=capsys)
    assert (first["found"], first["imported"], first["known"]) == (5, 5, 0)
    played.numbers.append(9)
    second = asked(capsys=capsys)
    assert (second["found"], second["imported"], second["known"]) == (6, 1, 5)
    assert call(capsys=capsys).strip() == "arxiv: 6 hits, 0 imported, 6 known already"


def test_nothing_found_is_no_error(
    lead: Membership, online: Online, capsys: pytest.CaptureFixture[str]
) -> None:
    online(Databases([]))
    assert asked(capsys=capsys)["batch"] is None


def test_what_went_wrong_is_said_and_the_search_kept(
    lead: Membership, online: Online, capsys: pytest.CaptureFixture[str]
) -> None:
    online(httpx.ConnectError("x"))
    with pytest.raises(CommandError, match=r"No answer from export\.arxiv\.org.*is kept"):
        call(capsys=capsys)
    assert SavedSearch.objects.get().query == "ti:a"
    online(esearch(20_000))
    with pytest.raises(CommandError, match="Split it by date"):
        call(capsys=capsys, database="pubmed")
    with pytest.raises(CommandError, match="no review 'none'"):
        call_command("search_online", review="none", database="arxiv", query="x")
