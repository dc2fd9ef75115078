"""Pages of the form builder for one part and for one field, and the draft as a form to try."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from extraction.forms.builder import REARRANGING, FieldForm, PartForm, part_initial
from extraction.models import FormDraft
from extraction.schema.definition import FormSketch
from extraction.schema.editing import fingerprint, level_of
from extraction.schema.fields import Field, Group, Level
from extraction.selectors.forms import base_of, form_draft, sketch_of
from extraction.services import drafts
from extraction.views.drafts import to_form
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def part(request: HttpRequest, membership: Membership, group: str = "") -> HttpResponse:
    """A part: its heading, whether it has rows, what tells its rows apart."""
    found = form_draft(membership.review)
    if found is None:
        return to_form(request, membership)
    sketch = sketch_of(found)
    known = sketch.group(group) if group else None
    if group and known is None:
        return _gone(request, membership, group)
    form = PartForm(request.POST or None, initial=part_initial(known))
    if form.is_valid():
        made = form.group(known, {one.key for one in sketch.groups})
        try:
            drafts.save_group(membership=membership, group=made, seen=form.cleaned_data["seen"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _back(membership, f"part-{made.key}")
    context = {"form": form, "group": known, "seen": _seen_group(known), "draft": found}
    status = 400 if form.errors else 200
    return render(request, "extraction/draft_part.html", context, status=status)


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def field(
    request: HttpRequest, membership: Membership, group: str, field: str = ""
) -> HttpResponse:
    """A field: its kind, words, units, conditions; a new one where none is named."""
    found = form_draft(membership.review)
    if found is None:
        return to_form(request, membership)
    sketch = sketch_of(found)
    place = sketch.group(group)
    known = place.field(field) if place else None
    if place is None or (field and known is None):
        return _gone(request, membership, field or group)
    form = FieldForm(request.POST or None, known, list(sketch.level(level_of(place))))
    if request.method == "POST" and any(name in request.POST for name in REARRANGING):
        form.rearrange(request.POST)
        return _field_page(request, found, place, form, is_checked=False)
    if form.is_valid():
        saved = _save(membership, form, found, place)
        if saved is not None and "another" in request.POST:
            messages.success(request, f"“{saved.label}” is saved.")
            return redirect("extraction:new-field", slug=membership.review.slug, group=group)
        if saved is not None:
            return _back(membership, f"part-{group}-{saved.key}")
    return _field_page(request, found, place, form, is_checked=True)


def _save(membership: Membership, form: FieldForm, found: FormDraft, place: Group) -> Field | None:
    known = form.known
    try:
        made = form.field(_before(base_of(found), place, known))
        drafts.save_field(
            membership=membership,
            group=place.key,
            field=made,
            known_as=known.key if known else "",
            seen=form.cleaned_data["seen"],
        )
        to = str(form.data.get("to", place.key))
        if to != place.key:
            drafts.move_field_to(membership=membership, group=place.key, field=made.key, to=to)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    return made


def _before(base: FormSketch, place: Group, known: Field | None) -> Field | None:
    """The one field of the version in force that a field of the draft stands for."""
    if known is None:
        return None
    return base.find(known.was[0] if len(known.was) == 1 else known.key, level_of(place))


def _field_page(
    request: HttpRequest, found: FormDraft, place: Group, form: FieldForm, *, is_checked: bool
) -> HttpResponse:
    sketch, base = sketch_of(found), base_of(found)
    known = form.known
    has_faults = is_checked and form.is_bound and bool(form.errors)
    context = {
        "form": form,
        "draft": found,
        "group": place,
        "known": known,
        "groups": sketch.groups,
        "seen": fingerprint(known) if known else "",
        "is_checked": is_checked,
        "sources": base.level(level_of(place)),
        "before": _before(base, place, known),
        "metrics": [one for one in form.level if one.terms or one.type.value == "text"],
        "levels": [(one.value, one.value) for one in Level if one],
    }
    status = 400 if has_faults else 200
    return render(request, "extraction/draft_field.html", context, status=status)


def _seen_group(known: Group | None) -> str:
    return fingerprint(replace(known, fields=())) if known else ""


def _gone(request: HttpRequest, membership: Membership, name: str) -> HttpResponse:
    messages.error(request, f"The draft has no “{name}” any more.")
    return redirect("extraction:form-draft", slug=membership.review.slug)


def _back(membership: Membership, anchor: str) -> HttpResponse:
    url = redirect("extraction:form-draft", slug=membership.review.slug).url
    return redirect(f"{url}#{anchor}")
