"""What an extraction still lacks before it can be submitted."""

from extraction.models import Extraction
from extraction.schema.answers import Scalar
from extraction.schema.fields import Field
from extraction.selectors.answers import scalar
from extraction.selectors.forms import definition_of

Level = dict[str, Scalar]


def current_answers(extraction: Extraction) -> tuple[Level, dict[int, Level]]:
    """Current values of an extraction: of the study, and of each row that is not removed."""
    study: Level = {}
    rows: dict[int, Level] = {
        pk: {}
        for pk in extraction.rows.filter(removed_at__isnull=True).values_list("pk", flat=True)
    }
    for value in extraction.values.current():
        known = scalar(value.value)
        if known is None:
            continue
        if value.row_id is None:
            study[value.field] = known
        elif value.row_id in rows:
            rows[value.row_id][value.field] = known
    return study, rows


def missing_answers(extraction: Extraction) -> list[str]:
    """One sentence for each required field that is asked and empty."""
    form = definition_of(extraction.form)
    study, rows = current_answers(extraction)
    missing = [
        f"{field.label} is required."
        for group in form.groups
        if not group.repeating
        for field in group.fields
        if _is_missing(field, study)
    ]
    kept = extraction.rows.filter(removed_at__isnull=True)
    for group in form.repeating_groups:
        for number, row in enumerate(kept.filter(group=group.key), start=1):
            missing.extend(
                f"{group.row_label.capitalize()} {number}: {field.label} is required."
                for field in group.fields
                if _is_missing(field, rows[row.pk])
            )
    return missing


def _is_missing(field: Field, answers: Level) -> bool:
    is_asked = field.only_if is None or field.only_if.holds(answers)
    return field.required and is_asked and field.key not in answers
