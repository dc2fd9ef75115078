"""What roles allow."""

from hypothesis import given
from hypothesis import strategies as st

from screening.rules.roles import Capability, Role, capabilities_of

roles = st.sets(st.sampled_from(list(Role)))


@given(roles, roles)
def test_more_roles_never_allow_less(some, more):
    assert capabilities_of(some) <= capabilities_of(some | more)


def test_no_role_allows_nothing():
    assert capabilities_of([]) == frozenset()


def test_a_lead_alone_neither_screens_nor_extracts():
    assert not {Capability.SCREEN, Capability.EXTRACT} & capabilities_of([Role.LEAD])
