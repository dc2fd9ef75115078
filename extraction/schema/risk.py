"""Risk-of-bias tools inside a form: which fields judge which domain, at which level."""

from collections.abc import Mapping
from dataclasses import dataclass

from extraction.schema.definition import FormSketch
from extraction.schema.editing import level_of
from extraction.schema.fields import Field, FieldType, Group, Judges, Level


@dataclass(frozen=True, slots=True)
class RiskColumn:
    """One judgement of a tool.

    Attributes:
        key: Field that holds it.
        label: The domain, or `Overall`.
        judges: Bias or applicability of the domain, or the overall risk.
        levels: Level of risk of each word.
        words: What is shown of each word.
        reason: Field with the reason for it; empty where the domain has none.
    """

    key: str
    label: str
    judges: Judges
    levels: Mapping[str, Level]
    words: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RiskTool:
    """A tool as the form holds it.

    Attributes:
        name: E.g. `QUADAS-2`.
        group: Key of the repeating group with one row per result or model; empty where the
            study is judged once.
        row_label: What one row is.
        row_keys: Fields that name a row.
        columns: The judgements: bias domain by domain, applicability, overall last.
    """

    name: str
    group: str
    row_label: str
    row_keys: tuple[str, ...]
    columns: tuple[RiskColumn, ...]


def tools_of(form: FormSketch) -> tuple[RiskTool, ...]:
    """Find the risk-of-bias tools of a form.

    Args:
        form: Any form.

    Returns:
        One item for each tool and level that judges anything, in the form's order; parts
        without rows that name the same tool are one.

    Source:
        Own definition.
    """
    found: dict[tuple[str, str], list[Group]] = {}
    for group in form.groups:
        if group.tool:
            found.setdefault((group.tool, level_of(group)), []).append(group)
    tools = [
        RiskTool(name, level, groups[0].row_label, groups[0].row_keys, _columns(groups))
        for (name, level), groups in found.items()
    ]
    return tuple(tool for tool in tools if tool.columns)


def _columns(groups: list[Group]) -> tuple[RiskColumn, ...]:
    fields = [(group, field) for group in groups for field in group.fields]
    columns = [
        RiskColumn(
            key=field.key,
            label="Overall" if field.judges is Judges.OVERALL else field.domain,
            judges=field.judges,
            levels={term.key: term.level for term in field.terms},
            words={term.key: term.shown for term in field.terms},
            reason=_reason(field, [one for _, one in fields]),
        )
        for _group, field in fields
        if field.judges
    ]
    order = list(Judges)
    return tuple(sorted(columns, key=lambda one: order.index(one.judges)))


def _reason(judgement: Field, fields: list[Field]) -> str:
    for one in fields:
        if one.domain == judgement.domain and one.type is FieldType.TEXT and one.long:
            return one.key
    return ""
