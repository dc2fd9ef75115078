"""The text of a record that a ranking reads, and the words in it."""

import re

#: Words of two letters and more, as scikit-learn's vectorisers cut them.
_WORD = re.compile(r"(?u)\b\w\w+\b")


def record_text(title: str | None, abstract: str | None) -> str:
    """Put together what a ranking reads of a record.

    Args:
        title: as delivered; None or "" when missing.
        abstract: as delivered; None or "" when missing.

    Returns:
        Title, a blank and abstract; "" when the record has neither.

    Source:
        The text that ASReview 3 reads (feature extractor `Tfidf`, columns title and abstract).
    """
    return f"{title or ''} {abstract or ''}".strip()


def words_of(text: str) -> list[str]:
    """Cut a text into words.

    Args:
        text: any.

    Returns:
        Its words of two letters and more, in lower case, in their order.

    Source:
        The default of scikit-learn's `CountVectorizer`.
    """
    return _WORD.findall(text.lower())
