"""The whole API under generated requests by everybody: no 500, no leak, answers as written down.

Schemathesis makes the requests out of docs/openapi.yaml, fitting and unfitting ones. Numbers of
objects are those of a real review most of the time, so that handlers are reached. Each request is
rolled back.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from extraction.models import ExtractedValue, Extraction
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import Note
from screening.rules.roles import Role
from screening.rules.scopes import Scope
from screening.services.tokens import make_token
from tests import factories
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.responses import close
from tests.test_api_doors import undone

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(600)]

PROBLEM = "application/problem+json"
SECRETS = ("secret-comment", "secret-note", "secret-value", "secret-review")
STAGE = {"stage": "title-abstract", "file_format": "csv", "report": "checklist"}
PEOPLE = [*Role, "stranger", "visitor"]


@pytest.fixture
def world(db: None) -> World:
    definition = to_json(template("ssl_classification"))
    ours = make_world("ours", definition, make_pdf(["Some words."]))
    make_world("theirs", definition, make_pdf(["Some words."]))
    hidden = factories.make_review(slug="hidden", title="secret-review")
    factories.make_record(hidden, title="secret-review")
    other = factories.make_member(ours.review, "screener", "extractor")
    record = factories.make_record(ours.review)
    factories.make_decision(record, other, "exclude", comment="secret-comment")
    Note.objects.create(record=record, author=other, body="secret-note", is_private=True)
    study = factories.make_study(ours.review)
    form = ours.review.extraction_forms.get()
    draft = Extraction.objects.create(study=study, form=form, extractor=other)
    ExtractedValue.objects.create(extraction=draft, field="title", value="secret-value")
    return ours


def client_of(world: World, person: str) -> Client:
    if person == "visitor":
        return Client()
    if person == "stranger":
        user = factories.make_user()
    else:
        user = factories.make_member(world.review, person).user
    _, text = make_token(user=user, name="x", scopes=list(Scope), days=1)
    return Client(headers={"authorization": f"Bearer {text}"})


def operations() -> Iterator[Any]:
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415

    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    for found in schema.get_all_operations():
        yield found.ok()


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))


def ask(client: Client, case: Any, path: str) -> tuple[Any, str]:
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    sent: dict[str, Any] = {"query_params": query}
    headers = {name: str(value) for name, value in (case.headers or {}).items()}
    headers = {name: value for name, value in headers.items() if value.isprintable()}
    headers.pop("Authorization", None)
    if case.media_type == "multipart/form-data":
        body = case.body if isinstance(case.body, dict) else {}
        sent["data"] = {name: part(value) for name, value in body.items() if value is not None}
    elif case.media_type and case.body is not schemathesis.core.NOT_SET:
        sent |= {"data": case.body, "content_type": "application/json"}
    if case.method == "GET":
        sent.pop("data", None)
    with undone():
        response = getattr(client, case.method.lower())(path, headers=headers, **sent)
        text = text_of(response)
        close(response)
    return response, text


def part(value: Any) -> Any:
    if isinstance(value, list):
        return [part(one) for one in value]
    return SimpleUploadedFile("x", value) if isinstance(value, bytes) else str(value)


def path_of(case: Any, world: World, is_real: bool) -> str:
    real = {**world.arguments, **STAGE, "box": "records_screened", "key": "x", "field": "title"}
    made = dict(case.path_parameters or {})
    if is_real:
        made = {name: real.get(name, value) for name, value in made.items()}
    else:
        made["slug"] = real["slug"]
    parts = {name: str(value).replace("/", "-") or "x" for name, value in made.items()}
    return str(case.operation.path.format(**parts))


def check(operation: Any, response: Any, text: str, person: str) -> None:
    place = (operation.method, operation.path, person, response.status_code, text[:300])
    assert response.status_code < 500, place
    for secret in SECRETS:
        assert secret not in text, place
    if person == "visitor":
        assert response.status_code in {400, 401, 404}, place
    if response.status_code >= 400:
        assert response["Content-Type"].split(";")[0] == PROBLEM, place
    known = operation.definition.raw["responses"]
    if response.status_code != 405:
        assert str(response.status_code) in {str(code) for code in known}, place


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_generated_requests_break_nothing_and_learn_nothing(mode, world):
    clients = {person: client_of(world, person) for person in PEOPLE}
    for client in clients.values():
        client.raise_request_exception = False
    wrong = {}
    for operation in operations():
        try:
            fuzz(operation, mode, clients, world)
        except AssertionError as error:
            wrong[operation.label] = str(error).splitlines()[0]
    assert wrong == {}


def fuzz(operation: Any, mode: GenerationMode, clients: dict[str, Client], world: World) -> None:
    """Send one request an operation and person, the numbers in it real or made up."""
    people = itertools.cycle(clients.items())

    @seed(1)
    @settings(
        max_examples=len(clients),
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), st.integers(0, 3))
    def run(case: Any, chance: int) -> None:
        person, client = next(people)
        response, text = ask(client, case, path_of(case, world, is_real=chance > 0))
        check(operation, response, text, person)

    run()
