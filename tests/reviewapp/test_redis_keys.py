"""Several installations on one Redis: their messages, counts and keys never meet."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Empty
from subprocess import run

import pytest
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection
from redis import Redis

from reviewapp.broker import celery_settings
from reviewapp.caches import SharedCache, cache_settings
from reviewapp.redis_keys import key_prefix

REDIS = "redis://127.0.0.1:6379/0"
ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_prefix_ends_so_that_none_begins_with_another():
    assert key_prefix("", REDIS) == ""
    assert key_prefix("cardiology", REDIS) == "cardiology:"
    assert not key_prefix("cardiology-2", REDIS).startswith(key_prefix("cardiology", REDIS))


@pytest.mark.parametrize("word", ["two words", "a:b", "{slot}", "all*", "-x", "é"])
def test_other_letters_are_refused(word: str):
    with pytest.raises(ImproperlyConfigured, match="; write letters, digits"):
        key_prefix(word, REDIS)


def test_a_prefix_without_a_redis_is_refused_and_says_what_rabbitmq_has_instead():
    with pytest.raises(ImproperlyConfigured, match="virtual host"):
        key_prefix("cardiology", "amqp://broker//", "")
    assert key_prefix("cardiology", "amqp://broker//", REDIS) == "cardiology:"


def test_the_variable_reaches_broker_and_cache(tmp_path: Path):
    told = (
        "from django.conf import settings as s; import json; print(json.dumps("
        "[s.CELERY['broker_transport_options']['global_keyprefix'], "
        "s.CACHES['default']['KEY_PREFIX']]))"
    )
    around = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
        "REVIEWAPP_DATA_DIR": str(tmp_path),
        "CELERY_BROKER_URL": REDIS,
        "REDIS_PREFIX": "cardiology",
    }
    done = run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env=around,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == '["cardiology:", "cardiology:reviewapp"]\n', done.stderr


@pytest.fixture
def two(broker: str) -> Iterator[tuple[str, str]]:
    """Two prefixes that nobody else uses, gone afterwards."""
    words = tuple(f"test-{secrets.token_hex(4)}:" for _ in range(2))
    yield words
    server = Redis.from_url(broker)
    for word in words:
        for key in server.scan_iter(f"{word}*"):
            server.delete(key)
    server.close()


@pytest.fixture
def broker() -> str:
    return os.environ["CELERY_BROKER_URL"]


@pytest.mark.broker
def test_a_message_goes_to_its_own_installation_alone(
    broker: str, two: tuple[str, str], tmp_path: Path
):
    with ExitStack() as open_ones:
        here, there = (
            open_ones.enter_context(
                Connection(broker, transport_options=settings["broker_transport_options"])
            ).SimpleQueue("short")
            for settings in (celery_settings(broker, tmp_path, prefix) for prefix in two)
        )
        here.put({"job": 7})
        with pytest.raises(Empty):
            there.get(timeout=1)
        message = here.get(timeout=5)
        assert message.payload == {"job": 7}
        message.ack()
        here.close()
        there.close()


@pytest.mark.broker
def test_requests_are_counted_apart(broker: str, two: tuple[str, str]):
    settings = [cache_settings(broker, prefix) for prefix in two]
    here, there = (SharedCache(one["LOCATION"], one) for one in settings)
    here.set("asked", [1.0], 60)
    assert (here.get("asked"), there.get("asked")) == ([1.0], None)


@pytest.mark.broker
def test_nothing_is_written_beside_the_prefix(broker: str, two: tuple[str, str], tmp_path: Path):
    """A Redis that gives this installation its own keys and channels alone refuses nothing."""
    server, word = Redis.from_url(broker), two[0]
    settings = celery_settings(broker, tmp_path, word)
    user = word.rstrip(":")
    server.execute_command(
        "ACL", "SETUSER", user, "on", ">word", "resetkeys", f"~{word}*", "resetchannels",
        f"&{word}*", "+@all",
    )  # fmt: skip
    try:
        own = broker.replace("redis://", f"redis://{user}:word@")
        with Connection(own, transport_options=settings["broker_transport_options"]) as connection:
            queue = connection.SimpleQueue("long")
            queue.put({"job": 8})
            queue.get(timeout=5).reject(requeue=True)
            queue.get(timeout=5).ack()
            connection.default_channel.qos.restore_visible()
            queue.close()
        cache = SharedCache(own, cache_settings(own, word))
        cache.set("asked", [2.0], 60)
        assert server.keys(f"{word}*") != []
        assert server.get(f"{word}reviewapp:1:asked") == b"[2.0]"
    finally:
        server.execute_command("ACL", "DELUSER", user)
        server.close()
