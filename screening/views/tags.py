"""The review's tags: created, renamed, merged. Which records have them stays each reader's."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from screening.models import Membership, Tag
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.services import tags as services
from screening.views.stages import said


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.MANAGE)
def tags(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All tags of the review; a POST makes one."""
    if request.method == "POST":
        try:
            services.create_tag(lead=membership, label=request.POST.get("label", ""))
        except ValidationError as error:
            messages.error(request, said(error))
        return redirect("screening:tags", slug=membership.review.slug)
    return render(request, "screening/tags.html", {"tags": list(membership.review.tags.all())})


@require_POST
@review_view(Capability.MANAGE)
def change_tag(request: HttpRequest, membership: Membership, tag_id: int) -> HttpResponse:
    """Rename a tag or merge it into another, as `action` says."""
    tag = get_object_or_404(Tag, pk=tag_id, review=membership.review_id)
    try:
        _act(membership, tag, request.POST)
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect("screening:tags", slug=membership.review.slug)


def _act(lead: Membership, tag: Tag, sent: QueryDict) -> None:
    match sent.get("action"):
        case "rename":
            services.rename_tag(lead=lead, tag=tag, label=sent.get("label", ""))
        case "merge":
            chosen = sent.get("into", "")
            into = Tag.objects.filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
            if into is None:
                raise ValidationError("Choose the tag to merge it into.")
            services.merge_tags(lead=lead, tag=tag, into=into)
        case _:
            raise ValidationError("Choose what to do with the tag.")
