"""LaTeX as BibTeX files use it, as plain text: accents, special letters, commands of style."""

import re
import unicodedata

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_LETTERS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "th": "þ",
    "textendash": "–",
    "textemdash": "—",
    "ldots": "…",
    "dots": "…",
    "textquotesingle": "'",
    "textasciitilde": "~",
    "Sigma": "Σ",
    "Delta": "Δ",
    "lambda": "λ",
    "sigma": "σ",
    "textquoteright": "’",
    "textquoteleft": "‘",
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "kappa": "κ",
    "mu": "μ",
    "times": "×",
    "pm": "±",
    "leq": "≤",
    "geq": "≥",
    "copyright": "©",
    "S": "§",
}
_ACCENT = re.compile(
    r"\\([`'^~=.\"])\s*(?:\{\s*(\\[ij]|[^\W\d_])\s*\}|(\\[ij](?![A-Za-z])|[^\W\d_]))"
    r"|\\([uvHcdkbr])(?:\s*\{\s*(\\[ij]|[^\W\d_])\s*\}|\s+([^\W\d_]))"
)
_NAMED = re.compile(
    r"\\(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?![A-Za-z])\s?"
)
_STYLE = re.compile(r"\\(?:emph|textit|textbf|textsc|textrm|texttt|text|mathrm|url|href)\s*(?=\{)")
_RAISED = re.compile(r"([_^])(?:\{([^{}]*+(?:\{[^{}]*+\}[^{}]*+)?)\}|([^\s{}\\]))")
_LOW = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_HIGH = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_ESCAPED = re.compile(r"\\([&%$#_{}])")


def plain_text(source: str) -> str:
    """Turn LaTeX into plain text.

    Args:
        source: A BibTeX value without its outer braces or quotes.

    Returns:
        Text with letters for commands, without braces, blanks squeezed to one.

    Source: own definition; accents as in The TeXbook, chapter 9.
    """
    text = source
    if "$" in text:
        text = _IN_MATHS.sub(_without_dollars, text)
    if "\\" in text:
        text = _LONE_TILDE.sub("\ue002", text)
        text = _ACCENT.sub(_accented, text)
        text = _NAMED.sub(lambda match: _LETTERS[match.group(1)], text)
        text = _STYLE.sub("", text)
        text = _ESCAPED.sub(lambda match: _HIDDEN.get(match.group(1), match.group(1)), text)
    text = text.replace("{", "").replace("}", "").replace("~", " ")
    for shown, hidden in _HIDDEN.items():
        text = text.replace(hidden, shown)
    return " ".join(text.split())


_HIDDEN = {"{": "\ue000", "}": "\ue001", "~": "\ue002"}
_IN_MATHS = re.compile(r"(?<!\\)\$([^$]{1,200})(?<!\\)\$")
_LONE_TILDE = re.compile(r"\\~(?:\{\s*\}|(?=[\s},.;:)]|$))")


def _without_dollars(match: re.Match[str]) -> str:
    """Take formulas out of their dollars; two prices in one sentence are no formula."""
    inner = match.group(1)
    if inner[0].isdigit() and " " in inner and not re.search(r"[_^\\]", inner):
        return match.group()
    return _RAISED.sub(_raised, inner)


def _raised(match: re.Match[str]) -> str:
    """Write an index or exponent of digits with small digits, of letters without its sign."""
    words = _STYLE.sub("", match.group(2) or match.group(3) or "").strip("{}")
    return words.translate(_LOW if match.group(1) == "_" else _HIGH)


def _accented(match: re.Match[str]) -> str:
    accent = match.group(1) or match.group(4)
    letter = match.group(2) or match.group(3) or match.group(5) or match.group(6)
    base = letter.removeprefix("\\")
    return unicodedata.normalize("NFC", base + _COMBINING[accent])
