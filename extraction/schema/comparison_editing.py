"""Keeps what a form compares in step with its fields: renamed, taken out, read in an older form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from extraction.schema.comparison import Arm, ComparisonSpec
from extraction.schema.definition import FormSketch

LISTS_OF_ROWS = ("task_fields", "model_fields", "match_fields")
ONE_OF_ROWS = (
    "metric_field",
    "fraction_field",
    "comparator_field",
    "evaluation_field",
    "read_method_field",
    "cases_field",
    "positives_field",
)
LISTS_OF_STUDY = ("categories", "table_columns")
PARTS_OF_ARM = ("field", "low", "high", "spread")
Name = Callable[[str], str]


def comparison_renamed(spec: ComparisonSpec, level: str, name: Name) -> ComparisonSpec:
    """Give the fields of one level other names, wherever the comparison names them.

    Args:
        spec: What is compared.
        level: Key of the repeating group whose fields have new names; empty for the study.
        name: Gives the new key of a field, or the same one.

    Returns:
        The comparison with the new names.

    Source:
        Own definition.
    """
    if level == spec.group:
        changed = _with_texts(spec, {one: name(getattr(spec, one)) for one in ONE_OF_ROWS})
        changed = replace(
            changed,
            arm=_arm_renamed(spec.arm, name),
            comparator=_arm_renamed(spec.comparator, name),
            other_arms=tuple(_arm_renamed(one, name) for one in spec.other_arms),
        )
        return _with_lists(changed, LISTS_OF_ROWS, lambda keys: tuple(map(name, keys)))
    if level:
        return spec
    changed = replace(spec, group_by=name(spec.group_by))
    return _with_lists(changed, LISTS_OF_STUDY, lambda keys: tuple(map(name, keys)))


def comparison_without(spec: ComparisonSpec, level: str, key: str) -> ComparisonSpec:
    """Forget a field that is taken out, where the comparison can do without it.

    The value of an arm and the metric stay named: without them nothing can be compared, and the
    form says so until another field is chosen. A further arm goes with its value; an interval
    goes whole.
    """

    def rest(keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in keys if one != key)

    if level == spec.group:
        named = (one for one in ONE_OF_ROWS if one != "metric_field" and getattr(spec, one) == key)
        changed = replace(
            _with_texts(spec, dict.fromkeys(named, "")),
            arm=_arm_without(spec.arm, key),
            comparator=_arm_without(spec.comparator, key),
            other_arms=tuple(_arm_without(o, key) for o in spec.other_arms if o.field != key),
        )
        return _with_lists(changed, LISTS_OF_ROWS, rest)
    if level:
        return spec
    if spec.group_by == key:
        spec = replace(spec, group_by="")
    return _with_lists(spec, LISTS_OF_STUDY, rest)


def compared_before(base: FormSketch, form: FormSketch) -> FormSketch | None:
    """The version before, as if it compared what a later draft of it compares.

    Args:
        base: The version that stored values answer.
        form: The draft; its fields name those of the version before that they go on from.

    Returns:
        The version before with the draft's comparison in its own names; None where the draft
        compares nothing.

    Source:
        Own definition.
    """
    spec = form.comparison
    if spec is None:
        return None
    for level in ("", spec.group):
        was = {field.key: (field.was or (field.key,))[0] for field in form.level(level)}
        spec = comparison_renamed(spec, level, lambda key, was=was: was.get(key, key))  # type: ignore[misc]
    return replace(base, comparison=spec)


def _arm_renamed(arm: Arm, name: Name) -> Arm:
    return replace(arm, **{one: name(getattr(arm, one)) for one in PARTS_OF_ARM})


def _arm_without(arm: Arm, key: str) -> Arm:
    if key in {arm.low, arm.high}:
        arm = replace(arm, low="", high="")
    return replace(arm, spread="") if arm.spread == key else arm


def _with_texts(spec: ComparisonSpec, changes: Mapping[str, str]) -> ComparisonSpec:
    return replace(spec, **changes)  # type: ignore[arg-type]  # names of text attributes only


def _with_lists(
    spec: ComparisonSpec,
    names: Iterable[str],
    change: Callable[[tuple[str, ...]], tuple[str, ...]],
) -> ComparisonSpec:
    changes: dict[str, tuple[str, ...]] = {name: change(getattr(spec, name)) for name in names}
    return replace(spec, **changes)  # type: ignore[arg-type]  # names of list attributes only
