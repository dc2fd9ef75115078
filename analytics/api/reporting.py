"""How Table 1 reports: its policy with a preview of what another would change, its columns."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.rules.roles import Capability

MANAGE = Capability.MANAGE
NOTHING = "This review's form compares nothing, so there is nothing to select among."
MAX_COLUMNS = 200


class PolicyIn(serializers.Serializer[Any]):
    """A reporting policy."""

    policy = serializers.DictField(help_text="As `comparison.policy` of a form.")


class PolicyOut(serializers.Serializer[Any]):
    """The reporting policy in use."""

    policy = serializers.DictField()
    is_own = serializers.BooleanField(help_text="Whether it is the review's and not the form's.")


class ChangedStudyOut(serializers.Serializer[Any]):
    """A study of which another policy would report another experiment."""

    study = serializers.IntegerField()
    before = serializers.CharField(allow_null=True, help_text="Key of the row for full data.")
    after = serializers.CharField(allow_null=True)
    why = serializers.ListField(child=serializers.CharField())


class ChosenColumnFields(serializers.Serializer[Any]):
    """A column and the name it gets; an empty name is its own."""

    key = serializers.CharField(max_length=80)
    label = serializers.CharField(  # type: ignore[assignment]
        required=False, allow_blank=True, max_length=200, default=""
    )


class LayoutIn(serializers.Serializer[Any]):
    """Columns in their order, what groups the rows, and fields told in footnotes."""

    columns = ChosenColumnFields(many=True, required=False, default=list)
    group_by = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=60, default=None
    )
    note_fields = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        allow_null=True,
        default=None,
        max_length=MAX_COLUMNS,
    )


class OfferedColumnOut(serializers.Serializer[Any]):
    """A column Table 1 can have."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class LayoutOut(serializers.Serializer[Any]):
    """The layout that is chosen; what is empty or null is as the form says."""

    columns = ChosenColumnFields(many=True)
    group_by = serializers.CharField(allow_null=True)
    note_fields = serializers.ListField(child=serializers.CharField(), allow_null=True)
    offered = OfferedColumnOut(many=True)


class CandidateOut(serializers.Serializer[Any]):
    """An experiment of a study."""

    key = serializers.CharField()
    number = serializers.IntegerField()
    refused = serializers.CharField(help_text="Why it has no gain; empty with one.")


class ReportedOut(serializers.Serializer[Any]):
    """Which experiments stand for a study, and which rules chose them."""

    full = serializers.CharField(source="selection.full", allow_null=True)
    subset = serializers.CharField(source="selection.subset", allow_null=True)
    trace = serializers.ListField(source="selection.trace", child=serializers.CharField())
    is_by_hand = serializers.BooleanField(source="selection.is_by_hand")
    rows = CandidateOut(many=True)


class ReportingApi(ReviewApi):
    """What endpoints of reporting share."""

    def form(self) -> Any:
        """The form with the policy in use."""
        from analytics.selectors.comparing import comparing_form  # noqa: PLC0415

        found = comparing_form(self.review)
        if found is None:
            raise Http404(NOTHING)
        return found

    def any_form(self) -> Any:
        """The form in force, whether it compares anything or not."""
        from analytics.selectors.comparing import reported_form  # noqa: PLC0415
        from analytics.selectors.table1 import NO_FORM  # noqa: PLC0415

        found = reported_form(self.review)
        if found is None:
            raise Http404(NO_FORM)
        return found

    def sent_policy(self) -> Any:
        """The policy that was sent, held against the form."""
        from analytics.tables.stored import with_policy  # noqa: PLC0415
        from extraction.schema.definition import FormInvalidError  # noqa: PLC0415

        try:
            return with_policy(self.form(), self.given["policy"])
        except FormInvalidError as error:
            raise ValidationError([str(one) for one in error.problems]) from error


class Policy(ReportingApi):
    """The reporting policy."""

    @endpoint(PolicyOut)
    def get(self) -> dict[str, Any]:
        """Show the rules that choose one experiment per study."""
        from analytics.models import ReportingSettings  # noqa: PLC0415
        from analytics.tables.stored import policy_to_json  # noqa: PLC0415

        form = self.form()
        stored = ReportingSettings.objects.filter(review=self.review).first()
        policy = policy_to_json(form, form.comparison.policy)
        return {"policy": policy, "is_own": bool(stored and stored.policy)}

    @endpoint(PolicyOut, takes=PolicyIn, needs=MANAGE)
    def put(self) -> dict[str, Any]:
        """Set the review's own rules."""
        from analytics.services.reporting import set_policy  # noqa: PLC0415
        from analytics.tables.stored import policy_to_json  # noqa: PLC0415

        form = self.sent_policy()
        set_policy(lead=self.membership, policy=form.comparison.policy)
        return {"policy": policy_to_json(form, form.comparison.policy), "is_own": True}

    @endpoint(needs=MANAGE)
    def delete(self) -> None:
        """Let the form's rules choose again."""
        from analytics.services.reporting import set_policy  # noqa: PLC0415

        self.form()
        set_policy(lead=self.membership, policy=None)


class PolicyPreview(ReportingApi):
    """What another policy would change."""

    @endpoint(ChangedStudyOut, takes=PolicyIn, many=True, needs=MANAGE)
    def post(self) -> list[dict[str, Any]]:
        """List the studies of which it would report another experiment; nothing is stored."""
        from analytics.selectors.table1 import changes_by_policy  # noqa: PLC0415
        from analytics.tables.stored import policy_to_json  # noqa: PLC0415

        form = self.sent_policy()
        policy = policy_to_json(form, form.comparison.policy)
        return [
            {
                "study": old.study_id,
                "before": old.experiment,
                "after": new.experiment,
                "why": list(new.trace),
            }
            for old, new in changes_by_policy(self.review, policy)
        ]


class TableLayout(ReportingApi):
    """Columns and groups of Table 1."""

    @endpoint(LayoutOut)
    def get(self) -> dict[str, Any]:
        """Show the layout and every column that can be chosen."""
        return self._shown()

    @endpoint(LayoutOut, takes=LayoutIn, needs=MANAGE)
    def put(self) -> dict[str, Any]:
        """Choose, order and name the columns, and what groups the rows."""
        from analytics.services.reporting import set_layout  # noqa: PLC0415
        from analytics.tables.stored import layout_from_json  # noqa: PLC0415

        self.any_form()
        set_layout(lead=self.membership, layout=layout_from_json(self.given))
        return self._shown()

    @endpoint(needs=MANAGE)
    def delete(self) -> None:
        """Go back to the columns of the form."""
        from analytics.services.reporting import set_layout  # noqa: PLC0415
        from analytics.tables.layout import PLAIN  # noqa: PLC0415

        self.any_form()
        set_layout(lead=self.membership, layout=PLAIN)

    def _shown(self) -> dict[str, Any]:
        from analytics.selectors.comparing import layout_of  # noqa: PLC0415
        from analytics.tables.layout import catalogue  # noqa: PLC0415

        form, chosen = self.any_form(), layout_of(self.review)
        return {
            "columns": [{"key": one.key, "label": one.label} for one in chosen.columns],
            "group_by": chosen.group_by,
            "note_fields": None if chosen.note_fields is None else list(chosen.note_fields),
            "offered": [{"key": one.key, "label": one.label} for one in catalogue(form)],
        }
