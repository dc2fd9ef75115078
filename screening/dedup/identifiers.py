"""DOI, arXiv and PubMed identifiers in one spelling each, out of fields or links."""

import re
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_DOI_TAIL = re.compile(r"(?:/(?:full|abstract|pdf|epdf|fulltext|meta)|\.pdf|[.,;:'\]}]+)$")
_ARXIV_NEW = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5})(?:v\d+)?(?![\d])")
_ARXIV_OLD = re.compile(r"\b([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(\d{7})(?:v\d+)?\b")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)$")
_PMID = re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov|/|:)|pmid)[^\d]{0,12}(\d{1,8})\b")
_LONGEST_PMID = 8


def clean_doi(text: str) -> str:
    """Find the DOI in a field or link and write it in its one form.

    Args:
        text: a DOI, a link that holds one, upper case or percent-encoded, or anything else.

    Returns:
        The DOI in lower case without resolver, trailing punctuation or page suffix; "" when
        there is none.

    Source:
        DOI Handbook 2.4 (DOI names are case-insensitive).
    """
    if "10." not in text:
        return ""
    text = unquote(unquote(text)) if "%" in text else text
    found = _DOI.search(text.lower())
    if not found:
        return ""
    doi = found[0].split("?")[0].split("#")[0]
    while (shorter := _DOI_TAIL.sub("", doi)) != doi:
        doi = shorter
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1]
    return doi


def clean_arxiv(text: str) -> str:
    """Find the arXiv identifier in a field, link or DOI, without its version.

    Args:
        text: "2102.10680v2", "arXiv:2102.10680", a link to arxiv.org, "hep-th/9901001" ...

    Returns:
        The identifier without version in lower case; "" when there is none.

    Source:
        arXiv identifier scheme (forms before and since April 2007).
    """
    text = text.strip().lower()
    if not text:
        return ""
    if doi := _ARXIV_DOI.search(text):
        text = doi[1]
    elif "://" in text and "arxiv.org" not in text:
        return ""
    if found := _ARXIV_NEW.search(text):
        return found[1]
    if found := _ARXIV_OLD.search(text):
        return f"{found[1]}/{found[2]}"
    return ""


def clean_pmid(text: str) -> str:
    """Find the PubMed identifier in a field or link.

    Args:
        text: "PMID: 123", "123", a link to PubMed, or anything else.

    Returns:
        The digits without leading zeros; "" when there is none (a PMC number is none).

    Source:
        Own definition.
    """
    text = text.strip().lower()
    digits = text.removesuffix(".0")
    if digits.isdecimal() and len(digits) <= _LONGEST_PMID:
        return digits.lstrip("0")
    found = _PMID.search(text)
    return found[1].lstrip("0") if found else ""
