"""What each reviewer said of a record alone, before any ruling or talk.

A record is open to a person from the moment on at which they could see another's verdict: at a
blinded stage when those who decided differ and are as many as are needed, else when a second
person has decided. What counts is what stood then, or at the first ruling, or else what stands now.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reviewapp.bundles.verifying.held import Held, Row
from reviewapp.bundles.verifying.screening import Screening, status_of

Alone = dict[int, dict[str, "Said"]]


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict of one person, while it stood."""

    person: str
    verdict: str
    reason: str
    is_imported: bool
    made: datetime
    ended: datetime | None


def moment(text: str) -> datetime:
    """A time out of a cell."""
    return datetime.fromisoformat(text)


class History:
    """How a stage was set at any moment: as it is now, less every audited change since."""

    def __init__(self, screening: Screening, stage: str) -> None:
        """Read today's settings and the changes, the latest first."""
        self._now = screening.stages[stage]
        self._groups = screening.groups
        changes = {"stage.changed", "group.changed"}
        stream = screening.held.stream("audit_events")
        events = [row for row in stream if row["action"] in changes][::-1]
        self._changes = [
            (moment(row["created_at"]), json.loads(row["before"]))
            for row in events
            if row["action"] == "stage.changed"
            and (row["target_type"], row["target_id"])
            == ("screening.stagesettings", self._now["id"])
        ]
        self._members: dict[str, list[tuple[datetime, Any]]] = defaultdict(list)
        for row in events:
            if row["action"] == "group.changed":
                members = json.loads(row["before"]).get("members") or []
                self._members[row["target_id"]].append((moment(row["created_at"]), members))

    def at(self, when: datetime) -> Row:
        """The settings at a moment."""
        settings = dict(self._now)
        for changed, before in self._changes:
            if changed <= when:
                break
            for name, value in before.items():
                settings[name.removesuffix("_id")] = _cell(value)
        return settings

    def group_at(self, settings: Row, when: datetime) -> set[str]:
        """The members, at a moment, of the group that is needed."""
        number = settings["required_group"]
        if not number:
            return set()
        members = self._groups.get(number, set())
        for changed, before in self._members.get(number, ()):
            if changed <= when:
                break
            members = {str(one) for one in before}
        return members


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def said_alone(screening: Screening, stage: str) -> Alone:
    """Each person's verdict per record; duplicates are left out."""
    held = screening.held
    ruled: dict[int, datetime] = {}
    for row in held.table("adjudications"):
        if row["stage"] == stage:
            record, made = int(row["record"]), moment(row["created_at"])
            ruled[record] = min(made, ruled.get(record, made))
    history = History(screening, stage)
    found = {}
    for record, rows in _by_record(held, stage, screening.duplicates).items():
        said = _chosen(rows, ruled.get(record), history)
        if said:
            found[record] = said
    return found


def _by_record(held: Held, stage: str, duplicates: set[int]) -> dict[int, list[Said]]:
    decisions = {row["id"]: row for row in held.table("decisions")}
    heirs = {row["replaces"]: row for row in decisions.values() if row["replaces"]}
    found: dict[int, list[Said]] = defaultdict(list)
    for row in decisions.values():
        record = int(row["record"])
        if row["stage"] != stage or record in duplicates:
            continue
        before = decisions.get(row["replaces"])
        if before and before["reviewer"] != row["reviewer"]:
            continue  # taken over: it stays the word of who gave it
        heir = heirs.get(row["id"])
        is_handed = heir is not None and heir["reviewer"] != row["reviewer"]
        heir_undone = heir["undone_at"] if heir else ""
        if row["origin"] == "merge" and (row["undone_at"] or (is_handed and heir_undone)):
            continue
        ended = moment(row["superseded_at"]) if row["superseded_at"] else None
        said = Said(
            row["reviewer"], row["verdict"], row["reason"], row["origin"] == "import",
            moment(row["created_at"]), ended,
        )  # fmt: skip
        found[record].append(replace(said, ended=None) if is_handed and not heir_undone else said)
    return found


def _chosen(rows: list[Said], ruled: datetime | None, history: History) -> dict[str, Said]:
    if ruled is not None:
        rows = [row for row in rows if row.made <= ruled]
    chosen: dict[str, Said] = {}
    if any(row.ended for row in rows):
        chosen = _when_opened(rows, ruled, history)
    for row in rows:
        if row.ended is None or (ruled is not None and row.ended > ruled):
            chosen.setdefault(row.person, row)
    return chosen


def _when_opened(rows: list[Said], ruled: datetime | None, history: History) -> dict[str, Said]:
    times = {row.made for row in rows} | {row.ended for row in rows if row.ended}
    chosen: dict[str, Said] = {}
    for when in sorted(times):
        if ruled is not None and when > ruled:
            break
        here = [row for row in rows if row.made <= when and (not row.ended or row.ended > when)]
        if len({row.person for row in here}) > 1 and _is_open(here, when, history):
            for row in here:
                chosen.setdefault(row.person, row)
    return chosen


def _is_open(here: list[Said], when: datetime, history: History) -> bool:
    settings = history.at(when)
    if settings["is_blinded"] != "true":
        return True
    group = history.group_at(settings, when)
    opinions = [(row.verdict, row.reason, row.person in group) for row in here]
    return status_of(opinions, settings, "") == "conflict"
