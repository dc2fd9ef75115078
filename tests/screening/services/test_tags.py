"""The review's tags: created, renamed, merged; never counted."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from screening.models import AuditEvent, RecordTag, StageSettings, Tag
from screening.selectors.audit import audit_of
from screening.selectors.personal import personal_data
from screening.selectors.records import Filters, records_list
from screening.services.labels import add_tag
from screening.services.tags import create_tag, merge_tags, rename_tag
from tests import factories


def test_a_tag_is_renamed_on_every_record(review, lead, screener):
    placed = add_tag(membership=screener, record=factories.make_record(review), label="ssl")
    rename_tag(lead=lead, tag=placed.tag, label=" Self-  supervised ")
    placed.refresh_from_db()
    assert placed.tag.label == "Self- supervised"
    assert AuditEvent.objects.get(action="tag.renamed").before == {"label": "ssl"}
    rename_tag(lead=lead, tag=placed.tag, label="Self- supervised")
    assert AuditEvent.objects.filter(action="tag.renamed").count() == 1


def test_merged_tags_keep_who_tagged_what_and_stand_once(review, lead, screener, other_screener):
    first, second = factories.make_record(review), factories.make_record(review)
    add_tag(membership=screener, record=first, label="chest")
    add_tag(membership=screener, record=first, label="thorax")
    add_tag(membership=other_screener, record=second, label="thorax")
    chest, thorax = Tag.objects.get(label="chest"), Tag.objects.get(label="thorax")
    merge_tags(lead=lead, tag=thorax, into=chest)
    assert Tag.objects.get() == chest
    held = set(RecordTag.objects.values_list("record", "member"))
    assert held == {(first.pk, screener.pk), (second.pk, other_screener.pk)}
    assert RecordTag.objects.count() == 2
    assert AuditEvent.objects.get(action="tag.merged").before == {"label": "thorax"}
    moved = AuditEvent.objects.get(action="tag.placements_moved")
    assert sorted(moved.before["placed"]) == sorted(map(list, held))
    mine = records_list(membership=screener, filters=Filters(tag=chest.pk))
    assert list(mine) == [first]


def test_while_a_stage_is_blinded_nobody_reads_in_the_trail_who_had_tagged_what(
    review, lead, screener
):
    add_tag(membership=screener, record=factories.make_record(review), label="thorax")
    chest, thorax = create_tag(lead=lead, label="chest"), Tag.objects.get(label="thorax")
    merge_tags(lead=lead, tag=thorax, into=chest)

    def read():
        own = dict(personal_data(lead.user))["audit_events"]
        return [
            {event.action for event in audit_of(membership=lead)},
            {row["action"] for row in own},
        ]

    for told in read():
        assert {"tag.created", "tag.merged"} <= told
        assert "tag.placements_moved" not in told
    StageSettings.objects.filter(review=review).update(is_blinded=False)
    for told in read():
        assert "tag.placements_moved" in told


def test_a_label_that_is_taken_or_empty_and_a_merge_with_itself_are_refused(lead):
    one, two = create_tag(lead=lead, label="one"), create_tag(lead=lead, label="two")
    with pytest.raises(ValidationError, match="Merge the two"):
        rename_tag(lead=lead, tag=two, label="ONE")
    with pytest.raises(ValidationError, match="name"):
        create_tag(lead=lead, label=" ")
    with pytest.raises(ValidationError):
        create_tag(lead=lead, label="x" * 81)
    with pytest.raises(ValidationError, match="itself"):
        merge_tags(lead=lead, tag=one, into=one)


def test_only_the_lead_of_the_review_changes_tags(lead, screener):
    tag, into = create_tag(lead=lead, label="one"), create_tag(lead=lead, label="two")
    foreign = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(PermissionDenied):
        create_tag(lead=screener, label="three")
    for act, values in ((rename_tag, {"label": "x"}), (merge_tags, {"into": into})):
        with pytest.raises(PermissionDenied):
            act(lead=screener, tag=tag, **values)
        with pytest.raises(ValidationError, match="not part"):
            act(lead=foreign, tag=tag, **values)
    theirs = create_tag(lead=foreign, label="theirs")
    with pytest.raises(ValidationError, match="not part"):
        merge_tags(lead=lead, tag=tag, into=theirs)


def test_the_page_creates_renames_and_merges(review, lead, client_of):
    browser = client_of(lead)
    page = reverse("screening:tags", kwargs={"slug": review.slug})
    for label in ("chest", "thorax"):
        browser.post(page, {"label": label})
    chest, thorax = review.tags.all()
    one = reverse("screening:change-tag", kwargs={"slug": review.slug, "tag_id": chest.pk})
    browser.post(one, {"action": "rename", "label": "Chest X-ray"})
    assert "Chest X-ray" in browser.get(page).content.decode()
    answer = browser.post(one, {"action": "merge", "into": ""}, follow=True)
    assert "Choose the tag" in answer.content.decode()
    answer = browser.post(one, {"action": "eat"}, follow=True)
    assert "Choose what to do" in answer.content.decode()
    browser.post(one, {"action": "merge", "into": thorax.pk})
    assert review.tags.get() == thorax
    assert "Write the tag" in browser.post(page, {"label": ""}, follow=True).content.decode()
