"""People of a team's day: each keeps a log of what was acknowledged and insists on an answer."""

import http.client
import random
import re
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from intake_people import Answer, Person

AGAIN_SECONDS = 0.3
CELL = re.compile(r'data-field="(\w+)" data-row="(\d*)".*?name="expected" value="(\d*)"', re.S)


@dataclass
class Log:
    """What one client saw."""

    acknowledged: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    submitted: list[int] = field(default_factory=list)
    cut: int = 0  # connections that ended without an answer
    turned_away: int = 0  # answers of 5xx while the database or the broker was away by our hand
    errors: list[str] = field(default_factory=list)


class Client(threading.Thread, ABC):
    """Somebody who goes on until told to stop, and asks again when the line was cut.

    An answer of 5xx counts as an error unless `is_away` says that what the app stands on has just
    been killed; then it is asked again, as a person would.
    """

    def __init__(
        self, person: Person, slug: str, think: float, is_away: Callable[[], bool]
    ) -> None:
        """Prepare; `start` begins."""
        super().__init__(daemon=True)
        self.log = Log()
        self._person, self._slug, self._think = person, slug, think
        self._is_away = is_away
        self._ended = threading.Event()

    def run(self) -> None:
        """Do one thing after the other."""
        while not self._ended.wait(self._think * (0.5 + random.random())):  # noqa: S311 - a pause
            self.act()

    @abstractmethod
    def act(self) -> None:
        """One thing."""

    def stop(self) -> None:
        """Stop after the answer that is under way."""
        self._ended.set()

    def insist(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        """Ask until there is an answer."""
        while True:
            try:
                if method == "GET":
                    answer = self._person.get(path, part=True)
                else:
                    answer = self._person.post(path, fields or {}, part=True)
            except (http.client.HTTPException, OSError):
                self.log.cut += 1
                self._person.close()
                time.sleep(AGAIN_SECONDS)
                continue
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR or not self._is_away():
                return answer
            self.log.turned_away += 1
            time.sleep(AGAIN_SECONDS)


class Screener(Client):
    """Decides on one record after the other."""

    text = ""

    def act(self) -> None:
        """Decide on the record that the page shows."""
        stage = f"/r/{self._slug}/screening/title-abstract/"
        action = re.search(r'action="([^"]+/decide/)"', self.text)
        key = re.search(r'name="client_key" value="([^"]*)"', self.text)
        if not action or not key:
            self.text = self.insist("GET", stage).text
            return
        fields = {"client_key": key[1], "seconds_spent": "3", "verdict": "exclude"}
        answer = self.insist("POST", action[1], fields)
        if answer.status == HTTPStatus.OK:
            self.log.acknowledged.append(key[1])
            self.log.seconds.append(answer.seconds)
            self.text = answer.text
        else:
            self.log.errors.append(f"decide: {answer.status}")
            self.text = ""


class Extractor(Client):
    """Fills the cells of one study after the other, each by itself, and submits."""

    def __init__(self, *facts: object, studies: list[int]) -> None:
        """Prepare; `studies` are this person's own."""
        super().__init__(*facts)  # type: ignore[arg-type]
        self._studies = studies
        self._cells: list[tuple[str, str, str]] = []  # field, row, value that the window shows
        self._is_open = False

    def act(self) -> None:
        """Open the next study, fill the next cell, or submit when all are filled."""
        if not self._studies:
            self.log.errors.append("nothing left to extract")
            self.stop()
        elif not self._is_open:
            self._open()
        elif self._cells:
            self._fill(*self._cells.pop())
        else:
            self._submit()

    @property
    def _place(self) -> str:
        return f"/r/{self._slug}/extraction/studies/{self._studies[0]}/"

    def _open(self) -> None:
        self.insist("POST", f"{self._place}start/")
        self.insist("POST", f"{self._place}extract/rows/", {"action": "add", "group": "experiment"})
        answer = self.insist("GET", f"{self._place}extract/")
        self._cells = re.findall(
            r'data-field="(\w+)" data-row="(\d*)".*?name="expected" value="(\d*)"',
            answer.text,
            re.S,
        )
        self._is_open = bool(self._cells)
        if not self._is_open:
            self.log.errors.append(f"open: {answer.status}")

    def _fill(self, key: str, row: str, expected: str) -> None:
        value = f"cell-{secrets.token_hex(8)}"
        fields = {"field": key, "row": row, "expected": expected, "value": value}
        answer = self.insist("POST", f"{self._place}extract/cell/", fields)
        if "data-refused" in answer.text:  # the first answer was lost, so the cell has a value
            shown = re.search(r'name="expected" value="(\d*)"', answer.text)
            fields["expected"] = shown[1] if shown else ""
            answer = self.insist("POST", f"{self._place}extract/cell/", fields)
        if answer.status == HTTPStatus.OK and "hint saved" in answer.text:
            self.log.acknowledged.append(value)
            self.log.seconds.append(answer.seconds)
        else:
            self.log.errors.append(f"cell: {answer.status}")

    def _submit(self) -> None:
        self.insist("POST", f"{self._place}extract/submit/")
        answer = self.insist("GET", f"{self._place}extract/")
        if "Submitted" in answer.text:
            self.log.submitted.append(self._studies[0])
        else:
            self.log.errors.append(f"submit: {answer.status}")
        self._studies, self._is_open = self._studies[1:], False


class Exporter(Client):
    """Downloads the records, again and again."""

    def act(self) -> None:
        """One download."""
        answer = self.insist("GET", f"/r/{self._slug}/export/file/?which=all&format=csv")
        self.log.seconds.append(answer.seconds)
        if answer.status != HTTPStatus.OK:
            self.log.errors.append(f"export: {answer.status}")
