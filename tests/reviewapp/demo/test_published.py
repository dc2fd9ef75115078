from reviewapp.demo.protocol import PUBLISHED_EMAIL
from screening.models import Adjudication, Decision, Record, Report, RetrievalAttempt
from screening.rules.consensus import Stage, Status, Verdict


def test_the_79_are_included_at_both_stages(review):
    for stage in Stage:
        included = (Record.objects.filter(review=review).to_screen().with_status(stage)).filter(
            team_status=Status.INCLUDED.value
        )
        assert included.count() == 79


def test_every_verdict_is_the_published_one_and_says_so(review):
    decisions = Decision.objects.filter(record__review=review)
    assert decisions.count() == 158
    assert set(decisions.values_list("origin", "verdict", "reviewer__user__email")) == {
        (Decision.Origin.IMPORT, Verdict.INCLUDE, PUBLISHED_EMAIL)
    }
    rulings = Adjudication.objects.filter(record__review=review)
    assert rulings.count() == 158
    for ruling in rulings:
        assert ruling.kind == Adjudication.Kind.PUBLISHED
        assert ruling.rationale.startswith("Reference ")


def test_every_other_record_is_left_to_be_screened(review):
    to_screen = Record.objects.filter(review=review).to_screen()
    waiting = to_screen.with_status(Stage.TITLE_ABSTRACT).filter(team_status=Status.AWAITING.value)
    assert waiting.count() == to_screen.count() - 79
    assert waiting.count() > 50


def test_no_verdict_stands_on_a_duplicate(review):
    decided = Record.objects.filter(review=review, decisions__isnull=False).distinct()
    assert decided.without_duplicates().count() == decided.count() == 79


def test_the_reports_of_the_79_were_read_by_the_paper_s_team(review):
    reports = Report.objects.filter(record__review=review)
    assert reports.count() == 79
    for attempt in RetrievalAttempt.objects.filter(report__in=reports):
        assert attempt.outcome == RetrievalAttempt.Outcome.RETRIEVED
        assert attempt.how == "read by Huang et al. 2023"
