from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.models import FormDraft
from extraction.schema.codec import to_json
from extraction.schema.editing import fingerprint
from extraction.schema.fields import Field, FieldType, Group, Term
from extraction.schema.templates import template
from extraction.selectors.forms import current_form, definition_of, form_draft, sketch_of
from extraction.services import drafts
from screening.models import AuditEvent

AGE = Field("age", "Age", FieldType.NUMBER)


@pytest.fixture
def draft(lead):
    return drafts.start_draft(membership=lead, definition=to_json(template("blank")))


def save(lead, field, known=None, group="study"):
    return drafts.save_field(
        membership=lead,
        group=group,
        field=field,
        known_as=known.key if known else "",
        seen=fingerprint(known) if known else "",
    )


def test_a_new_review_begins_with_a_template_and_publishes_its_first_form(lead, review):
    with pytest.raises(ValidationError, match="Choose a template or a JSON file"):
        drafts.start_draft(membership=lead)
    drafts.start_draft(membership=lead, definition=to_json(template("diagnostic_accuracy")))
    save(lead, AGE)
    published = drafts.publish_draft(membership=lead, note="Age added")
    assert published.version == 1
    assert definition_of(published).find("age") == AGE
    assert form_draft(review) is None
    assert AuditEvent.objects.filter(action="form.draft_changed").count() == 1


def test_the_next_version_begins_with_the_form_in_force(lead, review, form):
    draft = drafts.start_draft(membership=lead)
    assert draft.base == form
    assert sketch_of(draft) == sketch_of(draft)
    assert to_json(sketch_of(draft)) == form.definition


def test_a_second_draft_is_refused(lead, draft):
    with pytest.raises(ValidationError, match="A draft is open already"):
        drafts.start_draft(membership=lead, definition=to_json(template("blank")))


def test_a_draft_may_contradict_itself_but_is_not_published_so(lead, review, draft):
    save(lead, Field("kind", "Kind", FieldType.CHOICE))
    with pytest.raises(ValidationError, match="needs a vocabulary"):
        drafts.publish_draft(membership=lead)
    assert current_form(review) is None
    assert form_draft(review) is not None


def test_a_file_of_the_wrong_shape_is_refused_with_each_path(lead, review):
    broken = to_json(template("blank"))
    broken["groups"][0]["fields"][0] |= {"type": "colour", "hlep": "x"}
    with pytest.raises(ValidationError) as raised:
        drafts.start_draft(membership=lead, definition=broken)
    assert [message.split(":")[0] for message in raised.value.messages] == [
        "form.groups[0].fields[0].hlep",
        "form.groups[0].fields[0].type",
    ]
    assert not FormDraft.objects.exists()


def test_a_renamed_field_takes_its_values_over_and_keeps_its_references(lead, review, form):
    drafts.start_draft(membership=lead)
    old = sketch_of(form_draft(review)).find("metric", "experiment")
    changed = save(lead, replace(old, key="measure"), old, "experiment")
    assert changed.find("measure", "experiment").was == ("metric",)
    assert changed.find("ssl_performance", "experiment").metric_field == "measure"
    assert changed.group("experiment").strict_row_keys == ("measure", "label_fraction")
    assert changed.comparison.metric_field == "measure"
    assert drafts.publish_draft(membership=lead).version == 2


def test_a_renamed_twice_field_still_takes_over_the_first(lead, review, form):
    drafts.start_draft(membership=lead)
    old = sketch_of(form_draft(review)).find("outcome_task")
    once = save(lead, replace(old, key="task_one"), old, "study").find("task_one")
    twice = save(lead, replace(once, key="task_two", was=()), once, "study").find("task_two")
    assert twice.was == ("outcome_task",)


def test_a_condition_follows_a_renamed_word(lead, review, form):
    drafts.start_draft(membership=lead)
    old = sketch_of(form_draft(review)).find("strategy")
    terms = (Term("mixed", was=("combined",)), *old.terms[1:])
    changed = save(lead, replace(old, terms=terms), old, "method")
    assert changed.find("combined_method").only_if.values == ("mixed",)


