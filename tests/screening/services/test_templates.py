"""A new review set up like another: what comes along, what stays, and who may."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from analytics.models import ReportingSettings
from extraction.models import ExtractionForm, ExtractionSettings
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import (
    HighlightTerm,
    MemberGroup,
    PathQuestion,
    Record,
    Review,
    StageSettings,
)
from screening.rules.consensus import Stage
from screening.selectors.audit import check_chain
from screening.services.life import archive_review
from screening.services.settings import change_review
from screening.services.templates import new_review_like
from tests import factories


@pytest.fixture
def rich(lead, screener):
    review = lead.review
    factories.make_record(review)
    change_review(lead=lead, protocol="As registered.", inclusion_criteria=["Images", "Labels"])
    reason = factories.make_reason(review)
    factories.make_reason(review)
    PathQuestion.objects.create(
        review=review, stage=Stage.FULL_TEXT, position=1, text="Images?", reason=reason
    )
    HighlightTerm.objects.create(review=review, list="include", pattern="self-superv*")
    HighlightTerm.objects.create(review=review, member=screener, list="include", pattern="mine")
    group = MemberGroup.objects.create(review=review, name="Clinicians")
    group.members.add(screener)
    StageSettings.objects.filter(review=review, stage=Stage.FULL_TEXT).update(
        verdicts_needed=3, is_blinded=False, required_group=group
    )
    for title in ("ssl_classification", "quadas_2"):
        ExtractionForm.objects.create(
            review=review,
            version=1 + ExtractionForm.objects.filter(review=review).count(),
            definition=to_json(template(title)),
            created_by=lead,
        )
    ExtractionSettings.objects.create(review=review, mode="verified", evidence_needed="all")
    ReportingSettings.objects.create(review=review, policy={"x": 1}, layout={"y": 2})
    return review


def test_everything_that_sets_it_up_comes_along_and_no_record(lead, rich):
    made = new_review_like(creator=lead.user, template=lead, title="Update 2027")
    full_text = made.stage_settings.get(stage=Stage.FULL_TEXT)
    assert (full_text.verdicts_needed, full_text.is_blinded) == (3, False)
    assert full_text.required_group is None
    assert (made.protocol, made.inclusion_criteria) == ("As registered.", ["Images", "Labels"])
    assert made.criteria_versions.get().number == 1
    reasons = rich.exclusion_reasons.values_list("label", flat=True)
    assert list(made.exclusion_reasons.values_list("label", flat=True)) == list(reasons)
    question = PathQuestion.objects.get(review=made)
    assert (question.text, question.reason.review) == ("Images?", made)
    assert [term.pattern for term in made.highlight_terms.all()] == ["self-superv*"]
    form = made.extraction_forms.get()
    assert (form.version, form.definition) == (1, to_json(template("quadas_2")))
    assert made.extraction_settings.mode == "verified"
    assert (made.reporting.policy, made.reporting.layout) == ({"x": 1}, {"y": 2})
    assert not Record.objects.filter(review=made).exists()
    assert [member.user for member in made.memberships.all()] == [lead.user]
    assert check_chain(review=made).is_whole


def test_people_come_only_when_they_are_chosen_and_then_with_their_groups(lead, screener, rich):
    factories.make_member(rich, "observer").user.memberships.update(deactivated_at=timezone.now())
    made = new_review_like(creator=lead.user, template=lead, title="With us", with_people=True)
    mine = made.memberships.get(user=screener.user)
    assert mine.is_screener and not mine.is_lead  # noqa: PT018
    assert made.memberships.count() == 2
    assert list(made.member_groups.get().members.all()) == [mine]
    assert made.stage_settings.get(stage=Stage.FULL_TEXT).required_group.name == "Clinicians"


def test_only_a_lead_takes_a_review_as_template_also_an_archived_one(lead, screener, rich):
    with pytest.raises(PermissionDenied):
        new_review_like(creator=screener.user, template=screener, title="Mine")
    archive_review(lead=lead)
    made = new_review_like(creator=lead.user, template=lead, title="The next")
    assert not made.is_read_only


def test_the_page_and_the_api_offer_ones_own_reviews_only(client_of, lead, stranger, rich):
    page = reverse("screening:new-review")
    assert rich.title not in client_of(stranger).get(page).content.decode()
    client_of(stranger).post(page, {"title": "Theirs", "template": rich.slug})
    assert not ExtractionForm.objects.filter(review__memberships__user=stranger).exists()
    client_of(lead).post(page, {"title": "From the page", "template": rich.slug})
    assert Review.objects.get(title="From the page").extraction_forms.count() == 1
    api = reverse("screening-api:reviews")
    sent = {"title": "From the API", "template": rich.slug}
    json = "application/json"
    assert client_of(stranger).post(api, sent, content_type=json).status_code == 404
    assert client_of(lead).post(api, sent, content_type=json).status_code == 201
    assert Review.objects.get(title="From the API").extraction_forms.count() == 1
