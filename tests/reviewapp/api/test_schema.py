"""The written API is the API, and its reference is drawn without anybody else's server."""

from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

WRITTEN = Path(__file__).parents[3] / "docs" / "openapi.yaml"
REMEDY = "manage.py spectacular --file docs/openapi.yaml writes it anew"


@pytest.fixture(scope="module")
def schema():
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_committed_schema_is_the_one_of_the_code(schema):
    if connection.vendor != "sqlite":
        pytest.skip(
            "The bounds of whole numbers are written down as the embedded database has them."
        )
    made = OpenApiYamlRenderer().render(schema, renderer_context={})
    assert WRITTEN.read_bytes() == made, REMEDY


def test_the_schema_is_made_without_a_warning(schema):
    assert GENERATOR_STATS._warn_cache == {}
    assert GENERATOR_STATS._error_cache == {}


def test_every_operation_has_its_own_name_words_and_problems(schema):
    names = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            assert operation.get("description"), (path, method)
            assert "application/problem+json" in operation["responses"]["404"]["content"]
    assert len(set(names)) == len(names)


def test_the_reference_needs_nothing_from_elsewhere(screener, client_of):
    page = client_of(screener).get(reverse("api-docs"))
    assert page.status_code == 200
    assert "swagger-ui-bundle.js" in page.text
    assert "https://" not in page.text
    told = client_of(screener).get(reverse("api-schema"))
    assert yaml.safe_load(told.content)["info"]["title"] == "Systematic review API"


def test_the_reference_and_the_schema_ask_to_sign_in(client, db):
    assert client.get(reverse("api-docs")).status_code == 302
    assert client.get(reverse("api-schema")).status_code == 401
