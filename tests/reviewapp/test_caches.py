"""Rate limits of all web processes together, and of each alone while Redis is away."""

import secrets

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from reviewapp.caches import PlainSerializer, SharedCache, cache_settings
from reviewapp.env import read_text

AWAY = "redis://127.0.0.1:1/0"


def made(url, prefix=""):
    settings = cache_settings(url, prefix)
    return SharedCache(settings["LOCATION"], settings)


def test_without_redis_each_process_counts_alone():
    for url in ("", "amqp://broker", "filesystem://"):
        assert cache_settings(url)["BACKEND"].endswith(LocMemCache.__name__)


def test_nothing_that_could_run_is_ever_read():
    kept = PlainSerializer().dumps([1.5, 2.5])
    assert kept == b"[1.5, 2.5]"
    assert PlainSerializer().loads(kept) == [1.5, 2.5]
    with pytest.raises(ValueError, match=r"codec|Expecting"):
        PlainSerializer().loads(b"\x80\x04K\x01.")  # a pickle


def test_a_redis_that_is_away_fails_no_request():
    cache = made(AWAY)
    cache.set("asked", [1], 60)
    assert cache.get("asked") == [1]
    assert cache.get("never", []) == []


@pytest.mark.django_db
def test_wrong_tokens_are_limited_while_redis_is_away(settings, monkeypatch):
    settings.CACHES = {"default": cache_settings(AWAY)}
    monkeypatch.setattr("screening.api.authentication.BadTokenRate.rate", "2/min", raising=False)
    client = Client(headers={"authorization": "Bearer srt_wrong"})
    statuses = [client.get("/api/v1/me/").status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


@pytest.mark.broker
def test_two_processes_count_together():
    url = read_text("CELERY_BROKER_URL")
    prefix = f"test-{secrets.token_hex(4)}:"
    first, second = made(url, prefix), made(url, prefix)
    first.set("test-of-shared-cache", [1.0], 60)
    assert second.get("test-of-shared-cache") == [1.0]
    second.delete("test-of-shared-cache")
    assert first.get("test-of-shared-cache") is None
