"""Which two values are compared: the form's own pair, or any other two of its arms."""

from dataclasses import replace

from extraction.schema.comparison import Arm, ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import FieldType, Group

SEPARATOR = "~"


def arms_of(form: FormDefinition) -> tuple[Arm, ...]:
    """List what can be compared.

    Args:
        form: The review's form.

    Returns:
        The form's own two arms, its further arms, then every other number field of the compared
        group that is stated in the units of the first arm; nothing without a comparison.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    spec = form.comparison
    group = form.group(spec.group) if spec else None
    if spec is None or group is None:
        return ()
    named = (spec.arm, spec.comparator, *spec.other_arms)
    return (*named, *_unnamed(spec, group))


def _unnamed(spec: ComparisonSpec, group: Group) -> tuple[Arm, ...]:
    taken = set(spec.row_fields)
    first = group.field(spec.arm.field)
    units = {unit.key for unit in first.units} if first else set()
    return tuple(
        Arm(one.key, one.label)
        for one in group.fields
        if one.type is FieldType.NUMBER
        and one.key not in taken
        and units
        and {unit.key for unit in one.units} == units
    )


def comparing(form: FormDefinition, asked: str) -> FormDefinition:
    """Compare two arms chosen in an address.

    Args:
        form: The review's form.
        asked: Keys of two fields as `first~second`; anything that names no two different arms
            leaves the form's own pair.

    Returns:
        The form with that pair. What describes the form's own comparator (its field and its
        classes) is kept only where it is still the comparator.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    spec = form.comparison
    known = {arm.field: arm for arm in arms_of(form)}
    first, _, second = asked.partition(SEPARATOR)
    is_known = first != second and {first, second} <= known.keys()
    if spec is None or not is_known or (first, second) == (spec.arm.field, spec.comparator.field):
        return form
    rest = tuple(arm for key, arm in known.items() if key not in {first, second})
    changed = replace(spec, arm=known[first], comparator=known[second], other_arms=rest)
    if second != spec.comparator.field:
        policy = replace(spec.policy, comparators=(), comparator_preference=())
        changed = replace(changed, comparator_field="", policy=policy)
    return replace(form, comparison=changed)


def pair_of(form: FormDefinition) -> str:
    """Name the pair a form compares, as an address does.

    Args:
        form: The review's form.

    Returns:
        `first~second`, empty without a comparison.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    spec = form.comparison
    return f"{spec.arm.field}{SEPARATOR}{spec.comparator.field}" if spec else ""
