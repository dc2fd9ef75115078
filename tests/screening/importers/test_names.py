import pytest

from screening.importers.names import split_names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Moreau, A.; Berg, B.", ["Moreau, A.", "Berg, B."]),
        ("A. Moreau|B. Berg", ["A. Moreau", "B. Berg"]),
        ("Haddaway, Neal R. and Feierman, Andrew", ["Haddaway, Neal R.", "Feierman, Andrew"]),
        ("['Abbas, C. C.', 'Guler, E.']", ["Abbas, C. C.", "Guler, E."]),
        ("['broken", ["['broken"]),
        ("[not python]", ["[not python]"]),
        ("Lim SM, Shiau CWC, Lau Y.", ["Lim SM", "Shiau CWC", "Lau Y"]),
        ("Liu R., Adler D.G.", ["Liu R.", "Adler D.G."]),
        ("Moreau, A., Berg, B. & Thiran, J.-P.", ["Moreau, A.", "Berg, B.", "Thiran, J.-P."]),
        ("Azizi, S. et al.", ["Azizi, S."]),
        ("Joseph Rottman, Erran Carmel", ["Joseph Rottman", "Erran Carmel"]),
        ("Rottman, Joseph", ["Rottman, Joseph"]),
        ("Joseph Rottman and Erran Carmel", ["Joseph Rottman", "Erran Carmel"]),
        ("One, Two Three, Four", ["One", "Two Three", "Four"]),
        ("World Health Organization", ["World Health Organization"]),
        ("", []),
    ],
)
def test_one_cell_becomes_its_authors(cell: str, names: list[str]) -> None:
    assert list(split_names(cell)) == names


def test_half_a_letter_in_a_written_list_becomes_a_question_mark() -> None:
    assert split_names(r"['Cur\ud800ie, M.', 'B']") == ("Cur?ie, M.", "B")
