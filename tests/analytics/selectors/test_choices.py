"""The review chooses what is compared: any two arms, its own metrics, the effect, the model."""

import re
from decimal import Decimal

import pytest

from analytics.frames import arms_of, experiments_frame
from analytics.selectors.choices import settle
from analytics.selectors.experiments import selection_of
from analytics.stats.gains import with_gains
from extraction.models import Extraction, Study
from extraction.schema.codec import from_json, to_json
from extraction.schema.comparison import Dependence, EffectMeasure
from extraction.schema.definition import FormInvalidError
from extraction.schema.templates import template
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.stored import store

ROWS = [trial("t1", "88", "80", fallow="50"), trial("t2", "60", "50", fallow="")]


def with_comparison(**changes):
    data = to_json(made_up_form())
    data["comparison"] |= changes
    return from_json(data)


def test_the_arms_are_the_pair_and_every_other_number_in_their_units():
    assert [arm.field for arm in arms_of(made_up_form())] == ["treated", "control", "fallow"]
    assert [arm.field for arm in arms_of(template("ssl_classification"))] == [
        "ssl_performance",
        "supervised_performance",
    ]
    assert arms_of(template("blank")) == ()


def test_any_two_arms_can_be_compared():
    changed = settle(made_up_form(), {"compare": ["control~fallow"]})
    frame = with_gains(experiments_frame([study(1, *ROWS)], changed.form))
    assert frame["relative_gain"].tolist()[0] == pytest.approx(60)
    assert frame["refused_reason"].tolist() == ["", "the Fallow value is not reported"]
    assert changed.asked == {"compare": ("control~fallow",)}


def test_the_other_way_round_turns_the_sign():
    changed = settle(made_up_form(), {"compare": ["control~treated"]}).form
    frame = with_gains(experiments_frame([study(1, *ROWS)], changed))
    assert frame["absolute_gain"].tolist() == pytest.approx([-8, -10])
    own = with_gains(experiments_frame([study(1, *ROWS)], made_up_form()))
    assert (frame["log_ratio"] + own["log_ratio"]).abs().max() < 1e-12


def test_what_cannot_be_followed_is_said_and_the_forms_own_choice_holds():
    asked = {"compare": ["x~y"], "effect": ["odds"], "dependence": ["none"], "r": ["2"]}
    found = settle(made_up_form(), asked)
    assert len(found.problems) == 4
    assert "no two arms" in found.problems[0]
    assert found.asked == {}
    assert found.form == made_up_form()


def test_effect_model_and_r_are_taken_from_the_address():
    asked = {"effect": ["difference"], "dependence": ["three_level"], "r": ["0.5"]}
    policy = settle(made_up_form(), asked).form.comparison.synthesis
    assert policy.effect is EffectMeasure.DIFFERENCE
    assert policy.dependence is Dependence.THREE_LEVEL
    assert policy.correlation == Decimal("0.5")


def test_a_form_brings_its_own_metric_with_direction_and_range():
    weeds = {"key": "weeds", "direction": "lower", "low": "0", "high": "200"}
    form = with_comparison(metrics=[weeds])
    rows = [trial("t1", "10", "20", measure="Weeds"), trial("t2", "9", "8", measure="accuracy")]
    frame = with_gains(experiments_frame([study(1, *rows)], form))
    assert frame["metric"].tolist() == ["weeds", "accuracy"]
    assert frame["relative_gain"].tolist() == pytest.approx([50, 12.5])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"synthesis": {"correlation": "1"}}, "1 is no correlation"),
        ({"metrics": [{"key": "a", "low": "1", "high": "1"}]}, "“a”: low 1 is not below 1"),
        ({"cases_field": "site"}, "“site” is no number"),
        ({"cases_field": "nothing"}, "no field “nothing”"),
        ({"arm": {"field": "treated", "label": "t", "low": "plots"}}, "one end of an interval"),
    ],
)
def test_a_comparison_that_contradicts_itself_is_refused(changes, message):
    with pytest.raises(FormInvalidError, match=message):
        with_comparison(**changes)


def test_the_address_compares_and_the_page_keeps_it(client_of, observer, lead):
    rows = [study(1, *ROWS, crop="wheat"), study(2, trial("t3", "70", fallow="60"), crop="maize")]
    store(lead, rows, made_up_form())
    text = client_of(observer).get("/r/ssl/figures/?compare=control~fallow&r=7").text
    assert "compared control with Fallow" in text
    assert "Remove the filter Compared: control against Fallow" in text
    assert 'href="/r/ssl/figures/?compare=control~fallow&amp;role=full#rows"' in text
    assert "r = 7 is no correlation from 0 to below 1." in text
    value = re.search(r'href="(/r/ssl/values/\d+/[0-9a-f]+/\?compare=control~fallow)"', text)[1]
    assert "+60.00 %" in client_of(observer).get(value).text


def test_raw_values_are_shown_only_when_asked_for_and_all_have_submitted(
    client_of, review, lead, extractor, other_extractor
):
    stored = store(lead, [study(1, trial("t1"), crop="wheat")], made_up_form())
    form = stored["t1"].extraction.form
    Extraction.objects.all().delete()
    one = Study.objects.get(review=review)
    for member in (extractor, other_extractor):
        made = Extraction.objects.create(study=one, form=form, extractor=member)
        row = made.rows.create(group="trial", position=0)
        for field, value in (("treated", "88"), ("control", "80"), ("measure", "accuracy")):
            unit = "percent" if field != "measure" else ""
            made.values.create(row=row, field=field, value=value, unit=unit)

    def shown(**asked):
        return selection_of(review, {key: [value] for key, value in asked.items()}).experiments

    assert shown(status="raw").empty
    Extraction.objects.filter(extractor=extractor).update(submitted_at=one.created_at)
    assert shown(status="raw").empty
    Extraction.objects.update(submitted_at=one.created_at)
    assert shown().empty
    assert shown(status="raw")["relative_gain"].tolist() == pytest.approx([10])
    link = shown(status="raw")["link"].iloc[0]
    assert "+10.00 %" in client_of(lead).get(link).text


def test_judgements_of_bias_filter_and_narrow_the_sensitivity_figure(review, lead):
    data = to_json(made_up_form())
    terms = [{"key": "low", "level": "low"}, {"key": "high", "level": "high"}]
    data["groups"][0]["fields"].append(
        {"key": "bias", "label": "Risk of bias", "type": "choice", "terms": terms,
         "judges": "overall"}
    )  # fmt: skip
    judged = [
        study(n, trial(f"t{n}", str(80 + n), "80"), crop="wheat", bias="high" if n > 2 else "low")
        for n in range(1, 5)
    ]
    store(lead, judged, from_json(data))
    found = selection_of(review)
    figures = {one.key: one for one in found.figures(lambda filters: str(dict(filters)))}
    rows = figures["sensitivity"].table.rows
    only = {row["variant"]: row for row in rows if row["kind"] == "only one risk of bias"}
    assert only["low"]["value"] == pytest.approx(1.875)
    assert only["high"]["link"] == "{'bias': 'high', 'metric': 'accuracy'}"
    assert len(selection_of(review, {"bias": ["low"]}).studies) == 2
