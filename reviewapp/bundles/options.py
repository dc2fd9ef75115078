"""What goes into a bundle by choice."""

from dataclasses import dataclass

from reviewapp.bundles.errors import BundleRefusedError
from screening.rules.bundles import NAMES_IN_FILES, Files, names_reviewers


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
        if names_reviewers(self.files, has_pseudonyms=self.has_pseudonyms):
            raise BundleRefusedError(NAMES_IN_FILES)
        if self.has_private_notes and not self.has_pseudonyms:
            raise BundleRefusedError(
                "Private notes were written for their authors' eyes only: they go into a bundle "
                "with pseudonyms or not at all. Add --pseudonyms, or leave them out."
            )
