"""What one person may take out of a review: the same as the pages show, and never more."""

import pytest

from screening.models import Adjudication, DuplicateLink, Note, PreScreenRemoval, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.blinding import are_labels_open, sight_of
from screening.selectors.exports import Choice, exported_records
from screening.selectors.records import Filters
from screening.selectors.sights import held_by_stage, sights_of, with_open_labels
from tests import factories

TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
EVERYBODY = ["lead", "screener", "other_screener", "third", "adjudicator", "extractor", "observer"]
ALL = Choice(Filters(), is_kept_only=False)


@pytest.fixture
def third(review):
    return factories.make_member(review, "screener")


@pytest.fixture
def records(review, screener, other_screener, adjudicator):
    """One record in each state, among them all that a rule tells apart."""
    found = {}
    for name in ("open", "half", "conflict", "excluded", "ruled", "published", "full", "full_out"):
        found[name] = factories.make_record(review, title=name)
    factories.make_decision(found["half"], other_screener, "exclude", comment="half a secret")
    for name in ("conflict", "ruled"):
        factories.make_decision(found[name], screener, "include")
        reason = factories.make_reason(review)
        factories.make_decision(found[name], other_screener, "exclude", reason=reason)
    for member in (screener, other_screener):
        factories.make_decision(found["excluded"], member, "exclude", comment="agreed secret")
        for name in ("full", "full_out"):
            factories.make_decision(found[name], member, "include")
        factories.make_decision(found["full_out"], member, "exclude", FULL)
    for name, kind in (("ruled", "ruling"), ("published", "published")):
        Adjudication.objects.create(
            record=found[name],
            stage=TITLE,
            verdict="exclude",
            kind=kind,
            adjudicator=adjudicator,
            reason=factories.make_reason(review, "No images"),
        )
    website = factories.make_source(review, kind="website")
    found["website"] = factories.make_record(review, source=website, title="website")
    for record in found.values():
        Note.objects.create(record=record, author=other_screener, body=f"note on {record.title}")
        tag, _ = review.tags.get_or_create(label="later")
        record.record_tags.create(tag=tag, member=other_screener)
    return found


def taken_out(member, choice=ALL):
    exported = exported_records(membership=member, choice=choice)
    return {one.record.title: one for one in exported}


@pytest.mark.parametrize("is_blinded", [True, False])
@pytest.mark.parametrize("name", EVERYBODY)
def test_many_records_are_seen_by_the_rule_of_one(review, records, request, name, is_blinded):
    StageSettings.objects.filter(review=review).update(is_blinded=is_blinded)
    member = request.getfixturevalue(name)
    rows = list(records.values())
    sights, held = sights_of(membership=member, records=rows), held_by_stage(rows)
    for record in rows:
        for stage in Stage:
            assert sights[stage][record.pk] == sight_of(member, record, stage), record.title
    single = {one.pk for one in rows if are_labels_open(member, one, TITLE)}
    assert with_open_labels(rows, sights, held) == single


@pytest.mark.parametrize("name", ["third", "observer", "extractor"])
def test_who_may_not_see_a_verdict_takes_none_out(records, request, name):
    exported = taken_out(request.getfixturevalue(name))
    assert all(not stage.decisions for one in exported.values() for stage in one.stages)
    hidden = {"half", "conflict"} if name == "third" else {"half"}
    for title in hidden:
        assert exported[title].stage("title_abstract").status == "awaiting"
        assert (exported[title].tags, exported[title].notes) == ((), ())


def test_parties_adjudicators_and_leads_take_a_conflict_out_with_both_verdicts(
    records, screener, adjudicator, lead
):
    for member in (screener, adjudicator, lead):
        sight = taken_out(member)["conflict"].stage("title_abstract")
        assert sight.status == "conflict"
        said = {(one.person, one.verdict, one.reason) for one in sight.decisions}
        assert said == {
            ("Sam Screener", "include", ""),
            ("Olga Other", "exclude", "Not self-supervised"),
        }


