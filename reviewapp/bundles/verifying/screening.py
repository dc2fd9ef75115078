"""Team statuses and PRISMA boxes from the raw rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from reviewapp.bundles.verifying.held import Difference, Held, Row

FIRST, SECOND = "title_abstract", "full_text"
SCREENED_KINDS = {"database", "register"}
OTHER_KINDS = {"website", "organisation", "citation_searching", "other"}
KIND_BOXES = {
    "database": "database_results",
    "register": "register_results",
    "website": "website_results",
    "organisation": "organisation_results",
    "citation_searching": "citations_results",
    "other": "other_methods_results",
}
DECLARED_BOXES = {
    "duplicate": "duplicates",
    "automation": "excluded_automatic",
    "other": "excluded_other",
}
Ids = set[int]
Opinion = tuple[str, str, bool]  # verdict, reason, whether of the group that is needed


def status_of(opinions: list[Opinion], stage: Row, ruling: str) -> str:
    """The team's status of one record: a ruling settles, else enough verdicts have to agree."""
    if ruling:
        return "excluded" if ruling == "exclude" else "included"
    lacks_group = bool(stage["required_group"]) and not any(one[2] for one in opinions)
    if len(opinions) < int(stage["verdicts_needed"]) or lacks_group:
        return "awaiting"
    verdicts = {verdict for verdict, _, _ in opinions}
    if stage["maybe_means"] == "conflict" and "maybe" in verdicts:
        return "conflict"
    reasons = {reason for _, reason, _ in opinions if reason}
    if "exclude" not in verdicts:
        return "included"
    return "conflict" if len(verdicts) > 1 or len(reasons) > 1 else "excluded"


class Screening:
    """What was found, judged and retrieved."""

    def __init__(self, held: Held) -> None:
        """Read what is needed of every table."""
        self.held = held
        self.stages = {row["stage"]: row for row in held.table("stages")}
        self.groups: dict[str, set[str]] = defaultdict(set)
        for row in held.table("group_members"):
            self.groups[row["membergroup"]].add(row["membership"])
        self.kinds = {row["id"]: row["kind"] for row in held.table("sources")}
        self.source_of = {int(row["id"]): row["source"] for row in held.table("records")}

    def of_kinds(self, kinds: Iterable[str]) -> Ids:
        """Records of sources of these kinds."""
        wanted = set(kinds)
        return {pk for pk, source in self.source_of.items() if self.kinds[source] in wanted}

    @cached_property
    def duplicates(self) -> Ids:
        """Records that stand as a duplicate of another."""
        return {int(r["record"]) for r in self.held.table("duplicate_links") if not r["undone_at"]}

    @cached_property
    def removed(self) -> dict[str, Ids]:
        """Records removed before screening, by kind."""
        found: dict[str, Ids] = {"automation": set(), "other": set()}
        for row in self.held.table("removals"):
            if not row["undone_at"]:
                found[row["kind"]].add(int(row["record"]))
        return found

    def _said(self, table: str, stage: str) -> Iterator[Row]:
        for row in self.held.table(table):
            if row["stage"] == stage and not row["superseded_at"]:
                yield row

    def judged(self, stage: str) -> dict[int, str]:
        """The status of every record that somebody judged at a stage."""
        settings = self.stages[stage]
        group = self.groups.get(settings["required_group"], set())
        opinions: dict[int, list[Opinion]] = defaultdict(list)
        for row in self._said("decisions", stage):
            opinion = (row["verdict"], row["reason"], row["reviewer"] in group)
            opinions[int(row["record"])].append(opinion)
        rulings = {int(r["record"]): r["verdict"] for r in self._said("adjudications", stage)}
        return {
            pk: status_of(opinions[pk], settings, rulings.get(pk, ""))
            for pk in {*opinions, *rulings}
        }

    @cached_property
    def first(self) -> dict[int, str]:
        """Statuses at title and abstract."""
        return self.judged(FIRST)

    @cached_property
    def second(self) -> dict[int, str]:
        """Statuses at full text."""
        return self.judged(SECOND)

    @cached_property
    def gone(self) -> Ids:
        """Records that never reach screening."""
        return self.duplicates | self.removed["automation"] | self.removed["other"]

    @cached_property
    def screened(self) -> Ids:
        """Records of databases and registers that are screened."""
        return self.of_kinds(SCREENED_KINDS) - self.gone

    @cached_property
    def sought(self) -> Ids:
        """Records whose report is sought."""
        passed = {pk for pk in self.screened if self.first.get(pk) == "included"}
        return passed | (self.of_kinds(OTHER_KINDS) - self.gone)


