"""Days compared, dashboards published and reports taken through the API."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from analytics.models import Publication
from reviewapp.jobs import perform
from tests import factories
from tests.responses import close

API = "/api/v1/reviews/ssl"
pytestmark = pytest.mark.usefixtures("stored")


def day(ago):
    return (timezone.localdate() - timedelta(days=ago)).isoformat()


def send(client, method, path, **data):
    return getattr(client, method)(f"{API}{path}", data, content_type="application/json")


def test_what_changed_is_told_as_on_the_page(client_of, observer):
    asked = {"before": day(3), "filters": "group=wheat"}
    told = client_of(observer).get(f"{API}/changes/", asked).json()
    assert (told["before"], told["after"]) == (day(3), day(0))
    assert told["counts"]["studies"] == {"before": 0, "after": 1}
    came = [row for row in told["changes"] if row["level"] == "study"]
    assert [(row["what"], row["study"]) for row in came] == [("came", "Author 2001")]


@pytest.mark.parametrize(
    "asked",
    [{}, {"before": day(0)}, {"before": day(-1)}, {"before": day(2), "group": "wheat"}],
)
def test_days_that_cannot_be_compared_are_refused(client_of, observer, asked):
    assert client_of(observer).get(f"{API}/changes/", asked).status_code == 400


def test_a_dashboard_is_published_read_by_a_stranger_and_withdrawn(client_of, lead):
    client = client_of(lead)
    sent = {"title": "Gains", "filters": "group=wheat&as_of=2020-01-01&x=y", "days": 30}
    made = send(client, "post", "/publications/", **sent)
    assert made.status_code == 201
    assert made.json()["filters"] == {"group": ["wheat"]}
    assert Client().get(made.json()["url"]).status_code == 200
    assert client.delete(f"{API}/publications/{made.json()['id']}/").status_code == 204
    assert Client().get(made.json()["url"]).status_code == 404
    (listed,) = client.get(f"{API}/publications/").json()["results"]
    assert (listed["url"], listed["withdrawn_by"]) == ("", lead.user.name)


def test_another_reviews_dashboard_is_not_there(client_of, lead):
    other = factories.make_member(factories.make_review(), "lead")
    made = Publication.objects.create(
        review=other.review, title="Theirs", handle="h", created_by=other
    )
    assert client_of(lead).delete(f"{API}/publications/{made.pk}/").status_code == 404
    assert Publication.objects.get(pk=made.pk).is_open


def test_a_report_is_asked_for_followed_and_taken_by_who_asked_only(
    client_of, lead, observer, settings, tmp_path
):
    settings.CHROMIUM, settings.MEDIA_ROOT = "off", tmp_path
    client = client_of(lead)
    job = send(client, "post", "/report/", as_of=day(1)).json()
    assert job["state"] == "queued"
    assert client.get(f"{API}/report/").json()["results"][0]["files"] == {}
    perform(job["id"], owner="here:1:a")
    (mine,) = client.get(f"{API}/report/").json()["results"]
    assert (mine["job"]["state"], mine["as_of"]) == ("done", day(1))
    answer = client.get(mine["files"]["html"])
    assert f"at the end of {day(1)}" in b"".join(answer.streaming_content).decode()
    word = client.get(mine["files"]["docx"])
    close(word)
    assert f"report-ssl-{day(1)}.docx" in word.headers["Content-Disposition"]
    assert client_of(observer).get(f"{API}/report/").json()["results"] == []
    assert client_of(observer).get(mine["files"]["html"]).status_code == 400


def test_a_report_comes_as_html_or_docx_and_of_a_day_that_was(client_of, lead):
    assert client_of(lead).get(f"{API}/report/files/pdf/").status_code == 404
    assert send(client_of(lead), "post", "/report/", as_of=day(-1)).status_code == 400
