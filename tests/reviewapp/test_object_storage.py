"""Files in a bucket, on a server that speaks S3: the same answers, bundles and backups."""

import io
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from moto.server import ThreadedMotoServer

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from reviewapp import files, jobs
from reviewapp.bundles.exporting import write_bundle
from reviewapp.bundles.options import Files, Options
from reviewapp.files import FilesAwayError, files_state, files_storage
from reviewapp.object_storage import ObjectStorage
from screening.models import FullText, Job, Review
from screening.services.removing import remove_files
from tests import factories
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.test_api_doors import undone
from tests.test_doors import arguments_of, ask
from tests.test_files_gone import OPENING
from tests.whole_review import fill

KEYS = {"aws_access_key_id": "reviewer", "aws_secret_access_key": "only-for-tests"}
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    """The settings as a host names them, and what lies in the bucket."""
    name = f"reviews-{uuid4().hex[:8]}"
    place = boto3.resource("s3", endpoint_url=server, region_name="eu-central-1", **KEYS)
    held = place.Bucket(name)
    held.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    point_to(settings, monkeypatch, server, name)
    return held


def point_to(settings, monkeypatch, server: str, name: str) -> None:
    given = {
        "S3_BUCKET": name,
        "S3_ENDPOINT": server,
        "S3_REGION": "eu-central-1",
        "S3_PREFIX": "/of/ours/",
        "S3_ACCESS_KEY": KEYS["aws_access_key_id"],
        "S3_SECRET_KEY": KEYS["aws_secret_access_key"],
    }
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    settings.STORAGES = {**settings.STORAGES, "default": files_storage(Path("unused"))}


@pytest.fixture
def away(settings, monkeypatch):
    monkeypatch.setattr("reviewapp.object_storage.TRIES", 1)
    point_to(settings, monkeypatch, NOWHERE, "reviews")


def names_in(bucket) -> list[str]:
    return sorted(one.key for one in bucket.objects.all())


def read(name: str) -> bytes:
    with default_storage.open(name) as stored:
        return stored.read()


def test_a_file_is_kept_read_listed_and_deleted_under_the_prefix(bucket):
    first = default_storage.save("imports/7/upload", ContentFile(b"one"))
    second = default_storage.save("imports/7/upload", ContentFile(b"two"))
    assert first == "imports/7/upload" != second
    assert names_in(bucket) == sorted([f"of/ours/{first}", f"of/ours/{second}"])
    assert (read(first), read(second), default_storage.size(second)) == (b"one", b"two", 3)
    assert default_storage.listdir("imports") == (["7"], [])
    assert sorted(default_storage.listdir("imports/7")[1]) == sorted(
        name.rsplit("/", 1)[1] for name in (first, second)
    )
    assert default_storage.listdir("nothing/here") == ([], [])
    default_storage.delete(first)
    default_storage.delete(first)
    assert not default_storage.exists(first)
    with pytest.raises(FileNotFoundError):
        default_storage.open(first)
    with pytest.raises(FileNotFoundError):
        default_storage.size(first)


def test_a_large_file_goes_in_parts_and_comes_back_the_same(bucket):
    content = bytes(range(256)) * 50_000  # 12.8 MB; parts begin at 8
    name = default_storage.save("bundles/1/a.zip", ContentFile(content))
    assert read(name) == content


def test_no_file_has_an_address_of_its_own(bucket):
    name = default_storage.save("a", ContentFile(b"x"))
    with pytest.raises(NotImplementedError):
        default_storage.url(name)
    anyone = boto3.resource("s3", endpoint_url=bucket.meta.client.meta.endpoint_url, **KEYS)
    grants = anyone.ObjectAcl(bucket.name, f"of/ours/{name}").grants
    assert not [one for one in grants if "URI" in one["Grantee"]], "others may read it"


def statuses(world: World, *, client: Client) -> dict[str, int]:
    answers = {}
    for door in OPENING:
        with undone():
            answers[f"{door.method} {door.name}"] = ask(client, door, arguments_of(door, world))
    return answers


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_every_address_that_opens_a_file_answers_as_with_a_folder(
    settings, monkeypatch, server, request
):
    definition, pdf = to_json(template("ssl_classification")), make_pdf(["Some words."])

    def answers(slug: str) -> dict[str, int]:
        world = make_world(slug, definition, pdf)
        everybody = ("lead", "screener", "extractor", "adjudicator", "observer")
        client = Client()
        client.force_login(factories.make_member(world.review, *everybody).user)
        return statuses(world, client=client)

    from_folder = answers("folder")
    held = request.getfixturevalue("bucket")
    assert answers("bucket") == from_folder
    assert set(from_folder.values()) >= {200}
    assert len(names_in(held)) >= 4


@pytest.mark.django_db
def test_a_pdf_is_uploaded_drawn_and_downloaded(bucket, client_of, review, screener):
    report = factories.make_report(
        factories.make_record(review, source=factories.make_source(review, kind="website"))
    )
    browser, pdf = client_of(screener), make_pdf(["Kept far away."])

    def at(name: str, **more: object) -> str:
        return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)

    upload = SimpleUploadedFile("paper.pdf", pdf)
    answer = browser.post(at("upload-full-text", report_id=report.pk), {"file": upload})
    assert answer.status_code == 302
    stored = FullText.objects.get()
    assert f"of/ours/{stored.file.name}" in names_in(bucket)
    file = browser.get(at("full-text-file", full_text_id=stored.pk))
    assert (file.getvalue(), file["Content-Length"]) == (pdf, str(len(pdf)))
    picture = browser.get(at("full-text-page", full_text_id=stored.pk, number=1))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")


