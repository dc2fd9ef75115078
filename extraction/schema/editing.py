"""Changing a form that is being written: every function takes a sketch and gives a new one."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from extraction.schema.codec import to_json
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.comparison_editing import comparison_renamed, comparison_without
from extraction.schema.definition import FormSketch
from extraction.schema.fields import Condition, Field, Group

LONGEST_KEY = 60
Item = TypeVar("Item")


def free_key(label: str, taken: Iterable[str]) -> str:
    """Make a key out of a label.

    Args:
        label: Any words.
        taken: Keys that are in use.

    Returns:
        Lower-case letters, digits and `_`, beginning with a letter, at most 60 characters, not
        in use.

    Source:
        Own definition.
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")
    stem = (words if words[:1].isalpha() else f"f_{words}".strip("_"))[: LONGEST_KEY - 4]
    used, key, number = set(taken), stem, 2
    while key in used:
        key, number = f"{stem}_{number}", number + 1
    return key


def fingerprint(part: Group | Field | ComparisonSpec) -> str:
    """Sixteen characters that change whenever the part changes in any way."""
    form = FormSketch("f", "f", ())
    if isinstance(part, ComparisonSpec):
        form = replace(form, comparison=part)
    else:
        group = part if isinstance(part, Group) else Group("g", "g", (part,))
        form = replace(form, groups=(group,))
    written = json.dumps(to_json(form), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def level_of(group: Group) -> str:
    """Name of the level a group's fields are answered on: its key, or empty for the study."""
    return group.key if group.repeating else ""


def without_history(form: FormSketch) -> FormSketch:
    """Forget which fields and words of an earlier version this form took over."""
    groups = tuple(
        replace(
            group,
            fields=tuple(
                replace(
                    field,
                    was=(),
                    cut_at="",
                    terms=tuple(replace(term, was=()) for term in field.terms),
                )
                for field in group.fields
            ),
        )
        for group in form.groups
    )
    return replace(form, groups=groups)


def with_field(form: FormSketch, group: str, field: Field, known_as: str = "") -> FormSketch:
    """Put a field into a group: in the place of the one known as, else at the end.

    Args:
        form: The form.
        group: Key of the group.
        field: The new field.
        known_as: Key of the field it stands for; everything that names that field by its key
            or by a renamed word of its vocabulary names the new one.

    Returns:
        The changed form.

    Raises:
        ValueError: There is no such group or field.

    Source:
        Own definition.
    """
    found = _group(form, group)
    if not known_as:
        return _with_group(form, replace(found, fields=(*found.fields, field)))
    _place(found.fields, known_as)
    fields = tuple(field if one.key == known_as else one for one in found.fields)
    changed = _with_group(form, replace(found, fields=fields))
    if field.key != known_as:
        changed = _renamed(changed, level_of(found), known_as, field.key)
    return _with_conditions(changed, level_of(found), field)


def without_field(form: FormSketch, group: str, key: str) -> FormSketch:
    """Take a field out; lists that named it (rows, columns) forget it.

    Raises:
        ValueError: There is no such group or field.
    """
    found = _group(form, group)
    _place(found.fields, key)
    kept = replace(
        found,
        fields=tuple(one for one in found.fields if one.key != key),
        row_keys=tuple(one for one in found.row_keys if one != key),
        strict_row_keys=tuple(one for one in found.strict_row_keys if one != key),
    )
    changed = _with_group(form, kept)
    if changed.comparison is None:
        return changed
    spec = comparison_without(changed.comparison, level_of(found), key)
    return replace(changed, comparison=spec)


def moved_field(form: FormSketch, group: str, key: str, step: int) -> FormSketch:
    """Move a field by so many places within its group; at an end it stays.

    Raises:
        ValueError: There is no such group or field.
    """
    found = _group(form, group)
    fields = moved(found.fields, _place(found.fields, key), step)
    return _with_group(form, replace(found, fields=fields))


def field_moved_to(form: FormSketch, group: str, key: str, to: str) -> FormSketch:
    """Move a field to the end of another group.

    Raises:
        ValueError: There is no such group or field.
    """
    found = _group(form, group)
    field = found.fields[_place(found.fields, key)]
    target = _group(form, to)
    if level_of(target) == level_of(found):
        kept = replace(found, fields=tuple(one for one in found.fields if one.key != key))
        return with_field(_with_group(form, kept), to, field)
    return with_field(without_field(form, group, key), to, field)


def with_group(form: FormSketch, group: Group) -> FormSketch:
    """Put a group in the place of the one with its key, else at the end."""
    if form.group(group.key) is None:
        return replace(form, groups=(*form.groups, group))
    return _with_group(form, group)


def with_comparison(form: FormSketch, comparison: ComparisonSpec | None) -> FormSketch:
    """Say what the form compares; None for nothing."""
    return replace(form, comparison=comparison)


def with_tool(form: FormSketch, groups: Sequence[Group]) -> FormSketch:
    """Add the groups of a risk-of-bias tool behind the others.

    Raises:
        ValueError: The form has them already.
    """
    taken = {one.key for one in form.groups} | {one.key for one in form.study_fields}
    for group in groups:
        named = {group.key, *(() if group.repeating else (one.key for one in group.fields))}
        if named & taken:
            raise ValueError(f"“{group.label}” is part of the form already.")
    return replace(form, groups=(*form.groups, *groups))


def without_group(form: FormSketch, key: str) -> FormSketch:
    """Take a group with its fields out.

    Raises:
        ValueError: There is no such group.
    """
    for field in _group(form, key).fields:
        form = without_field(form, key, field.key)
    return replace(form, groups=tuple(one for one in form.groups if one.key != key))


def moved_group(form: FormSketch, key: str, step: int) -> FormSketch:
    """Move a group by so many places; at an end it stays.

    Raises:
        ValueError: There is no such group.
    """
    keys = [one.key for one in form.groups]
    place = keys.index(_group(form, key).key)
    return replace(form, groups=moved(form.groups, place, step))


def moved(items: Sequence[Item], place: int, step: int) -> tuple[Item, ...]:
    """Move the item at a place by so many places; at an end it stays."""
    rest = [*items]
    item = rest.pop(place)
    rest.insert(max(0, place + step), item)
    return tuple(rest)


def _group(form: FormSketch, key: str) -> Group:
    found = form.group(key)
    if found is None:
        raise ValueError(f"The form has no part “{key}” any more.")
    return found


def _place(fields: Sequence[Field], key: str) -> int:
    for place, field in enumerate(fields):
        if field.key == key:
            return place
    raise ValueError(f"The form has no field “{key}” here any more.")


def _with_group(form: FormSketch, group: Group) -> FormSketch:
    groups = tuple(group if one.key == group.key else one for one in form.groups)
    return replace(form, groups=groups)


def _on_level(form: FormSketch, level: str, change: Callable[[Group], Group]) -> FormSketch:
    groups = tuple(change(one) if level_of(one) == level else one for one in form.groups)
    return replace(form, groups=groups)


def _renamed(form: FormSketch, level: str, old: str, new: str) -> FormSketch:
    def name(key: str) -> str:
        return new if key == old else key

    def one_field(field: Field) -> Field:
        asked = field.only_if
        return replace(
            field,
            metric_field=name(field.metric_field),
            only_if=asked and Condition(name(asked.field), asked.values),
        )

    def one_group(group: Group) -> Group:
        return replace(
            group,
            fields=tuple(map(one_field, group.fields)),
            row_keys=tuple(map(name, group.row_keys)),
            strict_row_keys=tuple(map(name, group.strict_row_keys)),
        )

    changed = _on_level(form, level, one_group)
    spec = changed.comparison
    return replace(changed, comparison=spec and comparison_renamed(spec, level, name))


def _with_conditions(form: FormSketch, level: str, field: Field) -> FormSketch:
    """Let conditions on a field follow the words of its vocabulary that have a new name."""
    kept = {term.key for term in field.terms}
    now = {old: term.key for term in field.terms for old in term.was if old not in kept}
    if not now:
        return form

    def one_field(other: Field) -> Field:
        asked = other.only_if
        if asked is None or asked.field != field.key:
            return other
        values = tuple(dict.fromkeys(now.get(value, value) for value in asked.values))
        return replace(other, only_if=Condition(asked.field, values))

    return _on_level(
        form,
        level,
        lambda group: replace(group, fields=tuple(map(one_field, group.fields))),
    )
