"""Webhooks against a server of the test: signed, patient, logged, never to a machine inside."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from screening.models import Job, WebhookDelivery
from screening.online.hooks import RefusedAddressError, checked_target
from screening.rules.consensus import Stage
from screening.services.decisions import Answer, record_decision
from screening.services.webhooks import PAUSES, add_webhook, deliver, remove_webhook, send_again
from tests import factories

STATES = WebhookDelivery.State


class Listener(HTTPServer):
    """Keeps what it is sent and answers with the status it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.heard = 204, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook?of=us"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(settings) -> Iterator[Listener]:
    settings.WEBHOOK_PRIVATE_TARGETS = True
    listener = Listener()
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    yield listener
    listener.shutdown()
    listener.server_close()
    thread.join()


def conflict(review, screener, other_screener):
    record = factories.make_record(review)
    for person, verdict in ((screener, "include"), (other_screener, "exclude")):
        answer = Answer(verdict, comment=f"said-{verdict}")
        record_decision(
            membership=person, record_id=record.pk, stage=Stage.TITLE_ABSTRACT, answer=answer
        )
    return record


def test_a_conflict_is_told_signed_and_without_verdicts(
    review, lead, screener, other_screener, server
):
    hook = add_webhook(lead=lead, url=server.url, events=["conflict"])
    record = conflict(review, screener, other_screener)
    (waiting,) = WebhookDelivery.objects.all()
    assert Job.objects.get(kind="deliver_webhook").params == {"delivery_id": waiting.pk}
    sent = deliver(delivery_id=waiting.pk)
    assert (sent.state, sent.status_code, sent.attempts) == (STATES.DELIVERED, 204, 1)
    ((path, headers, body),) = server.heard
    assert path == "/hook?of=us"
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"
    told = json.loads(body)
    assert told["event"] == headers["X-Review-Event"] == "conflict"
    assert told["id"] == headers["X-Review-Delivery"] == str(sent.uuid)
    assert told["data"] == {"record": record.pk, "stage": "title_abstract"}
    assert b"include" not in body
    assert b"said-" not in body
    text = f"{headers['X-Review-Timestamp']}.".encode() + body
    right = hmac.new(hook.secret.encode(), text, hashlib.sha256).hexdigest()
    assert headers["X-Review-Signature"] == f"sha256={right}"
    assert deliver(delivery_id=waiting.pk) is None
    assert len(server.heard) == 1


def test_a_lead_who_screens_is_not_told_which_record_others_differ_on(
    review, screener, other_screener, server
):
    lead = factories.make_member(review, "lead", "screener")
    add_webhook(lead=lead, url=server.url, events=["conflict"])
    conflict(review, screener, other_screener)
    deliver(delivery_id=WebhookDelivery.objects.get().pk)
    ((_, _, body),) = server.heard
    assert json.loads(body)["data"] == {"stage": "title_abstract"}


def test_agreement_and_events_not_asked_for_are_not_told(review, lead, screener, other_screener):
    add_hook(lead, ["import.done"])
    conflict(review, screener, other_screener)
    assert not WebhookDelivery.objects.exists()


def add_hook(lead, events):
    return lead.review.webhooks.create(url="https://x.invalid/", events=events, created_by=lead)


