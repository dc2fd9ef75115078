"""The flow diagram as PDF, lines and letters as vectors, from the layout of the SVG."""

import io
import math

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from analytics.prisma.diagram import BASELINE_SHIFT, MARGIN, RADIUS
from analytics.prisma.flow import Flow
from analytics.prisma.layout import FONT_SIZE, LINE, Box, Layout, PlacedRow, layout_of
from analytics.prisma.png import (
    BREAK,
    DASH,
    EDGE,
    EDGES,
    FILLS,
    FONTS,
    HEAD_LENGTH,
    HEAD_WIDTH,
    INK,
    QUIET,
    Point,
)

POINTS = 0.75  # a px of the SVG is 1/96 inch, a point 1/72
FONT_NAME = "flow"
STANDARD_FONT = "Helvetica"  # every reader has it; letters beyond Western Europe need a system font
FILL, FILL_AND_STROKE = 0, 2
STROKE = 0.35


def flow_as_pdf(flow: Flow) -> bytes:
    """Draw the flow as a PDF file of one page that is just as large as the diagram.

    Args:
        flow: A flow that holds.

    Returns:
        The bytes of the file; the same flow gives the same bytes. Letters come from a common system
        font, which is then embedded, else from Helvetica.
    """
    layout = layout_of(flow)
    size = (layout.width + 2 * MARGIN, layout.height + 2 * MARGIN)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(size[0] * POINTS, size[1] * POINTS), invariant=1)
    canvas.setTitle("PRISMA 2020 flow diagram")
    canvas.scale(POINTS, POINTS)
    _Page(canvas, size[1]).draw_layout(layout)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _font() -> str:
    """The first common system font that PDF can embed, known to reportlab under our name."""
    if FONT_NAME in pdfmetrics.getRegisteredFontNames():
        return FONT_NAME
    for name in FONTS:
        try:
            path = ImageFont.truetype(name).path
            pdfmetrics.registerFont(TTFont(FONT_NAME, str(path)))
        except (OSError, TTFError):
            continue
        return FONT_NAME
    return STANDARD_FONT


class _Page:
    """Draws in the px of the layout; PDF counts upwards from the lower edge."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        self.pen = canvas
        self.height = height
        self.font = _font()
        canvas.setLineWidth(1)

    def draw_layout(self, layout: Layout) -> None:
        for box in layout.boxes:
            self._box(box)
        for points in layout.arrows:
            self._arrow(points)

    def _box(self, box: Box) -> None:
        self.pen.setFillColor(FILLS[box.kind])
        self.pen.setStrokeColor(EDGE if box.kind == "running" else EDGES[box.kind])
        self.pen.setDash(*([DASH, BREAK],) if box.kind == "running" else ([],))
        x, y = self._at(box.x, box.bottom)
        self.pen.roundRect(x, y, box.width, box.height, RADIUS, fill=1)
        self.pen.setDash([])
        if box.kind == "stage":
            self._upright(box)
        elif box.kind == "title":
            left = box.middle - self._width(box.words) / 2
            y = box.y + box.height / 2 + BASELINE_SHIFT
            self._text((left, y), box.words, INK, is_strong=True)
        for row in box.rows:
            self._row(row)

    def _row(self, placed: PlacedRow) -> None:
        number = placed.row.number
        color = QUIET if placed.row.is_quiet else INK
        for i, line in enumerate(placed.lines):
            place = (placed.x, placed.first_baseline + i * LINE)
            words = line.removesuffix(number) if number else line
            self._text(place, words, color)
            if words != line:
                right = (place[0] + self._width(words), place[1])
                self._text(right, number, INK, is_strong=True)

    def _upright(self, box: Box) -> None:
        self.pen.saveState()
        self.pen.translate(*self._at(box.middle + BASELINE_SHIFT, box.y + box.height / 2))
        self.pen.rotate(90)
        self._write(-self._width(box.words) / 2, 0, box.words, INK, is_strong=True)
        self.pen.restoreState()

    def _arrow(self, points: tuple[Point, ...]) -> None:
        placed = [self._at(x, y) for x, y in points]
        line = self.pen.beginPath()
        line.moveTo(*placed[0])
        for point in placed[1:]:
            line.lineTo(*point)
        self.pen.setStrokeColor(QUIET)
        self.pen.drawPath(line)
        (x0, y0), (x, y) = placed[-2:]
        angle = math.atan2(y - y0, x - x0)
        head = self.pen.beginPath()
        head.moveTo(x + math.cos(angle), y + math.sin(angle))
        for side in (HEAD_WIDTH, -HEAD_WIDTH):
            head.lineTo(
                x - HEAD_LENGTH * math.cos(angle) + side * math.sin(angle),
                y - HEAD_LENGTH * math.sin(angle) - side * math.cos(angle),
            )
        head.close()
        self.pen.setFillColor(QUIET)
        self.pen.drawPath(head, stroke=0, fill=1)

    def _text(self, place: Point, words: str, color: str, *, is_strong: bool = False) -> None:
        self._write(*self._at(*place), words, color, is_strong=is_strong)

    def _write(self, x: float, y: float, words: str, color: str, *, is_strong: bool) -> None:
        text = self.pen.beginText(x, y)
        text.setFont(self.font, FONT_SIZE)
        text.setFillColor(color)
        text.setStrokeColor(color)
        text.setTextRenderMode(FILL_AND_STROKE if is_strong else FILL)
        self.pen.setLineWidth(STROKE)
        text.textOut(words)
        self.pen.drawText(text)
        self.pen.setLineWidth(1)

    def _width(self, words: str) -> float:
        return float(pdfmetrics.stringWidth(words, self.font, FONT_SIZE))

    def _at(self, x: float, y: float) -> Point:
        return (x + MARGIN, self.height - y - MARGIN)
