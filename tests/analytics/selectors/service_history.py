"""Random histories of a review through the services: what people can really do to it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from extraction.models import Study
from extraction.services.extractions import start_extraction, submit_extraction
from extraction.services.reports import join_report
from extraction.services.studies import create_study
from screening.models import (
    DeclaredRemoval,
    DuplicateLink,
    ImportBatch,
    Membership,
    Record,
    Report,
    RetrievalAttempt,
    Source,
)
from screening.rules.consensus import MaybeMeans, Stage, Verdict
from screening.rules.roles import Role
from screening.selectors.import_files import Reading
from screening.selectors.stages import in_stage
from screening.services.conflicts import Settlement, adjudicate, withdraw_ruling
from screening.services.decisions import Answer, record_decision
from screening.services.declared import RemovalFacts, declare_removal, withdraw_removal
from screening.services.duplicates import keep_instead, link_records, undo_link
from screening.services.import_run import run_import
from screening.services.import_undo import undo_import
from screening.services.imports import fix_reading, take_in
from screening.services.people import change_roles, deactivate_member, reactivate_member
from screening.services.removal import Fate, remove_screener
from screening.services.reports import log_attempt
from screening.services.settings import change_stage
from screening.services.undo import undo_decision
from tests.analytics.selectors.history import History

# What a person may not do, or not any more, is refused; that changes nothing and is no fault.
REFUSED = (ValidationError, PermissionDenied)


class ServiceHistory(History):
    """Does one random thing after another to a review, each asked of the service that owns it.

    Attributes:
        done: How often each action was carried out and not refused.
    """

    def __init__(self, review, lead, people, judge, seed):
        super().__init__(review, people, seed)
        self.lead, self.judge = lead, judge
        self.around = History(review, people, seed)
        self.number = 0
        self.done = {}

    def step(self):
        action = self.pick.choice(
            [
                *[self.import_records] * 2,
                self.undo_import,
                *[self.link] * 2,
                self.undo_link,
                self.keep_instead,
                *[self.decide] * 10,
                *[self.take_back] * 2,
                *[self.rule] * 3,
                self.withdraw_ruling,
                *[self.attempt] * 3,
                *[self.make_study] * 4,
                self.extract,
                self.change_member,
                *[self.change_settings] * 2,
                self.declare,
                self.withdraw_declared,
                *[self.around.step] * 4,
            ]
        )
        try:
            action()
        except REFUSED:
            return
        name = action.__name__
        self.done[name] = self.done.get(name, 0) + 1

    def import_records(self):
        kind = self.pick.choice([*Source.Kind.values, *[Source.Kind.DATABASE] * 4])
        rows = []
        for _ in range(self.pick.randint(1, 3)):
            self.number += 1
            rows.append(f"TY  - JOUR\nTI  - A title {self.number}\nPY  - 2021\nER  - \n")
        batch = take_in(
            membership=self.lead,
            source_name=f"By service: {kind}",
            kind=kind,
            upload=ContentFile("\n".join(rows).encode(), name="rows.ris"),
        )
        fix_reading(
            membership=self.lead,
            batch=batch,
            reading=Reading(batch.format, batch.encoding, batch.mapping),
        )
        run_import(batch=ImportBatch.objects.get(pk=batch.pk))

    def undo_import(self):
        batch = self.any_of(ImportBatch.objects.filter(finished_at__isnull=False))
        if batch:
            undo_import(membership=self.lead, batch=batch)

    def link(self):
        kept, duplicate = self.any_record(), self.any_record()
        if kept and duplicate:
            link_records(membership=self.lead, kept=kept, duplicate=duplicate)

    def undo_link(self):
        link = self.any_of(DuplicateLink.objects.standing().filter(review=self.review))
        if link:
            undo_link(membership=self.lead, link=link)

    def keep_instead(self):
        link = self.any_of(DuplicateLink.objects.standing().filter(review=self.review))
        if link:
            keep_instead(membership=self.lead, record=link.record)

    def record_at(self, stage, status=""):
        """Mostly a record that the stage holds, else any: what is refused must change nothing."""
        here = in_stage(Record.objects.filter(review=self.review), stage).with_status(stage)
        here = here.filter(team_status=status) if status else here
        return self.any_of(here) if self.pick.random() < 0.9 else self.any_record()

    def reviewer(self):
        return Membership.objects.get(pk=self.pick.choice(self.people).pk)

    def decide(self):
        stage = self.pick.choice(list(Stage))
        record = self.record_at(stage, self.pick.choice(["", "awaiting", "awaiting"]))
        if record:
            verdict, reason = self.verdict(stage, [*Verdict, Verdict.INCLUDE, Verdict.INCLUDE])
            answer = Answer(verdict=verdict, reason_id=reason.pk if reason else None)
            record_decision(
                membership=self.reviewer(), record_id=record.pk, stage=stage, answer=answer
            )

    def take_back(self):
        undo_decision(membership=self.reviewer(), stage=self.pick.choice(list(Stage)))

    def rule(self):
        stage = self.pick.choice(list(Stage))
        record = self.record_at(stage, "conflict")
        if record:
            verdict, reason = self.verdict(stage, [Verdict.INCLUDE, Verdict.EXCLUDE])
            settlement = Settlement(verdict=verdict, reason_id=reason.pk if reason else None)
            adjudicate(
                membership=self.judge, record_id=record.pk, stage=stage, settlement=settlement
            )

    def withdraw_ruling(self):
        record, stage = self.any_record(), self.pick.choice(list(Stage))
        if record:
            withdraw_ruling(membership=self.judge, record_id=record.pk, stage=stage)

    def attempt(self):
        report = self.any_of(Report.objects.filter(record__review=self.review))
        if report:
            outcome = self.pick.choice(RetrievalAttempt.Outcome.values)
            log_attempt(membership=self.lead, report=report, outcome=outcome, how="library")

    def make_study(self):
        report = self.any_of(Report.objects.filter(study_report=None))
        study = self.any_of(self.review.studies.all())
        if report and study and self.pick.random() < 0.4:
            join_report(membership=self.lead, study=study, report=report)
        elif report:
            create_study(membership=self.lead, report=report)

    def extract(self):
        study = self.any_of(Study.objects.filter(review=self.review))
        if study:
            extraction = start_extraction(membership=self.judge, study=study)
            submit_extraction(membership=self.judge, extraction=extraction)

    def change_member(self):
        member = self.reviewer()
        if not member.is_active:
            reactivate_member(lead=self.lead, member=member)
        elif self.pick.random() < 0.5:
            deactivate_member(lead=self.lead, member=member)
        elif self.pick.random() < 0.5:
            remove_screener(
                lead=self.lead,
                member=member,
                fate=self.pick.choice(list(Fate)),
                successor=self.reviewer(),
            )
        else:
            roles = [[Role.SCREENER], [Role.SCREENER, Role.EXTRACTOR], [Role.OBSERVER]]
            change_roles(lead=self.lead, member=member, roles=self.pick.choice(roles))

    def change_settings(self):
        change_stage(
            lead=self.lead,
            stage=self.pick.choice(list(Stage)),
            verdicts_needed=self.pick.choice([1, 2, 2, 3]),
            is_blinded=self.pick.random() < 0.7,
            maybe_means=self.pick.choice(list(MaybeMeans)),
        )

    def declare(self):
        source = self.any_of(Source.objects.filter(review=self.review))
        if source:
            facts = RemovalFacts(
                kind=self.pick.choice(DeclaredRemoval.Kind.values),
                count=self.pick.randint(1, 1200),
                note="EndNote",
                removed_on=timezone.localdate() - timedelta(days=1),
            )
            declare_removal(membership=self.lead, source=source, facts=facts)

    def withdraw_declared(self):
        declared = self.any_of(DeclaredRemoval.objects.filter(withdrawn_at=None))
        if declared:
            withdraw_removal(membership=self.lead, declared=declared)
