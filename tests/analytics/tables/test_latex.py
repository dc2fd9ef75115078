"""Text as LaTeX: each of these was compiled by pdfLaTeX and looked at when it was written."""

import pytest

from analytics.tables.latex import latex_text, unset_letters


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100 % of A&B_c #1 $5", r"100 \% of A\&B\_c \#1 \$5"),
        (r"{a}~b^c\d", r"\{a\}\textasciitilde{}b\textasciicircum{}c\textbackslash{}d"),
        ("p < 0.05 | p > 1", r"p \textless{} 0.05 \textbar{} p \textgreater{} 1"),
        ("[2pt] *", "{[}2pt{]} {*}"),
        ("α = 0.05, Δ, µ", r"$\alpha$ = 0.05, $\Delta$, µ"),
        ("a — b – c − d", "a --- b -- c $-$ d"),
        ("a -- b,,", r"a -\kern0pt{}- b,\kern0pt{},"),
        ("?`", r"?\kern0pt{}\textasciigrave{}"),
        (">>", r"\textgreater{}\kern0pt{}\textgreater{}"),
        ("≥ 3 × 10²", r"$\geq$ 3 × 10\textsuperscript{2}"),
        ("CO₂", r"CO\textsubscript{2}"),
        ("Müller, Łukasz, e\u0301", "Müller, Łukasz, é"),
        ("Nguyễn", r"Nguy\~{\^{e}}n"),
        ("Đặng", r"Đ\d{\u{a}}ng"),
        ("a\tb\u00a0c\n\nd\u200be\x07", "a b c de"),
    ],
)
def test_what_latex_takes_for_commands_is_escaped(text, written):
    assert latex_text(text) == written


def test_letters_that_cannot_be_set_stand_and_are_named():
    assert latex_text("学习 α é") == r"学习 $\alpha$ é"
    assert unset_letters(["学习 α", "é 学 Привет", "plain\u00a0"]) == "Пвеирт习学"


def test_no_text_begins_a_command():
    every = "".join(map(chr, range(0x20, 0x7F)))
    left = latex_text(every).replace(r"\textasciitilde{}", "").replace(r"\textasciicircum{}", "")

    for letter in "%&#$_":
        assert left.count(letter) == left.count(f"\\{letter}") == 1
