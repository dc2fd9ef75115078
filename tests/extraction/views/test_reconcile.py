import re

import pytest

from extraction.models import ConsensusValue, Extraction
from extraction.selectors.comparison import comparison_of
from tests import factories
from tests.extraction.conftest import experiment, extract
from tests.extraction.views.test_studies import address

PART = {"HX-Request": "true"}


@pytest.fixture
def pair(study, extractor, other_extractor):
    extract(study, extractor, experiment("1%", "0.885", "0.858"), experiment("5%", "0.9", "0.8"))
    extract(
        study,
        other_extractor,
        experiment("1%", "0.885", "0.868"),
        experiment("10%", "0.91", "0.81"),
        ssl_framework="MoCo v2",
    )
    return study


@pytest.fixture
def client(client_of, adjudicator):
    return client_of(adjudicator)


@pytest.fixture
def begun(client, pair):
    client.post(address(pair, "reconcile", "begin"))
    return pair


def act(client, study, part, headers=PART, **data):
    return client.post(address(study, "reconcile", part), data, headers=headers)


def rows_of(study):
    return comparison_of(study).groups[-1].rows


def test_both_sides_stand_side_by_side_without_names(client, pair, extractor, other_extractor):
    page = client.get(address(pair, "reconcile")).content.decode()
    assert "MoCo v2" in page
    assert "Only in A" in page
    assert "Reconcile: accept the 6 that agree" in page
    assert extractor.user.name not in page
    assert other_extractor.user.name not in page


def test_there_is_nothing_to_compare_before_both_submitted(client, study, extractor):
    extract(study, extractor)
    assert client.get(address(study, "reconcile")).url == address(study)
    assert client.post(address(study, "reconcile", "begin")).url == address(study)
    assert act(client, study, "settle").url == address(study)


def test_an_extractor_reads_the_comparison_but_settles_nothing(client_of, extractor, pair):
    page = client_of(extractor).get(address(pair, "reconcile")).content.decode()
    assert "MoCo v2" in page
    assert "Take A" not in page
    assert client_of(extractor).post(address(pair, "reconcile", "begin")).status_code == 403


def test_beginning_accepts_what_agrees(client, begun):
    page = client.get(address(begun, "reconcile")).content.decode()
    assert ConsensusValue.objects.current().count() == 6
    assert "Take A" in page
    assert "A third value" in page


def test_a_side_is_taken_and_chosen_again(client, begun):
    page = act(client, begun, "settle", field="ssl_framework", side="a").content.decode()
    assert "A’s value</span>" in page
    settled = ConsensusValue.objects.current().get(field="ssl_framework")
    act(client, begun, "settle", field="ssl_framework", side="again", expected=settled.pk)
    assert not ConsensusValue.objects.current().filter(field="ssl_framework").exists()


def test_a_third_value_is_settled_with_its_reason(client, begun):
    refused = act(client, begun, "settle", field="ssl_framework", side="third", value="x")
    assert "Say why" in refused.content.decode()
    act(
        client,
        begun,
        "settle",
        field="ssl_framework",
        side="third",
        value="MoCo v3",
        rationale="Section 3",
        page="4",
        quote="MoCo v3",
    )
    settled = ConsensusValue.objects.current().get(field="ssl_framework")
    assert (settled.value, settled.page, settled.quote) == ("MoCo v3", 4, "MoCo v3")


@pytest.mark.parametrize("data", [{}, {"field": "ssl_framework", "side": "magic"}])
def test_a_malformed_ruling_is_refused(client, begun, data):
    before = ConsensusValue.objects.count()
    assert act(client, begun, "settle", **data).status_code == 200
    assert ConsensusValue.objects.count() == before


def test_rows_are_kept_left_out_and_taken_in(client, begun):
    half = next(row for row in rows_of(begun) if row.row_b is None)
    act(client, begun, "row", row=half.settled.pk, action="leave_out")
    assert "Left out" in client.get(address(begun, "reconcile")).content.decode()
    act(client, begun, "row", row=half.settled.pk, action="take_in")
    act(client, begun, "row", row=half.settled.pk, action="a")
    assert next(row for row in rows_of(begun) if row.row_b is None).open_cells == 0


def test_half_rows_are_paired(client, begun):
    first = next(row for row in rows_of(begun) if row.row_b is None)
    second = next(row for row in rows_of(begun) if row.row_a is None)
    data = {"row": first.settled.pk, "action": "pair"}
    assert "Choose a row first" in act(client, begun, "row", **data).content.decode()
    act(client, begun, "row", **data, other=second.settled.pk)
    assert len(rows_of(begun)) == 2


def test_the_study_is_finished_and_reopened(client, begun, extractor):
    refused = act(client, begun, "finalise", headers={})
    assert refused.url.startswith(address(begun, "reconcile"))
    told = client.get(address(begun, "reconcile")).content.decode()
    assert told.count('class="notice notice-error"') == 1
    act(client, begun, "settle", field="ssl_framework", side="a")
    for row in rows_of(begun):
        side = "a" if row.row_a else "b"
        act(client, begun, "row", row=row.settled.pk, action=side)
    act(client, begun, "finalise", action="accept")
    page = act(client, begun, "finalise").content.decode()
    assert "Final since" in page
    assert extractor.user.name in page
    assert "Say why" in act(client, begun, "finalise", action="reopen").content.decode()
    page = act(client, begun, "finalise", action="reopen", reason="A typo.").content.decode()
    assert "Every cell is settled" in page


def test_the_comparison_takes_a_constant_number_of_queries(
    client, study, extractor, other_extractor, django_assert_max_num_queries
):
    rows = [experiment(f"{number}%", "0.8", "0.7") for number in range(10)]
    extract(study, extractor, *rows)
    extract(study, other_extractor, *rows)
    client.post(address(study, "reconcile", "begin"))
    with django_assert_max_num_queries(18):
        assert client.get(address(study, "reconcile")).status_code == 200


def test_nothing_on_the_page_tells_who_is_a(client, begun, extractor, other_extractor):
    """The same two readings give the same page, whichever person wrote which of them."""

    def seen():
        page = client.get(address(begun, "reconcile")).content.decode()
        return re.sub(r"[A-Za-z0-9]{64}", "token", page)  # of the forms

    seen()  # which takes the message that reconciling has begun
    before = seen()
    first, second = begun.extractions.order_by("pk")
    third = factories.make_member(begun.review, "extractor")
    for one, person in ((first, third), (second, extractor), (first, other_extractor)):
        Extraction.objects.filter(pk=one.pk).update(extractor=person)
    assert seen() == before
    settled = set(ConsensusValue.objects.current().values_list("pk", flat=True))
    numbers = set(map(int, re.findall(r'value="(\d+)"', before)))
    rows = {row.settled.pk for row in rows_of(begun)}
    assert numbers <= rows | settled | {begun.pk}
