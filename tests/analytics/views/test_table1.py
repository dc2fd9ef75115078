"""The pages of Table 1: the table, the policy, the layout, and why an experiment was chosen."""

import re

import pytest

from analytics.models import Footnote, ReportedChoice, ReportingSettings
from analytics.selectors.table1 import table1_of

BASE = "/r/ssl/table-1/"


INPUT = re.compile(r'<input type="(hidden|text|number|checkbox)" name="([^"]+)"([^>]*)>')
TEXT = re.compile(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>')
SELECT = re.compile(r'<select name="([^"]+)".*?>(.*?)</select>', re.DOTALL)
VALUE = re.compile(r'value="([^"]*)"')


def fields_of(text):
    """What a browser would send back unchanged."""
    found = dict(TEXT.findall(text))
    for kind, name, rest in INPUT.findall(text):
        value = VALUE.search(rest)
        if kind != "checkbox":
            found[name] = value.group(1) if value else ""
        elif " checked" in rest:
            found.setdefault(name, []).append(value.group(1) if value else "on")
    for name, body in SELECT.findall(text):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def policy_fields(client):
    return fields_of(client.get(f"{BASE}policy/").text)


def test_each_row_says_why_and_links_to_its_experiments(client_of, observer, stored):
    text = client_of(observer).get(BASE).text
    study = stored["t1"].extraction.study_id
    assert f'href="{BASE}studies/{study}/" title="Labels: largest and smallest amount."' in text
    assert "no comparable pair" in text
    assert "Grouped by crop." in text
    assert '<li id="footnote-1">Difference: treated minus control' in text
    assert f'href="{BASE}columns/"' not in text


def test_saving_the_policy_as_shown_changes_nothing(client_of, lead, stored):
    browser = client_of(lead)
    before = [row.experiment for row in table1_of(review=lead.review).rows]
    sent = policy_fields(browser)
    answer = browser.post(f"{BASE}policy/save/", {**sent, "save": ""}, follow=True)
    assert "The reporting policy is saved." in answer.text
    assert [row.experiment for row in table1_of(review=lead.review).rows] == before


def test_a_preview_names_the_studies_and_saves_nothing(client_of, lead, stored):
    browser = client_of(lead)
    sent = policy_fields(browser) | {"fraction_choice": "highest", "show": ""}
    answer = browser.post(f"{BASE}policy/save/", sent)
    assert "1 study would report another experiment." in answer.text
    assert 'value="highest" selected' in answer.text
    assert not ReportingSettings.objects.exists()


def test_an_unknown_metric_is_named_and_the_rest_is_kept(client_of, lead, stored):
    browser = client_of(lead)
    sent = policy_fields(browser) | {"metric_priority": "AUC\nluck", "source": "My rules"}
    answer = browser.post(f"{BASE}policy/save/", {**sent, "save": ""})
    assert answer.status_code == 400
    assert "“luck” is no metric known here." in answer.text
    assert 'value="My rules"' in answer.text


def test_columns_are_chosen_ordered_and_named_on_the_page(client_of, lead, stored):
    browser = client_of(lead)
    sent = fields_of(browser.get(f"{BASE}columns/").text)
    places = {sent[name]: name.removesuffix("-key") for name in sent if name.endswith("-key")}
    for line in places.values():
        sent.pop(f"{line}-is_shown", None)
    sent |= {f"{places['control']}-is_shown": "on", f"{places['control']}-place": "1"}
    sent |= {f"{places['site']}-is_shown": "on", f"{places['site']}-place": "2"}
    sent[f"{places['site']}-label"] = "Field"
    assert browser.post(f"{BASE}columns/save/", sent).status_code == 302
    table = table1_of(review=lead.review)
    assert [(one.key, one.heading) for one in table.columns] == [
        ("control", "control"),
        ("site", "Field"),
    ]
    assert "Field" in browser.get(BASE).text
    csv = browser.get(f"{BASE}export/csv/").text
    assert csv.splitlines()[0] == "control,site"

    for line in places.values():
        sent.pop(f"{line}-is_shown", None)
    refused = browser.post(f"{BASE}columns/save/", sent)
    assert (refused.status_code, "Choose at least one column." in refused.text) == (400, True)
    browser.post(f"{BASE}columns/save/", {"reset": ""})
    assert len(table1_of(review=lead.review).columns) > 2


@pytest.mark.parametrize(("moved", "place"), [(4, 2), (1, 3), (5, 1)])
def test_a_column_moved_to_a_taken_place_gets_it(client_of, lead, stored, moved, place):
    browser = client_of(lead)
    sent = fields_of(browser.get(f"{BASE}columns/").text)
    before = [one.key for one in table1_of(review=lead.review).columns]
    line = next(n.removesuffix("-key") for n in sent if sent[n] == before[moved - 1])
    browser.post(f"{BASE}columns/save/", sent | {f"{line}-place": str(place)})
    wanted = [key for key in before if key != before[moved - 1]]
    wanted.insert(place - 1, before[moved - 1])
    assert [one.key for one in table1_of(review=lead.review).columns] == wanted


def test_a_choice_by_hand_needs_a_reason_and_keeps_what_was_chosen(client_of, lead, stored):
    browser, study = client_of(lead), stored["t1"].extraction.study_id
    sent = {"full": stored["t2"].key, "subset": "", "rationale": ""}
    answer = browser.post(f"{BASE}studies/{study}/choose/", sent)
    assert answer.status_code == 400
    assert "Give the reason" in answer.text
    assert f'name="full" value="{stored["t2"].key}" checked' in answer.text
    sent["rationale"] = "The title says so."
    page = browser.post(f"{BASE}studies/{study}/choose/", sent, follow=True).text
    assert "Chosen by hand by Lena Lead: The title says so." in page
    assert "1 chosen by hand" in browser.get(BASE).text
    browser.post(f"{BASE}studies/{study}/choose/", {"take_back": ""})
    assert not ReportedChoice.objects.standing().exists()
    assert "Earlier choices" in browser.get(f"{BASE}studies/{study}/").text


def test_a_footnote_is_added_shown_and_removed(client_of, lead, stored):
    browser, study = client_of(lead), stored["t1"].extraction.study_id
    sent = {"text": "Told by <b>letter</b>.", "column": ""}
    browser.post(f"{BASE}studies/{study}/footnote/", sent)
    assert "Told by &lt;b&gt;letter&lt;/b&gt;." in browser.get(BASE).text
    made = Footnote.objects.get()
    browser.post(f"{BASE}footnotes/{made.pk}/remove/")
    assert "Told by" not in browser.get(BASE).text
    browser.post(f"{BASE}footnotes/", {"column": "difference", "text": "Points."})
    assert "Points." in browser.get(BASE).text


def test_an_observer_reads_the_rules_and_the_choice_but_changes_nothing(
    client_of, observer, stored
):
    browser, study = client_of(observer), stored["t1"].extraction.study_id
    assert "Only a lead may change these rules." in browser.get(f"{BASE}policy/").text
    page = browser.get(f"{BASE}studies/{study}/").text
    assert "Labels: largest and smallest amount." in page
    assert 'name="rationale"' not in page


def test_every_format_downloads_under_its_name(client_of, observer, stored):
    browser = client_of(observer)
    names = {"csv-excel": "csv", "latex": "tex", "markdown": "md"}
    for name in ("csv", "csv-excel", "xlsx", "docx", "latex", "markdown", "html", "json"):
        ending = names.get(name, name)
        answer = browser.get(f"{BASE}export/{name}/")
        assert f'filename="table-1-ssl.{ending}"' in answer["Content-Disposition"]
        assert len(answer.content) > 100
    assert browser.get(f"{BASE}export/csv-excel/").content.startswith(b"\xef\xbb\xbf")
    assert browser.get(f"{BASE}export/odt/").status_code == 404
