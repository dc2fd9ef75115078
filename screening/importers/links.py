"""Links: their role by label, column and host, and their address without tracking."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from screening.importers.parsed import Link, LinkRole

_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|casa_token|casatoken|via|ref_src"
    r"|_hsenc|_hsmi|trk|spm|sharedaccesstoken|sharing_token|email_\w+)$",
    re.I,
)
_MAYBE_TRACKED = re.compile(
    r"[?&](?:utm_|\w*cl?id|mc_|ig|casa|via|ref_src|_hs|trk|spm|shar|email_)", re.I
)
_CODE_HOSTS = re.compile(
    r"(?:^|\.)(?:github\.(?:com|io)|gitlab\.com|bitbucket\.org|codeocean\.com|huggingface\.co"
    r"|sourceforge\.net|paperswithcode\.com)$"
)
_PREPRINT_HOSTS = re.compile(
    r"(?:^|\.)(?:arxiv\.org|biorxiv\.org|medrxiv\.org|chemrxiv\.org|psyarxiv\.com|ssrn\.com"
    r"|preprints\.org|researchsquare\.com|osf\.io)$"
)
_OFFICIAL_HOSTS = re.compile(
    r"(?:^|\.)(?:proceedings\.mlr\.press|openaccess\.thecvf\.com|sciencedirect\.com|nature\.com"
    r"|ieeexplore\.ieee\.org|link\.springer\.com|linkinghub\.elsevier\.com|dl\.acm\.org"
    r"|onlinelibrary\.wiley\.com|proceedings\.neurips\.cc|doi\.org)$"
)
_ROLE_WORDS = (
    (LinkRole.PREPRINT, re.compile(r"\b(?:pre-?prints?|arxiv|biorxiv|medrxiv)\b", re.I)),
    (
        LinkRole.CODE,
        re.compile(r"\b(?:code|github|gitlab|repo(?:sitory)?|implementation)\b", re.I),
    ),
    (LinkRole.OFFICIAL, re.compile(r"\b(?:official|publisher|journal|doi)\b", re.I)),
)
_HOST_END = re.compile(r"[/?#\\]")
_CODE_LABELS = re.compile(r"\b(?:pytorch|tensorflow|keras|jax|matlab)\b", re.I)
_PAPER_COLUMN = re.compile(r"\b(?:paper|article|publication|link|url|pdf|title)\b", re.I)


def looks_like_url(text: str) -> bool:
    """Say whether a text can be an address.

    Args:
        text: Anything.

    Returns:
        True for http(s), ftp, www. and a bare DOI.

    Source: own definition.
    """
    return text.strip().lower().startswith(("http://", "https://", "ftp://", "www.", "10."))


def clean_url(raw: str) -> str:
    """Take tracking parameters and stray punctuation off an address.

    Args:
        raw: The address as written.

    Returns:
        The same address without tracking; unchanged when it is no http(s) address.

    Source: own definition.
    """
    url = raw.strip().strip("<>").rstrip(".,;")
    if not url.lower().startswith(("http://", "https://")):
        return url
    if "?" not in url or not _MAYBE_TRACKED.search(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.query or not any(_TRACKING.match(key) for key, _ in parse_qsl(parts.query)):
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not _TRACKING.match(key)]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def role_of(url: str, *, label: str = "", column: str = "") -> LinkRole:
    """Say what a link leads to.

    Args:
        url: The address.
        label: The words of the link.
        column: The head of the column it stands in.

    Returns:
        The role: a publisher's host first, then the label's own word, any other host, the column.

    Source: own definition.
    """
    return _role_at(_host(url), label, column)


@lru_cache(maxsize=4096)  # a file names few hosts, but each many times
def _role_at(host: str, label: str, column: str) -> LinkRole:
    if _OFFICIAL_HOSTS.search(host):
        return LinkRole.OFFICIAL
    for role, words in _ROLE_WORDS:
        if words.search(label):
            return role
    if _PREPRINT_HOSTS.search(host):
        return LinkRole.PREPRINT
    in_code_column = _ROLE_WORDS[1][1].search(column)
    if in_code_column or _CODE_HOSTS.search(host) or _CODE_LABELS.search(label):
        return LinkRole.CODE
    if _ROLE_WORDS[0][1].search(column):
        return LinkRole.PREPRINT
    return LinkRole.OFFICIAL if _PAPER_COLUMN.search(column) else LinkRole.OTHER


def make_link(raw: str, *, label: str = "", column: str = "") -> Link:
    """Build a link with its cleaned address and its role.

    Args:
        raw: The address as written.
        label: The words of the link.
        column: The head of the column, or the tag, it stands in.

    Returns:
        The link; `raw` keeps the address as written.

    Source: own definition.
    """
    url = clean_url(raw)
    return Link(url=url, role=role_of(url, label=label, column=column), label=label, raw=raw)


def _host(url: str) -> str:
    place = url.partition("://")[2] or ""
    return _HOST_END.split(place, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].lower()
