"""What goes into a bundle by choice."""

from dataclasses import dataclass
from enum import StrEnum

from reviewapp.bundles.errors import BundleRefusedError


class Files(StrEnum):
    """Which stored files go in."""

    NONE = "none"
    FULL_TEXTS = "full-texts"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one export.

    Raises:
        BundleRefusedError: Two of them cannot go together.
    """

    files: Files = Files.NONE
    has_pseudonyms: bool = False
    has_private_notes: bool = False

    def __post_init__(self) -> None:
        """Refuse what would name people against the word given to them."""
        if self.has_pseudonyms and self.files is Files.ALL:
            raise BundleRefusedError(
                "Imported files may hold the names of reviewers and are kept as they came, so they "
                "cannot go into a bundle with pseudonyms. Choose full texts only, or none."
            )
        if self.has_private_notes and not self.has_pseudonyms:
            raise BundleRefusedError(
                "Private notes were written for their authors' eyes only: they go into a bundle "
                "with pseudonyms or not at all. Add --pseudonyms, or leave them out."
            )
