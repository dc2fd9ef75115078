"""Signing in, joining, members and settings as pages."""

import pytest
from django.test import Client
from django.urls import reverse

from screening.models import Invitation, Membership, Review, User
from screening.rules.roles import Role
from screening.services import people
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_by_email_in_any_case(stranger, client):
    sent = {"username": stranger.email.upper(), "password": factories.PASSWORD}
    response = client.post(reverse("screening:login"), sent)
    assert response.status_code == 302
    assert client.get(reverse("screening:home")).status_code == 200


def test_a_wrong_password_says_the_same_as_an_unknown_email(stranger, client):
    pages = [
        client.post(reverse("screening:login"), {"username": email, "password": "wrong"}).content
        for email in (stranger.email, "nobody@example.org")
    ]
    assert all(b"That did not match" in page for page in pages)


def test_too_many_wrong_passwords_close_the_door_for_a_while(stranger, client):
    wrong = {"username": stranger.email, "password": "wrong"}
    for attempt in range(8):
        spelling = stranger.email.upper() if attempt % 2 else stranger.email
        response = client.post(reverse("screening:login"), wrong | {"username": spelling})
    assert response.status_code == 429
    right = {"username": stranger.email, "password": factories.PASSWORD}
    assert client.post(reverse("screening:login"), right).status_code == 429


def test_a_page_asks_a_visitor_to_sign_in(client, review):
    response = client.get(review.get_absolute_url())
    assert response.url.startswith(reverse("screening:login"))


def test_whoever_starts_a_review_leads_it(client_of, stranger):
    client_of(stranger).post(reverse("screening:new-review"), {"title": "Statins"})
    review = Review.objects.get(title="Statins")
    assert review.memberships.get().is_lead


def test_the_link_of_an_invitation_is_shown_once_and_makes_an_account(client_of, lead):
    url = reverse("screening:invite", kwargs={"slug": "ssl"})
    page = client_of(lead).post(url, {"roles": ["screener"], "email": ""})
    link = page.context["link"]
    assert link.encode() in page.content
    visitor = Client()
    assert b"Self-supervised learning" in visitor.get(link).content
    sent = {"name": "New Person", "email": "new@example.org", "password": factories.PASSWORD}
    joined = visitor.post(link, sent)
    assert joined.url == lead.review.get_absolute_url()
    assert Membership.objects.get(user__email="new@example.org").roles == {Role.SCREENER}


def test_a_weak_password_is_refused_with_its_reason(lead):
    _, token = people.invite(lead=lead, roles=[Role.SCREENER])
    url = reverse("screening:invitation", kwargs={"token": token})
    page = Client().post(url, {"name": "N", "email": "n@example.org", "password": "short"})
    assert b"too short" in page.content
    assert not User.objects.filter(email="n@example.org").exists()


def test_a_person_with_an_account_joins_by_one_click(client_of, lead, stranger):
    _, token = people.invite(lead=lead, roles=[Role.OBSERVER])
    url = reverse("screening:invitation", kwargs={"token": token})
    assert client_of(stranger).post(url).status_code == 302
    assert Membership.objects.filter(user=stranger).exists()


def test_an_invitation_for_somebody_else_says_for_whom(client_of, lead, stranger):
    _, token = people.invite(lead=lead, roles=[Role.OBSERVER], email="bob@example.org")
    url = reverse("screening:invitation", kwargs={"token": token})
    assert b"bob@example.org" in client_of(stranger).post(url).content


def test_an_unknown_invitation_is_not_found(client, db):
    url = reverse("screening:invitation", kwargs={"token": "nothing"})
    assert client.get(url).status_code == 404


def test_an_invitation_without_a_role_says_so(client_of, lead):
    page = client_of(lead).post(reverse("screening:invite", kwargs={"slug": "ssl"}), {})
    assert page.status_code == 400
    assert b"Choose at least one role" in page.content


def test_a_lead_changes_roles_deactivates_and_revokes(client_of, lead, screener):
    browser = client_of(lead)
    change = reverse("screening:change-member", kwargs={"slug": "ssl", "member_id": screener.pk})
    page = browser.post(change, {"roles": ["observer"]}, follow=True)
    assert f"The roles of {screener.user.name} are changed." in page.content.decode()
    screener.refresh_from_db()
    assert screener.roles == {Role.OBSERVER}
    browser.post(change, {"action": "deactivate"})
    assert client_of(screener).get(lead.review.get_absolute_url()).status_code == 404
    page = browser.post(change, {"action": "reactivate"}, follow=True)
    assert f"{screener.user.name} can open the review again" in page.content.decode()
    assert client_of(screener).get(lead.review.get_absolute_url()).status_code == 200
    invitation, _ = people.invite(lead=lead, roles=[Role.OBSERVER])
    revoke = reverse(
        "screening:revoke-invitation", kwargs={"slug": "ssl", "invitation_id": invitation.pk}
    )
    browser.post(revoke)
    assert not Invitation.objects.get(pk=invitation.pk).is_open


def test_the_last_lead_cannot_leave_and_is_told_why(client_of, lead):
    change = reverse("screening:change-member", kwargs={"slug": "ssl", "member_id": lead.pk})
    page = client_of(lead).post(change, {"action": "deactivate"}, follow=True)
    assert b"needs a lead" in page.content


def test_settings_are_saved_whole_or_not_at_all(client_of, lead):
    url = reverse("screening:settings", kwargs={"slug": "ssl"})
    sent = {
        "title": "New title",
        "inclusion_criteria": "One\r\nTwo",
        "title_abstract-verdicts_needed": "1",
        "title_abstract-order": "newest",
        "title_abstract-maybe_means": "include",
        "full_text-verdicts_needed": "2",
        "full_text-order": "random",
        "full_text-maybe_means": "include",
        "highlights-include": "self-superv*",
    }
    browser = client_of(lead)
    assert browser.post(url, sent).status_code == 302
    review = Review.objects.get(slug="ssl")
    assert review.inclusion_criteria == ["One", "Two"]
    refused = browser.post(url, sent | {"title": "Newer", "highlights-exclude": "self-superv*"})
    assert refused.status_code == 400
    assert b"stands twice" in refused.content
    assert Review.objects.get(slug="ssl").title == "New title"


def test_what_was_done_is_said_in_the_notice_of_that_name(client_of, stranger):
    page = client_of(stranger).post(
        reverse("screening:new-review"), {"title": "Statins"}, follow=True
    )
    assert b'class="notice notice-done"' in page.content


def test_a_screeners_own_words_are_theirs_alone(client_of, screener, other_screener):
    url = reverse("screening:own-words", kwargs={"slug": "ssl"})
    browser = client_of(screener)
    assert browser.post(url, {"include": "mri\ncontrastive"}).status_code == 302
    assert b"contrastive" in browser.get(url).content
    assert b"contrastive" not in client_of(other_screener).get(url).content
    refused = browser.post(url, {"include": "mri", "exclude": "mri"})
    assert refused.status_code == 400
    assert b"stands twice" in refused.content


def test_a_highlighted_expression_that_is_wrong_is_told_with_its_line(client_of, screener):
    url = reverse("screening:own-words", kwargs={"slug": "ssl"})
    browser = client_of(screener)
    refused = browser.post(url, {"exclude": "mice\n/(a+)+/"}).content.decode()
    assert "Line 2" in refused
    assert "several ways" in refused
    assert "/(a+)+/" in refused
    browser.post(url, {"exclude": "mice\n/mous(e|ing)/"})
    assert screener.highlight_terms.filter(pattern="/mous(e|ing)/").exists()
