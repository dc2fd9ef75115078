"""What one page asks twice is answered once: a memory as long as the look at the page.

Nothing outlives the look, so no number is older than the page it stands on. Without a look, and
so in every write, each question is asked anew.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_seen: ContextVar[dict[Hashable, Any] | None] = ContextVar("seen", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Remember answers until the end of the block; a look inside a look is the same one."""
    if _seen.get() is not None:
        yield
        return
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def seen(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer of this look.

    Args:
        key: What is asked, and of whom.
        ask: Finds it out.

    Returns:
        What `ask` gave, now or when the same was asked before in this look.
    """
    memory = _seen.get()
    if memory is None:
        return ask()
    if key not in memory:
        memory[key] = ask()
    return memory[key]  # type: ignore[no-any-return]  # what `ask` gave under this key
