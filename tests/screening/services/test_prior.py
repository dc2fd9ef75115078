"""Decisions made elsewhere: mapped to members, written once, never over a verdict, taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from analytics.selectors.agreement import agreement_of
from screening.models import (
    Decision,
    DuplicateLink,
    ImportBatch,
    ImportProblem,
    Membership,
    Note,
    Record,
    RecordTag,
    Report,
    User,
)
from screening.rules.consensus import Stage, Status
from screening.selectors.blinding import status_of, visible_decisions
from screening.selectors.import_files import reading_of
from screening.selectors.import_hanging import hanging_on_import
from screening.selectors.prior import brought_by
from screening.services.import_run import run_import
from screening.services.import_settling import correct_problem
from screening.services.import_undo import undo_import
from screening.services.imports import discard_import, fix_reading, take_in
from screening.services.prior import ABSENT, LEFT_OUT, NEW, People, map_people
from tests import factories

TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


def ris(*rows: tuple[str, str]) -> str:
    return "".join(f"TY  - JOUR\nTI  - {title}\nN1  - {note}\nER  - \n" for title, note in rows)


RAYYAN = ris(
    (
        "One",
        'RAYYAN-INCLUSION: {"Ann"=>"Included", "Bob"=>"Excluded"} | RAYYAN-LABELS: CT '
        '| RAYYAN-EXCLUSION-REASONS: wrong population | USER-NOTES: {"Bob"=>["see table 2"]}',
    ),
    ("Two", 'RAYYAN-INCLUSION: {"Ann"=>"Included", "Bob"=>"Maybe"}'),
    ("Three", 'RAYYAN-INCLUSION: {"Ann"=>"Excluded", "Bob"=>"Excluded"}'),
    ("Four", "nothing"),
)


def taken_in(lead: Membership, content: str, *, source: str = "Rayyan") -> ImportBatch:
    upload = ContentFile(content.encode(), name="export")
    batch = take_in(membership=lead, source_name=source, kind="database", upload=upload)
    fix_reading(membership=lead, batch=batch, reading=reading_of(batch))
    return batch


def imported(lead: Membership, content: str, people: People | None, **more: str) -> ImportBatch:
    batch = taken_in(lead, content, **more)
    if people is not None:
        map_people(membership=lead, batch=batch, people=people)
    run_import(batch=batch)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def both(screener, other_screener) -> People:
    people = {"Ann": str(screener.pk), "Bob": str(other_screener.pk)}
    return People(people, {"wrong population": NEW})


def record(title: str) -> Record:
    return Record.objects.get(title=title)


def test_a_file_says_who_decided_and_why_and_no_verdict(lead):
    brought = brought_by(taken_in(lead, RAYYAN))
    assert brought.origin == "Rayyan"
    assert brought.people == {"Ann": 3, "Bob": 3}
    assert brought.reasons == {"wrong population": 1}
    assert (brought.records, brought.decisions, brought.without_stage) == (3, 6, 6)
    plain = taken_in(lead, ris(("Five", "Cited by 3")), source="PubMed")
    assert not brought_by(plain).people


def test_each_persons_verdict_comes_along_and_makes_the_teams_status(
    lead, both, screener, other_screener
):
    imported(lead, RAYYAN, both)
    statuses = {one.title: status_of(one, TITLE) for one in Record.objects.all()}
    assert statuses == {
        "One": Status.CONFLICT,
        "Two": Status.INCLUDED,
        "Three": Status.EXCLUDED,
        "Four": Status.AWAITING,
    }
    bobs = Decision.objects.get(record=record("One"), reviewer=other_screener)
    assert (bobs.origin, bobs.stage, bobs.reason.label) == (
        "import",
        "title_abstract",
        "wrong population",
    )
    assert Report.objects.get().record == record("Two"), "it has passed title and abstract"
    assert Note.objects.get().author == other_screener
    assert RecordTag.objects.get().tag.label == "CT"
    assert "N1" not in record("One").extra
    assert "RAYYAN-INCLUSION" in record("One").raw_text


def test_blinding_holds_for_imported_verdicts_as_for_all(lead, both, review, screener):
    imported(lead, RAYYAN, both)
    third = factories.make_member(review, "screener")
    for member in (third, lead):
        seen = visible_decisions(membership=member, record=record("Three"), stage=TITLE)
        assert list(seen) == []
    own = visible_decisions(membership=screener, record=record("Three"), stage=TITLE)
    assert [one.reviewer for one in own] == [screener]


def test_the_same_file_again_does_nothing(lead, both):
    imported(lead, RAYYAN, both)
    before = list(Decision.objects.order_by("pk").values())
    again = imported(lead, RAYYAN, both)
    assert list(Decision.objects.order_by("pk").values()) == before
    assert RecordTag.objects.count() == 1
    assert again.problems.exclude(severity="known").count() == 0


def test_a_record_that_is_known_gets_its_decisions_too(lead, both):
    imported(lead, RAYYAN, None)
    assert not Decision.objects.exists()
    imported(lead, RAYYAN, both)
    assert Record.objects.count() == 4
    assert Decision.objects.count() == 6


def test_a_verdict_given_here_stays_and_the_clash_is_reported(lead, both, screener):
    imported(lead, RAYYAN, None)
    given = factories.make_decision(record("Three"), screener, "include")
    same = factories.make_decision(record("Two"), screener, "include")
    batch = imported(lead, RAYYAN, both)
    for decision in (given, same):
        decision.refresh_from_db()
        assert decision.superseded_at is None
    (problem,) = batch.problems.filter(severity="warning")
    assert problem.record == record("Three")
    assert problem.message.startswith("Sam Screener has decided on this record here")
    assert "include" not in problem.message, "no verdict is told"
    assert Decision.objects.count() == 6


def test_decisions_on_a_duplicate_go_to_its_kept_record(lead, both, review):
    imported(lead, RAYYAN, None)
    kept = factories.make_record(review, title="Kept", source=factories.make_source(review))
    DuplicateLink.objects.create(review=review, record=record("Two"), kept=kept, method="title")
    imported(lead, RAYYAN, both)
    assert status_of(kept, TITLE) == Status.INCLUDED
    assert not record("Two").decisions.exists()


def test_a_person_no_longer_here_becomes_a_former_member_without_a_way_in(lead, screener):
    people = People({"Ann": str(screener.pk), "Bob": ABSENT}, {"wrong population": LEFT_OUT})
    imported(lead, RAYYAN, people)
    former = Membership.objects.get(user__name="Bob")
    assert not former.is_active
    assert not former.user.is_active
    assert not former.user.has_usable_password()
    assert former.decisions.count() == 3
    assert former.decisions.get(record=record("One")).reason is None
    assert status_of(record("One"), TITLE) == Status.CONFLICT


def test_who_is_left_out_leaves_nothing(lead, screener):
    people = People({"Ann": str(screener.pk), "Bob": LEFT_OUT}, takes_tags=False)
    imported(lead, RAYYAN, people)
    assert {one.reviewer for one in Decision.objects.all()} == {screener}
    assert (Note.objects.count(), RecordTag.objects.count()) == (0, 0)


def test_undoing_the_import_undoes_the_decisions(lead, both, review):
    people = People({"Ann": ABSENT, "Bob": both.people["Bob"]}, both.reasons)
    batch = imported(lead, RAYYAN, people)
    assert hanging_on_import(batch) == []
    undo_import(membership=lead, batch=batch)
    for model in (Record, Decision, Note, RecordTag, Report):
        assert not model.objects.exists(), model
    assert not Membership.objects.filter(user__name="Ann").exists()
    assert not User.objects.filter(name="Ann").exists()


def test_undoing_ends_the_decisions_on_records_that_stay(lead, both, screener):
    imported(lead, RAYYAN, None)
    batch = imported(lead, RAYYAN, both)
    here = factories.make_decision(record("Four"), screener, "include")
    undo_import(membership=lead, batch=batch)
    assert Record.objects.count() == 4
    assert list(Decision.objects.current()) == [here]
    assert Decision.objects.filter(undone_at__isnull=False).count() == 6, "they can still be read"


def test_who_has_changed_an_imported_verdict_holds_the_import(lead, both, screener):
    batch = imported(lead, RAYYAN, both)
    old = Decision.objects.get(record=record("Two"), reviewer=screener)
    old.superseded_at = timezone.now()
    old.save()
    factories.make_decision(record("Two"), screener, "exclude", replaces=old)
    with pytest.raises(ValidationError, match="1 record has decisions"):
        undo_import(membership=lead, batch=batch)


def test_undoing_takes_back_what_a_machines_link_has_carried(lead, both, review):
    batch = imported(lead, RAYYAN, both)
    kept = factories.make_record(review, title="Kept", source=factories.make_source(review))
    link = DuplicateLink.objects.create(
        review=review, record=record("Two"), kept=kept, method="title"
    )
    from screening.services.carrying import carry_decisions  # noqa: PLC0415 - what the link does

    carry_decisions(link=link)
    assert status_of(kept, TITLE) == Status.INCLUDED
    undo_import(membership=lead, batch=batch)
    assert status_of(kept, TITLE) == Status.AWAITING


DISTILLER = (
    "Refid,Title,Level,User,Include?,Reason\n"
    "1,One,Level 1,ann,Yes,\n1,One,Level 1,bob,Yes,\n"
    "1,One,Level 2: Full text,ann,No,Wrong outcome\n1,One,Level 2: Full text,bob,No,\n"
)


def test_both_stages_come_along_and_a_full_text_exclusion_needs_its_reason(
    lead, screener, other_screener
):
    people = {"ann": str(screener.pk), "bob": str(other_screener.pk)}
    batch = imported(lead, DISTILLER, People(people, {"Wrong outcome": NEW}))
    stages = Decision.objects.filter(reviewer=screener).order_by("pk").values_list("stage")
    assert [stage for (stage,) in stages] == ["title_abstract", "full_text"]
    (problem,) = batch.problems.filter(severity="warning")
    assert problem.message.startswith("An exclusion at full text needs a reason")
    assert "Olga Other" in problem.message
    assert not Decision.objects.filter(reviewer=other_screener, stage=FULL).exists()


def test_the_time_and_the_tool_of_a_decision_are_kept(lead, screener):
    content = (
        "title,asreview_label,asreview_time,asreview_note,asreview_user_name\n"
        "One,0,2026-01-02 10:00,no CT,Ann\n"
    )
    imported(lead, content, People({"Ann": str(screener.pk)}))
    decision = Decision.objects.get()
    assert decision.comment == "no CT [ASReview, 2026-01-02 10:00]"
    assert timezone.now() - decision.created_at < timedelta(minutes=5)


@pytest.mark.parametrize("order", [("Ann", "Bob"), ("Bob", "Ann")])
def test_kappa_does_not_depend_on_the_order_of_the_mapping(
    review, lead, screener, other_screener, order
):
    ids = {"Ann": str(screener.pk), "Bob": str(other_screener.pk)}
    imported(lead, RAYYAN, People({name: ids[name] for name in order}))
    (pair,) = agreement_of(review=review, stage=TITLE).pairs
    assert (pair.n, pair.imported) == (3, 6)
    # include-exclude, include-maybe, exclude-exclude: po 1/3, pe 2/3*0 + 1/3*2/3 + 0 = 2/9
    assert pair.kappa.value == pytest.approx((1 / 3 - 2 / 9) / (1 - 2 / 9))


def test_a_mapping_is_refused_when_it_does_not_fit(review, lead, screener):
    batch = taken_in(lead, RAYYAN)
    stranger = factories.make_member(factories.make_review(), "screener")
    for people, message in (
        (People({"Ann": str(stranger.pk)}), "Choose a member of this review"),
        (People({"Ann": "x"}), "Choose a member"),
        (People({"Ann": str(screener.pk), "Bob": str(screener.pk)}), "cannot be one"),
        (People({"Ann": ABSENT}, {"wrong": "9999"}), "one of this review's reasons"),
        (People({"Ann": ABSENT}, stage="later"), "no stage"),
    ):
        with pytest.raises(ValidationError, match=message):
            map_people(membership=lead, batch=batch, people=people)
    batch.refresh_from_db()
    assert batch.prior == {}
    assert not Membership.objects.filter(user__name="Ann").exists()
    with pytest.raises(PermissionDenied):
        map_people(membership=screener, batch=batch, people=People({}))
    run_import(batch=batch)
    batch.refresh_from_db()
    with pytest.raises(ValidationError, match="has been started"):
        map_people(membership=lead, batch=batch, people=People({}))


def test_mapping_anew_or_setting_the_file_aside_leaves_no_placeholder(lead, screener):
    batch = taken_in(lead, RAYYAN)
    map_people(membership=lead, batch=batch, people=People({"Ann": ABSENT, "Bob": ABSENT}))
    map_people(membership=lead, batch=batch, people=People({"Ann": ABSENT, "Bob": LEFT_OUT}))
    assert not User.objects.filter(name="Bob").exists()
    discard_import(membership=lead, batch=batch)
    assert not User.objects.filter(name="Ann").exists()


def test_a_reason_of_that_label_is_not_made_twice(review, lead, both):
    reason = factories.make_reason(review, "Wrong Population")
    imported(lead, RAYYAN, both)
    assert list(review.exclusion_reasons.all()) == [reason]


def test_a_rejected_row_that_is_corrected_brings_what_its_people_decided(lead, both, screener):
    batch = imported(lead, RAYYAN, both)
    row = ImportProblem.objects.create(
        batch=batch, position=9, severity="rejected", message="Not read.", raw_text="?"
    )
    said = 'RAYYAN-INCLUSION: {"Ann"=>"Included", "Bob"=>"Included"} | RAYYAN-LABELS: MRI'
    record = correct_problem(membership=lead, problem=row, text=ris(("Five", said)))
    assert {one.reviewer for one in Decision.objects.filter(record=record)} == {
        screener,
        other(both, screener),
    }
    assert status_of(record, TITLE) == Status.INCLUDED
    assert Report.objects.filter(record=record).exists()
    assert RecordTag.objects.filter(record=record, tag__label="MRI").exists()
    undo_import(membership=lead, batch=batch)
    assert not Decision.objects.exists()


def other(people: People, screener: Membership) -> Membership:
    """The second person of a mapping."""
    pks = {int(number) for number in people.people.values()}
    return Membership.objects.get(pk__in=pks - {screener.pk})


def test_a_corrected_row_that_brings_an_unknown_person_says_so(lead, both, screener):
    batch = imported(lead, RAYYAN, both)
    told = 'RAYYAN-INCLUSION: {"Ann"=>"Excluded", "Cleo"=>"Included"}'
    text = ris(("Five", f"{told} | RAYYAN-EXCLUSION-REASONS: wrong design"))
    row = ImportProblem.objects.create(
        batch=batch, position=99, severity="rejected", message="It cannot be read.", raw_text="?"
    )
    found = correct_problem(membership=lead, problem=row, text=text)
    decision = Decision.objects.get(record=found)
    assert (decision.reviewer, decision.verdict, decision.reason) == (screener, "exclude", None)
    assert decision.comment == "[reason: wrong design]"  # nobody was asked what it is here
    warning = ImportProblem.objects.get(batch=batch, record=found, severity="warning")
    assert "decisions of Cleo, and nobody has said who that is" in warning.message
    assert warning.position == found.position


def test_a_corrected_row_says_when_nobody_was_asked_whose_decisions_a_file_brings(lead):
    batch = imported(lead, ris(("One", "nothing")), None)
    row = ImportProblem.objects.create(
        batch=batch, position=99, severity="rejected", message="It cannot be read.", raw_text="?"
    )
    said = 'RAYYAN-INCLUSION: {"Ann"=>"Included"}'
    correct_problem(membership=lead, problem=row, text=ris(("Five", said)))
    assert not Decision.objects.exists()
    warnings = batch.problems.filter(severity="warning")
    assert "nobody has said whose they are" in warnings.get().message
