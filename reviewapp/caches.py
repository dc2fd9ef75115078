"""The cache that web processes share where Redis is there; rate limits are counted in it."""

import json
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from reviewapp.redis_keys import is_redis

logger = logging.getLogger(__name__)

T = TypeVar("T")
SECONDS = 1.0  # no request waits longer for a Redis that does not answer


def cache_settings(url: str, prefix: str = "") -> dict[str, Any]:
    """Where to keep what web processes count together.

    Args:
        url: A Redis, or anything else for a memory of each process.
        prefix: What the keys of this installation begin with in a Redis that others use as well.
    """
    if not is_redis(url):
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "reviewapp.caches.SharedCache",
        "LOCATION": url,
        "KEY_PREFIX": f"{prefix}reviewapp",
        "OPTIONS": {
            "serializer": "reviewapp.caches.PlainSerializer",
            "socket_timeout": SECONDS,
            "socket_connect_timeout": SECONDS,
        },
    }


class PlainSerializer:
    """JSON and never pickle: whoever can write into Redis must not run code here."""

    def dumps(self, value: Any) -> bytes:
        """Write a value."""
        return json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """Read it back."""
        return json.loads(data)


class SharedCache(RedisCache):
    """Redis; while it is away each process counts for itself, and no request fails."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        """Keep a memory of this process beside it."""
        super().__init__(server, params)
        self._own = LocMemCache("while-redis-is-away", {})

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Read from Redis, else from the memory of this process."""
        return self._or_own(super().get, self._own.get, key, default, version)

    def set(self, key: Any, value: Any, *rest: Any, **named: Any) -> None:
        """Write to Redis, else into the memory of this process."""
        self._or_own(super().set, self._own.set, key, value, *rest, **named)

    @staticmethod
    def _or_own(shared: Callable[..., T], own: Callable[..., T], *sent: Any, **named: Any) -> T:
        try:
            return shared(*sent, **named)
        except RedisError as error:
            logger.warning("The shared cache does not answer: %s", type(error).__name__)
            return own(*sent, **named)
