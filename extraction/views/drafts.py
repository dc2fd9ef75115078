"""The form builder: the draft of the next version, its parts in order, published or discarded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from extraction.forms.builder import HeadForm, NoteForm
from extraction.models import FormDraft
from extraction.schema.definition import FormSketch, problems_of
from extraction.schema.editing import level_of
from extraction.schema.fields import Field, Group
from extraction.schema.templates import TOOLS, template
from extraction.selectors.form_changes import preview_of, unfinished_change
from extraction.selectors.forms import base_of, form_draft, sketch_of
from extraction.services import drafts
from extraction.views.lookup import is_part, sentence
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

STEPS = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A field, or a whole part, of the version before that the draft has no more."""

    group: Group
    field: Field | None = None


@require_safe
@review_view(Capability.MANAGE)
def draft(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every part and field of the draft, to be arranged, changed, added and taken out."""
    found = form_draft(membership.review)
    if found is None:
        return to_form(request, membership)
    return render(request, "extraction/draft.html", builder_context(found))


@require_safe
@review_view(Capability.MANAGE)
def draft_json(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The draft as a file."""
    found = form_draft(membership.review)
    if found is None:
        raise Http404("No draft is open.")
    name = f"{membership.review.slug}-form-draft.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(found.definition, json_dumps_params={"indent": 1}, headers=headers)


@require_POST
@review_view(Capability.MANAGE)
def describe(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Change title and description of the form."""
    form = HeadForm(request.POST)
    found = form_draft(membership.review)
    if found is None:
        return to_form(request, membership)
    if not form.is_valid():
        context = builder_context(found) | {"head": form}
        return render(request, "extraction/draft.html", context, status=400)
    title, description = form.cleaned_data["title"], form.cleaned_data["description"]
    return change(
        request,
        membership,
        lambda: drafts.describe_form(membership=membership, title=title, description=description),
    )


@require_POST
@review_view(Capability.MANAGE)
def arrange(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Move, take out or bring back a part or field; add a tool; drop the comparison."""
    group, field = request.POST.get("group", ""), request.POST.get("field", "")
    action = request.POST.get("action", "")

    def edit() -> object:
        if action in STEPS:
            return drafts.move_part(
                membership=membership, group=group, field=field, step=STEPS[action]
            )
        if action == "remove":
            return drafts.remove_part(membership=membership, group=group, field=field)
        if action == "restore":
            return drafts.restore_part(membership=membership, group=group, field=field)
        if action == "add-tool":
            return drafts.add_tool(membership=membership, tool=request.POST.get("tool", ""))
        if action == "drop-comparison":
            return drafts.drop_comparison(membership=membership)
        raise ValidationError("Choose what to do with the part.")

    return change(request, membership, edit)


@require_POST
@review_view(Capability.MANAGE)
def discard(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Throw the draft away."""
    try:
        drafts.discard_draft(membership=membership)
    except ValidationError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, "The draft is discarded. The form in force stays as it was.")
    return redirect("extraction:form", slug=membership.review.slug)


@require_safe
@review_view(Capability.MANAGE)
def changes(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What publishing the draft would change, with the values each change touches."""
    found = form_draft(membership.review)
    if found is None:
        return to_form(request, membership)
    return render(request, "extraction/form_changes.html", _changes_context(found))


@require_POST
@review_view(Capability.MANAGE)
def publish(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Publish the draft as the next version."""
    found = form_draft(membership.review)
    form = NoteForm(request.POST)
    if found is None:
        return to_form(request, membership)
    if not form.is_valid():
        refusals = ["The note is too long; at most 2,000 characters fit."]
        return _refused(request, found, refusals)
    note = form.cleaned_data["note"]
    try:
        made = drafts.publish_draft(membership=membership, note=note)
    except ValidationError as error:
        return _refused(request, found, error.messages)
    said = f"Version {made.version} is published."
    if unfinished_change(membership.review):
        said += " Its studies are being carried over; this page shows how far they are."
    messages.success(request, said)
    return redirect("extraction:form", slug=membership.review.slug)


def change(
    request: HttpRequest, membership: Membership, edit: Callable[[], object]
) -> HttpResponse:
    """Do one change and show the outline anew, the moved part in view."""
    try:
        edit()
    except ValidationError as error:
        messages.error(request, sentence(error))
    found = form_draft(membership.review)
    if found is None:
        return to_form(request, membership)
    if is_part(request):
        return render(request, "extraction/_outline.html", builder_context(found))
    url = redirect("extraction:form-draft", slug=membership.review.slug).url
    place = "-".join(filter(None, (request.POST.get("group"), request.POST.get("field"))))
    return redirect(f"{url}#part-{place}" if place else url)


def to_form(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Without a draft, lead to the page where one is started."""
    messages.info(request, "No draft is open. Start one here.")
    return redirect("extraction:form", slug=membership.review.slug)


def builder_context(found: FormDraft) -> dict[str, object]:
    """What the builder's page shows."""
    sketch, base = sketch_of(found), base_of(found)
    return {
        "draft": found,
        "sketch": sketch,
        "problems": problems_of(sketch),
        "taken_out": list(_taken_out(base, sketch)),
        "tools": [template(key) for key in TOOLS],
        "head": HeadForm(initial={"title": sketch.title, "description": sketch.description}),
    }


def _refused(request: HttpRequest, found: FormDraft, refusals: list[str]) -> HttpResponse:
    note = request.POST.get("note", "")
    context = _changes_context(found) | {"refusals": refusals, "note": note}
    return render(request, "extraction/form_changes.html", context, status=400)


def _changes_context(found: FormDraft) -> dict[str, object]:
    preview = preview_of(found)
    sketch = sketch_of(found)
    faults = [*problems_of(sketch), *preview.problems]
    return {"draft": found, "sketch": sketch, "preview": preview, "problems": faults}


def _taken_out(base: FormSketch, sketch: FormSketch) -> Iterator[TakenOut]:
    for group in base.groups:
        if sketch.group(group.key) is None:
            yield TakenOut(group)
            continue
        now = sketch.level(level_of(group))
        used = {one.key for one in now} | {key for one in now for key in one.was}
        for field in group.fields:
            if field.key not in used:
                yield TakenOut(group, field)
