"""The command looks for duplicates now and prints what stands."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests import factories


def run(capsys, *arguments):
    call_command("find_duplicates", *arguments)
    return capsys.readouterr().out


def test_it_prints_one_json_document(review, capsys):
    title = "Self-supervised pretraining for chest radiographs of children"
    one = factories.make_record(review, title=title, doi="10.1000/1")
    two = factories.make_record(review, title=title, doi="10.1000/1")
    other = factories.make_record(review, title=f"Retracted: {title}", doi="10.1000/1")
    answer = json.loads(run(capsys, "--review", review.slug, "--json"))
    assert answer["merged"] == [[one.pk, two.pk]]
    (pair,) = answer["suggested"]
    assert other.pk in (pair["a"], pair["b"])
    assert "Only one is marked as retraction" in pair["reasons"]


def test_without_json_it_prints_a_sentence(review, capsys):
    assert "0 records linked" in run(capsys, "--review", review.slug)


def test_an_unknown_review_is_refused(db):
    with pytest.raises(CommandError, match="no review 'nope'"):
        call_command("find_duplicates", "--review", "nope")
