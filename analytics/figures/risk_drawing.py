"""Traffic light and summary of the risk of bias as pictures that stand by themselves."""

import math
from collections.abc import Sequence
from html import escape

from analytics.figures.risk_of_bias import (
    NAMES,
    Assessment,
    Judgement,
    Share,
    levels_of,
    summary,
    title_of,
)
from extraction.schema.fields import Level
from extraction.schema.risk import RiskTool

FILLS = {
    Level.LOW: "#1f7a4d",
    Level.SOME: "#e0b33c",
    Level.HIGH: "#b3261e",
    Level.UNCLEAR: "#6b7077",
}
INKS = {
    Level.LOW: "#ffffff",
    Level.SOME: "#131416",
    Level.HIGH: "#ffffff",
    Level.UNCLEAR: "#ffffff",
}
FONT = "system-ui, sans-serif"
_LEFT, _STEP, _ROW = 240, 96, 28
_SLOPE, _BELOW = 30, 16  # degrees of the heads; their distance from the first row
_LETTER, _LONGEST = 6.2, 44  # width of a letter at this size, more than fonts need; most letters
_LEGEND = 150
_BAR, _BARS = 420, 26
_LEAST_FOR_TEXT = 36


def traffic_light_svg(tool: RiskTool, assessments: Sequence[Assessment]) -> str:
    """Draw the traffic light as a picture that stands by itself.

    Args:
        tool: The tool.
        assessments: One row each.

    Returns:
        SVG text; each mark has a sign beside its colour and a title in words.

    Raises:
        ValueError: Never.

    Source:
        After the traffic light plot of McGuinness and Higgins 2021 (robvis); own drawing.
    """
    titles = [_short(title_of(column), _LONGEST) for column in tool.columns]
    longest = _LETTER * max(map(len, titles), default=0)
    head = _BELOW + longest * math.sin(math.radians(_SLOPE)) + 12
    width = _LEFT + _STEP * (len(titles) - 0.5) + longest * math.cos(math.radians(_SLOPE)) + 12
    width = max(width, 20 + _LEGEND * len(levels_of(tool)))
    height = head + _ROW * len(assessments) + 48
    parts = []
    for place, title in enumerate(titles):
        x, y = _LEFT + _STEP * place + _STEP / 2, head - _BELOW
        parts.append(
            f'<text x="{x:g}" y="{y:.1f}" font-size="11" '
            f'transform="rotate(-{_SLOPE} {x:g} {y:.1f})">{escape(title)}</text>'
        )
    for number, one in enumerate(assessments):
        y = head + _ROW * number + _ROW / 2
        parts.append(
            f'<text x="8" y="{y + 4:g}" font-size="12">{escape(_short(one.name, 36))}</text>'
        )
        for place, column in enumerate(tool.columns):
            x = _LEFT + _STEP * place + _STEP / 2
            found = one.judgements.get(column.key)
            title = f"{one.name}, {title_of(column)}: {found.words if found else 'not judged'}"
            parts.append(f"<g><title>{escape(title)}</title>{_mark(x, y, found)}</g>")
    parts += _legend(tool, height - 20)
    return _picture(f"Risk of bias by study, {tool.name}", width, height, parts)


def summary_svg(tool: RiskTool, assessments: Sequence[Assessment]) -> str:
    """Draw the summary as a picture that stands by itself.

    Args:
        tool: The tool.
        assessments: All of them count alike.

    Returns:
        SVG text: one bar per domain, each share with its percentage where there is room.

    Raises:
        ValueError: Never.

    Source:
        After the summary plot of McGuinness and Higgins 2021 (robvis); own drawing, unweighted.
    """
    bars = summary(tool, assessments)
    height = 24 + _BARS * len(bars) + 48
    parts: list[str] = []
    for number, bar in enumerate(bars):
        y = 16 + _BARS * number
        label = escape(_short(title_of(bar.column), 36))
        parts.append(f'<text x="8" y="{y + 15}" font-size="12">{label}</text>')
        for share in bar.shares:
            if not share.count:
                continue
            x, wide = _LEFT + share.start * _BAR / 100, share.width * _BAR / 100
            parts.append(
                f"<g><title>{escape(title_of(bar.column))}, {escape(share.words)}</title>"
                f'<rect x="{x:.2f}" y="{y}" width="{wide:.2f}" height="20" '
                f'fill="{FILLS[share.level]}" stroke="#ffffff"/>'
                f'<text x="{x + wide / 2:.2f}" y="{y + 14}" font-size="11" text-anchor="middle" '
                f'fill="{INKS[share.level]}">{_room(share, wide)}</text></g>'
            )
    parts += _legend(tool, height - 20)
    return _picture(f"Risk of bias by domain, {tool.name}", _LEFT + _BAR + 24, height, parts)


def _mark(x: float, y: float, found: Judgement | None) -> str:
    if found is None or found.level not in FILLS:
        return f'<text x="{x:g}" y="{y + 4:g}" font-size="12" text-anchor="middle">–</text>'
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="10" fill="{FILLS[found.level]}"/>'
        f'<text x="{x:g}" y="{y + 4.5:g}" font-size="13" font-weight="700" text-anchor="middle" '
        f'fill="{INKS[found.level]}">{found.sign}</text>'
    )


def _legend(tool: RiskTool, y: float) -> list[str]:
    parts = []
    for place, level in enumerate(levels_of(tool)):
        x = 20 + place * _LEGEND
        parts.append(_mark(x, y, Judgement(level, NAMES[level])))
        parts.append(f'<text x="{x + 18}" y="{y + 4:g}" font-size="12">{NAMES[level]}</text>')
    return parts


def _picture(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" font-family="{FONT}" fill="#1b1c1e">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _room(share: Share, wide: float) -> str:
    return f"{share.width:.0f} %" if wide >= _LEAST_FOR_TEXT else ""


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
