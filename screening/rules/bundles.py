"""What may go into a bundle, the whole review in one open file."""

from enum import StrEnum


class Files(StrEnum):
    """Which stored files go in."""

    NONE = "none"
    FULL_TEXTS = "full-texts"
    ALL = "all"


NAMES_IN_FILES = (
    "Imported files may hold the names of reviewers and are kept as they came, so they "
    "cannot go into a bundle with pseudonyms. Choose full texts only, or none."
)


def names_reviewers(files: Files, *, has_pseudonyms: bool) -> bool:
    """Whether files would name people that pseudonyms are to hide.

    Source:
        Own definition.
    """
    return has_pseudonyms and files is Files.ALL