@pytest.mark.django_db(transaction=True)
def test_a_bundle_is_written_from_it_verified_and_taken_in_again(bucket, lead, screener, tmp_path):
    fill(lead.review, lead, screener)
    path = tmp_path / "review.zip"
    written = write_bundle(lead.review, path, Options(Files.ALL))
    assert written.files >= 3
    call_command("import_bundle", str(path), "--slug", "twin", stdout=io.StringIO())
    twin = Review.objects.get(slug="twin")
    with FullText.objects.get(report__record__review=twin).file.open() as stored:
        assert stored.read().startswith(b"%PDF")
    said = io.StringIO()
    call_command("verify", "--review", "twin", stdout=said)
    lost = FullText.objects.get(report__record__review=twin).file.name
    default_storage.delete(lost)
    default_storage.save(f"full-texts/{twin.pk}/stray", ContentFile(b"x"))
    with pytest.raises(CommandError):
        call_command("verify", "--review", "twin", stdout=said, stderr=said)
    assert lost in said.getvalue()
    assert "stray" in said.getvalue()
    before = len(names_in(bucket))
    assert remove_files(twin) > 0
    assert len(names_in(bucket)) < before


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_its_files(bucket, lead, tmp_path):
    factories.make_record(lead.review)
    file = tmp_path / "b.zip"
    call_command("backup", "-o", str(file), stdout=io.StringIO())
    with zipfile.ZipFile(file) as archive:
        packed = [name for name in archive.namelist() if name.startswith("files/")]
    assert [name.removeprefix("files/") for name in packed] == [
        name.removeprefix("of/ours/") for name in names_in(bucket)
    ]
    assert packed


def test_the_files_of_a_folder_are_copied_and_compared(bucket, tmp_path):
    for name, content in {"imports/1/a": b"one", "full-texts/2/b.pdf": b"two"}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)

    def copy() -> str:
        said = io.StringIO()
        call_command("copy_files", str(tmp_path), stdout=said)
        return said.getvalue()

    assert "2 files copied, 0 were there already" in copy()
    assert (read("imports/1/a"), read("full-texts/2/b.pdf")) == (b"one", b"two")
    assert "0 files copied, 2 were there already" in copy()
    (tmp_path / "imports/1/a").write_bytes(b"other")
    with pytest.raises(CommandError, match="imports/1/a in the storage differs"):
        copy()
    with pytest.raises(CommandError, match="is no folder"):
        call_command("copy_files", str(tmp_path / "none"))


@pytest.mark.django_db
def test_while_it_is_away_pages_api_and_probes_say_so(
    bucket, client_of, lead, settings, monkeypatch
):
    world = make_world("far", to_json(template("ssl_classification")), make_pdf(["Some words."]))
    monkeypatch.setattr("reviewapp.object_storage.TRIES", 1)
    point_to(settings, monkeypatch, NOWHERE, bucket.name)
    assert files_state() == "their storage does not answer"
    client = client_of(factories.make_member(world.review, "lead"))
    client.raise_request_exception = False
    doors = [
        one
        for one in OPENING
        if one.name.endswith((":full-text-file", ":original-file", ":import-file"))
    ]
    assert {one.name.partition(":")[0] for one in doors} == {"screening", "screening-api"}
    for door in doors:
        answer = client.get(reverse(door.name, kwargs=arguments_of(door, world)))
        assert (answer.status_code, answer["Retry-After"]) == (503, "5"), door.name
        assert "storage that keeps imported files and PDFs does not answer" in answer.text


@pytest.mark.django_db
def test_work_that_met_it_away_is_tried_again_and_says_so(away, monkeypatch):
    monkeypatch.setattr(
        jobs, "handlers", lambda: {"check_worker": lambda _: default_storage.exists("a")}
    )
    job = Job.objects.create(kind="check_worker")
    jobs.perform(job.pk, owner="here:1:aa")
    job.refresh_from_db()
    assert (job.state, "does not answer" in job.error) == ("queued", True)


@pytest.mark.parametrize(
    "act",
    [
        lambda: default_storage.exists("a"),
        lambda: default_storage.open("a"),
        lambda: default_storage.save("a", ContentFile(b"x")),
        lambda: default_storage.delete("a"),
        lambda: default_storage.listdir("a"),
        lambda: default_storage.size("a"),
    ],
)
def test_whatever_is_asked_of_one_that_is_away_is_one_error(away, act):
    with pytest.raises(FilesAwayError):
        act()


def test_a_wrong_key_or_bucket_is_the_same_error(server, settings, monkeypatch):
    point_to(settings, monkeypatch, server, "there-is-no-such-bucket")
    with pytest.raises(FilesAwayError):
        default_storage.save("a", ContentFile(b"x"))


def test_without_the_packages_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("S3_BUCKET", "reviews")
    monkeypatch.setattr(files, "PACKAGES", ("no_such_package_here",))
    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        files_storage(Path("unused"))


def test_amazon_itself_is_asked_in_its_own_way():
    theirs = ObjectStorage(bucket_name="reviews")
    assert theirs.client_config.s3 is None
    assert theirs.client_config.request_checksum_calculation == "when_supported"
