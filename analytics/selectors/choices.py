"""What an address may ask of the figures beside filters: the pair, the effect, the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from analytics.frames import arms_of, comparing, pair_of
from analytics.frames.arms import SEPARATOR
from extraction.schema.checks import as_decimal
from extraction.schema.comparison import Dependence, EffectMeasure, SynthesisPolicy
from extraction.schema.definition import FormDefinition

EFFECTS = {
    EffectMeasure.LOG_RATIO.value: "log ratio",
    EffectMeasure.DIFFERENCE.value: "difference",
}
DEPENDENCES = {
    Dependence.ONE_PER_STUDY.value: "one effect per study",
    Dependence.THREE_LEVEL.value: "three levels, all effects",
}
CORRELATIONS = ("0", "0.25", "0.5", "0.75")


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice of the page that is no filter: its options, which one holds, the form's own."""

    key: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str
    usual: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The form as asked for, the settings that differ from it, and what could not be followed."""

    form: FormDefinition
    settings: tuple[Setting, ...]
    asked: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...]


def settle(form: FormDefinition, asked: Mapping[str, Sequence[str]]) -> Settled:
    """Follow an address: which two arms, which effect, how dependent effects and errors are taken.

    Args:
        form: The review's form; it has a comparison.
        asked: Values by parameter.

    Returns:
        The changed form. What an address asks for and nobody can follow is named in `problems`,
        and the form's own choice holds.
    """
    wanted = {key: values[0] for key, values in asked.items() if values and values[0]}
    arms = {arm.field: arm.label for arm in arms_of(form)}
    pairs = [
        (f"{a}{SEPARATOR}{b}", f"{arms[a]} against {arms[b]}") for a in arms for b in arms if a != b
    ]
    own = pair_of(form)
    pair = wanted.get("compare", own)
    problems = []
    if pair not in dict(pairs):
        problems.append(
            f"The address compares “{pair}”, which are no two arms of the form. "
            f"Shown is {dict(pairs)[own]}."
        )
        pair = own
    changed = comparing(form, pair)
    policy, faults = _policy(changed, wanted)
    if changed.comparison:
        changed = replace(changed, comparison=replace(changed.comparison, synthesis=policy))
    before = form.comparison.synthesis if form.comparison else policy
    r, r_before = f"{policy.correlation:f}", f"{before.correlation:f}"
    effects, models = list(EFFECTS.items()), list(DEPENDENCES.items())
    measure, measure_before = policy.effect.value, before.effect.value
    settings = (
        Setting("compare", "Compared", pairs, pair, own),
        Setting("effect", "Effect", effects, measure, measure_before),
        Setting("dependence", "Model", models, policy.dependence.value, before.dependence.value),
        Setting("r", "r of the errors", _correlations(policy), r, r_before),
    )
    different = {one.key: (one.chosen,) for one in settings if one.chosen != one.usual}
    return Settled(changed, settings, different, (*problems, *faults))


def _policy(form: FormDefinition, wanted: Mapping[str, str]) -> tuple[SynthesisPolicy, list[str]]:
    policy = form.comparison.synthesis if form.comparison else SynthesisPolicy()
    problems = []
    effect, dependence = wanted.get("effect", ""), wanted.get("dependence", "")
    if effect in EFFECTS:
        policy = replace(policy, effect=EffectMeasure(effect))
    elif effect:
        problems.append(f"“{effect}” is no effect; known are {', '.join(EFFECTS)}.")
    if dependence in DEPENDENCES:
        policy = replace(policy, dependence=Dependence(dependence))
    elif dependence:
        problems.append(f"“{dependence}” is no model; known are {', '.join(DEPENDENCES)}.")
    text = wanted.get("r", "")
    correlation = as_decimal(text) if text else policy.correlation
    if correlation is None or not 0 <= correlation < 1:
        problems.append(f"r = {text} is no correlation from 0 to below 1.")
    else:
        policy = replace(policy, correlation=correlation)
    return policy, problems


def _correlations(policy: SynthesisPolicy) -> list[tuple[str, str]]:
    known = {*map(Decimal, CORRELATIONS), policy.correlation}
    return [(f"{one:f}", f"r = {one:f}") for one in sorted(known)]