def test_two_windows_do_not_overwrite_a_field_of_the_draft(lead, draft):
    old = sketch_of(draft).find("notes")
    save(lead, replace(old, label="Remarks"), old)
    with pytest.raises(ValidationError, match="changed in another window"):
        save(lead, replace(old, label="Comments"), old)
    assert sketch_of(form_draft(lead.review)).find("notes").label == "Remarks"


def test_two_fields_of_a_level_have_two_names(lead, draft):
    with pytest.raises(ValidationError, match="Another field here has the name “notes”"):
        save(lead, Field("notes", "Other notes"))


def test_parts_and_fields_are_moved_taken_out_and_brought_back(lead, review, form):
    drafts.start_draft(membership=lead)
    moved = drafts.move_part(membership=lead, group="study", field="clinical_domain", step=-1)
    assert [one.key for one in moved.group("study").fields][:2] == [
        "clinical_domain",
        "imaging_modality",
    ]
    moved = drafts.move_part(membership=lead, group="study", step=1)
    assert [one.key for one in moved.groups] == ["method", "study", "experiment"]
    gone = drafts.remove_part(membership=lead, group="study", field="clinical_domain")
    assert "clinical_domain" not in gone.comparison.categories
    drafts.remove_part(membership=lead, group="method")
    drafts.restore_part(membership=lead, group="method")
    back = drafts.restore_part(membership=lead, group="study", field="clinical_domain")
    assert back.find("clinical_domain")
    assert back.find("strategy")
    with pytest.raises(ValidationError, match="in the draft already"):
        drafts.restore_part(membership=lead, group="study", field="clinical_domain")
    with pytest.raises(ValidationError, match="no part “x” any more"):
        drafts.move_part(membership=lead, group="x", step=1)


def test_a_field_moves_between_parts_with_its_references(lead, review, form):
    drafts.start_draft(membership=lead)
    moved = drafts.move_field_to(
        membership=lead, group="study", field="clinical_domain", to="method"
    )
    assert moved.group("method").field("clinical_domain")
    assert "clinical_domain" in moved.comparison.categories


def test_a_part_with_rows_is_added_and_fields_of_it_stay_when_it_is_changed(lead, draft):
    drafts.save_group(membership=lead, group=Group("arm", "Arms", (), repeating=True))
    made = save(lead, AGE, group="arm").group("arm")
    seen = fingerprint(replace(made, fields=()))
    changed = drafts.save_group(
        membership=lead, group=Group("arm", "The arms", (), repeating=True), seen=seen
    )
    assert changed.group("arm") == replace(made, label="The arms")
    with pytest.raises(ValidationError, match="changed in another window"):
        drafts.save_group(membership=lead, group=made, seen=seen)


@pytest.mark.parametrize("tool", ["quadas_2", "probast", "rob_2", "own_tool"])
def test_a_risk_of_bias_tool_is_added_once(lead, draft, tool):
    changed = drafts.add_tool(membership=lead, tool=tool)
    assert changed.groups[-1].tool
    with pytest.raises(ValidationError, match="is part of the form already"):
        drafts.add_tool(membership=lead, tool=tool)
    assert drafts.publish_draft(membership=lead).version == 1


def test_a_draft_of_a_form_that_is_no_longer_in_force_is_not_published(lead, review, form):
    drafts.start_draft(membership=lead)
    drafts.publish_form(membership=lead, definition=to_json(template("blank")))
    with pytest.raises(ValidationError, match="Another version was published"):
        drafts.publish_draft(membership=lead)


def test_a_discarded_draft_leaves_the_form_in_force(lead, review, form):
    drafts.start_draft(membership=lead)
    drafts.discard_draft(membership=lead)
    assert current_form(review) == form
    with pytest.raises(ValidationError, match="No draft is open"):
        drafts.describe_form(membership=lead, title="x", description="")


def test_only_a_lead_writes_the_form(extractor, draft):
    with pytest.raises(PermissionDenied):
        drafts.remove_part(membership=extractor, group="study")
