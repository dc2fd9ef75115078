"""Folding of titles and other free text, so that two spellings of one text become equal."""

import html
import re
import unicodedata

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
_FOLD = str.maketrans({**_GREEK, **_LETTERS, "ı": "i", "’": "'", "‘": "'", "ʼ": "'"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")
_MOJIBAKE = re.compile(r"[ÃÂâÎÅÄ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]")
_JUNK = re.compile(r"['`´\ufffd?\u00ad\u200b-\u200f]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_NON_LATIN = re.compile(r"[^\W_a-z0-9]+")
_SPLIT_NUMBER = re.compile(r"(?<=\d)[ ,](?=\d{3}\b)")


def repair(text: str) -> str:
    """Undo what transport did to a text: HTML entities, tags and UTF-8 read as cp1252.

    Args:
        text: any text as a source delivered it.

    Returns:
        The text without tags and entities; letters that were decoded wrongly are put right when
        the damage can be undone without loss, otherwise they stay.

    Source:
        Own definition.
    """
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isascii() and _MOJIBAKE.search(text):
        try:
            text = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return text
    return text


def fold(text: str) -> str:
    """Bring a text to lower-case ASCII words separated by single blanks.

    Args:
        text: any text, damaged letters included.

    Returns:
        Words of a-z and 0-9; Greek letters are spelled out, accents and apostrophes dropped.
        A text in another script keeps its letters, since dropping them would leave nothing.

    Source:
        Own definition.
    """
    text = repair(text).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_FOLD))
        text = "".join(char for char in text if not unicodedata.combining(char))
        text = text.translate(_FOLD)
        foreign = _NON_LATIN.findall(text)
        if foreign and sum(map(len, foreign)) > len(text) // 3:
            return " ".join(re.findall(r"\w+", text))
    text = _JUNK.sub("", text)
    return _NOT_WORD.sub(" ", _SPLIT_NUMBER.sub("", text)).strip()
