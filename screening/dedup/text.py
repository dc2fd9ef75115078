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
_NOTHING = "'`?\x00"  # apostrophes, and the question mark that stands for a damaged letter
_ASCII = str.maketrans(
    {
        chr(code): None
        if chr(code) in _NOTHING
        else chr(code).lower()
        if chr(code).isalnum()
        else " "
        for code in range(128)
    }
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_NON_LATIN = re.compile(r"[^\W_a-z0-9]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_INVISIBLE = dict.fromkeys(map(ord, "´\ufffd\u00ad\u200b\u200c\u200d\u200e\u200f"))


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
    text = repair(text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    text = unicodedata.normalize("NFKD", text.casefold().translate(_FOLD).translate(_INVISIBLE))
    text = "".join(char for char in text if not unicodedata.combining(char)).translate(_FOLD)
    foreign = _NON_LATIN.findall(text)
    if foreign and sum(map(len, foreign)) > len(text) // 3:
        return " ".join(re.findall(r"\w+", text))
    return " ".join(_NOT_WORD.sub(" ", text.translate(_ASCII)).split())
