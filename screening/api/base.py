"""What every endpoint shares: its guard, its token's scope, what it takes and gives."""

from collections.abc import Callable, Sequence
from functools import cache, partial, wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from screening.api.conditions import idempotent, mark, matched
from screening.api.pages import PageQuery, page_of
from screening.api.problems import problem
from screening.models import ApiToken, Membership, Review, User
from screening.permissions import guard_of, membership_or_404
from screening.rules.roles import Capability
from screening.rules.scopes import Scope, is_enough, scopes_for

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Takes = type[serializers.Serializer[Any]]


class Api(APIView):
    """An endpoint of a signed-in person or their token."""

    asked: dict[str, Any]
    given: dict[str, Any]

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        """Say every problem in the same form."""
        return problem

    @property
    def user(self) -> User:
        """Who asks."""
        return cast("User", self.request.user)

    @property
    def token(self) -> ApiToken | None:
        """What they came with; None in a session."""
        return self.request.auth if isinstance(self.request.auth, ApiToken) else None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask who it is and what the token is good for, then put the request's conditions on."""
        super().initial(request, *args, **kwargs)
        handler = getattr(self, (request.method or "").lower(), None)
        capability = getattr(handler, "capability", Capability.VIEW)
        self.admit(request, capability, **kwargs)
        is_write = request.method not in SAFE
        if self.token and not is_enough(self.token.scopes, capability, is_write=is_write):
            raise PermissionDenied(_scope_words(capability, is_write=is_write))
        if is_write and handler is not None:
            setattr(self, str(request.method).lower(), partial(self._conditional, handler))

    def admit(self, request: Request, capability: Capability, **kwargs: Any) -> None:
        """Let in or refuse; a review's endpoint asks for the membership here."""

    def review_of_request(self) -> Review | None:
        """The review that the request is about."""
        return None

    def _conditional(
        self, handler: Callable[..., HttpResponseBase], request: Request, **kwargs: Any
    ) -> HttpResponseBase:
        reader = getattr(self, "get", None)
        read = partial(reader, request, **kwargs) if reader else None
        act = matched(request, self.review_of_request(), read, partial(handler, request, **kwargs))
        return idempotent(request, act, is_long=getattr(handler, "is_long", False))()

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Give answers to reading an ETag once they are rendered."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        is_read = request.method in SAFE and final.status_code == 200  # noqa: PLR2004
        if isinstance(final, Response) and is_read:
            final.add_post_render_callback(partial(mark, request))
        elif isinstance(final, Response):
            final["Cache-Control"] = "no-store"
        return cast("Response", final)


class ReviewApi(Api):
    """An endpoint under `/api/v1/reviews/<slug>/`; a stranger finds nothing there."""

    membership: Membership

    def admit(self, request: Request, capability: Capability, **kwargs: Any) -> None:
        """Find the membership and ask for the capability."""
        self.membership = membership_or_404(self.user, kwargs["slug"])
        if self.token and self.token.review_id not in {None, self.membership.review_id}:
            raise Http404("There is no such review.")
        handler = getattr(self, (request.method or "").lower(), None)
        even_archived = getattr(handler, "even_archived", False)
        guard_of(str(request.method), even_archived=even_archived)(self.membership, capability)

    @property
    def review(self) -> Review:
        """The review of the address."""
        return self.membership.review

    def review_of_request(self) -> Review | None:
        """The review of the address."""
        return self.membership.review


def endpoint(  # noqa: PLR0913 (what an operation is, once)
    gives: Any = None,
    *,
    takes: Takes | None = None,
    asks: Takes | None = None,
    needs: Capability = Capability.VIEW,
    status: int = 200,
    many: bool = False,
    order: Sequence[str] = ("-pk",),
    is_long: bool = False,
    may_be_empty: bool = False,
    even_archived: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]:
    """Make a method of an endpoint out of one that gives an object.

    Args:
        gives: Serializer of the object, or an OpenAPI type of what is sent as it is (a file, a
            dictionary made by a selector); None sends no content.
        takes: Serializer of the body; the method reads `self.given`.
        asks: Serializer of the query; the method reads `self.asked`.
        needs: What the member must be able to do.
        status: Of success; 204 without `gives`.
        many: The method gives a list; it is sent in pages.
        order: By which columns pages of a table are cut.
        is_long: It waits for another computer or reads a large file.
        may_be_empty: The method may give None, which is sent as no content.
        even_archived: It is answered in an archived review too; its service decides.
    """
    query = (asks or PageQuery) if many else asks
    code = status if gives is not None else 204
    told = _page_serializer(gives) if many else gives
    answers = {code: told} | ({204: None} if may_be_empty else {})

    def decorate(method: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
        @extend_schema(request=takes, parameters=[query] if query else [], responses=answers)
        @wraps(method)
        def answer(self: Api, request: Request, **parts: Any) -> HttpResponseBase:
            parts.pop("slug", None)
            self.asked = checked(query, request.query_params) if query else {}
            self.given = checked(takes, request.data) if takes else {}
            found = method(self, **parts)
            if isinstance(found, HttpResponseBase):
                return found
            if found is None and (may_be_empty or gives is None):
                return Response(status=204)
            if many:
                page = page_of(found, request, self, order)
                page["results"] = gives(page["results"], many=True).data
                return Response(page, status=code)
            if isinstance(gives, type) and issubclass(gives, serializers.BaseSerializer):
                found = gives(found).data
            return Response(found, status=code)

        answer.capability = needs  # type: ignore[attr-defined]  # read by `initial`
        answer.is_long = is_long  # type: ignore[attr-defined]
        answer.even_archived = even_archived  # type: ignore[attr-defined]
        return answer

    return decorate


def checked(takes: Takes, data: Any) -> dict[str, Any]:
    """What was sent, held against its serializer; what it does not know is refused too."""
    serializer = takes(data=data)
    if hasattr(data, "keys"):
        unknown = [name for name in data if name not in serializer.fields]
        if unknown:
            known = ", ".join(serializer.fields) or "nothing"
            why = [f"This is not known here. Known are: {known}."]
            raise exceptions.ValidationError(dict.fromkeys(unknown, why))
    serializer.is_valid(raise_exception=True)
    return cast("dict[str, Any]", serializer.validated_data)


def _scope_words(capability: Capability, *, is_write: bool) -> str:
    needed = scopes_for(capability, is_write=is_write)
    names = " or ".join(scope.value for scope in Scope if scope in needed)
    return f"This token is not good for that: it needs the scope {names}."


@cache
def _page_serializer(gives: Takes) -> Takes:
    fields = {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": gives(many=True),
    }
    made = type(f"{gives.__name__.removesuffix('Out')}Page", (serializers.Serializer,), fields)
    return cast("Takes", made)
