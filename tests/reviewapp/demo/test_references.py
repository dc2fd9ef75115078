import csv
import io

import pytest

from reviewapp.demo.references import authors_of, references_file


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Zhu, Y.", ["Zhu, Y."]),
        ("Jiao, J. et al.", ["Jiao, J.", "et al."]),
        ("Sun, L., Yu, K. & Batmanghelich, K.", ["Sun, L.", "Yu, K.", "Batmanghelich, K."]),
        ("Hsieh, W.-T. & Lee, C.-C.", ["Hsieh, W.-T.", "Lee, C.-C."]),
        ("Cornelissen & Putten.", ["Cornelissen", "Putten."]),
        ("Azizi, Mustafa, Ryan & Beaver.", ["Azizi", "Mustafa", "Ryan", "Beaver."]),
    ],
)
def test_printed_authors_are_parted(printed, names):
    assert authors_of(printed) == names


def test_the_file_has_every_reference_and_no_answer_key():
    rows = list(csv.DictReader(io.StringIO(references_file().decode(), newline="")))
    assert len(rows) == 83
    assert [rows[0]["reference"], rows[-1]["reference"]] == ["44", "142"]
    assert "true_group" not in rows[0]
