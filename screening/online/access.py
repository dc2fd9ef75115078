"""Who asks: the contact and the keys of this installation, kept out of every text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_HIDDEN = "***"
_SHORTEST_SECRET = 4


@dataclass(frozen=True, slots=True)
class Access:
    """The contact address and the keys by database; neither is ever shown or logged.

    Attributes:
        email: Contact of this installation; services ask for it. "" when none is set.
        keys: Database name -> key.
    """

    email: str = field(default="", repr=False)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def agent(self) -> str:
        """The User-Agent header: what this is, and whom to write to when it misbehaves."""
        contact = f" (mailto:{self.email})" if self.email else ""
        return f"reviewapp/0.1{contact}"

    def key(self, database: str) -> str:
        """The key for a database, or ""."""
        return self.keys.get(database, "")

    def redacted(self, text: str) -> str:
        """A text of others without our contact and keys, should they have put them in.

        Args:
            text: Anything a service answered.

        Returns:
            The text with each of our secrets replaced.
        """
        for secret in (*self.keys.values(), self.email):
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, _HIDDEN)
        return text
