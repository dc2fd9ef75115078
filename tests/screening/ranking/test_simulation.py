"""Replays: every model, the command, and measures that cannot be fooled."""

import csv
import json
import re

import numpy as np
import pytest

from screening.ranking.__main__ import main
from screening.ranking.metrics import measure, recall_after
from screening.ranking.rankers import MODEL_NAMES, MODELS
from screening.ranking.reading import read_labelled
from screening.ranking.simulation import choose_priors, simulate
from tests.screening.ranking.topics import review

IDS, TEXTS, LABELS = review(60)


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def table(tmp_path):
    rows = [
        {"record_id": number, "title": text, "abstract": "", "label_included": int(label)}
        for number, text, label in zip(IDS, TEXTS, LABELS, strict=True)
    ]
    return write(tmp_path / "labelled.csv", rows)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_screens_every_record_once_and_the_same_way_again(model):
    one, two = (simulate(TEXTS, LABELS, seed=3, model=model) for _ in range(2))

    assert sorted([*one.order.tolist(), *one.priors]) == list(range(60))
    assert (one.order == two.order).all()
    assert (one.labels == np.array(LABELS)[one.order]).all()
    assert one.metrics == measure(one.labels)


@pytest.mark.parametrize("model", ["svm", "elas_u4", "naive_bayes", "logistic", "bm25"])
def test_a_model_that_reads_beats_a_random_order(model):
    read = simulate(TEXTS, LABELS, seed=1, model=model).metrics
    drawn = simulate(TEXTS, LABELS, seed=1, model="random").metrics

    assert read.loss < 0.1 < drawn.loss


def test_our_ranking_screens_like_liblinear_over_all_words():
    texts = [f"{text} own{place} seen" for place, text in enumerate(TEXTS)]

    ours = simulate(texts, LABELS, seed=1, model="svm")
    theirs = simulate(texts, LABELS, seed=1, model="elas_u4")

    assert ours.order[:20].tolist() == theirs.order[:20].tolist()
    assert ours.metrics.loss == pytest.approx(theirs.metrics.loss, abs=0.002)


def test_another_seed_knows_other_records():
    labels = np.array(LABELS)
    chosen = {choose_priors(labels, seed) for seed in range(5)}

    assert len(chosen) > 1
    assert all(labels[include] and not labels[exclude] for include, exclude in chosen)


def test_progress_is_told_and_may_end_the_simulation():
    told = []

    def leave(done, total):
        told.append((done, total))
        if done == 5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        simulate(TEXTS, LABELS, seed=1, on_progress=leave)
    assert told == [(3, 60), (4, 60), (5, 60)]


def test_the_stops_keep_their_word_here_and_come_in_order():
    done = simulate(TEXTS, LABELS, seed=1)

    assert [stop.target for stop in done.stops] == [0.8, 0.9, 0.95, 0.99]
    assert all(stop.recall >= stop.target for stop in done.stops)
    places = [stop.screened for stop in done.stops]
    assert places == sorted(places)
    assert places[-1] <= 58


def test_what_cannot_be_simulated_is_said():
    with pytest.raises(ValueError, match="'oracle' is unknown; there are svm"):
        simulate(TEXTS, LABELS, seed=1, model="oracle")
    with pytest.raises(ValueError, match="60 texts were given with 59 labels"):
        simulate(TEXTS, LABELS[1:], seed=1)
    with pytest.raises(ValueError, match="1 of 3 records are relevant"):
        simulate(["a", "b", "c"], [True, False, False], seed=1)


def test_the_measures_of_the_best_order():
    found = measure([True, True, False, False])

    assert (found.loss, found.ndcg, found.wss100, found.time_to_last) == (0, 1, 0.5, 2)


def test_there_is_nothing_to_measure_when_all_are_alike():
    for labels in ([True, True], [False], []):
        with pytest.raises(ValueError, match="some records are relevant and some not"):
            measure(labels)
    with pytest.raises(ValueError, match="no recall without"):
        recall_after([False], 0.5)


def test_the_command_prints_one_json_document(table, capsys):
    assert main([str(table), "--json", "--seed", "2"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert (answer["records"], answer["relevant"], answer["seed"]) == (60, 15, 2)
    assert len(answer["order"]) == 58
    assert set(answer["order"]) | set(answer["priors"]) == {str(number) for number in IDS}
    assert answer["recall_curve"][0] == 0
    assert answer["recall_curve"][-1] == 1
    assert len(answer["recall_curve"]) == 59
    assert {"loss", "ndcg", "wss95", "wss100", "atd", "time_to_last"} <= set(answer)
    assert answer["seconds_per_retraining"]["p50"] > 0


def test_the_command_speaks_to_people_too(table, capsys):
    assert main([str(table), "--model", "bm25"]) == 0

    said = capsys.readouterr().out
    assert "60 records, 15 relevant, model bm25, seed 1" in said
    assert "the test for 95% recall is passed after" in said


def test_every_model_has_a_name_for_people():
    assert set(MODEL_NAMES) == set(MODELS)


def test_a_table_may_name_its_columns_otherwise(tmp_path):
    rows = [
        {"Title": "One", "Included": "yes"},
        {"Title": "Two", "Included": ""},
        {"Title": "Three", "Included": "exclude"},
    ]

    found = read_labelled(write(tmp_path / "t.csv", rows))

    assert found.ids == ("0", "2")
    assert found.labels == (True, False)
    assert found.unlabelled == 1
    assert read_labelled(tmp_path / "t.csv", label_column="included") == found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title,abstract\na,b\n", "no column label_included or included"),
        (b"label_included\n1\n", "no column title"),
        (b"title,label_included\na,2\n", "Row 1 has the label '2'"),
        (b"record_id,title,label_included\n7,a,1\n7,b,0\n", "not unique"),
        (b"title,label_included\n\xff,1\n", "not UTF-8 text"),
        (b'title,label_included\n"a\x00,1\n', "is no|fewer than|no column|relevant|cannot be read"),
        (b"title,label_included\na,1\n", "1 of 1 records are relevant"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_the_reason(tmp_path, capsys, content, said):
    path = tmp_path / "t.csv"
    path.write_bytes(content)

    assert main([str(path)]) == 1

    assert re.search(said, capsys.readouterr().err)


def test_a_cell_beyond_all_bounds_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("screening.ranking.reading._LONGEST_CELL", 100)
    before = csv.field_size_limit()
    path = write(tmp_path / "t.csv", [{"title": "a" * 200, "label_included": "1"}])

    with pytest.raises(ValueError, match="cannot be read: field larger"):
        read_labelled(path)
    csv.field_size_limit(before)
