from django.apps import apps
from django.db import models

from reviewapp.bundles.belongs import LEFT_OUT, TABLES
from reviewapp.bundles.cells import is_text
from reviewapp.bundles.schema import schema
from screening.models import Review


def own_models() -> dict[str, type[models.Model]]:
    return {
        model._meta.label: model
        for label in ("screening", "extraction", "analytics", "reviewapp")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def leads_to_a_review(model, seen=()):
    if model is Review:
        return True
    ways = [f.related_model for f in model._meta.concrete_fields if f.is_relation]
    return any(way not in seen and leads_to_a_review(way, (*seen, model)) for way in ways)


def test_every_model_with_a_way_to_a_review_is_exported_or_left_out_with_a_reason():
    named = {table.label for table in TABLES}
    assert not named & LEFT_OUT.keys()
    of_reviews = {label for label, model in own_models().items() if leads_to_a_review(model)}
    assert of_reviews == named | LEFT_OUT.keys()


def test_an_empty_cell_is_never_in_doubt():
    for table in TABLES:
        for field in table.fields:
            assert not (is_text(field) and field.null), f"{table.name}.{field.name}"


def test_the_schema_names_every_column_that_is_written():
    for table in TABLES:
        told = schema()["tables"][table.name]["columns"]
        assert [*told][: len(table.fields) + 1] == ["id", *(field.name for field in table.fields)]
