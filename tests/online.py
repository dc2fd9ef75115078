"""A played-back network for tests of services, pages and commands."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from screening import tasks
from screening.models import Job, JobContext
from tests.screening.online.answers import (
    Service,
    arxiv_feed,
    crossref_list,
    crossref_work,
    esearch,
    fields_of,
    openalex_list,
    openalex_work,
    pubmed_article,
    pubmed_set,
)

Online = Callable[..., Service]


@pytest.fixture
def online(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Online:
    """`online(answer, ...)` is the network from now on; nobody waits."""
    monkeypatch.setattr("screening.services.outside._sleep", lambda _: None)

    def play(*answers: Any) -> Service:
        service = Service(*answers)
        settings.ONLINE_TRANSPORT = httpx.MockTransport(service)
        return service

    return play


class Databases:
    """All four databases at once; each finds the numbers given to it."""

    def __init__(self, numbers: range | list[int]) -> None:
        self.numbers = list(numbers)
        self.article = pubmed_article

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = fields_of(request)
        answer = {
            "eutils.ncbi.nlm.nih.gov": self._pubmed,
            "export.arxiv.org": self._arxiv,
            "api.crossref.org": self._crossref,
            "api.openalex.org": self._openalex,
        }[request.url.host]
        return httpx.Response(200, text=answer(request.url.path, asked))

    def _pubmed(self, path: str, asked: dict[str, str]) -> str:
        if path.endswith("esearch.fcgi"):
            return esearch(len(self.numbers))
        if "id" in asked:
            wanted = [int(one) for one in asked["id"].split(",")]
            return pubmed_set(self.article(n) for n in wanted if n in self.numbers)
        start = int(asked["retstart"])
        return pubmed_set(map(self.article, self.numbers[start : start + int(asked["retmax"])]))

    def _arxiv(self, _path: str, asked: dict[str, str]) -> str:
        start = int(asked["start"])
        part = self.numbers[start : start + int(asked["max_results"])]
        return arxiv_feed(len(self.numbers), part)

    def _crossref(self, _path: str, asked: dict[str, str]) -> str:
        if asked.get("filter", "").startswith("doi:"):
            dois = {one.removeprefix("doi:") for one in asked["filter"].split(",")}
            works = [crossref_work(n) for n in self.numbers if f"10.1000/c.{n}" in dois]
            return crossref_list(len(works), works)
        start = 0 if asked.get("cursor", "*") == "*" else int(asked["cursor"])
        part = self.numbers[start : start + int(asked["rows"])]
        return crossref_list(len(self.numbers), map(crossref_work, part), str(start + len(part)))

    def _openalex(self, _path: str, asked: dict[str, str]) -> str:
        if asked.get("filter", "").startswith("doi:"):
            dois = set(asked["filter"].removeprefix("doi:").split("|"))
            works = [openalex_work(n) for n in self.numbers if f"10.1000/o.{n}" in dois]
            return openalex_list(len(works), works)
        start = 0 if asked.get("cursor", "*") == "*" else int(asked["cursor"])
        part = self.numbers[start : start + int(asked["per_page"])]
        mark = str(start + len(part)) if part else None
        return openalex_list(len(self.numbers), map(openalex_work, part), mark)


def work_off(kind: str = "") -> list[Job]:
    """Run every waiting job (and those it starts) as a worker would."""
    done = []
    while (job := _next(kind)) is not None:
        job.owner, job.state = "worker", Job.State.RUNNING
        job.save()
        tasks.HANDLERS[job.kind](JobContext(job))
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
        done.append(Job.objects.get(pk=job.pk))
    return done


def _next(kind: str) -> Job | None:
    waiting = Job.objects.filter(state=Job.State.QUEUED)
    return (waiting.filter(kind=kind) if kind else waiting).order_by("pk").first()
