"""A changed form carries every value, says what it could not carry, and can be taken back."""

from collections import Counter
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionRow,
    Reconciliation,
    Revisit,
)
from extraction.schema import editing
from extraction.schema.codec import sketch_from_json, to_json
from extraction.schema.fields import Field, Term
from extraction.schema.templates import template
from extraction.selectors.form_changes import preview_of
from extraction.selectors.forms import current_form, form_draft
from extraction.selectors.revisits import (
    outside_the_form,
    revisit_counts,
    revisits_of,
    settled_revisits,
)
from extraction.services import drafts
from extraction.services.extractions import start_extraction
from extraction.services.forms import publish_form, take_back_form
from extraction.services.reconciling import (
    Ruling,
    SettledAddress,
    accept_agreed,
    finalise_study,
    settle_cell,
    start_reconciliation,
)
from extraction.services.revisits import confirm_cell
from screening.models import AuditEvent
from tests import factories, laws
from tests.extraction.conftest import current, enter, experiment, extract
from tests.extraction.services.form_histories import START, Changer

SEEDS = range(laws.examples(60))
ANSWERS = {
    None: {
        "alpha": ("ResNet18 224", ""),
        "beta": ("12", ""),
        "kind": ("bee", ""),
        "kinds": (["ape", "dog"], ""),
        "done": (True, ""),
    },
    "arm": {"name": ("ape", ""), "size": ("0.92", "fraction"), "role": ("cat", "")},
}


def change_form(lead, edit):
    """Publish the form in force after one edit of its sketch."""
    drafts.start_draft(membership=lead)
    draft = form_draft(lead.review)
    draft.definition = to_json(edit(sketch_from_json(draft.definition)))
    draft.save()
    return drafts.publish_draft(membership=lead)


def with_field(group, known, **changes):
    def edit(sketch):
        field = sketch.group(group).field(known)
        return editing.with_field(sketch, group, replace(field, **changes), known)

    return edit


def renamed(group, key, to):
    return with_field(group, key, key=to, was=(key,))


@pytest.fixture
def filled(review, lead, extractor):
    """Answers of one extraction and one reconciliation in every field of the small form."""
    form = factories.make_form(review, to_json(START))
    study = factories.make_study(review)
    extraction = Extraction.objects.create(study=study, form=form, extractor=extractor)
    reconciliation = Reconciliation.objects.create(study=study, form=form)
    rows = {
        None: (None, None),
        "arm": (
            ExtractionRow.objects.create(extraction=extraction, group="arm", position=1),
            ConsensusRow.objects.create(reconciliation=reconciliation, group="arm", position=1),
        ),
    }
    for level, answers in ANSWERS.items():
        for page, (key, (value, unit)) in enumerate(answers.items(), start=1):
            common = {"field": key, "value": value, "unit": unit, "page": page, "quote": key}
            raw = ExtractedValue.objects.create(extraction=extraction, row=rows[level][0], **common)
            ConsensusValue.objects.create(
                reconciliation=reconciliation,
                row=rows[level][1],
                side="a",
                value_a=raw,
                decided_by=lead,
                **common,
            )
    return extraction


def told(kind, sketch):
    """Current answers with their provenance, in the cells that a version has."""
    keys = {field.key for group in sketch.groups for field in group.fields}
    return {
        (one.row_id, one.field): (one.value, one.unit, one.page, one.quote)
        for one in kind.objects.current()
        if one.field in keys and (one.value is not None or one.quote)
    }


def assert_nothing_lost(kind, before):
    """Every value that stood is unchanged, and stands, was carried on, or is quoted."""
    now = {one.pk: one for one in kind.objects.all()}
    current_pks = {one.pk for one in kind.objects.current()}
    carried = {one.carried_from_id for one in kind.objects.current()}
    quoted = " ".join(Revisit.objects.open().values_list("reason", flat=True))
    for old in before:
        same = now[old.pk]
        assert (same.value, same.unit, same.quote) == (old.value, old.unit, old.quote)
        words = old.value if isinstance(old.value, list) else [old.value]
        is_quoted = all(str(word).replace("True", "yes") in quoted for word in words)
        assert old.pk in current_pks or old.pk in carried or is_quoted, old


@pytest.mark.parametrize("part", range(4))
def test_random_changes_lose_no_value_and_taken_back_restore_every_answer(lead, filled, part):
    done = Counter()
    for seed in SEEDS[part::4]:
        with transaction.atomic():
            changer, versions = Changer(seed), []
            for _ in range(3):
                sketch = sketch_from_json(current_form(lead.review).definition)
                before = {
                    kind: (told(kind, sketch), list(kind.objects.current()))
                    for kind in (ExtractedValue, ConsensusValue)
                }
                open_before = list(Revisit.objects.open())
                publish_form(membership=lead, definition=to_json(changer.changed(sketch)))
                for kind, (_answers, stood) in before.items():
                    assert_nothing_lost(kind, stood)
                assert set(open_before) <= set(Revisit.objects.open())
                versions.append((sketch, before))
            for sketch, before in reversed(versions):
                take_back_form(membership=lead)
                for kind, (answers, _stood) in before.items():
                    assert told(kind, sketch) == answers
            assert not Revisit.objects.open().exists()
            filled.refresh_from_db()
            assert filled.form.version == 1
            done.update(changer.done)
            transaction.set_rollback(True)
    assert laws.is_again() or len(done) == 9, done


