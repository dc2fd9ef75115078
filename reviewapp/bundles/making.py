"""A bundle as a job: written, kept in the private storage, told in the job's result."""

import tempfile
from pathlib import Path
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage

from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.exporting import Written, write_bundle
from reviewapp.bundles.options import Options
from reviewapp.bundles.records import note_export
from reviewapp.bundles.telling import Aside, Progress
from screening.models import Job, JobLost, Review
from screening.rules.bundles import Files
from screening.selectors.bundles import Bundle, is_of_this_leave
from screening.services.bundles import bundles_folder, refuse_hidden


def make_bundle(*, job: Job, progress: Progress) -> Written:
    """Write the bundle of a job's review and keep it with the job.

    Raises:
        ValidationError: It would tell what is hidden from leads by now, the review stays after
            all, or its rows do not fit together.
    """
    if job.review is None:
        raise ValueError(f"Job {job.pk} names no review.")
    review, bundle = job.review, Bundle(job)
    _refuse(review, bundle)
    options = Options(Files(job.params["files"]), bool(job.params["pseudonyms"]))
    note_export(review, options, job.created_by)
    with tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        path = Path(folder) / "bundle.zip"
        try:
            with Aside(progress) as told:
                written = write_bundle(review, path, options, told)
        except BundleRefusedError as refused:
            raise ValidationError(str(refused)) from refused
        with path.open("rb") as stream:
            name = default_storage.save(
                f"{bundles_folder(review.pk)}/{uuid4().hex}.zip", File(stream)
            )
    _keep(job, name, written)
    return written


def _refuse(review: Review, bundle: Bundle) -> None:
    if not bundle.is_final:
        refuse_hidden(review)
    elif not is_of_this_leave(bundle, review):
        raise ValidationError("The deletion was taken back, so no final bundle is needed.")


def _keep(job: Job, name: str, written: Written) -> None:
    """The file with its job; without a job that is still ours nobody would ever find it."""
    result = {
        "file": name,
        "size": written.size,
        "content_sha256": written.content_sha256,
        "files": written.files,
        "missing": list(written.missing),
    }
    mine = Job.objects.filter(pk=job.pk, owner=job.owner, state=Job.State.RUNNING)
    if not mine.update(result=result):
        default_storage.delete(name)
        raise JobLost(f"Job {job.pk} is no longer owned by {job.owner}.")
