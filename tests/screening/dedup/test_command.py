"""The command over a table: JSON out, clear refusals."""

import csv
import json

import pytest

from screening.dedup.__main__ import main
from screening.dedup.reading import read_csv, read_rows

HEAD = "ID,ENTRYTYPE,title,author,year,journal,booktitle,volume,number,pages,abstract,doi\n"
ROWS = (
    'x1,article,Cultural universality in mail,"Stahl, B. and El, I.",2004,J Inf,,7,4,47--65,,NA\n'
    'x2,article,Cultural universality in mail,"Stahl, B. and El, I.",2004,J Inf,,7,4,47-65,,\n'
    'x3,inproceedings,Cultural universality in mail,"Stahl, B.",2003,,AMCIS,,,,,\n'
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def test_it_prints_one_json_document(table, capsys):
    assert main([str(table), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["merged"] == [["x1", "x2"]]
    assert {"a", "b", "reasons"} <= set(answer["suggested"][0])


def test_without_json_it_prints_sentences(table, capsys):
    assert main([str(table)]) == 0
    assert "1 groups, 1 pairs to check" in capsys.readouterr().out


def test_a_missing_file_is_refused(tmp_path, capsys):
    assert main([str(tmp_path / "none.csv"), "--json"]) == 1
    assert "none.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"title\nx\n", "no column ID"),
        (b"", "no column ID"),
        (b"ID,title\nx,\xff\xff\n", "UTF-8"),
        (b"ID,title\nx,a\nx,b\n", "repeats"),
        (b"ID,title\n,a\n", "Row 1"),
    ],
)
def test_bad_tables_are_refused_with_the_reason(tmp_path, content, message):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        list(read_csv(path))


def test_a_cell_beyond_the_limit_is_refused(table):
    before = csv.field_size_limit(20)
    try:
        with pytest.raises(ValueError, match="cannot be read"):
            list(read_csv(table))
    finally:
        csv.field_size_limit(before)


def test_missing_cells_are_missing_values():
    (record,) = read_rows([{"ID": "1", "title": "NA", "year": None, "doi": " nan "}])
    assert (record.title, record.year, record.doi) == ("", None, "")