def differing_statuses(screening: Screening) -> Iterator[Difference]:
    """Statuses that differ from what the raw verdicts give."""
    held = screening.held
    exported = {
        (r["stage"], int(r["record"])): r["status"] for r in held.rows("results/statuses.csv")
    }
    computed = {(FIRST, pk): screening.first.get(pk, "awaiting") for pk in screening.screened}
    computed |= {(SECOND, pk): screening.second.get(pk, "awaiting") for pk in screening.sought}
    for key in sorted({*exported, *computed}):
        told, found = exported.get(key, "not in the stage"), computed.get(key, "not in the stage")
        if told != found:
            yield Difference("status", f"record {key[1]} at {key[0]}", told, found)


def boxes_of(screening: Screening) -> dict[str, Any]:
    """Every set of the PRISMA flow: those of records and reports hold records."""
    s = screening
    identified = s.of_kinds(SCREENED_KINDS)
    before = s.of_kinds({"previous_version"})
    boxes: dict[str, Any] = {name: s.of_kinds({kind}) for kind, name in KIND_BOXES.items()}
    boxes["duplicates"] = identified & s.duplicates
    boxes["excluded_automatic"] = (identified & s.removed["automation"]) - s.duplicates
    boxes["excluded_other"] = (identified & s.removed["other"]) - s.duplicates
    by_status = {
        status: {pk for pk in s.screened if s.first.get(pk, "awaiting") == status}
        for status in ("excluded", "awaiting", "conflict")
    }
    boxes["records_screened"], boxes["records_excluded"] = s.screened, by_status["excluded"]
    boxes["records_awaiting"] = by_status["awaiting"]
    boxes["records_conflict"] = by_status["conflict"]
    included: Ids = set()
    for prefix, column in (("dbr", s.sought & identified), ("other", s.sought - identified)):
        more, passed = _reports(s, prefix, column)
        boxes |= more
        included |= passed
    return boxes | _included(s, included, before)


def _reports(s: Screening, prefix: str, sought: Ids) -> tuple[dict[str, Any], Ids]:
    record_of = {row["id"]: int(row["record"]) for row in s.held.table("reports")}
    outcome: dict[int, str] = {}
    attempts = s.held.table("retrieval_attempts")
    for row in sorted(attempts, key=lambda row: (row["created_at"], int(row["id"]))):
        outcome[record_of[row["report"]]] = row["outcome"]
    files = {record_of[r["report"]] for r in s.held.table("full_texts") if not r["replaced_at"]}
    fetched = {pk for pk in sought if outcome.get(pk) == "retrieved"}
    assessed = sought & (fetched | files | s.second.keys())
    lost = {pk for pk in sought if outcome.get(pk) == "not_retrieved"} - assessed
    status = {pk: s.second.get(pk, "awaiting") for pk in assessed}
    found = {
        name: {pk for pk, one in status.items() if one == name}
        for name in ("excluded", "awaiting", "conflict", "included")
    }
    boxes: dict[str, Any] = {
        f"{prefix}_sought_reports": sought,
        f"{prefix}_notretrieved_reports": lost,
        f"{prefix}_awaiting_retrieval": sought - assessed - lost,
        f"{prefix}_assessed": assessed,
        f"{prefix}_awaiting": found["awaiting"],
        f"{prefix}_conflict": found["conflict"],
        f"{prefix}_excluded": _by_reason(s, found["excluded"]),
    }
    return boxes, found["included"]


