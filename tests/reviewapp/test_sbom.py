"""The bill of materials: whole, hashed, and nothing of an unknown licence."""

import io
import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command

from reviewapp.sbom import licence_table, locked_packages, packages_of, spdx_of, unknown_in

LOCK = (settings.BASE_DIR / "requirements-s3.txt").read_text("utf-8")
PACKAGES = locked_packages(settings.BASE_DIR)


def test_every_pinned_package_is_in_it():
    pinned = re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE)
    assert len(pinned) > 50
    assert [(one.name, one.version) for one in PACKAGES] == pinned
    assert sum(len(one.hashes) for one in PACKAGES) == LOCK.count("--hash=")


def test_what_only_a_bucket_needs_is_optional_and_the_rest_is_the_same_in_both_locks():
    always = (settings.BASE_DIR / "requirements.txt").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9._-]+)==(\S+)", always, re.MULTILINE))
    assert {(one.name, one.version) for one in PACKAGES if not one.is_optional} == pinned
    assert {one.name for one in PACKAGES if one.is_optional} >= {"boto3", "django-storages"}


def test_no_package_has_an_unknown_or_incompatible_licence():
    wrong = {one.name: one.licence for one in PACKAGES if unknown_in(one.licence or "none told")}
    assert wrong == {}, "decide whether it may be used, then name it in reviewapp/sbom.py"


def test_the_list_of_licences_is_the_one_of_the_lock():
    written = (settings.BASE_DIR / "docs" / "licences.md").read_text("utf-8")
    assert written == licence_table(PACKAGES), "manage.py sbom --licences docs/licences.md"


def test_the_document_is_cyclonedx_and_always_the_same(tmp_path):
    out, again = io.StringIO(), tmp_path / "sbom.json"
    call_command("sbom", stdout=out)
    call_command("sbom", output=again)
    assert out.getvalue() == again.read_text()
    told = json.loads(out.getvalue())
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    django = next(one for one in told["components"] if one["name"] == "django")
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert django["scope"] == "required"
    assert django["licenses"] == [{"expression": "BSD-3-Clause"}]
    refs = [one["bom-ref"] for one in told["components"]]
    assert len(set(refs)) == len(refs)


def test_what_is_not_known_is_told():
    assert unknown_in("MIT AND (GPL-3.0-only OR Apache-2.0)") == ["GPL-3.0-only"]
    assert spdx_of([None, "GNU GPL"]) == "GNU GPL"
    assert unknown_in(spdx_of(["", "AGPL-3.0-only", "BSD License"])) == []
    assert spdx_of([None]) == ""
    with pytest.raises(ValueError, match="has no hash"):
        packages_of("django==5.2.19 \\\n    # via x\n")
