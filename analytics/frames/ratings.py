"""Judgements of risk-of-bias tools that rate each result or model and not the study."""

from dataclasses import dataclass

from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, Group, Judges


@dataclass(frozen=True, slots=True)
class Rating:
    """One judging field that is answered in every row of a tool.

    Attributes:
        group: The tool's repeating group.
        field: The judging field.
    """

    group: Group
    field: Field

    @property
    def column(self) -> str:
        """Its column in the frame of studies."""
        return f"rows.{self.key}"

    @property
    def key(self) -> str:
        """Its filter in an address; no key of a field has a dot."""
        return f"{self.group.key}.{self.field.key}"

    @property
    def label(self) -> str:
        """What the filter is called."""
        row = self.group.row_label or "row"
        return f"{self.field.label} ({self.group.tool}, any {row})"

    @property
    def is_of_bias(self) -> bool:
        """Whether it judges bias, of a domain or overall."""
        return self.field.judges in {Judges.BIAS, Judges.OVERALL}


def ratings_of(form: FormDefinition) -> tuple[Rating, ...]:
    """List the judgements of a form that are made row by row.

    Args:
        form: Any form.

    Returns:
        One item per judging field of a repeating group that is a tool, in the form's order,
        without the compared group, whose fields belong to the experiments themselves.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    compared = form.comparison.group if form.comparison else ""
    return tuple(
        Rating(group, field)
        for group in form.repeating_groups
        if group.tool and group.key != compared
        for field in group.fields
        if field.judges
    )
