"""What the app is made of: packages of the lock with versions, hashes and licences (CycloneDX)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

#: How packages call their licences, and the SPDX expression that is meant.
SPDX = {
    "Apache License 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD license (see license.txt for details), Copyright (c) 2000-2026, ReportLab Inc.": (
        "BSD-3-Clause"
    ),
    "New BSD": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "ZPL 2.1": "ZPL-2.1",
    "BSD 3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}
#: Whose metadata says too little, or which are not installed on every system.
BY_NAME = {
    "async-timeout": "Apache-2.0",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "reportlab": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
}
#: What may be used and passed on together with a program of any licence. The LGPL and the MPL
#: ask that changes to those packages themselves stay open; none is changed here.
COMPATIBLE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "LGPL-3.0-only", "MIT"}
    | {"MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "ZPL-2.1", "Zlib"}
)


@dataclass(frozen=True, slots=True)
class Package:
    """One line of the lock. `marker` says on which systems it is installed, empty on all.

    `is_optional`: only where files are kept in a bucket.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    licence: str
    is_optional: bool = False


def locked_packages(root: Path) -> list[Package]:
    """Every package that the app may be made of, those of the optional parts marked so."""
    always, maybe = (
        packages_of((root / name).read_text("utf-8"))
        for name in ("requirements.txt", "requirements-s3.txt")
    )
    names = {one.name for one in always}
    return [replace(one, is_optional=one.name not in names) for one in maybe]


def packages_of(lock: str) -> list[Package]:
    """Read the packages of a lock.

    Args:
        lock: The text of `requirements.txt`.

    Returns:
        Its packages in its order; the licence is empty where nobody says it.

    Raises:
        ValueError: A package has no hash.
    """
    found: list[Package] = []
    for block in re.split(r"\n(?=[a-z0-9])", "\n" + lock):
        first, *rest = block.strip("\n").split("\n")
        pin = PIN.match(first)
        if pin is None:
            continue
        name, version, marker = pin[1], pin[2], (pin[3] or "").strip()
        hashes = tuple(HASH.findall("\n".join(rest)))
        if not hashes:
            raise ValueError(f"{name} {version} has no hash in the lock.")
        found.append(Package(name, version, marker, hashes, licence_of(name)))
    return found


def licence_of(name: str) -> str:
    """The SPDX expression of an installed package's licence; empty when nobody says it."""
    if name in BY_NAME:
        return BY_NAME[name]
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    classified = [
        line.rsplit(" :: ", maxsplit=1)[-1]
        for line in told.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved ::")
    ]
    named = [told[field] for field in ("License-Expression", "License") if field in told]
    return spdx_of((*named, *classified))


def spdx_of(told: Iterable[str | None]) -> str:
    """The first of several namings that is an SPDX expression or is known to mean one."""
    for text in told:
        known = SPDX.get((text or "").strip(), (text or "").strip())
        if known and not unknown_in(known):
            return known
    return next((text for text in told if text and len(text) < 60), "")  # noqa: PLR2004 (a name, no text of a licence)


def unknown_in(expression: str) -> list[str]:
    """The licences of an expression that are not among the compatible ones."""
    named = re.split(r"\s+(?:AND|OR)\s+|[()]", expression)
    return [one for one in (part.strip() for part in named) if one and one not in COMPATIBLE]


def cyclonedx(packages: Iterable[Package], version: str) -> dict[str, Any]:
    """A bill of materials in CycloneDX 1.6; the same lock always gives the same document."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "reviewapp", "version": version}},
        "components": [_component(package) for package in packages],
    }


def _component(package: Package) -> Mapping[str, Any]:
    address = f"pkg:pypi/{package.name}@{package.version}"
    marker = [{"name": "marker", "value": package.marker}] if package.marker else []
    hashes = [{"name": "sha256", "value": one} for one in package.hashes]
    return {
        "type": "library",
        "bom-ref": address,
        "name": package.name,
        "version": package.version,
        "purl": address,
        "scope": "optional" if package.is_optional else "required",
        "licenses": [{"expression": package.licence}],
        # Of every file a system may choose; `hashes` of CycloneDX would mean one file.
        "properties": [*marker, *hashes],
    }


def licence_table(packages: Iterable[Package]) -> str:
    """The list for people, in Markdown."""
    lines = [
        "# Licences",
        "",
        "Every package that is installed to run the app, as `requirements.txt` pins it, and those",
        "that `requirements-s3.txt` adds for files in a bucket (optional); written by",
        "`manage.py sbom --licences docs/licences.md`. A test fails when one has a licence that is",
        "unknown or not compatible.",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    rows = [f"| {_called(one)} | {one.version} | {one.licence} |" for one in packages]
    return "\n".join([*lines, *rows, ""])


def _called(package: Package) -> str:
    return f"{package.name} (optional)" if package.is_optional else package.name
