"""Builds the demo review: an ordinary review, through the services that everybody uses."""

from django.core.exceptions import ValidationError
from django.db import transaction

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from extraction.services.forms import publish_form
from reviewapp.demo import protocol
from reviewapp.demo.people import DemoPeople, add_members, add_published_team
from reviewapp.demo.published import record_published_verdicts, retrieve_reports
from reviewapp.demo.sources import import_sources, standing_records
from reviewapp.demo.studies import add_studies, import_answers
from screening.models import ExclusionReason, Membership, Review, User
from screening.rules.roles import Role
from screening.services.detection import detect_duplicates
from screening.services.people import change_roles, create_review
from screening.services.reasons import add_reasons
from screening.services.settings import (
    change_review,
    set_highlight_terms,
)

ADMIN_ROLES = (Role.LEAD, Role.SCREENER, Role.EXTRACTOR, Role.ADJUDICATOR)


@transaction.atomic
def load_demo(*, admin: User) -> DemoPeople:
    """Build the review `ssl-medical-imaging` in an empty database; all of it or nothing.

    Args:
        admin: Becomes its lead, and a screener, extractor and adjudicator.

    Returns:
        The members that were made, with the passwords to tell once.

    Raises:
        ValidationError: The database holds a review already, or other people than the admin.
    """
    _refuse_filled_database(admin)
    lead = _set_up(admin)
    members = add_members(lead=lead)
    import_sources(lead=lead)
    detect_duplicates(review=lead.review)
    team = add_published_team(lead=lead)
    kept = standing_records(review=lead.review)
    record_published_verdicts(team=team, kept=kept)
    reports = retrieve_reports(team=team, kept=kept)
    publish_form(
        membership=lead,
        definition=to_json(template("ssl_classification")),
        note="The extraction items of Huang et al. 2023 (M10), with the experiments in rows.",
    )
    add_studies(lead=lead, reports=reports)
    import_answers(lead=lead, team=team)
    return DemoPeople(lead.review, members)


def _refuse_filled_database(admin: User) -> None:
    reviews = Review.objects.count()
    people = User.objects.exclude(pk=admin.pk).count()
    if reviews or people:
        raise ValidationError(
            "The demo goes only into an empty database, and this one holds "
            f"reviews: {reviews}; people besides the admin: {people}. "
            "Nothing was changed. Use a data folder of its own for the demo."
        )


def _set_up(admin: User) -> Membership:
    review = create_review(
        creator=admin, title=protocol.TITLE, question=protocol.QUESTION, slug=protocol.SLUG
    )
    lead = Membership.objects.select_related("review", "user").get(review=review, user=admin)
    change_roles(lead=lead, member=lead, roles=ADMIN_ROLES)
    change_review(
        lead=lead,
        protocol=protocol.PROTOCOL,
        inclusion_criteria=protocol.INCLUSION_CRITERIA,
        source_note=protocol.SOURCE_NOTE,
    )
    add_reasons(lead=lead, labels=list(protocol.EXCLUSION_REASONS))
    for label, explanation in protocol.EXCLUSION_REASONS.items():
        ExclusionReason.objects.filter(review=review, label=label).update(explanation=explanation)
    set_highlight_terms(member=lead, terms=protocol.HIGHLIGHTS, is_own=False)
    review.refresh_from_db()
    return Membership.objects.select_related("review", "user").get(pk=lead.pk)