def _by_reason(s: Screening, excluded: Ids) -> dict[str, Ids]:
    """Each report under one reason: the ruling's, else that of the first verdict."""
    chosen: dict[int, str] = {}
    for table in ("adjudications", "decisions"):
        for row in s.held.table(table):
            is_it = row["stage"] == SECOND and row["verdict"] == "exclude" and row["reason"]
            if is_it and not row["superseded_at"]:
                chosen.setdefault(int(row["record"]), row["reason"])
    labels = {row["id"]: row["label"] for row in s.held.table("reasons")}
    found: dict[str, Ids] = defaultdict(set)
    for pk in excluded & chosen.keys():
        found[labels[chosen[pk]]].add(pk)
    return dict(found)


def _included(s: Screening, new: Ids, before: Ids) -> dict[str, Ids]:
    record_of = {row["id"]: int(row["record"]) for row in s.held.table("reports")}
    previous = before - s.gone
    rows = s.held.table("study_reports")
    study_of = {record_of[row["report"]]: int(row["study"]) for row in rows}
    study_of = {pk: study for pk, study in study_of.items() if pk in new | previous}
    old = {study_of[pk] for pk in previous & study_of.keys()}
    studies = set(study_of.values())
    other = s.of_kinds(OTHER_KINDS)
    return {
        "new_reports": new,
        "new_studies": studies - old,
        "previous_reports": previous,
        "previous_studies": old,
        "total_reports": new | previous,
        "total_studies": studies,
        "reports_without_study": (new | previous) - study_of.keys(),
        "previous_duplicates": before & s.duplicates,
        "previous_removed": (before & s.gone) - s.duplicates,
        "other_duplicates": other & s.duplicates,
        "other_removed": (other & s.gone) - s.duplicates,
    }


def _declared(s: Screening) -> dict[str, int]:
    """Numbers that were declared for records from before the import, by box."""
    counts: dict[str, int] = defaultdict(int)
    for row in s.held.table("declared_removals"):
        if row["withdrawn_at"]:
            continue
        kind, box = s.kinds[row["source"]], DECLARED_BOXES[row["kind"]]
        if kind not in SCREENED_KINDS:
            box = "other_duplicates" if box == "duplicates" else "other_removed"
        for name in (KIND_BOXES[kind], box):
            counts[name] += int(row["count"])
    return counts


def differing_boxes(screening: Screening) -> Iterator[Difference]:
    """PRISMA boxes whose rows or number differ from what the raw rows give."""
    told = screening.held.json("results/prisma.json")
    if "does_not_add_up" in told:
        yield Difference("PRISMA", "the flow", "does not add up", str(told["does_not_add_up"]))
        return
    exported = {**told["boxes"], **told["in_progress"], **told["set_aside"]}
    computed, declared = boxes_of(screening), _declared(screening)
    for name in sorted({*exported, *computed}):
        if name not in exported or name not in computed:
            where = f"box {name}"
            yield Difference("PRISMA", where, str(name in exported), str(name in computed))
        elif isinstance(exported[name], list):
            sets = {one["reason"]: one for one in exported[name]}
            for label in sorted({*sets, *computed[name]}):
                wanted = sets.get(label, {"ids": [], "count": 0})
                found = computed[name].get(label, set())
                yield from _same_box(f"box {name}, {label}", wanted, found, 0)
        else:
            extra = declared.get(name, 0)
            yield from _same_box(f"box {name}", exported[name], computed[name], extra)


def _same_box(where: str, told: Any, found: Ids, extra: int) -> Iterator[Difference]:
    odd = sorted(set(told["ids"]) ^ found)
    if odd:
        some = ", ".join(map(str, odd[:10]))
        ours, theirs = str(len(told["ids"])), f"{len(found)}, differing in rows {some}"
        yield Difference("PRISMA", where, ours, theirs)
    elif told["count"] != len(found) + extra:
        yield Difference("PRISMA", where, str(told["count"]), str(len(found) + extra))
