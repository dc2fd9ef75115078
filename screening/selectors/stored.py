"""Opening stored files: a row may name one that is not here."""

from django.db.models.fields.files import FieldFile
from django.http import Http404

GONE = "This file is not here: it is lost, or the review was taken in without its files."


def stored_or_404(held: FieldFile) -> FieldFile:
    """Open a stored file for reading.

    Raises:
        Http404: It is not in the storage.
    """
    try:
        return held.open("rb")
    except FileNotFoundError as error:
        raise Http404(GONE) from error
