"""Write what the app is made of: a CycloneDX document, or the list of licences."""

import json
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reviewapp.sbom import cyclonedx, licence_table, locked_packages


class Command(BaseCommand):
    """`manage.py sbom [-o FILE]` or `manage.py sbom --licences FILE`."""

    help = "Write the bill of materials (CycloneDX JSON) of the locked packages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("-o", "--output", type=Path, help="file; standard output without it")
        parser.add_argument("--licences", type=Path, help="write the list of licences there")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read the lock and write."""
        packages = locked_packages(settings.BASE_DIR)
        if options["licences"]:
            options["licences"].write_text(licence_table(packages), encoding="utf-8")
            return
        project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
        text = json.dumps(cyclonedx(packages, project["project"]["version"]), indent=1)
        if options["output"]:
            options["output"].write_text(text + "\n", encoding="utf-8")
        else:
            self.stdout.write(text)