def test_a_refusal_is_tried_again_later_and_given_up_at_last(review, lead, server):
    server.status = 500
    hook = add_webhook(lead=lead, url=server.url, events=["study.final"])
    delivery = WebhookDelivery.objects.send_soon(hook, "study.final", {"study": 1})
    Job.objects.all().delete()
    for pause in PAUSES:
        before = timezone.now()
        deliver(delivery_id=delivery.pk)
        delivery.refresh_from_db()
        assert delivery.state == STATES.WAITING
        job = Job.objects.get()
        assert job.lease_until == delivery.next_at
        assert delivery.next_at - before >= timedelta(minutes=pause)
        job.delete()
    deliver(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (STATES.FAILED, len(PAUSES) + 1)
    assert not Job.objects.exists()
    server.status = 200
    again = send_again(lead=lead, delivery=delivery)
    assert deliver(delivery_id=again.pk).state == STATES.DELIVERED


def test_redirects_are_not_followed_and_a_silent_machine_is_a_failure(review, lead, server):
    server.status = 307
    hook = add_webhook(lead=lead, url=server.url, events=["conflict"])
    facts = {"stage": "title_abstract"}
    first = WebhookDelivery.objects.send_soon(hook, "conflict", facts)
    assert deliver(delivery_id=first.pk).status_code == 307
    assert len(server.heard) == 1
    hook.url = "http://127.0.0.1:9/"
    hook.save()
    second = WebhookDelivery.objects.send_soon(hook, "conflict", facts)
    assert "failed" in deliver(delivery_id=second.pk).error


@pytest.mark.parametrize(
    ("url", "ips"),
    [
        ("https://inside.example.org/", ["10.0.0.5"]),
        ("https://inside.example.org/", ["93.184.216.34", "127.0.0.1"]),
        ("https://inside.example.org/", ["169.254.169.254"]),
        ("https://inside.example.org/", ["::1"]),
        ("https://inside.example.org/", ["::ffff:192.168.1.1"]),
        ("https://inside.example.org/", []),
        ("http://outside.example.org/", ["93.184.216.34"]),
        ("https://me:secret@outside.example.org/", ["93.184.216.34"]),
        ("ftp://outside.example.org/", ["93.184.216.34"]),
        ("https:///nowhere", ["93.184.216.34"]),
        ("https://x:99999/", ["93.184.216.34"]),
    ],
)
def test_addresses_inside_and_odd_ones_are_refused(url, ips):
    with pytest.raises(RefusedAddressError):
        checked_target(url, may_be_private=False, resolve=lambda *_: ips)


def test_a_public_address_is_fixed_to_the_machine_that_was_checked():
    target = checked_target(
        "https://hooks.example.org/x", may_be_private=False, resolve=lambda *_: ["93.184.216.34"]
    )
    assert (target.ip, target.host, target.port) == ("93.184.216.34", "hooks.example.org", 443)


def test_a_name_that_moves_inside_is_refused_when_the_message_is_sent(review, lead, settings):
    hook = add_hook(lead, ["conflict"])
    hook.url = "https://localhost/"
    hook.save()
    delivery = WebhookDelivery.objects.send_soon(hook, "conflict", {"stage": "title_abstract"})
    assert "not on the public internet" in deliver(delivery_id=delivery.pk).error


def test_only_a_lead_names_and_removes_addresses(review, lead, screener, server):
    with pytest.raises(PermissionDenied):
        add_webhook(lead=screener, url=server.url, events=["conflict"])
    with pytest.raises(ValidationError):
        add_webhook(lead=lead, url=server.url, events=["everything"])
    hook = add_webhook(lead=lead, url=server.url, events=["conflict"])
    delivery = WebhookDelivery.objects.send_soon(hook, "conflict", {"stage": "title_abstract"})
    remove_webhook(lead=lead, hook=hook)
    assert deliver(delivery_id=delivery.pk).state == STATES.FAILED
    assert server.heard == []


def test_a_lead_who_left_hears_nothing_more(review, lead, screener, other_screener):
    add_hook(lead, ["conflict"])
    lead.deactivated_at = timezone.now()
    lead.save()
    conflict(review, screener, other_screener)
    assert not WebhookDelivery.objects.exists()


def test_the_page_shows_the_secret_once_and_the_log(review, lead, server, client_of):
    browser, address = client_of(lead), reverse("screening:webhooks", args=[review.slug])
    page = browser.post(address, {"url": server.url, "events": ["conflict"]})
    hook = review.webhooks.get()
    assert hook.secret in page.text
    deliver(
        delivery_id=WebhookDelivery.objects.send_soon(hook, "conflict", {"stage": "full_text"}).pk
    )
    later = browser.get(address)
    assert hook.secret not in later.text
    assert "Delivered, answer 204" in later.text
    wrong = browser.post(address, {"url": "nonsense", "events": []})
    assert wrong.status_code == 400
    assert "nonsense" in wrong.text
