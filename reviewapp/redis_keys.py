"""Names of keys in Redis, so that several installations can share one server."""

import re

from django.core.exceptions import ImproperlyConfigured

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def is_redis(url: str) -> bool:
    """Whether a URL names a Redis."""
    return url.startswith(("redis://", "rediss://"))


def key_prefix(word: str, *urls: str) -> str:
    """What all keys and channels of this installation begin with.

    Args:
        word: The installation's name in Redis; empty when it has the Redis to itself.
        urls: Those of broker and cache.

    Returns:
        The word and a colon, so that no prefix begins with another one; or nothing.

    Raises:
        ImproperlyConfigured: The word is none, or no Redis is named that it could be for.
    """
    if not word:
        return ""
    if not _WORD.fullmatch(word):
        raise ImproperlyConfigured(
            f"REDIS_PREFIX is {word!r}; write letters, digits, dots, hyphens and underscores."
        )
    if not any(is_redis(url) for url in urls):
        raise ImproperlyConfigured(
            "REDIS_PREFIX is set, but neither CELERY_BROKER_URL nor CACHE_URL names a Redis. On "
            "RabbitMQ a virtual host of its own keeps an installation apart: amqp://broker/NAME."
        )
    return f"{word}:"
