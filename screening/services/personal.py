"""A person's own data as one ZIP of JSON files."""

import json
import tempfile
import zipfile
from typing import IO

from django.core.serializers.json import DjangoJSONEncoder

from screening.models import User
from screening.selectors.personal import personal_data

IN_MEMORY = 4 * 1024 * 1024
README = """Everything this installation holds on {name} <{email}>.

account.json is the account. Each other file is one table with the rows that name this person as who
did it, one JSON object a line; a file is missing where there is no row. audit_events are what the
person did and what was done to the account. sign_ins and screening.signin are how the
account was opened. Passwords and keys are left out; other people stand as numbers.
"""


def write_personal_data(user: User) -> IO[bytes]:
    """Write what is held on a person.

    Returns:
        The open file, at its start; it is gone when it is closed.
    """
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (its caller closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(name=user.name, email=user.email))
        for name, rows in personal_data(user):
            first = next(rows, None)
            if first is None:
                continue
            ending = "json" if name == "account" else "jsonl"
            with archive.open(f"{name}.{ending}", "w", force_zip64=True) as out:
                out.write(_line(first))
                for row in rows:
                    out.write(_line(row))
    file.seek(0)
    return file


def _line(row: dict[str, object]) -> bytes:
    return (json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n").encode()
