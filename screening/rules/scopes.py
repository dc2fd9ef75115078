"""What a token of the API may do at most; its holder's roles may allow less."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from screening.rules.roles import Capability


class Scope(StrEnum):
    """One kind of work that a token is good for."""

    READ = "read"
    SCREEN = "screen"
    ADJUDICATE = "adjudicate"
    EXTRACT = "extract"
    LEAD = "lead"


WORDS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.READ: "Read: whatever you may see, and exports",
        Scope.SCREEN: "Screen: verdicts, tags, notes, duplicates, full texts",
        Scope.ADJUDICATE: "Adjudicate: settle conflicts, reconcile values",
        Scope.EXTRACT: "Extract: studies, values and their evidence, full texts",
        Scope.LEAD: "Lead: imports, members, settings and all else that a lead changes",
    }
)

_WRITES: Mapping[Capability, frozenset[Scope]] = MappingProxyType(
    {
        Capability.VIEW: frozenset({Scope.SCREEN, Scope.EXTRACT, Scope.ADJUDICATE, Scope.LEAD}),
        Capability.EXPORT: frozenset({Scope.SCREEN, Scope.EXTRACT, Scope.ADJUDICATE, Scope.LEAD}),
        Capability.MANAGE: frozenset({Scope.LEAD}),
        Capability.IMPORT: frozenset({Scope.LEAD}),
        Capability.DEDUPLICATE: frozenset({Scope.SCREEN, Scope.LEAD}),
        Capability.COMPLETE: frozenset({Scope.SCREEN, Scope.LEAD}),
        Capability.SCREEN: frozenset({Scope.SCREEN}),
        Capability.ADJUDICATE: frozenset({Scope.ADJUDICATE}),
        Capability.MANAGE_REPORTS: frozenset({Scope.SCREEN, Scope.EXTRACT, Scope.LEAD}),
        Capability.EXTRACT: frozenset({Scope.EXTRACT}),
        Capability.VERIFY: frozenset({Scope.EXTRACT, Scope.ADJUDICATE}),
        Capability.RECONCILE: frozenset({Scope.ADJUDICATE, Scope.LEAD}),
    }
)


def scopes_for(capability: Capability, *, is_write: bool) -> frozenset[Scope]:
    """The scopes of which a token needs one.

    Args:
        capability: What the address asks of a member.
        is_write: Whether the request changes anything.

    Returns:
        At least one scope; reading asks for `read`, whatever the capability.

    Source:
        Own definition.
    """
    return _WRITES[capability] if is_write else frozenset({Scope.READ})


def is_enough(scopes: Collection[str], capability: Capability, *, is_write: bool) -> bool:
    """Whether a token of these scopes is good for the request."""
    return bool(scopes_for(capability, is_write=is_write) & set(scopes))
