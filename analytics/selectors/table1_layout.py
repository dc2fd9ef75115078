"""What the page of Table 1's layout offers."""

from typing import Any

from analytics.tables.layout import (
    Layout,
    catalogue,
    default_columns,
    experiment_fields,
    group_field,
    groupings,
)
from extraction.schema.definition import FormDefinition


def columns_offered(form: FormDefinition, layout: Layout) -> list[dict[str, Any]]:
    """Every column with its place and name: the shown ones in their order, then the others."""
    known = {one.key: one for one in catalogue(form)}
    names = {one.key: one.label for one in layout.columns}
    shown = [one.key for one in layout.columns if one.key in known]
    shown = shown or [one.key for one in default_columns(form)]
    places = {key: place for place, key in enumerate(shown, start=1)}
    return [
        {
            "key": key,
            "is_shown": key in places,
            "place": places.get(key),
            "label": names.get(key) or known[key].label,
        }
        for key in [*shown, *(key for key in known if key not in places)]
    ]


def choices_of(form: FormDefinition, layout: Layout) -> dict[str, Any]:
    """Arguments of the form of groups and footnotes: what may be chosen and what is."""
    spec = form.comparison
    notes = layout.note_fields
    if notes is None and spec is not None:
        notes = tuple(key for key in (spec.evaluation_field, spec.read_method_field) if key)
    return {
        "groups": [("", "No groups"), *((one.key, one.label) for one in groupings(form))],
        "fields": [(one.key, one.label) for one in experiment_fields(form)],
        "initial": {"group_by": group_field(form, layout), "note_fields": list(notes or ())},
    }


def missing_columns(form: FormDefinition, layout: Layout) -> list[str]:
    """Chosen columns that the form in force does not have any more."""
    known = {one.key for one in catalogue(form)}
    return [one.label or one.key for one in layout.columns if one.key not in known]
