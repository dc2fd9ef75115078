import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importers.identifiers import find_arxiv, find_doi, find_pmid


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/10.1000/XYZ.", "10.1000/XYZ"),
        ("http://dx.doi.org/10.1016%2Fj.media.2020.1", "10.1016/j.media.2020.1"),
        ("doi: 10.1002/(SICI)1097(199601)1:1<1::AID>3.0.CO;2-X", "10.1002/(SICI)1097(199601)1:1"),
        ("(see 10.1000/abc)", "10.1000/abc"),
        ("https://link.springer.com/chapter/10.1007/978-3-030-1_5?x=1#s", "10.1007/978-3-030-1_5"),
        ("https://onlinelibrary.wiley.com/doi/10.1002/mp.1/full", "10.1002/mp.1"),
        ("https://x.example/10.1002/mp.1.pdf", "10.1002/mp.1"),
        ("10.1186/s13750-019-0167-1 [doi]", "10.1186/s13750-019-0167-1"),
        ("version 10.2 of it", ""),
        ("", ""),
    ],
)
def test_dois_are_found(text: str, doi: str) -> None:
    assert find_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "bare", "found"),
    [
        ("https://arxiv.org/pdf/2205.09723.pdf", False, "2205.09723"),
        ("arXiv:2205.09723v3 [cs.CV]", False, "2205.09723"),
        ("10.48550/arXiv.2205.09723", False, "2205.09723"),
        ("http://arxiv.org/abs/quant-ph/0201082v1", False, "quant-ph/0201082"),
        ("2205.09723", False, ""),
        ("2205.09723", True, "2205.09723"),
        ("cs.CV", True, ""),
    ],
)
def test_arxiv_ids_are_found(text: str, bare: bool, found: str) -> None:
    assert find_arxiv(text, is_bare=bare) == found


@pytest.mark.parametrize(
    ("text", "bare", "found"),
    [
        ("https://pubmed.ncbi.nlm.nih.gov/123456/", False, "123456"),
        ("PMID: 123456", True, "123456"),
        ("123456", False, ""),
        ("PMC123456", True, ""),
    ],
)
def test_pubmed_ids_are_found(text: str, bare: bool, found: str) -> None:
    assert find_pmid(text, is_bare=bare) == found


@given(st.text(alphabet="abc0123456789/.-_()", min_size=1, max_size=20))
def test_finding_a_doi_twice_changes_nothing(suffix: str) -> None:
    once = find_doi(f"10.1000/{suffix}")
    assert find_doi(once) == once