def test_a_carried_value_names_its_change_and_keeps_its_evidence(lead, filled):
    form = change_form(lead, renamed("study", "alpha", "backbone"))
    raw = current(filled, "backbone")
    assert (raw.value, raw.page, raw.quote) == ("ResNet18 224", 1, "alpha")
    assert raw.carried_by == form.change
    assert raw.carried_from == current(filled, "alpha")
    settled = ConsensusValue.objects.current().get(field="backbone")
    assert (settled.value, settled.value_a, settled.side) == ("ResNet18 224", raw, "a")
    assert outside_the_form(filled, sketch_from_json(form.definition)) == []


def test_merged_evidence_stays_in_words(lead, filled):
    def edit(sketch):
        sketch = editing.without_field(sketch, "study", "beta")
        return with_field("study", "alpha", was=("alpha", "beta"))(sketch)

    change_form(lead, edit)
    merged = current(filled, "alpha")
    assert (merged.value, merged.quote) == ("ResNet18 224; 12", "alpha")
    assert merged.note == "Also from p. 2: “beta”"


def test_a_preview_counts_what_publishing_then_does(lead, filled):
    def edit(sketch):
        sketch = renamed("study", "alpha", "backbone")(sketch)
        sketch = editing.without_field(sketch, "study", "beta")
        field = sketch.find("kind")
        fewer = replace(field, terms=tuple(one for one in field.terms if one.key != "bee"))
        return editing.with_field(sketch, "study", fewer, "kind")

    drafts.start_draft(membership=lead)
    draft = form_draft(lead.review)
    draft.definition = to_json(edit(sketch_from_json(draft.definition)))
    draft.save()
    preview = preview_of(draft)
    lines = {line.change.key or line.change.old_keys[0]: line for line in preview.lines}
    assert (lines["backbone"].carried, lines["backbone"].revisit) == (2, 0)
    assert (lines["beta"].hidden, lines["kind"].revisit) == (2, 2)
    assert "“bee” is no word" in lines["kind"].examples[0].reason
    assert (preview.carried, preview.revisit, preview.studies) == (2, 2, 1)
    drafts.publish_draft(membership=lead)
    assert ExtractedValue.objects.filter(carried_by__isnull=False).count() == 1
    assert ConsensusValue.objects.filter(carried_by__isnull=False).count() == 1
    assert Revisit.objects.open().count() == 2
    assert revisit_counts(lead.review) == {filled.study_id: 2}


def test_a_preview_asks_the_database_the_same_number_of_questions_for_many_studies(
    lead, filled, review, django_assert_num_queries
):
    for _ in range(8):
        study = factories.make_study(review)
        extraction = Extraction.objects.create(
            study=study, form=filled.form, extractor=filled.extractor
        )
        ExtractedValue.objects.create(extraction=extraction, field="alpha", value="x")
    drafts.start_draft(membership=lead)
    draft = form_draft(review)
    draft.definition = to_json(
        renamed("study", "alpha", "backbone")(sketch_from_json(draft.definition))
    )
    # extractions and values; reconciliations and values; names of studies; count; no rows here
    with django_assert_num_queries(7):
        assert preview_of(draft).carried == 10


def test_an_answer_that_does_not_fit_is_kept_and_needs_a_revisit_until_looked_at(lead, filled):
    fewer = tuple(map(Term, ("ape", "cat", "dog")))
    change_form(lead, with_field("study", "kind", terms=fewer))
    filled.refresh_from_db()
    assert current(filled, "kind").value == "bee"
    assert list(revisits_of(filled)) == [(None, "kind")]
    enter(filled, "kind", "cat")
    assert revisits_of(filled) == {}
    assert Revisit.objects.filter(extraction=filled).get().settled_by == filled.extractor


def test_a_cell_is_confirmed_as_it_stands_by_its_extractor_only(lead, filled, other_extractor):
    change_form(lead, with_field("study", "kind", terms=(Term("ape"),)))
    with pytest.raises(ValidationError):
        confirm_cell(membership=other_extractor, extraction=filled, field="kind", row=None)
    confirm_cell(membership=filled.extractor, extraction=filled, field="kind", row=None)
    assert revisits_of(filled) == {}
    assert AuditEvent.objects.filter(action="extraction.cell_confirmed").exists()


