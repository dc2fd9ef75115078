"""In a large review a worker carries a changed form's values, study by study, killed or not."""

import pytest
from django.core.exceptions import ValidationError

from extraction.models import ConsensusValue, ExtractedValue, Extraction, Reconciliation
from extraction.schema.codec import to_json
from extraction.selectors.form_changes import studies_to_follow, unfinished_change
from extraction.selectors.forms import current_form
from extraction.services import following
from extraction.services.forms import take_back_form
from reviewapp.jobs import perform
from screening.models import Job
from tests import factories
from tests.extraction.conftest import current, enter
from tests.extraction.services.form_histories import START
from tests.extraction.services.test_form_changes import change_form, renamed

STUDIES = 5


class KilledError(BaseException):
    """A worker that vanishes."""


@pytest.fixture
def extractions(review, lead, extractor, monkeypatch):
    """Extractions of some studies, reconciled, in a review that counts as large."""
    monkeypatch.setattr(following, "AT_ONCE", 2)
    monkeypatch.setattr(following, "CHUNK", 2)
    form = factories.make_form(review, to_json(START))
    made = []
    for number in range(STUDIES):
        study = factories.make_study(review)
        extraction = Extraction.objects.create(study=study, form=form, extractor=extractor)
        raw = ExtractedValue.objects.create(
            extraction=extraction, field="alpha", value=f"raw {number}", page=1, quote="q"
        )
        ConsensusValue.objects.create(
            reconciliation=Reconciliation.objects.create(study=study, form=form),
            field="alpha",
            value=f"settled {number}",
            side="a",
            value_a=raw,
            decided_by=lead,
        )
        made.append(extraction)
    return made


def stands(field):
    """Raw and settled answers of a field, each settled one with the raw one that it names."""
    raw = ExtractedValue.objects.current().filter(field=field)
    settled = ConsensusValue.objects.current().filter(field=field).select_related("value_a")
    return (
        sorted(raw.values_list("value", flat=True)),
        sorted((one.value, one.value_a.value, one.value_a.field) for one in settled),
    )


def run(job):
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, owner="", lease_until=None)
    perform(job.pk, owner="test:1:x")


def test_a_worker_that_is_killed_midway_is_followed_by_another(
    lead, extractions, review, monkeypatch
):
    before = stands("alpha")
    change_form(lead, renamed("study", "alpha", "backbone"))
    job = Job.objects.get()
    assert (job.kind, job.params["total"]) == ("carry_form", STUDIES)
    assert (current_form(review).version, stands("alpha")) == (2, before)
    enter(extractions[-1], "alpha", "typed while it ran")

    carry, calls = following.carry_values, []

    def killed_in_the_second_chunk(change, studies):
        carry(change, studies)
        calls.append(studies)
        if len(calls) == 2:
            raise KilledError

    monkeypatch.setattr(following, "carry_values", killed_in_the_second_chunk)
    with pytest.raises(KilledError):
        run(job)
    monkeypatch.setattr(following, "carry_values", carry)
    change = unfinished_change(review)
    assert len(studies_to_follow(change)) == STUDIES - 2
    assert [one.form.version for one in Extraction.objects.order_by("pk")] == [2, 2, 1, 1, 1]
    for refused in (take_back_form, lambda membership: change_form(membership, lambda s: s)):
        with pytest.raises(ValidationError, match="version 2 are still being carried"):
            refused(membership=lead)

    run(job)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", STUDIES, STUDIES)
    assert unfinished_change(review) is None
    raw, settled = stands("backbone")
    assert raw == [*before[0][:-1], "typed while it ran"]
    assert settled[:-1] == [(value, a, "backbone") for value, a, _ in before[1][:-1]]
    assert settled[-1] == before[1][-1], "what was settled names the value that it took"


def test_taking_back_is_work_too_and_restores_every_answer(lead, extractions, review):
    before = stands("alpha")
    change_form(lead, renamed("study", "alpha", "backbone"))
    run(Job.objects.get())
    assert stands("backbone")[0] == before[0]
    take_back_form(membership=lead)
    assert (current_form(review).version, stands("backbone")[0]) == (1, before[0])
    run(Job.objects.latest("pk"))
    assert unfinished_change(review) is None
    assert stands("alpha") == before
    assert {one.form.version for one in Extraction.objects.all()} == {1}
    assert current(extractions[0], "backbone") is None


def test_the_form_says_how_far_it_is_and_what_to_do_after_a_failure(
    client_of, lead, extractions, review
):
    change_form(lead, renamed("study", "alpha", "backbone"))
    page = client_of(lead).get(f"/r/{review.slug}/extraction/form/")
    assert "The studies are carried over to version 2" in page.text
    assert 'hx-select="#following"' in page.text
    assert "Take this version back" not in page.text
    Job.objects.update(state=Job.State.FAILED, error="No disk.", done=2)
    page = client_of(lead).get(f"/r/{review.slug}/extraction/form/").text
    assert "The values have not all followed." in page
    assert "No disk." in page
    assert 'hx-select="#following"' not in page
