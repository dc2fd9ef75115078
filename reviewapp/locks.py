"""Reads the lock files and compares them with an environment; standard library only."""

import hashlib
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

PIN = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)\s*(?P<marker>;)?")


def fingerprint(locks: Iterable[Path]) -> str:
    """One hash over the given lock files; it changes when any of them does."""
    digest = hashlib.sha256()
    for lock in locks:
        digest.update(lock.name.encode() + b"\0" + lock.read_bytes() + b"\0")
    return digest.hexdigest()


def normalised(name: str) -> str:
    """A distribution's name as the index compares it: lower case, one kind of dash."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed_versions(folders: Iterable[Path]) -> dict[str, str]:
    """Names and versions of the distributions found in the given site-packages folders."""
    return {
        normalised(found.metadata["Name"]): found.version
        for found in metadata.distributions(path=[str(folder) for folder in folders])
        if found.metadata["Name"]
    }


def missing_pins(locks: Iterable[Path], installed: dict[str, str]) -> list[str]:
    """List what a lock asks for and the environment lacks.

    Args:
        locks: Lock files as `uv pip compile` writes them, one pin per line.
        installed: Normalised name to version, from `installed_versions`.

    Returns:
        `name==version` of each pin that is absent or present in another version. A pin with a
        condition (another system, another Python) counts only when the package is installed.
    """
    wanted: dict[str, set[str]] = {}
    conditional: dict[str, bool] = {}
    for lock in locks:
        for line in lock.read_text(encoding="utf-8").splitlines():
            pin = PIN.match(line)
            if pin:
                name = normalised(pin["name"])
                wanted.setdefault(name, set()).add(pin["version"])
                conditional[name] = conditional.get(name, True) and bool(pin["marker"])
    return [
        f"{name}=={' or '.join(sorted(versions))}"
        for name, versions in wanted.items()
        if installed.get(name) not in versions and not (conditional[name] and name not in installed)
    ]
