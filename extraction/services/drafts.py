"""Writing the next version of the form: started, changed part by part, published, discarded."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from extraction.models import ExtractionForm, FormDraft
from extraction.schema import editing
from extraction.schema.codec import sketch_from_json, to_json
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormInvalidError, FormSketch, problems_of
from extraction.schema.fields import Field, Group
from extraction.schema.templates import TOOLS, template
from extraction.selectors.forms import base_of, current_form, sketch_of
from extraction.services.forms import publish_form
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability

Edit = Callable[[FormSketch, FormSketch], FormSketch]


@transaction.atomic
def start_draft(*, membership: Membership, definition: dict[str, Any] | None = None) -> FormDraft:
    """Start the draft of the next version.

    Args:
        membership: A lead.
        definition: A form to begin with; None to begin with the form in force.

    Raises:
        ValidationError: A draft is open already, the definition has the wrong shape (every
            fault with its path), or there is neither a definition nor a form in force.
    """
    require(membership, Capability.MANAGE)
    review = Review.objects.select_for_update().get(pk=membership.review_id)
    if FormDraft.objects.filter(review=review).exists():
        raise ValidationError("A draft is open already. Publish or discard it first.")
    base = current_form(review)
    if definition is not None:
        sketch = _read(definition)
    elif base is not None:
        sketch = editing.without_history(sketch_from_json(base.definition))
    else:
        raise ValidationError("Choose a template or a JSON file to begin with.")
    draft = FormDraft.objects.create(
        review=review,
        base=base,
        definition=to_json(sketch),
        created_by=membership,
        updated_by=membership,
    )
    after = {"title": sketch.title, "base": base.version if base else None}
    AuditEvent.objects.append_by(membership, "form.draft_started", draft, after=after)
    return draft


@transaction.atomic
def write_draft(*, membership: Membership, definition: dict[str, Any]) -> FormDraft:
    """Write the whole draft anew, as a program does.

    Raises:
        ValidationError: No draft is open, or the definition has the wrong shape (every fault with
            its path). Contradictions are no fault yet; publishing refuses them.
    """
    sketch = _read(definition)
    _change(membership, "written as a whole", lambda _form, _base: sketch)
    return _draft(membership)


@transaction.atomic
def describe_form(*, membership: Membership, title: str, description: str) -> FormSketch:
    """Change what the form says of itself."""
    return _change(
        membership,
        f"described as “{title}”",
        lambda form, _base: replace(form, title=title, description=description),
    )


@transaction.atomic
def save_field(
    *, membership: Membership, group: str, field: Field, known_as: str = "", seen: str = ""
) -> FormSketch:
    """Add a field to a group of the draft, or change the one known as.

    A field of the version before that gets another key takes its values over.

    Args:
        membership: A lead.
        group: Key of the group.
        field: The field as it is to be.
        known_as: Key of the field to change; empty to add one.
        seen: Fingerprint of the field that the window showed.

    Raises:
        ValidationError: The group or field is gone, another field has its key, or the field
            was changed in another window.
    """

    def edit(form: FormSketch, base: FormSketch) -> FormSketch:
        found = form.group(group)
        others = {one.key for one in _level(form, found)} - {known_as}
        if field.key in others:
            raise ValidationError(f"Another field here has the name “{field.key}” in files.")
        known = found.field(known_as) if found and known_as else None
        if known is not None and editing.fingerprint(known) != seen:
            raise ValidationError(
                f"“{known.label}” was changed in another window meanwhile. "
                "Your entries are kept below; saving again replaces that change."
            )
        level = editing.level_of(found) if found else ""
        return editing.with_field(form, group, _with_source(field, known, base, level), known_as)

    return _change(membership, f"field “{field.label}” saved", edit)


@transaction.atomic
def save_group(*, membership: Membership, group: Group, seen: str = "") -> FormSketch:
    """Add a group to the draft, or change the one with its key; its fields stay as they are.

    Raises:
        ValidationError: The group was changed in another window.
    """

    def edit(form: FormSketch, _base: FormSketch) -> FormSketch:
        known = form.group(group.key)
        if known is None:
            return editing.with_group(form, group)
        if editing.fingerprint(replace(known, fields=())) != seen:
            raise ValidationError(
                f"“{known.label}” was changed in another window meanwhile. "
                "Your entries are kept below; saving again replaces that change."
            )
        return editing.with_group(form, replace(group, fields=known.fields))

    return _change(membership, f"part “{group.label}” saved", edit)


@transaction.atomic
def add_tool(*, membership: Membership, tool: str) -> FormSketch:
    """Add a risk-of-bias tool to the draft.

    Raises:
        ValidationError: There is no such tool, or the form has it already.
    """
    if tool not in TOOLS:
        raise ValidationError(f"There is no risk-of-bias tool “{tool}”.")
    added = template(tool)
    return _change(
        membership,
        f"tool “{added.title}” added",
        lambda form, _base: editing.with_tool(form, added.groups),
    )


@transaction.atomic
def move_part(*, membership: Membership, group: str, field: str = "", step: int) -> FormSketch:
    """Move a field within its group, or a group, up (-1) or down (1)."""

    def edit(form: FormSketch, _base: FormSketch) -> FormSketch:
        if field:
            return editing.moved_field(form, group, field, step)
        return editing.moved_group(form, group, step)

    return _change(membership, f"“{field or group}” moved", edit)


@transaction.atomic
def move_field_to(*, membership: Membership, group: str, field: str, to: str) -> FormSketch:
    """Move a field to the end of another group."""
    return _change(
        membership,
        f"“{field}” moved to “{to}”",
        lambda form, _base: editing.field_moved_to(form, group, field, to),
    )


@transaction.atomic
def remove_part(*, membership: Membership, group: str, field: str = "") -> FormSketch:
    """Take a field, or a group with its fields, out of the draft. Stored values stay."""

    def edit(form: FormSketch, _base: FormSketch) -> FormSketch:
        if field:
            return editing.without_field(form, group, field)
        return editing.without_group(form, group)

    return _change(membership, f"“{field or group}” taken out", edit)


@transaction.atomic
def restore_part(*, membership: Membership, group: str, field: str = "") -> FormSketch:
    """Bring back a field or group of the version before that was taken out of the draft."""

    def edit(form: FormSketch, base: FormSketch) -> FormSketch:
        known = base.group(group)
        if known is None:
            raise ValidationError("The version before has no such part.")
        known = editing.without_history(replace(base, groups=(known,))).groups[0]
        if not field:
            return editing.with_group(form, known)
        again = known.field(field)
        if again is None:
            raise ValidationError("The version before has no such field.")
        if again.key in {one.key for one in _level(form, form.group(group))}:
            raise ValidationError(f"A field “{field}” is in the draft already.")
        return editing.with_field(form, group, again)

    return _change(membership, f"“{field or group}” brought back", edit)


@transaction.atomic
def save_comparison(
    *, membership: Membership, comparison: ComparisonSpec, seen: str = ""
) -> FormSketch:
    """Say what the draft compares.

    Args:
        membership: A lead.
        comparison: The comparison as it is to be.
        seen: Fingerprint of the comparison that the window showed; empty for none.

    Raises:
        ValidationError: It names what the draft does not have or contradicts itself (every fault),
            or it was changed in another window.
    """

    def edit(form: FormSketch, _base: FormSketch) -> FormSketch:
        known = editing.fingerprint(form.comparison) if form.comparison else ""
        if known != seen:
            raise ValidationError(
                "What is compared was changed in another window meanwhile. "
                "Your entries are kept below; saving again replaces that change."
            )
        changed = editing.with_comparison(form, comparison)
        faults = [one for one in problems_of(changed) if one.path.startswith("comparison")]
        if faults:
            raise ValidationError([one.message for one in faults])
        return changed

    return _change(membership, "comparison saved", edit)


@transaction.atomic
def drop_comparison(*, membership: Membership) -> FormSketch:
    """Let the draft compute no gains: nothing in it is compared with anything."""
    return _change(
        membership,
        "comparison taken out",
        lambda form, _base: editing.with_comparison(form, None),
    )


@transaction.atomic
def discard_draft(*, membership: Membership) -> None:
    """Throw the draft away; the form in force stays."""
    draft = _draft(membership)
    AuditEvent.objects.append_by(
        membership, "form.draft_discarded", draft, before={"definition": draft.definition}
    )
    draft.delete()


@transaction.atomic
def publish_draft(*, membership: Membership, note: str = "") -> ExtractionForm:
    """Publish the draft as the next version.

    Raises:
        ValidationError: It contradicts itself (every fault with its place), or another version
            was published meanwhile.
    """
    draft = _draft(membership)
    if draft.base != current_form(membership.review):
        raise ValidationError(
            "Another version was published or taken back since this draft was started. "
            "Download the draft as JSON, discard it, and import the file again."
        )
    published = publish_form(membership=membership, definition=draft.definition, note=note)
    draft.delete()
    return published


def _change(membership: Membership, what: str, edit: Edit) -> FormSketch:
    draft = _draft(membership)
    try:
        changed = edit(sketch_of(draft), base_of(draft))
    except ValueError as error:
        raise ValidationError(str(error)) from error
    draft.definition = to_json(changed)
    draft.updated_by = membership
    draft.updated_at = timezone.now()
    draft.save(update_fields=["definition", "updated_by", "updated_at"])
    AuditEvent.objects.append_by(membership, "form.draft_changed", draft, after={"change": what})
    return changed


def _draft(membership: Membership) -> FormDraft:
    require(membership, Capability.MANAGE)
    found = FormDraft.objects.select_for_update(of=("self",)).select_related("base")
    draft = found.filter(review=membership.review).first()
    if draft is None:
        raise ValidationError("No draft is open any more. Start one on the form’s page.")
    return draft


def _read(definition: dict[str, Any]) -> FormSketch:
    try:
        return sketch_from_json(definition)
    except FormInvalidError as error:
        raise ValidationError([str(problem) for problem in error.problems]) from error


def _level(form: FormSketch, group: Group | None) -> tuple[Field, ...]:
    return form.level(editing.level_of(group)) if group else ()


def _with_source(field: Field, known: Field | None, base: FormSketch, level: str) -> Field:
    """A field that gets another key still takes over what it had before."""
    if known is None or field.was or known.key == field.key:
        return field
    sources = known.was or ((known.key,) if base.find(known.key, level) else ())
    return replace(field, was=sources)
