"""What an update changed between two days."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from analytics.selectors.changes import changes_of
from analytics.tables.changes import Kind, numbers_between
from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    Reconciliation,
    Study,
)

DAY = timedelta(days=1)


@pytest.fixture
def updated(lead, stored):
    """Ten days ago two studies; since then one value replaced, one reconciled, one study came."""
    now = timezone.now()
    for model in (Study, Extraction, ExtractionRow, ExtractedValue, ExtractionForm):
        model.objects.update(created_at=now - 10 * DAY)
    Study.objects.filter(label="3").update(created_at=now - 2 * DAY)
    former = ExtractedValue.objects.get(row=stored["t1"], field="treated")
    ExtractedValue.objects.filter(pk=former.pk).update(superseded_at=now - 3 * DAY)
    ExtractedValue.objects.create(
        extraction=former.extraction, row=former.row, field="treated", value="84",
        unit="percent", replaces=former, created_at=now - 3 * DAY,
    )  # fmt: skip
    raw = stored["t3"]
    begun = Reconciliation.objects.create(
        study=raw.extraction.study, extraction_a=raw.extraction, form=raw.extraction.form
    )
    row = ConsensusRow.objects.create(reconciliation=begun, group="trial", position=0, row_a=raw)
    for value in ExtractedValue.objects.filter(row=raw):
        ConsensusValue.objects.create(
            reconciliation=begun, row=row, field=value.field, value=value.value, unit=value.unit,
            side="a", value_a=value, decided_by=lead, created_at=now - DAY,
        )  # fmt: skip
    return stored


def days():
    return timezone.localdate() - 5 * DAY, timezone.localdate()


def test_studies_values_gains_and_readings_are_told_before_and_after(lead, updated):
    found = changes_of(lead.review, *days())
    assert found.counts == (("studies", 2, 3), ("experiments", 3, 4))
    assert [one.study for one in found.came] == ["Author 2003"]
    assert found.went == []
    wheat, maize = found.changed
    (value,) = wheat.values
    assert (value.kind, value.before, value.after) == (Kind.CHANGED, "88 %", "84 %")
    assert value.row == "A · accuracy · 100%"
    assert {one.kind for one in maize.values} == {Kind.SETTLED}
    assert "72 % (imported)" in [one.before for one in maize.values]
    assert "72 % (verified)" in [one.after for one in maize.values]
    (gain,) = found.gains
    assert (gain.before, gain.after) == ("+10.00 % by accuracy", "+5.00 % by accuracy")
    relative = next(one for one in found.figures if one.key == "relative-gain")
    assert relative.has_changed


def test_the_same_day_twice_differs_in_nothing_and_backwards_turns_round(lead, updated):
    before, after = days()
    same = changes_of(lead.review, before, before)
    assert (list(same.studies), list(same.gains)) == ([], [])
    assert not any(one.has_changed for one in same.figures)
    back = changes_of(lead.review, after, before)
    assert [one.study for one in back.went] == ["Author 2003"]


def test_filters_narrow_what_is_compared(lead, updated):
    found = changes_of(lead.review, *days(), {"group": ["wheat"]})
    assert [one.study for one in found.studies] == ["Author 2001"]


def test_readings_with_the_same_words_give_their_numbers():
    assert numbers_between("2 studies, +1.5 %", "3 studies, +1.5 %") == (("2", "3"),)
    assert numbers_between("2 studies", "Nothing") is None


def test_the_page_and_the_csv_show_it_and_refuse_days_the_wrong_way_round(
    client_of, observer, updated
):
    before, after = days()
    client = client_of(observer)
    page = client.get(f"/r/ssl/figures/changes/?before={before}").content.decode()
    assert "1 came, 0 went, 2 hold other values" in page
    assert "<td>84 %</td>" in page
    answer = client.get(f"/r/ssl/figures/changes/all.csv?before={before}&after={after}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {"level": "study", "what": "came", "study": "Author 2003"}.items() <= rows[0].items()
    assert any(row["before"] == "88 %" and row["after"] == "84 %" for row in rows)
    wrong = client.get(f"/r/ssl/figures/changes/?before={after}&after={before}").content.decode()
    assert "The first day must come before the second." in wrong
    assert client.get("/r/ssl/figures/changes/").status_code == 200
