"""How the API is written down as OpenAPI."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from screening.api.problems import PROBLEM, ProblemOut

STAGE = OpenApiParameter("stage", str, OpenApiParameter.PATH, enum=["title-abstract", "full-text"])
MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what you read; refused with 412 when it was changed meanwhile.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A text of your own, 1 to 200 characters. Sent again within two days with the same "
    "request, it gives the same answer and acts once.",
)
ALWAYS = {"400": "Not understood", "401": "No valid token", "429": "Too many requests"}
OF_OBJECTS = {"403": "Not allowed", "404": "Not found", "409": "Not possible as things are"}
OF_WRITES = {
    "412": "Changed meanwhile",
    "413": "Too large",
    "415": "Not a content type taken here",
    "422": "The key was used for another request",
}


class ApiSchema(AutoSchema):
    """Names by address, problems for every refusal, the headers of writes."""

    def is_write(self) -> bool:
        """Whether the operation changes anything."""
        return self.method not in {"GET", "HEAD"}

    def get_operation_id(self) -> str:
        """`get_records`, `post_records_tags`: the words of the path that name no object.

        A view whose words are another's too says one more: `operation_word`.
        """
        words = [part for part in self.path.strip("/").split("/")[2:] if "{" not in part]
        name = "_".join(words).replace("-", "_") or "index"
        suffix = "_one" if self.path.rstrip("/").endswith("}") else ""
        suffix += getattr(self.view, "operation_word", "")
        return f"{self.method.lower()}_{name}{suffix}"

    def get_tags(self) -> list[str]:
        """By the first word below the review."""
        words = [part for part in self.path.strip("/").split("/")[2:] if "{" not in part]
        return [words[1] if len(words) > 1 and words[0] == "reviews" else (words or ["api"])[0]]

    def get_override_parameters(self) -> list[Any]:
        """The stage of a path, and the headers of writes."""
        found = list(super().get_override_parameters())
        if "{stage}" in self.path:
            found.append(STAGE)
        if self.is_write():
            found.append(KEY)
            found += [MATCH] if hasattr(self.view, "get") else []
        return found

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation with its refusals."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        component = self.resolve_serializer(ProblemOut, "response")
        refusals = ALWAYS | OF_OBJECTS | (OF_WRITES if self.is_write() else {})
        for status, words in refusals.items():
            operation["responses"].setdefault(
                status, {"description": words, "content": {PROBLEM: {"schema": component.ref}}}
            )
        if not self.is_write():
            operation["responses"]["304"] = {"description": "As you have it (If-None-Match)"}
        return operation


def refuse_unknown_fields(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Say in the schema of each body that a field it does not name is refused."""
    for name, component in result.get("components", {}).get("schemas", {}).items():
        if name.endswith("InRequest") and component.get("type") == "object":
            component["additionalProperties"] = False
    return result
