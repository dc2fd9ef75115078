"""Roles of a review and what each may do; the one table that every guard asks."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person is in one review; one person may be several."""

    LEAD = "lead"
    SCREENER = "screener"
    EXTRACTOR = "extractor"
    ADJUDICATOR = "adjudicator"
    OBSERVER = "observer"


class Capability(StrEnum):
    """What a guard asks for."""

    VIEW = "view"
    MANAGE = "manage"
    IMPORT = "import"
    DEDUPLICATE = "deduplicate"
    COMPLETE = "complete"
    SCREEN = "screen"
    ADJUDICATE = "adjudicate"
    MANAGE_REPORTS = "manage_reports"
    EXTRACT = "extract"
    RECONCILE = "reconcile"
    VERIFY = "verify"
    EXPORT = "export"


_OF_ANY_MEMBER = frozenset({Capability.VIEW, Capability.EXPORT})

CAPABILITIES: Mapping[Role, frozenset[Capability]] = MappingProxyType(
    {
        Role.LEAD: _OF_ANY_MEMBER
        | {
            Capability.MANAGE,
            Capability.IMPORT,
            Capability.DEDUPLICATE,
            Capability.COMPLETE,
            Capability.MANAGE_REPORTS,
            Capability.RECONCILE,
            Capability.VERIFY,
        },
        Role.SCREENER: _OF_ANY_MEMBER
        | {
            Capability.SCREEN,
            Capability.DEDUPLICATE,
            Capability.COMPLETE,
            Capability.MANAGE_REPORTS,
        },
        Role.EXTRACTOR: _OF_ANY_MEMBER
        | {Capability.EXTRACT, Capability.VERIFY, Capability.MANAGE_REPORTS},
        Role.ADJUDICATOR: _OF_ANY_MEMBER
        | {Capability.ADJUDICATE, Capability.RECONCILE, Capability.VERIFY},
        Role.OBSERVER: _OF_ANY_MEMBER,
    }
)


def capabilities_of(roles: Iterable[Role]) -> frozenset[Capability]:
    """Union of what the roles allow.

    Args:
        roles: Any number of roles, in any order.

    Returns:
        The capabilities; empty for no role.

    Source:
        DESIGN section "People"; own definition.
    """
    return frozenset(capability for role in roles for capability in CAPABILITIES[role])
