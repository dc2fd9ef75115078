"""What a writer is given: a record and what one person may see of the team's work on it."""

from dataclasses import dataclass, field

from screening.importers.parsed import ParsedRecord
from screening.importers.prior import Prior, PriorDecision

STAGE_WORDS = {"title_abstract": "Title & abstract", "full_text": "Full text"}


@dataclass(frozen=True, slots=True)
class StageSight:
    """One stage of one record: the team's status, its reason, and the verdicts that may be seen.

    `status` is empty where the record is not part of the stage.
    """

    stage: str
    status: str = ""
    reason: str = ""
    ruling: str = ""
    decisions: tuple[PriorDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """One record to write.

    `number` is its id here, `found_in` its source, `duplicate_of` the id of the record it is a
    duplicate of. `stages` holds at most one `StageSight` per stage, in their order.
    """

    record: ParsedRecord
    number: str = ""
    found_in: str = ""
    duplicate_of: str = ""
    stages: tuple[StageSight, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = field(default=())

    def stage(self, name: str) -> StageSight:
        """Return what is seen at a stage; an empty sight when the record is not part of it."""
        return next((one for one in self.stages if one.stage == name), StageSight(name))

    @property
    def prior(self) -> Prior | None:
        """Everything said of the record, as an importer of this app reads it back."""
        decisions = tuple(one for stage in self.stages for one in stage.decisions)
        if not decisions and not self.tags and not self.notes:
            return None
        return Prior("reviewapp", decisions, self.tags, self.notes)
