"""The draft of the form's next version: started, written, previewed, published, discarded."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from extraction.api.serializers import FormOut
from extraction.models import ExtractionForm, FormDraft
from extraction.schema.codec import to_json
from extraction.schema.definition import FormProblem, problems_of
from extraction.schema.templates import TEMPLATES, template
from extraction.selectors.change_lines import ChangeLine
from extraction.selectors.form_changes import Preview, preview_of
from extraction.selectors.forms import form_draft, sketch_of
from extraction.services import drafts
from extraction.services.forms import take_back_form
from screening.api.base import ReviewApi, endpoint
from screening.rules.roles import Capability

MANAGE = Capability.MANAGE


class DraftStartIn(serializers.Serializer[Any]):
    """What the draft begins with: a template, a definition, or (neither) the form in force."""

    template = serializers.ChoiceField(required=False, choices=list(TEMPLATES))
    definition = serializers.DictField(required=False)


class DraftIn(serializers.Serializer[Any]):
    """The whole form as it is to be."""

    definition = serializers.DictField(help_text="As the draft gives it.")


class PublishIn(serializers.Serializer[Any]):
    """What changed, for the list of versions."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class FormProblemOut(serializers.Serializer[FormProblem]):
    """A contradiction of the draft, with its place in the JSON."""

    path = serializers.CharField()
    message = serializers.CharField()


class DraftOut(serializers.ModelSerializer[FormDraft]):
    """The draft, and what keeps it from being published."""

    definition = serializers.DictField()
    base_version = serializers.IntegerField(source="base.version", allow_null=True, default=None)
    updated_by = serializers.CharField(source="updated_by.user.name")
    problems = serializers.SerializerMethodField()

    class Meta:
        model = FormDraft
        fields = ("definition", "base_version", "updated_by", "updated_at", "problems")

    @extend_schema_field(FormProblemOut(many=True))
    def get_problems(self, draft: FormDraft) -> list[dict[str, str]]:
        """Every contradiction."""
        found = problems_of(sketch_of(draft))
        return [{"path": one.path, "message": one.message} for one in found]


class ChangeLineOut(serializers.Serializer[ChangeLine]):
    """One changed field with the stored values it touches."""

    part = serializers.CharField(source="change.level", help_text="Empty for the study.")
    field = serializers.CharField(source="change.key", help_text="Empty when it is taken out.")
    old_fields = serializers.ListField(source="change.old_keys", child=serializers.CharField())
    changes = serializers.ListField(source="change.sentences", child=serializers.CharField())
    kept = serializers.IntegerField()
    carried = serializers.IntegerField()
    revisit = serializers.IntegerField()
    hidden = serializers.IntegerField()


class FormPreviewOut(serializers.Serializer[Preview]):
    """What publishing the draft would do to stored values."""

    carried = serializers.IntegerField()
    revisit = serializers.IntegerField()
    studies = serializers.IntegerField()
    lines = ChangeLineOut(many=True)
    problems = FormProblemOut(many=True)


class DraftApi(ReviewApi):
    """What endpoints of the draft share."""

    def draft(self) -> FormDraft:
        """The draft that is open."""
        found = form_draft(self.review)
        if found is None:
            raise Http404("No draft is open.")
        return found


class Draft(DraftApi):
    """The draft."""

    @endpoint(DraftOut, needs=MANAGE)
    def get(self) -> FormDraft:
        """Show the draft with its contradictions."""
        return self.draft()

    @endpoint(DraftOut, takes=DraftStartIn, status=201, needs=MANAGE)
    def post(self) -> FormDraft:
        """Start a draft; what is in force stays until it is published."""
        if len(self.given) > 1:
            raise ValidationError("Send a template or a definition, not both.")
        definition = self.given.get("definition")
        if "template" in self.given:
            definition = to_json(template(self.given["template"]))
        return drafts.start_draft(membership=self.membership, definition=definition)

    @endpoint(DraftOut, takes=DraftIn, needs=MANAGE)
    def put(self) -> FormDraft:
        """Write the whole draft; send `If-Match` so that no other window's change is lost."""
        return drafts.write_draft(membership=self.membership, **self.given)

    @endpoint(needs=MANAGE)
    def delete(self) -> None:
        """Throw the draft away."""
        drafts.discard_draft(membership=self.membership)


class DraftChanges(DraftApi):
    """The preview of a publication."""

    @endpoint(FormPreviewOut, needs=MANAGE)
    def get(self) -> Preview:
        """Count what publishing the draft would do to stored values, field by field."""
        return preview_of(self.draft())


class PublishDraft(DraftApi):
    """Publishing."""

    @endpoint(FormOut, takes=PublishIn, status=201, needs=MANAGE)
    def post(self) -> ExtractionForm:
        """Publish the draft; in a large review a job carries the values to it."""
        self.draft()
        return drafts.publish_draft(membership=self.membership, **self.given)


class TakeBack(ReviewApi):
    """Taking the newest version back."""

    @endpoint(FormOut, needs=MANAGE)
    def post(self) -> ExtractionForm:
        """Put the version before in force again, with its values."""
        return take_back_form(membership=self.membership)
