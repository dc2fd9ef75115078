"""A reviewer's whole job by keyboard alone, from a file of search results to a quoted figure."""

import pytest

from tests.journeys.app import ADMIN, ALICE, BRUNO, CHIARA
from tests.journeys.steps import extracting, importing, reporting, screening


@pytest.mark.timeout(900)
def test_a_record_travels_from_its_file_to_table_1_and_the_dashboard_by_keyboard(sign_in):
    admin, alice, bruno, chiara = (sign_in(who) for who in (ADMIN, ALICE, BRUNO, CHIARA))
    for person in (admin, alice, bruno, chiara):
        importing.open_review(person)
    importing.import_file(admin)
    importing.screen_newest_first(admin)
    importing.judge_duplicates(admin)
    screening.screen_titles(alice, bruno)
    screening.settle_conflict(chiara)
    screening.retrieve_reports(alice)
    screening.screen_full_text(alice, bruno)
    extracting.make_study(alice)
    extracting.extract(
        alice, supervised=extracting.SUPERVISED, quoting=extracting.point_at_sentence
    )
    extracting.extract(bruno, supervised="0.810", quoting=extracting.take_candidate)
    extracting.reconcile(chiara)
    reporting.download_table1(admin)
    reporting.follow_a_point(admin)
    screening.replace_report(alice)
    extracting.see_quotes_follow(alice)
