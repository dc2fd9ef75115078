"""The review's extraction form: shown, downloaded, and the ways to begin its next version."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from extraction.forms.entries import DefinitionForm
from extraction.models import ExtractionForm
from extraction.schema.codec import to_json
from extraction.schema.editing import without_history
from extraction.schema.templates import TEMPLATES, template
from extraction.selectors.form_changes import change_job, last_change, unfinished_change
from extraction.selectors.forms import current_form, definition_of, form_draft
from extraction.services.drafts import start_draft
from extraction.services.forms import take_back_form
from extraction.views.lookup import sentence
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

FORM_IN_FORCE = "current"
MAX_BYTES = 1_000_000


@require_safe
@review_view(Capability.VIEW)
def form(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every question of the form in force, with its vocabulary and its policy."""
    return _page(request, membership, [])


@require_POST
@review_view(Capability.MANAGE)
def start(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Start the draft of the next version: from the form in force, a template or a file."""
    sent = DefinitionForm(request.POST, request.FILES)
    try:
        start_draft(membership=membership, definition=_definition(sent))
    except ValidationError as error:
        return _page(request, membership, error.messages)
    return redirect("extraction:form-draft", slug=membership.review.slug)


@require_POST
@review_view(Capability.MANAGE)
def take_back(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make the former version current again, with its values."""
    try:
        again = take_back_form(membership=membership)
    except ValidationError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Version {again.version} is in force again.")
    return redirect("extraction:form", slug=membership.review.slug)


@require_safe
@review_view(Capability.VIEW)
def form_json(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The form in force as a file."""
    known = current_form(membership.review)
    if known is None:
        raise Http404("No form is published yet.")
    name = f"{membership.review.slug}-form-v{known.version}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    definition = to_json(without_history(definition_of(known)))
    return JsonResponse(definition, json_dumps_params={"indent": 1}, headers=headers)


def _definition(sent: DefinitionForm) -> dict[str, object] | None:
    if not sent.is_valid():
        raise ValidationError("Choose a template or a JSON file.")
    key = sent.cleaned_data["template"]
    if key == FORM_IN_FORCE:
        return None
    if key in TEMPLATES:
        return to_json(template(key))
    file = sent.cleaned_data["file"]
    if file is None:
        raise ValidationError("Choose a template or a JSON file.")
    if file.size > MAX_BYTES:
        raise ValidationError(f"The file has {file.size} bytes; a form has at most {MAX_BYTES}.")
    try:
        read = json.loads(file.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValidationError("The file is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ValidationError(f"The file is no JSON: {error.msg} in {where}.") from error
    if not isinstance(read, dict):
        raise ValidationError("The file holds no JSON object.")
    return read


def _page(request: HttpRequest, membership: Membership, problems: list[str]) -> HttpResponse:
    known = current_form(membership.review)
    following = unfinished_change(membership.review)
    context = {
        "form": known,
        "change": last_change(known) if following is None else None,
        "following": following,
        "job": change_job(following) if following else None,
        "definition": definition_of(known) if known else None,
        "versions": ExtractionForm.objects.filter(review=membership.review).select_related(
            "created_by__user", "change__taken_back_by__user"
        ),
        "draft": form_draft(membership.review),
        "templates": [template(key) for key in TEMPLATES],
        "problems": problems,
        "can_manage": membership.can(Capability.MANAGE),
    }
    return render(request, "extraction/form.html", context, status=400 if problems else 200)
