"""The flow diagram as PNG, drawn with Pillow from the layout of the SVG."""

import io
import itertools
import math

from PIL import Image, ImageDraw, ImageFont

from analytics.prisma.diagram import BASELINE_SHIFT, MARGIN, RADIUS
from analytics.prisma.flow import Flow
from analytics.prisma.layout import FONT_SIZE, LINE, Box, Layout, PlacedRow, layout_of

SCALE = 3  # 288 dpi at the size of the SVG: sharp in print
INK = "#16181d"
QUIET = "#4a4d52"
EDGE = "#62656b"
FILLS = {"box": "#ffffff", "running": "#ffffff", "title": "#f0f0ec", "stage": "#e4eafb"}
EDGES = {"box": EDGE, "running": EDGE, "title": "#b9bcc1", "stage": "#8499e2"}
DASH, BREAK = 4.0, 3.0
HEAD_LENGTH, HEAD_WIDTH = 7.0, 3.5
FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Point = tuple[float, float]


def flow_as_png(flow: Flow) -> bytes:
    """Draw the flow as a PNG file, three px per px of the SVG, black on white.

    Args:
        flow: A flow that holds.

    Returns:
        The bytes of the file. Letters come from a common system font, else from Pillow's own.
    """
    layout = layout_of(flow)
    size = (_scaled(layout.width + 2 * MARGIN), _scaled(layout.height + 2 * MARGIN))
    image = Image.new("RGB", size, "#ffffff")
    _Canvas(image).draw_layout(layout)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(96 * SCALE, 96 * SCALE))
    return out.getvalue()


def _scaled(value: float) -> int:
    return math.ceil(value * SCALE)


def _font() -> Font:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, FONT_SIZE * SCALE)
        except OSError:
            continue
    return ImageFont.load_default(FONT_SIZE * SCALE)


class _Canvas:
    """Draws in the px of the layout."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.pen = ImageDraw.Draw(image)
        self.font = _font()

    def draw_layout(self, layout: Layout) -> None:
        for box in layout.boxes:
            self._box(box)
        for points in layout.arrows:
            self._arrow(points)

    def _box(self, box: Box) -> None:
        corners = (*self._at(box.x, box.y), *self._at(box.right, box.bottom))
        is_running = box.kind == "running"
        edge = None if is_running else EDGES[box.kind]
        self.pen.rounded_rectangle(corners, RADIUS * SCALE, FILLS[box.kind], edge, SCALE)
        if is_running:
            self._dashed(box)
        if box.kind == "stage":
            self._upright(box)
        elif box.kind == "title":
            y = box.y + box.height / 2 + BASELINE_SHIFT
            self.pen.text(self._at(box.middle, y), box.words, INK, self.font, "ms", stroke_width=1)
        for row in box.rows:
            self._row(row)

    def _row(self, placed: PlacedRow) -> None:
        number = placed.row.number
        color = QUIET if placed.row.is_quiet else INK
        for i, line in enumerate(placed.lines):
            place = self._at(placed.x, placed.first_baseline + i * LINE)
            words = line.removesuffix(number) if number else line
            self.pen.text(place, words, color, self.font, "ls")
            if words != line:
                left = place[0] + self.font.getlength(words)
                self.pen.text(
                    (left, place[1]), number, INK, self.font, "ls", stroke_width=1, stroke_fill=INK
                )

    def _upright(self, box: Box) -> None:
        size = (_scaled(box.height), _scaled(box.width))
        label = Image.new("RGBA", size, (0, 0, 0, 0))
        middle = (size[0] / 2, size[1] / 2 + BASELINE_SHIFT * SCALE)
        ImageDraw.Draw(label).text(middle, box.words, INK, self.font, "ms", stroke_width=1)
        turned = label.rotate(90, expand=True)
        x, y = self._at(box.x, box.y)
        self.image.paste(turned, (round(x), round(y)), turned)

    def _arrow(self, points: tuple[Point, ...]) -> None:
        placed = [self._at(x, y) for x, y in points]
        self.pen.line(placed, QUIET, round(1.25 * SCALE), "curve")
        (x0, y0), (x, y) = placed[-2:]
        angle = math.atan2(y - y0, x - x0)
        tip = (x + math.cos(angle) * SCALE, y + math.sin(angle) * SCALE)
        back = [
            (
                tip[0] - HEAD_LENGTH * SCALE * math.cos(angle) + side * math.sin(angle),
                tip[1] - HEAD_LENGTH * SCALE * math.sin(angle) - side * math.cos(angle),
            )
            for side in (HEAD_WIDTH * SCALE, -HEAD_WIDTH * SCALE)
        ]
        self.pen.polygon([tip, *back], QUIET)

    def _dashed(self, box: Box) -> None:
        corners = [
            (box.x, box.y),
            (box.right, box.y),
            (box.right, box.bottom),
            (box.x, box.bottom),
            (box.x, box.y),
        ]
        for (x0, y0), (x1, y1) in itertools.pairwise(corners):
            length = math.hypot(x1 - x0, y1 - y0)
            for i in range(math.ceil(length / (DASH + BREAK))):
                start = i * (DASH + BREAK) / length
                end = min(1.0, start + DASH / length)
                ends = [
                    self._at(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
                    for share in (start, end)
                ]
                self.pen.line(ends, EDGE, SCALE)

    def _at(self, x: float, y: float) -> Point:
        return ((x + MARGIN) * SCALE, (y + MARGIN) * SCALE)
