"""How people are named in what leaves the app."""

from screening.models import Membership
from screening.rules.roles import Capability


def named_for(reader: Membership | None, member: Membership) -> str:
    """A member's email for those who manage the review, the operator and oneself; else the name.

    Every member sees the names of the others on the members page, and nobody but a lead the
    addresses.

    Args:
        reader: Who asks; None for a command on the machine itself.
        member: Who is named.
    """
    is_told = reader is None or reader.pk == member.pk or reader.can(Capability.MANAGE)
    return member.user.email if is_told else member.user.name
