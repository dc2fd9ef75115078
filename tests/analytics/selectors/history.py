"""Random histories of a review, written around the services: whatever happens."""

import random

from django.utils import timezone

from extraction.models import StudyReport
from screening.models import (
    Adjudication,
    Decision,
    DuplicateLink,
    FullText,
    PreScreenRemoval,
    Record,
    Report,
    RetrievalAttempt,
    Source,
)
from screening.rules.consensus import Stage, Verdict
from tests import factories


class History:
    """Does one random thing after another to a review."""

    def __init__(self, review, people, seed):
        self.review, self.people = review, people
        self.pick = random.Random(seed)  # noqa: S311 (a reproducible test)
        self.reasons = [factories.make_reason(review, label) for label in ("Task", "Images")]

    def step(self):
        action = self.pick.choice(
            [
                self.import_records,
                self.import_records,
                self.link,
                self.undo_link,
                self.remove,
                self.undo_removal,
                *[self.decide] * 8,
                self.take_back,
                self.rule,
                self.rule,
                self.withdraw_ruling,
                *[self.attempt] * 3,
                self.upload,
                self.make_study,
                self.make_study,
            ]
        )
        action()
        return action.__name__

    def any_record(self):
        return self.pick.choice(list(Record.objects.filter(review=self.review)) or [None])

    def any_of(self, rows):
        return self.pick.choice(list(rows) or [None])

    def import_records(self):
        kind = self.pick.choice([*Source.Kind.values, Source.Kind.DATABASE, Source.Kind.DATABASE])
        source, _ = Source.objects.get_or_create(review=self.review, name=kind, kind=kind)
        for _ in range(self.pick.randint(1, 3)):
            factories.make_record(self.review, source=source)

    def link(self):
        record, kept = self.any_record(), self.any_record()
        taken = DuplicateLink.objects.standing().filter(record=record)
        if record and record != kept and not taken.exists():
            DuplicateLink.objects.create(
                review=self.review, record=record, kept=kept, method="manual"
            )

    def undo_link(self):
        self.end(DuplicateLink.objects.standing().filter(review=self.review), "undone_at")

    def remove(self):
        record = self.any_record()
        if record and not record.removals.filter(undone_at=None).exists():
            kind = self.pick.choice(PreScreenRemoval.Kind.values)
            PreScreenRemoval.objects.create(
                record=record, kind=kind, note="A note.", created_by=self.people[0]
            )

    def undo_removal(self):
        self.end(PreScreenRemoval.objects.filter(undone_at=None), "undone_at")

    def verdict(self, stage, verdicts):
        verdict = self.pick.choice(verdicts)
        is_reasoned = verdict == Verdict.EXCLUDE and stage == Stage.FULL_TEXT
        return verdict, self.pick.choice(self.reasons) if is_reasoned else None

    def decide(self):
        record, stage = self.any_record(), self.pick.choice(list(Stage))
        if record:
            reviewer = self.pick.choice(self.people)
            now = timezone.now()
            earlier = Decision.objects.current().filter(
                record=record, stage=stage, reviewer=reviewer
            )
            earlier.update(superseded_at=now)
            choices = [Verdict.INCLUDE] * 3 + list(Verdict)
            verdict, reason = self.verdict(stage, choices)
            factories.make_decision(record, reviewer, verdict, stage, reason=reason, created_at=now)

    def take_back(self):
        self.end(Decision.objects.current(), "superseded_at", "undone_at")

    def rule(self):
        record, stage = self.any_record(), self.pick.choice(list(Stage))
        if record:
            now = timezone.now()
            rulings = Adjudication.objects.current().filter(record=record, stage=stage)
            rulings.update(superseded_at=now)
            verdict, reason = self.verdict(stage, [Verdict.INCLUDE, Verdict.EXCLUDE])
            Adjudication.objects.create(
                record=record,
                stage=stage,
                verdict=verdict,
                reason=reason,
                adjudicator=self.people[0],
                created_at=now,
            )

    def withdraw_ruling(self):
        self.end(Adjudication.objects.current(), "superseded_at")

    def attempt(self):
        record = self.any_record()
        if record:
            outcome = self.pick.choice(RetrievalAttempt.Outcome.values)
            report = factories.make_report(record)
            RetrievalAttempt.objects.create(report=report, how="library", outcome=outcome)

    def upload(self):
        record = self.any_record()
        if record:
            report = factories.make_report(record)
            FullText.objects.filter(report=report, replaced_at=None).update(
                replaced_at=timezone.now()
            )
            FullText.objects.create(
                report=report,
                file="full-texts/none.pdf",
                original_name="a.pdf",
                sha256="0" * 64,
                size=1,
                page_count=1,
                uploaded_by=self.people[0],
            )

    def make_study(self):
        report = self.any_of(Report.objects.filter(study_report=None))
        study = self.any_of(self.review.studies.all())
        if report and study and self.pick.random() < 0.4:
            StudyReport.objects.create(study=study, report=report)
        elif report:
            factories.make_study(self.review, report)

    def end(self, rows, *columns):
        row = self.any_of(rows)
        if row:
            now = timezone.now()
            type(row).objects.filter(pk=row.pk).update(**dict.fromkeys(columns, now))
