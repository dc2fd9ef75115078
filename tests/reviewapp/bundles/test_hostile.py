import stat
import zipfile

import pytest

from reviewapp.bundles import reading
from reviewapp.bundles.about import MANIFEST
from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.exporting import write_bundle
from reviewapp.bundles.importing import import_bundle
from reviewapp.bundles.options import Options
from screening.models import AuditEvent, Review, User
from screening.rules.bundles import Files
from tests.forged_bundle import rewritten, swap
from tests.whole_review import fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bundle(review, lead, screener, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "stored"},
        },
    }
    fill(review, lead, screener)
    write_bundle(review, tmp_path / "a.zip", Options(Files.ALL))
    return tmp_path / "a.zip"


FORGED = {
    "a cell that leads nowhere": (
        {"tables/decisions.csv": swap(b"\n1,1,title", b"\n1,999,title")},
        "decisions.csv, row 1, record: there is no row 999 of records",
    ),
    "a column less": (
        {"tables/records.csv": swap(b",raw_text,", b",raw,")},
        "records.csv has other columns .* missing raw_text",
    ),
    "a row less than announced": (
        {"tables/tags.csv": lambda old: old.splitlines(keepends=True)[0]},
        "tags.csv has 0 rows and announces 1",
    ),
    "a word that is no choice": (
        {"tables/decisions.csv": swap(b",include,", b",perhaps,")},
        "verdict: 'perhaps' is none of its choices",
    ),
    "a changed audit row": (
        {"tables/audit_events.csv": swap(b"record.told", b"record.sold")},
        "audit_events.csv, row 2: the chain is broken",
    ),
    "rows that contradict each other": (
        {"tables/decisions.csv": lambda old: old.replace(b"full_text,exclude,1", b"x").replace(
            b"\n2,1,title_abstract,2", b"\n2,1,title_abstract,1")},
        "contradict each other",
    ),
    "a form that is none": (
        {"tables/forms.csv": swap(b'""groups"":', b'""grups"":')},
        "forms.csv: version 1 is no extraction form",
    ),
    "no stage": (
        {"tables/stages.csv": swap(b"\n2,full_text", b"\n2,title_abstract")},
        "contradict each other",
    ),
    "another version": (
        {MANIFEST: swap(b'"version": 1', b'"version": 9')},
        "version 9",
    ),
    "a manifest of nothing": ({MANIFEST: lambda _: b"[]"}, "manifest.json cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_bundle_is_refused_and_nothing_stays(bundle, tmp_path, case):
    changes, said = FORGED[case]
    forged = rewritten(bundle, changes, is_signed=MANIFEST not in changes)
    people, files = User.objects.count(), stored(tmp_path)
    with pytest.raises(BundleRefusedError, match=said):
        import_bundle(forged, slug="twin")
    assert not Review.objects.filter(slug="twin").exists()
    assert (User.objects.count(), stored(tmp_path)) == (people, files)
    assert not AuditEvent.objects.filter(action="bundle.imported").exists()


def stored(tmp_path):
    return {path for path in (tmp_path / "stored").rglob("*") if path.is_file()}


def test_a_changed_file_a_slip_a_link_and_a_bomb_are_refused(bundle, tmp_path, monkeypatch):
    changed = rewritten(bundle, {"tables/tags.csv": lambda old: old + b"x"}, is_signed=False)
    with pytest.raises(BundleRefusedError, match=r"damaged: tables/tags.csv is not what it was"):
        import_bundle(changed, slug="twin")
    for name in ("../evil", "/etc/evil", "a\\b", "tables/../../x", "tables//x"):
        with zipfile.ZipFile(tmp_path / "slip.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), b"x")
        with pytest.raises(BundleRefusedError, match="no plain file inside"):
            import_bundle(tmp_path / "slip.zip", slug="twin")
    link = zipfile.ZipInfo("tables/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BundleRefusedError, match="no plain file inside"):
        import_bundle(tmp_path / "link.zip", slug="twin")
    monkeypatch.setattr(reading, "FREE", 1024)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables/x.csv", b"0" * 2_000_000)
    with pytest.raises(BundleRefusedError, match="bomb"):
        import_bundle(tmp_path / "bomb.zip", slug="twin")
    told = bytearray((tmp_path / "bomb.zip").read_bytes())
    size = told.index(b"PK\x01\x02") + 20
    for claimed in (len(told), 2**31):  # a packed size that is made up hides nothing
        told[size : size + 4] = claimed.to_bytes(4, "little")
        (tmp_path / "bomb.zip").write_bytes(told)
        with pytest.raises(BundleRefusedError, match="bomb"):
            import_bundle(tmp_path / "bomb.zip", slug="twin")
    (tmp_path / "no.zip").write_bytes(b"PK no")
    with pytest.raises(BundleRefusedError, match="is no bundle"):
        import_bundle(tmp_path / "no.zip", slug="twin")
