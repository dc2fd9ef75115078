"""Table 1 as LaTeX, set by each compiler that this machine has; others are skipped."""

import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from analytics.tables.latex import GREEK, MATH, PLAIN, SPECIAL, unset_letters
from analytics.tables.long import long_table1
from analytics.tables.model import Column, Note, Row, Table, Value
from analytics.tables.print_writers import to_latex
from analytics.tables.provenance import with_provenance
from analytics.tables.table1 import table1
from tests.analytics.tables.studies import FORM, RESULTS, STUDIES

PACKAGES = {  # of Debian
    "pdflatex": "texlive-latex-recommended",
    "xelatex": "texlive-xetex",
    "lualatex": "texlive-luatex",
}
DOCUMENT = r"""\documentclass{article}
%s
\usepackage{longtable,booktabs,pdflscape,array}
\begin{document}
\input{table}
\end{document}
"""
ENCODING = r"\usepackage[T1]{fontenc}"
TYPED = (
    r"100 % of A&B_c #1 $5 {a}~b^c\d p < 0.05 | 'so' `so` [2pt] * "
    r"""a -- b --- c ,, ?` !` << >> `` "quoted" """
)
NAMES = "Müller, Łukasz, Nguyễn Đặng, Çelik, Ø, Ångström-O'Neil, e\u0301"
OTHER_SCRIPTS = "自己監督学習 Привет مرحبا 한국어 🙂"
A_LETTER = 4.0  # points, at the size of the table
MISSING = re.compile(r"Missing character: There is no (.)")

pytestmark = pytest.mark.timeout(400)  # LuaLaTeX reads every font of the machine the first time


@pytest.fixture(params=PACKAGES)
def engine(request):
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed (Debian: {PACKAGES[request.param]})")
    return request.param


@pytest.fixture
def compiled(engine, tmp_path):
    """Set a table; its pages' words and what the compiler says."""

    def compiled(table):
        (tmp_path / "table.tex").write_text(to_latex(table), encoding="utf-8")
        own = ENCODING if engine == "pdflatex" else ""
        (tmp_path / "paper.tex").write_text(DOCUMENT % own, encoding="utf-8")
        asked = [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper"]
        for _ in range(2):  # the second run knows how wide the columns are
            done = subprocess.run(
                asked, cwd=tmp_path, capture_output=True, timeout=300, check=False
            )
            log = (tmp_path / "paper.log").read_text(encoding="utf-8", errors="replace")
            assert done.returncode == 0, "\n".join(log.splitlines()[-40:])
        return _words(tmp_path / "paper.pdf"), log

    return compiled


def _words(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text):
    return re.sub(r"\s", "", text)


def saying(*texts, title="Table 1. What was typed"):
    columns = (
        Column("group", "Group"),
        Column("said", "Said _ of & all"),
        Column("n", "N", is_number=True),
    )
    rows = tuple(
        Row(number, "a & b", {"group": Value("a & b"), "said": Value(text), "n": Value("0.5")})
        for number, text in enumerate(texts)
    )
    notes = (Note(f"Under {texts[0]}", "said"), Note("At the row: 5 %_x", study_id=1))
    return Table(title, columns, rows, "group", notes)


def test_table_1_and_its_long_form_are_set(compiled):
    short = table1(FORM, STUDIES, RESULTS)
    for table in (short, with_provenance(long_table1(FORM, STUDIES, RESULTS))):
        words, log = compiled(without_other_scripts(table))
        assert "Burlina" in words
        assert "0.8348" in words
        assert "Missing character" not in log


def without_other_scripts(table):
    """The same without the letters that the file itself names as not to be set by pdfLaTeX."""
    unset = dict.fromkeys(map(ord, "自己"))
    rows = tuple(
        Row(
            row.study_id,
            row.group,
            {
                key: value._replace(
                    text=value.text.translate(unset),
                    cell=value.cell
                    and value.cell._replace(quote=value.cell.quote.translate(unset)),
                )
                for key, value in row.values.items()
            },
            row.trace,
        )
        for row in table.rows
    )
    return Table(table.title, table.columns, rows, table.group_column, table.notes)


def test_what_was_typed_is_what_is_read(compiled):
    words, log = compiled(saying(TYPED, NAMES))
    assert "Missing character" not in log
    read = squeezed(words)
    for part in ("100%ofA&B_c#1$5", "{a}~b^c", "p<0.05|", "[2pt]*a--b---c,,?`!`<<>>``"):
        assert part in read, words


def test_every_letter_that_is_not_named_as_unset_is_set(compiled):
    letters = [*SPECIAL, *GREEK, *MATH, *sorted(PLAIN), *"⁰¹²³⁺₀₁₉", *"ΑΒΕΖΗΙΚΜΝΟΡΤΧο"]
    typed = [" ".join(letters[start : start + 30]) for start in range(0, len(letters), 30)]
    assert not unset_letters(typed)
    _, log = compiled(saying(*typed))
    assert "Missing character" not in log


def test_other_scripts_stop_neither_xelatex_nor_lualatex(engine, compiled):
    if engine == "pdflatex":
        pytest.skip("pdfLaTeX cannot set them, and the file says so")
    words, log = compiled(saying(OTHER_SCRIPTS, NAMES))
    assert "Nguy" in words
    assert set(MISSING.findall(log)) <= set(unset_letters([OTHER_SCRIPTS]))


def test_long_words_do_not_run_into_the_next_column(compiled):
    columns = tuple(Column(f"c{i}", f"Column {i}") for i in range(12))
    said = {one.key: Value("classification and detection of pneumonia") for one in columns}
    said["c11"] = Value("Self-supervised learning of representations from radiographs " * 3)
    _, log = compiled(Table("T", columns, (Row(1, "", said), Row(2, "", said))))
    over = [float(one) for one in re.findall(r"Overfull .hbox .([0-9.]+)pt too wide", log)]
    assert max(over, default=0) < A_LETTER
