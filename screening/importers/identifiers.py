"""DOI, arXiv id and PubMed id: found in text and addresses, brought to one spelling."""

import re
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>|]+", re.ASCII)
_BARE_DOI = re.compile(r"10\.\d{4,9}/[\w.()/:;-]*\w", re.ASCII)
_URL_END = re.compile(r"[?#&]")
_DOI_TAIL = re.compile(
    r"(?:/(?:full|abstract|pdf|epdf|meta|html|summary)|\.pdf|\.full|\.abstract)$", re.I
)
_LONGEST_ADDRESS = 20_000
_ARXIV_NEW = r"\d{4}\.\d{4,5}"
_ARXIV_OLD = r"[a-z-]+(?:\.[a-z]{2})?/\d{7}"
_ARXIV = re.compile(
    rf"(?:arxiv\.org/(?:abs|pdf|html|e-print)/|arxiv[:.]\s?)({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?",
    re.I,
)
_ARXIV_BARE = re.compile(rf"^({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?$", re.I)
_PMID_URL = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(\d{1,9})")
_PMID_BARE = re.compile(r"^(?:pmid:?\s*|medline:)?(\d{1,9})$", re.I)


def find_doi(text: str) -> str:
    """Find the first DOI in a text, a DOI link or a publisher's address.

    Args:
        text: Anything, percent-encoded or not.

    Returns:
        The bare DOI in its own letters, without resolver and trailing punctuation; "" if none.

    Source: DOI Handbook 2.2 (prefix/suffix); the rest own definition.
    """
    if "10." not in text and "10%2E" not in text:
        return ""
    if _BARE_DOI.fullmatch(text):
        return text
    # Decoding takes a hundred times the room of the text, and no address is that long.
    decoded = unquote(text) if "%" in text and len(text) <= _LONGEST_ADDRESS else text
    match = _DOI.search(decoded)
    if not match:
        return ""
    return _without_tail(match.group(), is_url="://" in decoded)


def _without_tail(doi: str, *, is_url: bool) -> str:
    if is_url:
        doi = _URL_END.split(doi, maxsplit=1)[0]
    elif doi[-1].isalnum():
        return doi
    while True:
        shorter = doi.rstrip(".,;:]}")
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if is_url:
            shorter = _DOI_TAIL.sub("", shorter)
        if shorter == doi:
            return "" if doi.endswith("/") and doi.count("/") == 1 else doi
        doi = shorter


def find_arxiv(text: str, *, is_bare: bool = False) -> str:
    """Find the first arXiv id in a text or address.

    Args:
        text: Anything.
        is_bare: The text is known to be an id and needs no "arXiv:" before it.

    Returns:
        The id without its version; "" if none.

    Source: arXiv identifier scheme (since 2007: YYMM.NNNNN; before: archive/YYMMNNN).
    """
    match = _ARXIV.search(text) if "arxiv" in text.lower() else None
    if not match and is_bare:
        match = _ARXIV_BARE.match(text.strip())
    return match.group(1) if match else ""


def find_pmid(text: str, *, is_bare: bool = False) -> str:
    """Find a PubMed id in an address, or in a field that holds nothing else.

    Args:
        text: Anything.
        is_bare: The text is known to be an id.

    Returns:
        The digits; "" if none.

    Source: own definition.
    """
    match = _PMID_URL.search(text) if "pubmed" in text else None
    if not match and is_bare:
        match = _PMID_BARE.match(text.strip())
    return match.group(1) if match else ""
