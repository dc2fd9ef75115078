"""Long lists of the figures' page: thousands of cells take a template many times longer."""

import math
from collections.abc import Collection

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from analytics.figures.model import Figure, signed
from analytics.selectors.experiments import Choice

register = template.Library()


@register.simple_tag
def figure_rows(figure: Figure, picks: Collection[str]) -> SafeString:
    """The rows of a figure's data table: the first cell selects and leads to the value."""
    return mark_safe(  # noqa: S308  # every text below is escaped
        "\n".join(
            f"<tr{_attribute('data-pick', pick)}>"
            f'<th scope="row">{_box(cells[0][0], pick, picks)}'
            f'<a href="{escape(link)}">{escape(cells[0][0])}</a></th>{_cells(cells[1:])}</tr>'
            for cells, link, pick in figure.first_rows
        )
    )


@register.filter
def gain_text(value: float) -> str:
    """A gain with its sign, or a dash where there is none."""
    return "–" if math.isnan(value) else signed(value, 2, "")


@register.simple_tag
def choice_options(choice: Choice) -> SafeString:
    """The values of a filter with their counts."""
    chosen = set(choice.chosen)
    others = [(value, escape(value)) for value in choice.others]
    known = [(value, f"{escape(value)} ({count})") for value, count in choice.options]
    return mark_safe(  # noqa: S308  # every text is escaped
        "".join(
            f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>'
            f"{text}</option>"
            for value, text in others + known
        )
    )


def _cells(cells: Collection[tuple[str, bool]]) -> str:
    return "".join(
        f"<td{_attribute('class', 'num' if is_number else '')}>{escape(text)}</td>"
        for text, is_number in cells
    )


def _box(label: str, pick: str, picks: Collection[str]) -> str:
    if not pick:
        return ""
    checked = " checked" if pick in picks else ""
    return (
        f'<input class="pick" type="checkbox" name="pick" value="{escape(pick)}" form="picking"'
        f' aria-label="Select {escape(label)}"{checked}> '
    )


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""
