import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from extraction.selectors.forms import current_form, definition_of
from extraction.services.forms import publish_form
from screening.models import AuditEvent


def test_a_published_form_is_the_current_one(lead, review):
    assert current_form(review) is None
    publish_form(membership=lead, definition=to_json(template("blank")))
    second = publish_form(membership=lead, definition=to_json(template("ssl_classification")))
    assert current_form(review) == second
    assert second.version == 2
    assert definition_of(second) == template("ssl_classification")
    assert AuditEvent.objects.filter(action="form.published").count() == 2


def test_a_broken_form_is_refused_with_the_place_of_each_fault(lead):
    with pytest.raises(ValidationError) as raised:
        publish_form(membership=lead, definition={"key": "f", "groups": [{"key": "g"}]})
    assert "form.title: is missing" in raised.value.messages
    assert "form.groups[0].label: is missing" in raised.value.messages


def test_only_a_lead_publishes_a_form(extractor):
    with pytest.raises(PermissionDenied):
        publish_form(membership=extractor, definition=to_json(template("blank")))
