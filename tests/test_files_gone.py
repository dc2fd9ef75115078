"""A review whose stored files are not here: taken in without them, or lost; no address breaks."""

import pytest
from django.test import Client

from extraction.models import SheetImport
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import BatchPdf, FullText, ImportBatch
from tests import factories
from tests.doors.api import API_DOORS
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.test_doors import DOORS, arguments_of, ask

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]  # a world is made first
NOWHERE = "away/from-here"
STORED = (FullText, ImportBatch, SheetImport, BatchPdf)
OF_FILES = {  # what reads a stored file
    *("full-text", "full-text-file", "full-text-page", "full-text-boxes", "original-file"),
    *("import-preview", "import-people", "import-file", "assign-pdf", "sheet-import"),
    *("sheet-import-map", "extract", "page-picture", "side-place"),
}
OPENING = [door for door in [*DOORS, *API_DOORS] if door.name.partition(":")[2] in OF_FILES]


@pytest.fixture
def world(db: None) -> World:
    made = make_world("ours", to_json(template("ssl_classification")), make_pdf(["Some words."]))
    for model in STORED:
        model._default_manager.update(file=NOWHERE)
    return made


def test_no_page_or_endpoint_breaks(world):
    everybody = factories.make_member(
        world.review, "lead", "screener", "extractor", "adjudicator", "observer"
    )
    client = Client()
    client.force_login(everybody.user)
    broken = []
    for door in OPENING:
        try:
            status = ask(client, door, arguments_of(door, world))
        except Exception as error:  # each is told below
            status = repr(error)
        if not isinstance(status, int) or status >= 500:
            broken.append((door.method, door.name, status))
    assert not broken, "\n".join(map(str, broken))


def test_what_is_asked_covers_files():
    assert {door.name.partition(":")[2] for door in OPENING} == OF_FILES
