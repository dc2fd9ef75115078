"""What a backup says of itself: schema, tables and files with their hashes."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from reviewapp.backups.tables import TableSum

VERSION = 1
NAME = "manifest.json"


class BackupRefusedError(Exception):
    """A backup that cannot be made or restored; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class FileSum:
    """What a stored file was."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a backup holds.

    Attributes:
        made_at: When, ISO 8601.
        migrations: The last migrations of each app, `[["screening", "0002_..."], ...]`.
        tables: By model label; the lines lie in `tables/LABEL.jsonl`.
        files: By name in the storage; they lie in `files/NAME`.
        missing_files: Names that rows speak of and the storage did not have.
    """

    made_at: str
    migrations: list[list[str]]
    tables: dict[str, TableSum] = field(default_factory=dict)
    files: dict[str, FileSum] = field(default_factory=dict)
    missing_files: list[str] = field(default_factory=list)
    version: int = VERSION

    def as_json(self) -> str:
        """For the archive."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Manifest":
        """Read what `as_json` wrote.

        Raises:
            BackupRefusedError: It is no manifest, or one of a later version.
        """
        try:
            told: dict[str, Any] = json.loads(text)
            if told["version"] > VERSION:
                raise BackupRefusedError(
                    "This backup was made by a later version of the app; restore it with that one."
                )
            tables = {name: TableSum(**found) for name, found in told.pop("tables").items()}
            files = {name: FileSum(**found) for name, found in told.pop("files").items()}
            return cls(**told, tables=tables, files=files)
        except (ValueError, KeyError, TypeError) as error:
            raise BackupRefusedError(f"The backup's manifest cannot be read: {error}.") from error
