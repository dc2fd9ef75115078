"""Identifiers have one spelling each, whatever field or link they come in."""

import pytest

from screening.dedup.identifiers import clean_arxiv, clean_doi, clean_pmid


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1001/jama.2020.1", "10.1001/jama.2020.1"),
        ("https://doi.org/10.1001/JAMA.2020.1", "10.1001/jama.2020.1"),
        ("http://dx.doi.org/10.1007/s11010-014-2263-4", "10.1007/s11010-014-2263-4"),
        ("doi: 10.1016/S0140-6736(20)30183-5.", "10.1016/s0140-6736(20)30183-5"),
        ("10.1002%2F(SICI)1097-0258", "10.1002/(sici)1097-0258"),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/abc.1/full", "10.1002/abc.1"),
        ("https://link.springer.com/article/10.1007/s1?error=x#top", "10.1007/s1"),
        ("(10.1000/xyz)", "10.1000/xyz"),
        ("NA", ""),
        ("10.5 mg", ""),
        ("", ""),
    ],
)
def test_a_doi_is_found_in_fields_and_links(text, doi):
    assert clean_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("2102.10680", "2102.10680"),
        ("arXiv:2102.10680v3 [cs.CV]", "2102.10680"),
        ("https://arxiv.org/pdf/2102.10680v2.pdf", "2102.10680"),
        ("https://arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001"),
        ("10.48550/arXiv.2102.10680", "2102.10680"),
        ("https://example.org/2102.10680", ""),
        ("", ""),
        ("none", ""),
    ],
)
def test_an_arxiv_id_loses_its_version(text, arxiv):
    assert clean_arxiv(text) == arxiv


@pytest.mark.parametrize(
    ("text", "pmid"),
    [
        ("12345678", "12345678"),
        ("0012345", "12345"),
        ("12345.0", "12345"),
        ("PMID: 12345", "12345"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345/", "12345"),
        ("PMC12345", ""),
        ("123456789", ""),
        ("", ""),
    ],
)
def test_a_pubmed_id_is_digits(text, pmid):
    assert clean_pmid(text) == pmid
