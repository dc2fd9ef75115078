"""Signing in: email and password, then the code of a second factor where there is one."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from screening.forms.sign_in import CodeForm
from screening.models import SignIn
from screening.services.second_factors import check_second_factor
from screening.views.entering import enter, enter_after_code, pending_user
from screening.views.passkeys import offers_passkeys, ways_of


class SignInPage(LoginView):
    """Email and password."""

    template_name = "screening/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to the code, or in."""
        to = self.get_success_url()
        user = form.get_user()
        is_in = enter(self.request, user, way=SignIn.Way.PASSWORD, to=to)
        return HttpResponseRedirect(to) if is_in else redirect("screening:sign-in-code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the institution whose people may come in by its own page."""
        told = {"institution": settings.OIDC_NAME, "has_passkeys": offers_passkeys(self.request)}
        return super().get_context_data(**kwargs) | told


sign_in = SignInPage.as_view()
sign_out = LogoutView.as_view()


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step."""
    user = pending_user(request)
    if user is None:
        return redirect("screening:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_second_factor(user=user, code=form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            return HttpResponseRedirect(enter_after_code(request, user))
    status = 400 if form.errors else 200
    context = {"form": form, **ways_of(request, user)}
    return render(request, "screening/sign_in_code.html", context, status=status)
