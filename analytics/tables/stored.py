"""Policies and layouts as JSON and back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analytics.tables.layout import ChosenColumn, Layout
from extraction.schema.codec import from_json, to_json
from extraction.schema.comparison import ReportingPolicy
from extraction.schema.definition import FormDefinition


def policy_to_json(form: FormDefinition, policy: ReportingPolicy) -> dict[str, Any]:
    """A policy as JSON data.

    Args:
        form: A form with a comparison.
        policy: Any policy.

    Returns:
        What `with_policy` reads.

    Raises:
        ValueError: The form compares nothing.
        FormInvalidError: The policy contradicts itself.
    """
    if form.comparison is None:
        raise ValueError(f"The form “{form.title}” compares nothing.")
    changed = replace(form, comparison=replace(form.comparison, policy=policy))
    found: dict[str, Any] = to_json(changed)["comparison"].get("policy", {})
    return found


def with_policy(form: FormDefinition, policy: Mapping[str, Any]) -> FormDefinition:
    """The form under a review's own policy.

    Args:
        form: Any form.
        policy: As `policy_to_json` wrote it; empty for the form's own.

    Returns:
        The same form when it compares nothing or the policy is empty.

    Raises:
        FormInvalidError: The policy is none, with every fault.
    """
    if form.comparison is None or not policy:
        return form
    encoded = to_json(form)
    encoded["comparison"] = {**encoded["comparison"], "policy": dict(policy)}
    return from_json(encoded)


def layout_to_json(layout: Layout) -> dict[str, Any]:
    """A layout as JSON data.

    Args:
        layout: Any layout.

    Returns:
        Only what is chosen; empty for a layout as the form says.
    """
    found: dict[str, Any] = {}
    if layout.columns:
        found["columns"] = [{"key": one.key, "label": one.label} for one in layout.columns]
    if layout.group_by is not None:
        found["group_by"] = layout.group_by
    if layout.note_fields is not None:
        found["note_fields"] = list(layout.note_fields)
    return found


def layout_from_json(data: Mapping[str, Any]) -> Layout:
    """A layout out of JSON data.

    Args:
        data: As `layout_to_json` wrote it.

    Returns:
        The layout.

    Raises:
        KeyError: A column has no key or label.
    """
    notes = data.get("note_fields")
    return Layout(
        columns=tuple(ChosenColumn(one["key"], one["label"]) for one in data.get("columns", ())),
        group_by=data.get("group_by"),
        note_fields=None if notes is None else tuple(notes),
    )
