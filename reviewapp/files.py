"""Where imported files and PDFs are kept: a private folder, or a bucket that speaks S3."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, storages

from reviewapp.env import read_text

PACKAGES = ("storages", "boto3")
NOT_INSTALLED = (
    "S3_BUCKET is set, but the packages for it are not installed. Install them with "
    "`python -m pip install --require-hashes -r requirements-s3.txt`."
)
FINE = "ok"


class FilesAwayError(Exception):
    """The storage of the files cannot be asked; what was asked of it is not done."""


def files_storage(folder: Path) -> dict[str, Any]:
    """The setting of the storage: a bucket when S3_BUCKET names one, else a folder.

    Raises:
        ImproperlyConfigured: A bucket is named, and the optional packages are not there.
    """
    bucket = read_text("S3_BUCKET", "")
    if not bucket:
        return {
            "BACKEND": "reviewapp.diskfull.WholeFiles",
            "OPTIONS": {
                "location": folder,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    if any(find_spec(name) is None for name in PACKAGES):
        raise ImproperlyConfigured(NOT_INSTALLED)
    return {
        "BACKEND": "reviewapp.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": read_text("S3_PREFIX", "").strip("/"),
            "endpoint_url": read_text("S3_ENDPOINT", "") or None,
            "region_name": read_text("S3_REGION", "") or None,
            "access_key": read_text("S3_ACCESS_KEY", "") or None,
            "secret_key": read_text("S3_SECRET_KEY", "") or None,
        },
    }


def files_state() -> str:
    """Whether the storage can be asked: `ok`, or what is wrong."""
    storage = storages["default"]
    if isinstance(storage, FileSystemStorage):
        folder = Path(storage.location)  # made with the first file
        is_there = folder.is_dir() or folder.parent.is_dir()
        return FINE if is_there else "their folder is missing"
    try:
        storage.exists("readyz")
    except FilesAwayError:
        return "their storage does not answer"
    return FINE