def test_an_exclusion_carries_the_reason_that_may_be_known(records, observer, other_screener):
    exported = taken_out(observer)
    assert exported["full_out"].stage("full_text").reason == "Not self-supervised"
    published = exported["published"].stage("title_abstract")
    assert (published.status, published.reason) == ("excluded", "No images")
    assert published.ruling == "published verdict of an earlier team"
    assert exported["ruled"].stage("title_abstract").reason == ""
    assert taken_out(other_screener)["ruled"].stage("title_abstract").reason == "No images"


def test_a_stage_that_does_not_hold_the_record_is_left_out(records, observer):
    exported = taken_out(observer)
    assert [one.stage for one in exported["open"].stages] == ["title_abstract"]
    assert [one.stage for one in exported["full"].stages] == ["title_abstract", "full_text"]
    assert [one.stage for one in exported["website"].stages] == ["full_text"]


def test_private_notes_stay_here_and_own_ones_go_along(review, records, screener):
    Note.objects.create(record=records["open"], author=screener, body="mine")
    Note.objects.create(record=records["open"], author=screener, body="hush", is_private=True)
    assert taken_out(screener)["open"].notes == (("Sam Screener", "mine"),)


def test_a_choice_narrows_by_stage_status_source_and_own_tag(review, records, other_screener):
    tag = review.tags.get()
    website = records["website"].source_id
    for filters, titles in (
        (Filters(stage="title_abstract", status="excluded"), {"excluded", "ruled", "published"}),
        (Filters(stage="full_text", status="excluded"), {"full_out"}),
        (Filters(stage="title_abstract", status="included"), {"full", "full_out"}),
        (Filters(source=website), {"website"}),
        (Filters(words="half"), {"half"}),
        (Filters(tag=tag.pk), set(records)),
    ):
        assert set(taken_out(other_screener, Choice(filters))) == titles


def test_one_record_per_report_has_the_best_of_its_sources(review, lead):
    kept = factories.make_record(review, title="A longer title of it", abstract="", doi="")
    twin = factories.make_record(review, title="A longer title of it", doi="10.1/x")
    gone = factories.make_record(review, title="Gone")
    DuplicateLink.objects.create(review=review, record=twin, kept=kept, method="manual")
    PreScreenRemoval.objects.create(record=gone, kind="other", note="x", created_by=lead)
    (one,) = exported_records(membership=lead, choice=Choice(Filters()))
    assert one.number == str(kept.pk)
    assert (one.record.doi, one.record.abstract) == ("10.1/x", twin.abstract)
    three = list(exported_records(membership=lead, choice=ALL))
    assert [row.duplicate_of for row in three] == ["", str(kept.pk), ""]
    assert three[0].record.abstract == ""


def test_what_a_record_holds_goes_out_whatever_its_shape(review, lead):
    urls = [{"label": "Code", "url": "https://x.org"}, {"url": "u", "role": "pdf", "raw": "r"}]
    extra = {"modality": "CT", "N1": ["a", "b"]}
    factories.make_record(review, title="Odd", urls=urls, extra=extra, record_type="JOUR")
    record = taken_out(lead)["Odd"].record
    assert [(link.url, str(link.role), link.raw) for link in record.urls] == [
        ("https://x.org", "other", ""),
        ("u", "pdf", "r"),
    ]
    assert record.extra == {"modality": ("CT",), "N1": ("a", "b")}
    assert record.type == "JOUR"


def test_an_export_asks_a_fixed_number_of_queries(
    review, records, lead, django_assert_max_num_queries
):
    # ids, records, links, duplicates, notes, tags, reasons (2), stages (2), and for each stage
    # settings, decisions, rulings
    for _ in range(20):
        factories.make_record(review)
    with django_assert_max_num_queries(18):
        assert len(list(exported_records(membership=lead, choice=Choice(Filters())))) == 29
