"""What a figure is: title, reading, plot, data table, and what it leaves out."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_ROWS = 300  # of a data table on a page; of a longer one stand the first, its file holds all
FIRST_ROWS = 50
PICK_LETTERS = 10
VALUE_PAGE = re.compile(r"/values/(\d+)/([0-9a-zA-Z]+)/(?:\?|$)")
PlotJson = dict[str, object]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a data table; numbers are shown with `digits` and their sign if asked."""

    key: str
    label: str
    digits: int | None = None
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class DataTable:
    """Exactly what is plotted: the keyboard's and the screen reader's way to every point.

    Attributes:
        columns: In order.
        rows: Values by column key; `link` beside them leads to the value's page.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; with a link where the number has rows behind it."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, free of colours of a theme.

    Attributes:
        key: Stable name, for files and anchors.
        title: Heading.
        reading: One sentence computed from the data.
        plot: Plotly `data` and `layout`; colours are tokens (`@group-1`), see `theme`.
        table: What is plotted.
        left_out: Sentences on what is not in the figure and why.
        is_model: True for a model's estimate, False for a description.
        is_wide: Whether it wants the full width of the page.
        legend: Entries of the legend: label, colour token, symbol.
        note: How the marks are to be read.
        section: Part of the page it stands in.
    """

    key: str
    title: str
    reading: tuple[Part, ...]
    plot: PlotJson
    table: DataTable
    left_out: tuple[str, ...] = ()
    is_model: bool = False
    is_wide: bool = False
    legend: tuple[tuple[str, str, str], ...] = ()
    note: str = ""
    section: str = ""

    @property
    def sentence(self) -> str:
        """The reading as plain text."""
        return "".join(part.text for part in self.reading)

    @property
    def shown_rows(self) -> list[tuple[list[tuple[str, bool]], str]]:
        """Rows of the data table as text: cells (text, whether a number) and the row's link."""
        return [(self._cells(row), str(row["link"])) for row in self.table.rows]

    @property
    def first_rows(self) -> list[tuple[list[tuple[str, bool]], str, str]]:
        """`shown_rows`, of very many the first, with the short name where it is one experiment."""
        is_long = len(self.table.rows) > MOST_ROWS
        rows = self.table.rows[:FIRST_ROWS] if is_long else self.table.rows
        links = [str(row["link"]) for row in rows]
        return [
            (self._cells(row), link, pick_of(link)) for row, link in zip(rows, links, strict=True)
        ]

    def _cells(self, row: Mapping[str, Cell]) -> list[tuple[str, bool]]:
        return [_shown(row[column.key], column) for column in self.table.columns]


def pick_of(link: str) -> str:
    """Name one experiment shortly, as an address that selects it does.

    Args:
        link: Address of a value's page, or any other.

    Returns:
        Its study and the first 10 letters of its row's key, e.g. `12-0a1b2c3d4e`; empty for an
        address that leads to no single experiment.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    found = VALUE_PAGE.search(link)
    return f"{found[1]}-{found[2][:PICK_LETTERS]}" if found else ""


def no_link(filters: Mapping[str, str]) -> str:
    """Lead nowhere: figures written to a file have no pages behind them."""
    del filters
    return ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The review's own words, so that no figure knows what the review is about.

    Attributes:
        arm: What is tested, e.g. the label of the form's first arm.
        comparator: What it is compared with.
        group: Name of the category that colours the figures.
        groups: Its values in their order.
        link: Makes the address of the rows that fit filters.
    """

    arm: str
    comparator: str
    group: str = "Group"
    groups: tuple[str, ...] = ()
    link: Callable[[Mapping[str, str]], str] = field(default=no_link)

    def order(self, present: Sequence[str]) -> list[str]:
        """Put the groups that occur in the order of the form, unknown ones last by name.

        Args:
            present: Values that occur, in any order.

        Returns:
            Each once.

        Raises:
            ValueError: Never.

        Source:
            Own definition.
        """
        known = [one for one in self.groups if one in set(present)]
        return known + sorted(set(present) - set(known))


def finite(value: object, digits: int = 6) -> float | None:
    """Round a number for JSON, and turn what is no number into None.

    Args:
        value: Number, NaN, infinity, pandas' NA or None.
        digits: Decimal places kept.

    Returns:
        The number, or None.

    Raises:
        ValueError: Never for numbers.

    Source:
        Own definition (no NaN or Infinity reaches a figure's JSON).
    """
    if value.__class__ is float:
        number: float = value  # the usual case, without a detour
    else:
        try:
            number = float(str(value))
        except ValueError:
            return None
    return round(number, digits) if math.isfinite(number) else None


def signed(value: float, digits: int = 2, unit: str = " %") -> str:
    """Write a gain: sign, true minus, unit.

    Args:
        value: Finite number.
        digits: Decimal places.
        unit: Put behind it.

    Returns:
        E.g. `+4.47 %`, `−1.35 %`, `0.00 %`.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    rounded = round(value, digits)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded):.{digits}f}{unit}"


def _shown(value: Cell, column: Column) -> tuple[str, bool]:
    if column.digits is None:
        return str(value if value is not None else ""), False
    if value is None:
        return "–", True
    number = float(value)
    text = signed(number, column.digits, "") if column.is_signed else f"{number:.{column.digits}f}"
    return text, True


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun.

    Args:
        number: >= 0.
        noun: Singular.
        plural: Where it is not noun + s.

    Returns:
        E.g. `1 study`, `12 studies`.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
