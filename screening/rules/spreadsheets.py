"""Text that a spreadsheet program cannot take for a formula."""

import unicodedata

STARTS_OF_FORMULAS = frozenset("=+-@\t\r\n\x00")


def harmless(text: str) -> str:
    """Text for a cell of a CSV file, with an apostrophe before what could start a formula.

    Looks behind leading blanks and at full-width forms, which some programs fold to plain ones.
    Numbers stay numbers: `-0.5` and `+3` are returned as they are.

    Args:
        text: Any text.

    Returns:
        The same text, with `'` in front where it needs one.

    Source:
        OWASP ASVS 5.0, 1.2.10; own definition.
    """
    first = text[:1]
    if first.isascii() and first.isalnum():
        return text  # most texts by far
    start = unicodedata.normalize("NFKC", text.lstrip(" \u00a0\u3000")[:1])
    if start not in STARTS_OF_FORMULAS or not start or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    if not text.isascii() or not set(text) <= set("+-0123456789.eE"):
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
