"""The list of reviews, the account, joining by invitation."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from screening.forms.people import NewAccountForm, ReviewForm
from screening.forms.sign_in import PasswordForm
from screening.models import Invitation, Membership, Passkey, Review, User
from screening.permissions import (
    has_second_factor,
    is_kept_waiting,
    open_reviews,
    second_factor_first,
)
from screening.services.people import (
    accept_invitation,
    create_invited_user,
    create_review,
    hash_of,
)
from screening.services.personal import write_personal_data
from screening.services.sign_ins import change_password
from screening.services.templates import new_review_like
from screening.views.entering import BACKEND


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The reviews of the person; none that asks for a second factor which is not there."""
    user = cast("User", request.user)
    context = {"reviews": open_reviews(user).order_by("title"), "waits": is_kept_waiting(user)}
    return render(request, "screening/home.html", context)


@require_http_methods(["GET", "POST"])
def new_review(request: HttpRequest) -> HttpResponse:
    """Start a review; whoever starts it leads it."""
    user = cast("User", request.user)
    asked = {"template": request.GET.get("template", "")}
    form = ReviewForm(request.POST or None, user=user, initial=asked)
    if request.method == "POST" and form.is_valid():
        review = _start(user, **form.cleaned_data)
        messages.success(request, "The review is set up.")
        return redirect("analytics:overview", slug=review.slug)
    return render(request, "screening/new_review.html", {"form": form})


def _start(
    user: User,
    *,
    title: str,
    question: str,
    template: Membership | None = None,
    with_people: bool = False,
) -> Review:
    if template is None:
        return create_review(creator=user, title=title, question=question)
    return new_review_like(
        creator=user, template=template, title=title, question=question, with_people=with_people
    )


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The person's own account and password; changing it ends every other session."""
    user = cast("User", request.user)
    has_password = user.has_usable_password()  # people of an institution may have none
    form = PasswordForm(request.POST or None, user=user) if has_password else None
    if form and request.method == "POST" and form.is_valid():
        change_password(user=user, password=form.cleaned_data["new_password"])
        login(request, user, backend=BACKEND)
        messages.success(request, "The password is changed. Every other session is ended.")
        return redirect("screening:account")
    context = {
        "form": form,
        "has_second_factor": has_second_factor(user),
        "passkeys": Passkey.objects.filter(factor__user=user).count(),
        "sessions": user.sign_ins.count(),
        "institution": settings.OIDC_NAME,
        "is_connected": user.identities.filter(issuer=settings.OIDC_ISSUER).exists(),
    }
    status = 400 if form and form.errors else 200
    return render(request, "screening/account.html", context, status=status)


@require_safe
@never_cache
@second_factor_first
def own_data(request: HttpRequest) -> FileResponse:
    """Everything the installation holds on the person, as a ZIP of JSON files."""
    user = cast("User", request.user)
    return FileResponse(
        write_personal_data(user),
        as_attachment=True,
        filename=f"my-data-{timezone.localdate().isoformat()}.zip",
        content_type="application/zip",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'"},
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Join a review by the link of an invitation."""
    found = Invitation.objects.select_related("review", "created_by")
    invited = found.filter(token_hash=hash_of(token)).first()
    if invited is None or not invited.is_open:
        raise Http404("This invitation was used, has expired or was revoked.")
    is_known = request.user.is_authenticated
    form = NewAccountForm(request.POST or None, initial={"email": invited.email})
    if request.method == "POST" and (is_known or form.is_valid()):
        response = _join(request, token, form)
        if response is not None:
            return response
    context = {"invitation": invited, "form": form, "roles": invited.roles}
    return render(request, "screening/invitation.html", context)


def _join(request: HttpRequest, token: str, form: NewAccountForm) -> HttpResponse | None:
    """Accept as the person signed in, or make the account; None when it was refused."""
    try:
        if request.user.is_authenticated:
            membership = accept_invitation(user=request.user, token=token)
        else:
            membership = create_invited_user(token=token, **form.cleaned_data)
            login(request, membership.user, backend=BACKEND)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    return redirect("analytics:overview", slug=membership.review.slug)
