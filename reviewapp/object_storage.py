"""Files in a bucket of S3-compatible storage; never served from there, only by our own views."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from reviewapp.files import FilesAwayError

IN_MEMORY = 2 * 1024 * 1024  # of a file that is read; the rest waits in a temporary file
CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 30, 3


class ObjectStorage(S3Storage):  # type: ignore[misc]  # it has no types
    """Private objects under names that are never used twice.

    A stored file is whole or not there at all, as S3 promises. It is fetched when it is opened,
    so that nothing fails later, while it is read.
    """

    def __init__(self, **options: Any) -> None:
        """Take the options of files_storage."""
        endpoint = options.get("endpoint_url")
        # Servers other than Amazon's know buckets by their path, and not all the newer checksums.
        kind = {"s3": {"addressing_style": "path"}} if endpoint else {}
        least = "when_required" if endpoint else "when_supported"
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            request_checksum_calculation=least,
            response_checksum_validation=least,
            **kind,
        )
        ours = {"file_overwrite": False, "max_memory_size": IN_MEMORY, "client_config": config}
        super().__init__(**(ours | options))

    def url(self, name: str, *_: Any, **__: Any) -> NoReturn:
        """There is no address: files are given out by views, after a permission check."""
        raise NotImplementedError(f"{name} has no address of its own.")

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with answering():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        """Bytes of a file."""
        with answering():
            return int(super().size(name))

    def delete(self, name: str) -> None:
        """Delete a file; one that is gone already is passed over."""
        with answering():
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files under a name; none where there is nothing."""
        with answering():
            folders, names = super().listdir(path)
        return folders, names

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        with answering():
            stored: File[Any] = super()._open(name, mode)
            if "r" in mode:
                stored.seek(0)  # fetches it
        return stored

    def _save(self, name: str, content: "File[Any]") -> str:
        with answering():
            return str(super()._save(name, content))


@contextmanager
def answering() -> Iterator[None]:
    """Turn what the client says of a storage that is away or refuses into our own error.

    Raises:
        FilesAwayError: The storage did not do it.
    """
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise FilesAwayError(f"The storage of the files: {type(error).__name__}.") from error
