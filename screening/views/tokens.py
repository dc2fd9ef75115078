"""The tokens of a person: listed, made, withdrawn."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.tokens import TokenForm
from screening.models import ApiToken, User
from screening.permissions import second_factor_first
from screening.services.tokens import make_token, withdraw_token

SHOWN = 100


@never_cache
@require_http_methods(["GET", "POST"])
@second_factor_first
def tokens(request: HttpRequest) -> HttpResponse:
    """List the person's tokens; a new one is shown once."""
    user = cast("User", request.user)
    form = TokenForm(request.POST or None, user=user)
    text = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, text = make_token(user=user, **form.facts())
            form = TokenForm(user=user)
        except ValidationError as error:
            form.add_error(None, error)
    mine = ApiToken.objects.filter(user=user).select_related("review").order_by("-pk")[:SHOWN]
    context = {"form": form, "tokens": mine, "text": text, "now": timezone.now()}
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "screening/tokens.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, token_id: int) -> HttpResponse:
    """Make one of the person's own tokens worthless."""
    try:
        token = withdraw_token(user=cast("User", request.user), token_id=token_id)
    except ApiToken.DoesNotExist as error:
        raise Http404("You have no such token.") from error
    messages.success(request, f"The token “{token.name}” opens nothing any more.")
    return redirect("screening:tokens")