def test_a_submitted_extraction_is_asked_for_what_is_required_now_and_may_answer_it(
    lead, study, extractor, other_extractor
):
    rows = experiment("1%", "0.8", "0.7")
    mine = extract(study, extractor, rows)
    draft = start_extraction(membership=other_extractor, study=study)

    def edit(sketch):
        seed = Field("seed", "Seed", required=True)
        return editing.with_field(editing.with_field(sketch, "study", seed), "experiment", seed)

    change_form(lead, edit)
    mine.refresh_from_db()
    assert sorted(key for _row, key in revisits_of(mine)) == ["seed", "seed"]
    assert revisits_of(draft) == {}
    enter(mine, "seed", "42")
    with pytest.raises(ValidationError, match="is submitted"):
        enter(mine, "ssl_framework", "SimCLR")
    assert len(revisits_of(mine)) == 1


def test_a_final_study_is_carried_too_and_stays_final(
    lead, study, extractor, other_extractor, adjudicator
):
    for person in (extractor, other_extractor):
        extract(study, person, experiment("1%", "0.8", "0.7"))
    begun = start_reconciliation(membership=adjudicator, study=study)
    accept_agreed(membership=adjudicator, reconciliation=begun)
    finalise_study(membership=adjudicator, reconciliation=begun)
    change_form(lead, renamed("experiment", "ssl_performance", "arm_value"))
    begun.refresh_from_db()
    assert begun.finalised_at is not None
    settled = ConsensusValue.objects.current().get(field="arm_value")
    assert (settled.value, settled.unit, settled.side) == ("0.8", "fraction", "both")
    assert {settled.value_a.field, settled.value_b.field} == {"arm_value"}


def test_a_reconciled_answer_to_revisit_is_settled_anew(
    lead, study, extractor, other_extractor, adjudicator
):
    for person in (extractor, other_extractor):
        extract(study, person)
    begun = start_reconciliation(membership=adjudicator, study=study)
    accept_agreed(membership=adjudicator, reconciliation=begun)
    change_form(lead, with_field("method", "strategy", terms=(Term("combined"), Term("other"))))
    begun.refresh_from_db()
    [asked] = settled_revisits(study)
    assert "“contrastive” is no word" in asked.reason
    kept = begun.values.current().get(field="strategy")
    assert kept.value == "contrastive"
    settle_cell(
        membership=adjudicator,
        address=SettledAddress(begun, "strategy"),
        ruling=Ruling(side="third", raw="other", rationale="The form changed."),
        expected=kept.pk,
    )
    assert settled_revisits(study) == []


def test_values_written_since_stay_when_the_change_is_taken_back(lead, filled):
    more = tuple(map(Term, ("ape", "bee", "cat", "dog", "eel")))

    def edit(sketch):
        sketch = renamed("study", "alpha", "backbone")(sketch)
        sketch = with_field("study", "kind", terms=more)(sketch)
        return editing.with_field(sketch, "study", Field("seed", "Seed"))

    change_form(lead, edit)
    filled.refresh_from_db()
    enter(filled, "backbone", "ViT")
    enter(filled, "seed", "42")
    enter(filled, "kind", "eel")
    enter(filled, "done", "no")
    take_back_form(membership=lead)
    filled.refresh_from_db()
    assert current(filled, "alpha").value == "ResNet18 224"
    assert current(filled, "done").value is False
    assert current(filled, "kind").value == "eel"
    outside = outside_the_form(filled, sketch_from_json(filled.form.definition))
    assert {one.field: one.value for one in outside} == {"backbone": "ViT", "seed": "42"}
    reasons = {key: reason for (_row, key), [reason] in revisits_of(filled).items()}
    assert "“ViT” was entered for “Alpha” in version 2" in reasons["alpha"]
    assert "“eel” is not in the vocabulary" in reasons["kind"]


def test_what_was_taken_back_can_be_published_again(lead, filled):
    change_form(lead, renamed("study", "alpha", "backbone"))
    take_back_form(membership=lead)
    third = change_form(lead, renamed("study", "alpha", "backbone"))
    assert third.version == 3
    assert current(filled, "backbone").value == "ResNet18 224"


def test_the_first_version_cannot_be_taken_back_and_only_a_lead_takes_back(
    lead, extractor, form, review
):
    with pytest.raises(ValidationError, match="no version before"):
        take_back_form(membership=lead)
    with pytest.raises(PermissionDenied):
        take_back_form(membership=extractor)


def test_a_change_that_takes_over_what_is_not_there_is_refused(lead, form):
    broken = to_json(template("ssl_classification"))
    broken["groups"][0]["fields"][0]["was"] = ["nothing"]
    with pytest.raises(ValidationError, match="has no field “nothing” here"):
        publish_form(membership=lead, definition=broken)


def test_a_draft_of_a_window_that_shows_the_old_form_says_what_happened(lead, filled):
    change_form(lead, lambda sketch: editing.without_field(sketch, "study", "beta"))
    filled.refresh_from_db()
    with pytest.raises(ValidationError, match="If the form changed while this page was open"):
        enter(filled, "beta", "13")
