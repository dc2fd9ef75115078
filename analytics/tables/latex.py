"""Any text as LaTeX that says the same, with what ordinary fonts can set."""

import re
import unicodedata
from collections.abc import Iterable

SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",  # after the end of a row it would begin a length
    "]": "{]}",
    "*": "{*}",
    "–": "--",
    "—": "---",
    "‐": "-",
    "‑": "-",
    "−": "$-$",
    "±": r"$\pm$",
}
GREEK = {
    letter: rf"$\{name}$"
    for letter, name in {
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta",
        "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu",
        "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "varsigma",
        "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega",
        "ϵ": "epsilon", "ϑ": "vartheta", "ϕ": "phi", "Γ": "Gamma", "Δ": "Delta",
        "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon",
        "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    }.items()
}  # fmt: skip
LATIN_SHAPES = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))
MATH = {
    letter: rf"$\{name}$"
    for letter, name in {
        "≤": "leq", "≥": "geq", "≈": "approx", "≠": "neq", "≡": "equiv", "∼": "sim",
        "∞": "infty", "√": "surd", "∑": "sum", "∏": "prod", "∂": "partial", "∆": "Delta",
        "→": "rightarrow", "←": "leftarrow", "↔": "leftrightarrow", "↑": "uparrow",
        "↓": "downarrow", "⇒": "Rightarrow", "∈": "in", "∩": "cap", "∪": "cup", "∝": "propto",
        "⊂": "subset", "∅": "emptyset", "≪": "ll", "≫": "gg", "′": "prime", "⋅": "cdot",
        "∙": "bullet", "∗": "ast", "∘": "circ",
    }.items()
}  # fmt: skip
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
KNOWN = {
    **SPECIAL,
    **GREEK,
    **MATH,
    **LATIN_SHAPES,
    **{letter: rf"\textsuperscript{{{plain}}}" for letter, plain in RAISED.items()},
    **{letter: rf"\textsubscript{{{plain}}}" for letter, plain in LOWERED.items()},
}
ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d",
    "\u0327": "c", "\u0328": "k", "\u0331": "b",
}  # fmt: skip
BELOW = frozenset("\u0323\u0327\u0328\u0331")
# What every LaTeX since 2020 sets as it stands, with the T1 encoding.
PLAIN = frozenset(
    "¡¢£¥¦§¨©ª«¬®¯°´µ¶·¸º»¼½¾¿×÷†‡•…‰€™‘’‚“”„‹›"
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
    "ĂăĄąĆćČčĎďĐđĘęĚěĞğĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽžıİ"
)
_LIGATURES = re.compile(r"(?<=[-',!?<>`])(?=[-',<>`])")
BREAK = r"\kern0pt{}"  # between letters that would become one; LuaLaTeX looks through braces
_BLANKS = re.compile(r"\s+")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


def latex_text(text: str) -> str:
    """Write a text so that LaTeX sets it and runs nothing.

    Args:
        text: Any text.

    Returns:
        One line for pdfLaTeX, XeLaTeX and LuaLaTeX: what LaTeX takes for commands is escaped;
        Greek letters and signs of mathematics stand as such; letters with unusual accents are put
        together. What cannot be set so (see `unset_letters`) stands as it is.

    Source:
        Own definition.
    """
    joined = unicodedata.normalize("NFC", _BLANKS.sub(" ", text))
    parts = _LIGATURES.sub("\u2060", joined).split("\u2060")
    return BREAK.join("".join(map(_letter, _clusters(part))) for part in parts)


def unset_letters(texts: Iterable[str]) -> str:
    """Letters that pdfLaTeX cannot set.

    Args:
        texts: Any texts.

    Returns:
        Each once, in the order of their numbers: those of scripts other than Latin and Greek, and
        pictures.
    """
    found = {
        letter
        for text in texts
        for cluster in _clusters(unicodedata.normalize("NFC", _BLANKS.sub(" ", text)))
        if _letter(cluster) == cluster
        for letter in cluster
        if not letter.isascii() and letter not in PLAIN
    }
    return "".join(sorted(found))


def _clusters(text: str) -> list[str]:
    """Letters with the accents that follow them."""
    found: list[str] = []
    for letter in text:
        if found and letter in ACCENTS:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _letter(cluster: str) -> str:
    known = KNOWN.get(cluster)
    if known is not None:
        return known
    if len(cluster) == 1 and unicodedata.category(cluster) in _DROPPED:
        return ""
    base, *marks = list(unicodedata.normalize("NFD", cluster))
    is_plain = cluster.isascii() or cluster in PLAIN
    if is_plain or not marks or not base.isascii() or set(marks) - set(ACCENTS):
        return cluster
    for mark in sorted(marks, key=BELOW.__contains__):  # those below go round the rest
        base = rf"\{ACCENTS[mark]}{{{base}}}"
    return base
