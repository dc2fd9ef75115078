"""How many examples a law is held to: all of them once, a few where it is asked a second time.

A law that reads and writes rows is held on both databases. What hypothesis varies is found on the
embedded one; on the other one some examples show that its SQL says the same.
"""

import os

AGAIN = "REVIEWAPP_LAWS_AGAIN"  # set by --only-with-database, for worker processes too
SHARE = 4


def is_again() -> bool:
    """Whether this run asks a second time, of another database."""
    return bool(os.environ.get(AGAIN))


def examples(count: int) -> int:
    """So many examples, or a quarter of them in a second run."""
    return max(count // SHARE, 5) if is_again() else count
