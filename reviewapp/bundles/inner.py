"""Numbers of rows that stand inside JSON and text columns, where no foreign key leads.

A number that leads nowhere (a row that is gone, or belongs to no bundle) is written as its
negative and stays that way, so that it never means another row elsewhere.
"""

from collections.abc import Callable, Mapping
from typing import Any

from reviewapp.bundles.belongs import BY_LABEL, PEOPLE

#: Given a table and a number, the number to write instead.
Turn = Callable[[str, int], int]
Json = Any

USER = "screening.user"
#: What the app itself reads out of the audit trail, by the kind of target and the key.
AUDITED: Mapping[tuple[str, str], str] = {
    ("screening.stagesettings", "required_group_id"): "groups",
    ("screening.stagesettings", "pilot_id"): "pilots",
    ("screening.membergroup", "members"): "memberships",
}


def turn_column(turn: Turn, table: str, column: str, value: Json) -> Json:
    """A JSON value with its numbers turned; most columns hold none."""
    if not value:
        return value
    if (table, column) == ("import_batches", "prior"):
        return _prior(turn, value)
    if (table, column) == ("batch_pdfs", "candidates"):
        return _all(turn, "reports", value)
    return value


def turn_audited(turn: Turn, target_type: str, facts: Json) -> Json:
    """The facts of an audit event with the numbers that the app reads turned."""
    if not isinstance(facts, dict):
        return facts
    return {
        key: _all(turn, AUDITED[target_type, key], value)
        if (target_type, key) in AUDITED
        else value
        for key, value in facts.items()
    }


def turn_target(turn: Turn, target_type: str, target: str) -> str:
    """The target of an audit event."""
    if not target.removeprefix("-").isdecimal():
        return target
    table = PEOPLE if target_type == USER else None
    if table is None and target_type in BY_LABEL:
        table = BY_LABEL[target_type].name
    number = int(target)
    return str(turn(table, number) if table else -abs(number))


def _all(turn: Turn, table: str, value: Json) -> Json:
    if isinstance(value, list):
        return [_all(turn, table, one) for one in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return turn(table, value) if is_number else value


def _prior(turn: Turn, value: Json) -> Json:
    tables = {
        "people": "memberships",
        "by": "memberships",
        "placeholders": "memberships",
        "reasons": "reasons",
    }
    turned = dict(value)
    for key, table in tables.items():
        held = value.get(key)
        if isinstance(held, dict):
            turned[key] = {name: _all(turn, table, one) for name, one in held.items()}
        else:
            turned[key] = _all(turn, table, held)
    return turned
