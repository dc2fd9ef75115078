"""The file that tells `import_records` whose the decisions in an export are."""

import csv
from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import CommandError

from screening.models import ExclusionReason, ImportBatch, Membership
from screening.selectors.prior import Brought, brought_by, guessed_reason
from screening.services.prior import ABSENT, LEFT_OUT, NEW, People, map_people

LEFT_OUT_WORDS = "Decisions were left out"


def read_people(lead: Membership, path: Path) -> dict[str, str]:
    """Read the names and whom they stand for.

    Args:
        lead: Who imports.
        path: A CSV file with `name,e-mail` in each line; a head line may stand above.

    Returns:
        Name -> number of a member, or `ABSENT` where no address is given.

    Raises:
        CommandError: There is no such file, or no member has an address.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [[cell.strip() for cell in row] for row in csv.reader(lines) if any(row)]
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    if rows and rows[0][0].lower() == "name":
        rows = rows[1:]
    members = Membership.objects.filter(review=lead.review_id).select_related("user")
    numbers = {one.user.email: str(one.pk) for one in members}
    people = {}
    for row in rows:
        email = row[1].lower() if len(row) > 1 else ""
        if email and email not in numbers:
            raise CommandError(
                f"{path}: {row[0]!r} has the address {email!r}, and no member of the review has "
                "it. Invite the person first, or leave the address empty for a person no longer "
                "here."
            )
        people[row[0]] = numbers[email] if email else ABSENT
    return people


def take_people(
    lead: Membership, batch: ImportBatch, people: Mapping[str, str] | None, stage: str
) -> list[dict[str, object]]:
    """Map the people of a file before it is imported.

    Args:
        lead: Who imports.
        batch: The batch, with its reading fixed.
        people: What `read_people` gave; None leaves all decisions out.
        stage: The stage of decisions that do not name theirs.

    Returns:
        A problem that says whose decisions were left out and what to do; empty when none were.
    """
    brought = brought_by(batch)
    if brought.people or brought.tags:
        reasons = list(ExclusionReason.objects.filter(review=batch.review_id))
        found = {label: guessed_reason(label, reasons) for label in brought.reasons}
        mapped = People(
            people={name: (people or {}).get(name, LEFT_OUT) for name in brought.people},
            reasons={
                label: LEFT_OUT if people is None else str(one.pk) if one else NEW
                for label, one in found.items()
            },
            stage=stage,
            takes_tags=people is not None,
        )
        map_people(membership=lead, batch=batch, people=mapped)
    return _left_out(brought, people or {})


def _left_out(brought: Brought, people: Mapping[str, str]) -> list[dict[str, object]]:
    names = [name for name in brought.people if not people.get(name)]
    if not names:
        return []
    count = sum(brought.people[name] for name in names)
    listed = ", ".join(repr(name) for name in names)
    message = (
        f"{LEFT_OUT_WORDS}: {count} of {listed} from {brought.origin}. Say who they are in a file "
        "of lines name,e-mail and give it with --people FILE.csv; a name without an address is a "
        "person no longer here."
    )
    return [{"position": 1, "message": message}]
