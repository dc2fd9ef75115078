import io
import json
import re
import subprocess
import sys
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from reviewapp.bundles.exporting import write_bundle
from reviewapp.bundles.options import Options
from screening.models import AuditEvent, FullText
from screening.rules.bundles import Files
from screening.rules.redaction import Person
from screening.services.redacting import redact_trail
from tests.analytics.seed import plain_form, plain_studies
from tests.analytics.stored import store
from tests.forged_bundle import rewritten, swap
from tests.whole_review import fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stored(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "stored"},
        },
    }
    return tmp_path / "stored"


@pytest.fixture
def bundle(review, lead, screener, stored, tmp_path):
    fill(review, lead, screener)
    write_bundle(review, tmp_path / "a.zip", Options(Files.ALL))
    return tmp_path / "a.zip"


def run(bundle, *arguments):
    """The bundle's own program, alone: without the app, its folder and its packages."""
    home = bundle.parent / f"program-{bundle.stem}"
    with zipfile.ZipFile(bundle) as archive:
        names = [name for name in archive.namelist() if name.startswith("verif")]
        archive.extractall(home, names)
    return subprocess.run(
        [sys.executable, "-E", "-s", "-S", str(home / "verify.py"), str(bundle), *arguments],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_the_program_in_the_bundle_proves_it_alone_and_unpacked(bundle, tmp_path):
    proven = run(bundle)
    assert (proven.returncode, proven.stderr) == (0, "")
    assert "gains: as exported" in proven.stdout
    told = json.loads(run(bundle, "--json").stdout)
    assert told["proven"]
    assert set(told["checks"]) == {
        "files", "audit", "statuses", "prisma", "agreement", "gains", "table1"
    }  # fmt: skip
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
        gains = archive.read("results/gains.csv").decode()
    assert "3.516483516483" in gains  # 94.2 against 91: something is there to be recomputed
    (folder / "files" / "more.pdf").write_bytes(b"x")
    unpacked = subprocess.run(
        [sys.executable, "-E", "-s", "-S", str(folder / "verify.py")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert unpacked.returncode == 1
    assert "orphan file: files/more.pdf" in unpacked.stdout


TAMPERED = {
    "a decision": (
        "tables/decisions.csv",
        lambda old: re.sub(rb"\n(\d+,2,title_abstract,1),maybe", rb"\n\1,exclude", old),
        ("status: record 2 at title_abstract: exported conflict, found excluded",
         "PRISMA: box records_excluded", "agreement: title_abstract"),
    ),
    "a value": (
        "tables/extracted_values.csv",
        swap(b'""94.2""', b'""99.2""'),
        ("gain: value of experiment e1 of study 1: exported 0.942, found 0.992",
         "Table 1: difference of study 1: exported 3.2, found 8.2"),
    ),
    "an audit row": (
        "tables/audit_events.csv",
        swap(b"record.told", b"record.sold"),
        ("audit chain: row 2", "audit event: action of row 2"),
    ),
    "a removal": (
        "tables/removals.csv",
        lambda old: re.sub(rb",other,", rb",automation,", old),
        ("PRISMA: box excluded_automatic", "PRISMA: box excluded_other"),
    ),
    "the log of the installation": (
        "about/audit_chain.jsonl",
        swap(b"group.changed", b"group.forged"),
        ("installation's chain: line 1",),
    ),
    "a result": (
        "results/table1.csv",
        swap(b",3.2,", b",4.2,"),
        ("Table 1: difference of study 1: exported 4.2, found 3.2",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TAMPERED)
def test_what_was_tampered_with_is_named_though_the_manifest_was_made_to_fit(bundle, case):
    name, change, said = TAMPERED[case]
    found = run(rewritten(bundle, {name: change}))
    assert found.returncode == 1
    assert "files: as exported" in found.stdout
    for words in said:
        assert words in found.stdout, found.stdout


def test_a_file_that_was_changed_or_taken_out_is_named(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as archive:
        pdf = next(name for name in archive.namelist() if name.startswith("files/full-texts"))
    changed = run(rewritten(bundle, {pdf: lambda old: old + b"x"}, is_signed=False))
    assert f"changed file: {pdf}" in changed.stdout
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(tmp_path / "less.zip", "w") as new:
        for name in old.namelist():
            if name != pdf:
                new.writestr(name, old.read(name))
    less = run(tmp_path / "less.zip")
    assert f"missing file: {pdf}" in less.stdout
    assert "missing file: row 1 of full_texts" in less.stdout


def test_a_table_without_a_comparison_is_recomputed_too(review, lead, stored, tmp_path):
    store(lead, plain_studies(), plain_form())
    write_bundle(review, tmp_path / "a.zip", Options(Files.ALL))
    proven = run(tmp_path / "a.zip")
    assert (proven.returncode, proven.stderr) == (0, ""), proven.stdout
    forged = rewritten(tmp_path / "a.zip", {"results/table1.csv": swap(b"placebo", b"sugar")})
    told = run(forged).stdout
    assert "Table 1: arm_drug of study 1: exported aspirin; sugar, found aspirin; placebo" in told


def test_the_command_proves_the_review_where_it_lives(bundle, review, stored):
    told = io.StringIO()
    call_command("verify", "--review", "ssl", "--json", stdout=told)
    assert json.loads(told.getvalue())["proven"]

    text = FullText.objects.get(report__record__review=review)
    FullText.objects.filter(pk=text.pk).update(sha256="0" * 64)
    default_storage.save(f"full-texts/{review.pk}/orphan.pdf", io.BytesIO(b"x"))
    batch = review.import_batches.first()
    batch.file.delete(save=False)
    broken = AuditEvent(
        review=review, action="record.forged", target_type="x", target_id="1", hash="f" * 64
    )
    broken.save(force_insert=True)
    told = io.StringIO()
    with pytest.raises(CommandError, match="differences"):
        call_command("verify", "--review", "ssl", stdout=told)
    for words in ("changed file: full_texts", "orphan file", "missing file: import_batches",
                  "installation's chain"):  # fmt: skip
        assert words in told.getvalue(), told.getvalue()


def test_a_person_taken_out_of_the_trail_leaves_it_proven(review, lead, screener, stored, tmp_path):
    fill(review, lead, screener)
    person = Person(screener.user.email, screener.user.name, "gone@example.org", "Former member")
    assert redact_trail(person, actor=None)
    write_bundle(review, tmp_path / "a.zip", Options(Files.ALL))
    proven = run(tmp_path / "a.zip")
    assert (proven.returncode, proven.stderr) == (0, ""), proven.stdout
