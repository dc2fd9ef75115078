"""Opens a bundle that may be hostile: nothing of it is believed before it is checked."""

import csv
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO, Any, Self

from reviewapp.bundles.about import FORMAT, MADE, MANIFEST, content_sha256
from reviewapp.bundles.cells import unguarded
from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.packing import Packed
from reviewapp.bundles.schema import VERSION

BLOCK = 1024 * 1024
MOST_MEMBERS = 500_000
MOST_MANIFEST = 256 * 1024 * 1024
MOST_CELL = 128 * 1024 * 1024
FREE = 1024**3  # up to here no archive is a bomb
MOST_RATIO = 200


class Bundle:
    """An open bundle whose members are safe, complete and what its manifest says."""

    def __init__(self, path: Any) -> None:
        """Open and check it; read it inside a `with` block.

        Raises:
            BundleRefusedError: It is no bundle, damaged, hostile, or of a later version.
        """
        self._opened: list[IO[bytes]] = []
        try:
            self._archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise BundleRefusedError(f"{path} is no bundle: {error}.") from error
        try:
            self._check_members()
            self._read_manifest()
            self._check_contents()
        except (OSError, zipfile.BadZipFile, EOFError, RuntimeError, ValueError) as error:
            self._archive.close()
            raise BundleRefusedError(f"The bundle is damaged: {error}.") from error
        except BundleRefusedError:
            self._archive.close()
            raise

    def __enter__(self) -> Self:
        """Read on."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it, with the tables that nobody read to their end."""
        for packed in self._opened:
            packed.close()
        self._archive.close()

    def rows_of(self, table: str) -> int:
        """How many rows the manifest says a table has."""
        path = f"tables/{table}.csv"
        if path not in self.files:
            raise BundleRefusedError(f"The bundle has no {path}.")
        return int(self._told[path].get("rows", 0))

    def table(self, name: str, columns: Sequence[str]) -> Iterator[list[str]]:
        """The rows of a table, each cell as it was before it was guarded.

        Raises:
            BundleRefusedError: Columns are missing or unknown, a row is too short, or the rows are
                not those that the manifest counts.
        """
        path = f"tables/{name}.csv"
        wanted = self.rows_of(name)
        before = csv.field_size_limit(MOST_CELL)
        try:
            with self._archive.open(path) as packed:
                self._opened.append(packed)
                lines = csv.reader(io.TextIOWrapper(packed, "utf-8", newline=""), strict=True)
                _check_head(path, next(lines, []), columns)
                count = 0
                for count, row in enumerate(lines, start=1):
                    if len(row) != len(columns) or count > wanted:
                        raise BundleRefusedError(
                            f"{path}, row {count}: {len(row)} cells in {len(columns)} columns, and "
                            f"{wanted} rows are announced."
                        )
                    yield [unguarded(cell) for cell in row]
        except (csv.Error, UnicodeError) as error:
            raise BundleRefusedError(f"{path} cannot be read: {error}.") from error
        finally:
            csv.field_size_limit(before)
        if count != wanted:
            raise BundleRefusedError(f"{path} has {count} rows and announces {wanted}.")

    def open_file(self, path: str) -> Any:
        """A stored file of the bundle.

        Raises:
            BundleRefusedError: There is none of this name.
        """
        if path not in self.files or not path.startswith("files/"):
            raise BundleRefusedError(f"The bundle has no file {path}.")
        return self._archive.open(path)

    @property
    def slug(self) -> str:
        """The address that the review had where the bundle was made, or empty."""
        if MADE not in self.files:
            return ""
        try:
            return str(json.loads(self._archive.read(MADE)).get("slug", ""))
        except (ValueError, AttributeError) as error:
            raise BundleRefusedError(f"{MADE} cannot be read: {error}.") from error

    def _check_members(self) -> None:
        members = self._archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise BundleRefusedError(f"The bundle has {len(members)} members; that is too many.")
        names = [one.filename for one in members]
        if len(set(names)) != len(names):
            raise BundleRefusedError("The bundle has two members of one name.")
        for one in members:
            path = PurePosixPath(one.filename)
            kind = stat.S_IFMT(one.external_attr >> 16)
            is_odd = path.is_absolute() or ".." in path.parts or "\\" in one.filename
            if is_odd or str(path) != one.filename or kind not in {0, stat.S_IFREG}:
                raise BundleRefusedError(
                    f"The bundle has a member {one.filename[:200]!r}, which is no plain file "
                    "inside of it. Take it from whoever made it again."
                )
        total = sum(one.file_size for one in members)
        # What the archive tells of its packed sizes may be made up.
        packed = self._archive.fp.seek(0, io.SEEK_END) if self._archive.fp else 0
        if any(one.compress_size > packed for one in members):
            raise BundleRefusedError("The bundle tells of a member larger than itself: a bomb.")
        if total > FREE and total > MOST_RATIO * max(packed, 1):
            raise BundleRefusedError(
                f"The bundle would unpack {packed} bytes to {total}; that is no review but a bomb."
            )

    def _read_manifest(self) -> None:
        try:
            if self._archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
                raise BundleRefusedError(f"{MANIFEST} is too large.")
            told = json.loads(self._archive.read(MANIFEST))
            if told["format"] != FORMAT:
                raise BundleRefusedError(f"{MANIFEST} is that of another format.")
            if told["version"] != VERSION:
                raise BundleRefusedError(
                    f"The bundle has version {told['version']}; this version of the app reads "
                    f"{VERSION}. Update the app."
                )
            self._told: dict[str, dict[str, Any]] = told["files"]
            self.files = {
                path: Packed(path, int(one["size"]), str(one["sha256"]))
                for path, one in self._told.items()
            }
            if any(int(one.get("rows", 0)) > one["size"] for one in self._told.values()):
                raise BundleRefusedError(f"{MANIFEST} announces more rows than bytes.")
            self.content_sha256 = str(told["content_sha256"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BundleRefusedError(f"{MANIFEST} cannot be read: {error!r}.") from error

    def _check_contents(self) -> None:
        there = {one.filename for one in self._archive.infolist()} - {MANIFEST}
        if there != self.files.keys():
            odd = ", ".join(sorted(there ^ self.files.keys())[:5])
            raise BundleRefusedError(f"The bundle and its manifest differ in their files: {odd}.")
        for path, wanted in self.files.items():
            digest, size = hashlib.sha256(), 0
            with self._archive.open(path) as packed:
                while block := packed.read(BLOCK):
                    digest.update(block)
                    size += len(block)
            if (size, digest.hexdigest()) != (wanted.size, wanted.sha256):
                raise BundleRefusedError(f"The bundle is damaged: {path} is not what it was.")
        if content_sha256(self.files) != self.content_sha256:
            raise BundleRefusedError("The bundle is damaged: its content has another hash.")


def _check_head(path: str, head: Sequence[str], columns: Sequence[str]) -> None:
    missing = [one for one in columns if one not in head]
    unknown = [one for one in head if one not in columns]
    if missing or unknown or list(head) != list(columns):
        raise BundleRefusedError(
            f"{path} has other columns than this version of the app: missing "
            f"{', '.join(missing) or 'none'}; unknown {', '.join(unknown) or 'none'}. Import it "
            "with the version that made it."
        )
