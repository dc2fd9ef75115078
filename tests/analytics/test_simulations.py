"""Simulations in the app: on a table or on the review's own decisions, as a job, with a page."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from analytics.services.simulations import start_simulation
from reviewapp.jobs import perform
from screening.models import Job, StageSettings
from screening.rules.consensus import Stage, Verdict
from tests import factories
from tests.screening.ranking import topics


def table():
    _, texts, labels = topics.review(24)
    rows = [f"{text},{int(label)}" for text, label in zip(texts, labels, strict=True)]
    return ContentFile("\n".join(["title,included", *rows]).encode(), name="mine.csv")


def test_a_table_is_replayed_with_each_model_and_seed(review, lead):
    job = start_simulation(lead=lead, models=["svm", "random"], seeds=2, table=table())
    perform(job.pk, owner="worker")
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    runs = job.result["runs"]
    assert [(run["model"], run["seed"]) for run in runs] == [
        ("svm", 1),
        ("svm", 2),
        ("random", 1),
        ("random", 2),
    ]
    assert runs[0]["recall"][-1] == 1
    assert runs[0]["wss95"] > runs[2]["wss95"] or runs[0]["loss"] < runs[2]["loss"]


def test_the_reviews_own_decisions_are_replayed(review, lead, screener):
    StageSettings.objects.filter(review=review).update(verdicts_needed=1)
    _, texts, labels = topics.review(24)
    for text, label in zip(texts, labels, strict=True):
        record = factories.make_record(review, title=text, abstract="")
        verdict = Verdict.INCLUDE if label else Verdict.EXCLUDE
        factories.make_decision(record, screener, stage=Stage.TITLE_ABSTRACT, verdict=verdict)
    job = start_simulation(lead=lead, models=["svm"], seeds=1)
    perform(job.pk, owner="worker")
    job.refresh_from_db()
    assert (job.result["records"], job.result["relevant"]) == (24, 6)


def test_too_few_labels_and_unknown_models_are_refused(review, lead, screener):
    with pytest.raises(ValidationError, match="needs two relevant"):
        start_simulation(lead=lead, models=["svm"], seeds=1)
    with pytest.raises(ValidationError, match="Choose models"):
        start_simulation(lead=lead, models=["oracle"], seeds=1, table=table())
    with pytest.raises(PermissionDenied):
        start_simulation(lead=screener, models=["svm"], seeds=1, table=table())


def test_the_page_draws_the_curves_and_names_the_measures(review, lead, client_of):
    browser = client_of(lead)
    start = reverse("analytics:simulate", kwargs={"slug": review.slug})
    assert browser.post(start, {"models": ["svm"], "seeds": 1}).status_code == 400
    sent = {"models": ["svm"], "seeds": 1, "table": table()}
    assert browser.post(start, sent).status_code == 302
    perform(Job.objects.get().pk, owner="worker")
    page = browser.get(reverse("analytics:simulations", kwargs={"slug": review.slug}))
    plot = page.context["plots"]["plots"][f"simulation-{Job.objects.get().pk}"]
    assert json.dumps(plot)
    assert plot["data"][0]["y"][-1] == 1
    assert "WSS@95" in page.content.decode()
