"""Groups of members, of which a stage may need a verdict."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.groups import GroupForm
from screening.models import MemberGroup, Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.groups import can_finish, group_or_404, groups_of
from screening.selectors.records import STAGE_WORDS
from screening.selectors.settings_effects import Effect, effect_of
from screening.services.groups import remove_group, save_group
from screening.views.stages import said


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.MANAGE)
def groups(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The review's groups; a POST makes one."""
    form = GroupForm(request.POST or None, review=membership.review, prefix="new")
    if request.method == "POST" and _saved(request, membership, None, form):
        return redirect("screening:groups", slug=membership.review.slug)
    return _page(request, membership, {None: form}, status=400 if form.errors else 200)


@require_POST
@review_view(Capability.MANAGE)
def change_group(request: HttpRequest, membership: Membership, group_id: int) -> HttpResponse:
    """Rename or fill a group, showing first what that moves; or take it away."""
    group = group_or_404(membership, group_id)
    if request.POST.get("action") == "remove":
        try:
            remove_group(lead=membership, group=group)
        except ValidationError as error:
            messages.error(request, said(error))
        return redirect("screening:groups", slug=membership.review.slug)
    form = GroupForm(request.POST, review=membership.review, prefix=f"group-{group.pk}")
    if form.is_valid():
        effects = _effects(membership, group, form)
        mark = " | ".join(effect.mark for _, effect in effects)
        if effects and request.POST.get("seen") != mark:
            return _preview(request, membership, effects, mark)
    if _saved(request, membership, group, form):
        return redirect("screening:groups", slug=membership.review.slug)
    return _page(request, membership, {group.pk: form}, status=400)


def _saved(
    request: HttpRequest, membership: Membership, group: MemberGroup | None, form: GroupForm
) -> bool:
    if not form.is_valid():
        return False
    values = form.cleaned_data
    try:
        saved = save_group(
            lead=membership, group=group, name=values["name"], members=list(values["members"])
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, f"{saved} is saved.")
    return True


def _effects(
    membership: Membership, group: MemberGroup, form: GroupForm
) -> list[tuple[str, Effect]]:
    """What the wanted members would move at the stages that need the group."""
    members = sorted(member.pk for member in form.cleaned_data["members"])
    found = [
        (
            STAGE_WORDS[stage],
            effect_of(membership=membership, stage=stage, wanted={"members": members}),
        )
        for stage in map(Stage, group.required_at.values_list("stage", flat=True))
    ]
    return [(title, effect) for title, effect in found if effect is not None]


def _preview(
    request: HttpRequest, membership: Membership, effects: list[tuple[str, Effect]], mark: str
) -> HttpResponse:
    hidden = ("csrfmiddlewaretoken", "seen")
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in hidden
        for value in values
    ]
    back = reverse("screening:groups", kwargs={"slug": membership.review.slug})
    context = {"effects": effects, "mark": mark, "sent": sent, "back": back}
    return render(request, "screening/settings_preview.html", context)


def _page(
    request: HttpRequest,
    membership: Membership,
    given: dict[int | None, GroupForm],
    status: int = 200,
) -> HttpResponse:
    review = membership.review
    rows = []
    for group in groups_of(membership):
        values = {"name": group.name, "members": [member.pk for member in group.members.all()]}
        form = given.get(group.pk) or GroupForm(
            initial=values, review=review, prefix=f"group-{group.pk}"
        )
        stages = [STAGE_WORDS[Stage(one.stage)] for one in group.required_at.all()]
        rows.append((group, form, stages, bool(stages) and not can_finish(group)))
    context = {"groups": rows, "form": given.get(None) or GroupForm(review=review, prefix="new")}
    return render(request, "screening/groups.html", context, status=status)
