"""The pages of the order by relevance: why here, stopping, settings, trainings."""

import pytest
from django.urls import reverse

from screening.models import PriorDecisions, Ranking, ScreeningStop, StageSettings
from screening.rules.consensus import Stage
from tests.screening.rankings.test_order import next_of, teach
from tests.screening.rankings.test_stops import both_decide

TITLE = {"slug": "ssl", "stage": Stage.TITLE_ABSTRACT}


def address(name, **more):
    return reverse(f"screening:{name}", kwargs=TITLE | more)


@pytest.fixture
def page(by_relevance, lead, client_of):
    return client_of(lead).get(address("ranking")).content.decode()


def test_the_words_that_pull_are_named(by_relevance, records, screener, client_of):
    teach(screener, records)
    record = next_of(screener)
    browser = client_of(screener)
    for headers in ({}, {"HX-Request": "true"}):
        text = browser.get(address("why", record_id=record.pk), headers=headers).content.decode()
        assert "number 1 of the 52" in text
        assert "contrastive" in text
        assert "Learnt from 8 verdicts of yours" in " ".join(text.split())


def test_the_screening_page_says_how_fresh_the_order_is(by_relevance, records, screener, client_of):
    teach(screener, records)
    text = client_of(screener).get(address("screen")).content.decode()
    assert "Learnt from 8 verdicts" in text
    assert "none is missing" in text


def test_another_order_offers_no_reasons_by_words(review, records, screener, client_of):
    text = client_of(screener).get(address("screen")).content.decode()
    assert "Show the words" not in text
    assert "Show why" in text


def test_a_lead_switches_the_order_and_what_it_learns_from(review, records, lead, client_of):
    sent = {
        "order": "relevance",
        "ranking_mode": "team",
        "exploration_percent": 5,
        "known_reports": "10.1000/x",
    }
    answer = client_of(lead).post(address("set-order"), sent)
    assert answer.status_code == 302
    settings = StageSettings.objects.get(review=review, stage=Stage.TITLE_ABSTRACT)
    assert (settings.order, settings.learns_from_team) == ("relevance", True)
    assert settings.exploration_percent == 5
    wrong = client_of(lead).post(address("set-order"), sent | {"exploration_percent": 300})
    assert wrong.status_code == 400


def test_the_panel_is_shown_to_all_and_stops_for_the_lead_only(
    by_relevance, records, lead, screener, other_screener, client_of
):
    both_decide((screener, other_screener), records[:12])
    seen = client_of(screener).get(address("ranking")).content.decode()
    assert "Is it time to stop?" in seen
    assert "Stop screening" not in seen
    browser = client_of(lead)
    assert "Stop screening" in browser.get(address("ranking")).content.decode()
    assert browser.post(address("stop"), {"note": ""}).status_code == 400
    assert browser.post(address("stop"), {"note": "95 % reached"}).status_code == 302
    assert browser.post(address("stop"), {"note": "95 % reached"}).status_code == 409
    stop = ScreeningStop.objects.get()
    assert "Take this back" in browser.get(address("ranking")).content.decode()
    resume = reverse("screening:resume", kwargs={"slug": "ssl", "stop_id": stop.pk})
    assert browser.post(resume, follow=True).status_code == 200
    stop.refresh_from_db()
    assert stop.taken_back_at is not None


def test_the_panel_is_there_for_programs(by_relevance, records, lead, screener, client_of):
    answer = client_of(screener).get(reverse("screening-api:stopping", kwargs={"slug": "ssl"}))
    given = answer.json()
    assert (given["total"], given["found"], given["stopped"]) == (60, 0, None)
    assert "no evidence" in given["run"]


def test_every_training_is_listed_for_the_lead_without_checksums_to_guess_verdicts_by(
    by_relevance, records, lead, screener, client_of
):
    """One more verdict is include or exclude: the checksum would tell which."""
    teach(screener, records)
    next_of(screener)
    digest = Ranking.objects.get().training_digest[:12]
    text = client_of(lead).get(address("trainings")).content.decode()
    assert screener.user.name in text
    assert digest not in text
    by_relevance.is_blinded = False
    by_relevance.save()
    assert digest in client_of(lead).get(address("trainings")).content.decode()


def test_an_uploaded_table_teaches_and_a_wrong_one_is_refused_with_its_row(
    by_relevance, records, lead, client_of, tmp_path
):
    browser = client_of(lead)
    learn = reverse("screening:learn-prior", kwargs={"slug": "ssl"})
    table = tmp_path / "old.csv"
    table.write_text("title,included\nContrastive,1\nNurses,0\n", encoding="utf-8")
    with table.open("rb") as file:
        browser.post(learn, {"table": file})
    assert PriorDecisions.objects.get().included == 1
    table.write_text("title,included\nContrastive,perhaps\n", encoding="utf-8")
    with table.open("rb") as file:
        answer = browser.post(learn, {"table": file}, follow=True)
    assert "Row 1" in answer.content.decode()
    forget = reverse("screening:forget-prior", kwargs={"slug": "ssl"})
    browser.post(forget)
    assert PriorDecisions.objects.get().withdrawn_at is not None
    assert "only already" in browser.post(forget, follow=True).content.decode()
