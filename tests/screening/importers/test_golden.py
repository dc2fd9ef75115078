"""At least 98 % of what Zotero and JabRef read is read the same, and the docs explain the rest."""

import re
from functools import cache
from pathlib import Path

from tests.groups import ROOT
from tests.screening.importers.golden import Comparison, compare_all

_ROW = re.compile(r"^\| ([\w.-]+/[\w.-]+) \| (\d+) \| (\w+) \|", re.M)
_SHARE = 0.98
_DOCS = ROOT / "docs" / "imports.md"


@cache
def _compared(root: Path) -> list[Comparison]:
    return compare_all(root)


def test_nearly_all_golden_fields_are_equal(shared_data: Path) -> None:
    compared = _compared(shared_data / "imports")
    equal = sum(one.is_equal for one in compared)
    assert equal / len(compared) >= _SHARE, [one for one in compared if not one.is_equal]


def test_the_docs_name_each_field_that_differs_and_no_other(shared_data: Path) -> None:
    docs = _DOCS.read_text(encoding="utf-8")
    explained = {(file, int(item), name) for file, item, name in _ROW.findall(docs)}
    differing = {one.key for one in _compared(shared_data / "imports") if not one.is_equal}
    assert differing == explained


def test_the_docs_state_the_figures(shared_data: Path) -> None:
    docs = _DOCS.read_text(encoding="utf-8")
    compared = _compared(shared_data / "imports")
    equal = sum(one.is_equal for one in compared)
    assert f"{len(compared):,} fields, and {equal:,} ({equal / len(compared):.1%}" in docs.replace(
        " %", "%"
    )


def test_every_golden_file_takes_part(shared_data: Path) -> None:
    root = shared_data / "imports"
    expected = list((root / "_golden" / "jabref").glob("*.bib"))
    filled = [path for path in expected if "=" in path.read_text(encoding="utf-8")]
    seen = {one.file for one in _compared(root)}
    assert len([file for file in seen if "/jabref__" in file]) == len(filled)
    assert len([file for file in seen if "/zotero__" in file]) == 68
