"""Where everything of the diagram stands: one layout for the page, the SVG file and the PNG."""

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.prisma.contents import (
    Column,
    Content,
    Level,
    Row,
    databases_column,
    included_content,
    other_column,
    previous_content,
    total_content,
)
from analytics.prisma.flow import Flow
from analytics.prisma.measure import wrap
from analytics.prisma.wording import (
    NEW_DATABASES,
    NEW_OTHER,
    PREVIOUS,
    STAGES,
    UPDATED_DATABASES,
    UPDATED_OTHER,
)

FONT_SIZE = 12.5
LINE = 17.0
PADDING = 12.0
LINK_ROOM = 7.0  # a linked line is 24 px high: large enough to be hit
INDENT = 10.0
GAP = 20.0
TITLE_HEIGHT = 30.0
STAGE_WIDTH = 30.0
MAIN_WIDTH = 244.0
OTHER_WIDTH = 226.0
PREVIOUS_WIDTH = 200.0
BETWEEN = 32.0
BETWEEN_COLUMNS = 28.0
FIRST_X = 48.0
ARROW_HEAD = 2.0


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """One row with its area and its lines; `number` ends the last line."""

    row: Row
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    first_baseline: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its rows; `kind` is box, running, title or stage."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    rows: tuple[PlacedRow, ...] = ()
    words: str = ""

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """Middle from left to right."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """All rectangles and arrows; an arrow is a line of points whose last has the head."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[tuple[float, float], ...], ...]


def layout_of(flow: Flow) -> Layout:
    """Place every box and arrow of the variant the flow needs.

    Args:
        flow: A flow that holds; its previous studies and other methods choose the variant.

    Returns:
        The layout in px, origin top left, text measured so that nothing leaves its box.

    Source:
        PRISMA 2020 templates, Page et al. 2021, BMJ 372:n71; measures: own definition.
    """
    return _Drawing(flow).finish()


def box_of(content: Content, x: float, y: float, width: float, height: float = 0) -> Box:
    """One box at a place, at least as high as its text needs.

    Args:
        content: Rows of the box.
        x: Left edge in px.
        y: Upper edge in px.
        width: Width in px, more than twice the padding.
        height: Least height in px; text stands in the middle of a higher box.

    Returns:
        The box with its rows placed.
    """
    is_list = len(content.rows) > 1
    sized = []
    for row in content.rows:
        text = f"{row.words} {row.number}".strip()
        lines = tuple(wrap(text, FONT_SIZE, width - 2 * PADDING - row.indent * INDENT))
        room = LINK_ROOM if is_list and row.key else 0
        sized.append((row, lines, len(lines) * LINE + room, room))
    needed = sum(item[2] for item in sized) + 2 * PADDING
    full = max(height, needed)
    top = y + (full - needed) / 2 + PADDING
    placed = []
    for row, lines, row_height, room in sized:
        baseline = top + room / 2 + FONT_SIZE
        left = x + PADDING + row.indent * INDENT
        inner = width - 2 * PADDING - row.indent * INDENT
        placed.append(PlacedRow(row, left, top, inner, row_height, lines, baseline))
        top += row_height
    kind = "running" if content.is_running else "box"
    return Box(kind, x, y, width, full, tuple(placed))


@dataclass(slots=True)
class _Lane:
    """One column of the drawing and the last box that went on in it."""

    x: float
    side_x: float
    width: float
    last: Box | None = None

    @property
    def right(self) -> float:
        return self.side_x + self.width


class _Drawing:
    """Builds one layout from top to bottom."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.boxes: list[Box] = []
        self.arrows: list[tuple[tuple[float, float], ...]] = []
        start = FIRST_X + (PREVIOUS_WIDTH + BETWEEN_COLUMNS if flow.has_previous else 0)
        self.main = _Lane(start, start + MAIN_WIDTH + BETWEEN, MAIN_WIDTH)
        start = self.main.right + BETWEEN_COLUMNS
        self.other = _Lane(start, start + OTHER_WIDTH + BETWEEN, OTHER_WIDTH)
        self.y = TITLE_HEIGHT + GAP

    def finish(self) -> Layout:
        self._titles()
        databases = databases_column(self.flow)
        other = other_column(self.flow) if self.flow.has_other_methods else None
        previous = self._identification(databases, other)
        top = self.y
        for i, level in enumerate(databases.levels):
            bottoms = [self._level(self.main, level)]
            bottoms.append(self._level(self.other, other.levels[i] if other else None))
            self.y = max(bottoms) + GAP
        self._stage(STAGES[1], top, self.y - GAP)
        self._included(previous)
        right = self.other.right if other else self.main.right
        return Layout(right, self.y - GAP, tuple(self.boxes), tuple(self.arrows))

    def _titles(self) -> None:
        updated = self.flow.has_previous
        lanes = [(self.main, NEW_DATABASES, UPDATED_DATABASES)]
        if self.flow.has_other_methods:
            lanes.append((self.other, NEW_OTHER, UPDATED_OTHER))
        for lane, new, again in lanes:
            width = lane.right - lane.x
            words = again if updated else new
            self.boxes.append(Box("title", lane.x, 0, width, TITLE_HEIGHT, (), words))
        if updated:
            self.boxes.append(Box("title", FIRST_X, 0, PREVIOUS_WIDTH, TITLE_HEIGHT, (), PREVIOUS))

    def _identification(self, databases: Column, other: Column | None) -> Box | None:
        places = [(databases.identified, self.main.x, MAIN_WIDTH)]
        if databases.removed:
            places.append((databases.removed, self.main.side_x, MAIN_WIDTH))
        if other:
            places.append((other.identified, self.other.x, OTHER_WIDTH))
        if self.flow.has_previous:
            places.append((previous_content(self.flow), FIRST_X, PREVIOUS_WIDTH))
        height = max(box_of(content, x, 0, width).height for content, x, width in places)
        boxes = [box_of(content, x, self.y, width, height) for content, x, width in places]
        self.boxes += boxes
        self._across(boxes[0], boxes[1])
        self.main.last = boxes[0]
        self.other.last = boxes[2] if other else None
        self._stage(STAGES[0], self.y, self.y + height)
        self.y += height + GAP
        return boxes[-1] if self.flow.has_previous else None

    def _level(self, lane: _Lane, level: Level | None) -> float:
        if level is None:
            return self.y
        main = box_of(level.main, lane.x, self.y, lane.width)
        beside = list(self._stack(level.side, lane.side_x, lane.width))
        self._down(lane.last, main)
        self._across(main, beside[0])
        self.boxes += [main, *beside]
        lane.last = main
        return max(main.bottom, beside[-1].bottom)

    def _stack(self, contents: Iterable[Content], x: float, width: float) -> Iterable[Box]:
        y = self.y
        for content in contents:
            box = box_of(content, x, y, width)
            yield box
            y = box.bottom + GAP / 2

    def _included(self, previous: Box | None) -> None:
        top = self.y
        included = box_of(included_content(self.flow), self.main.x, self.y, MAIN_WIDTH)
        self._down(self.main.last, included)
        self.boxes.append(included)
        if self.other.last:
            middle = included.y + included.height / 2
            start = self.other.last
            corner = (start.middle, middle)
            end = (included.right + ARROW_HEAD, middle)
            self.arrows.append(((start.middle, start.bottom), corner, end))
        self.y = included.bottom + GAP
        if previous:
            self._total(included, previous)
        self._stage(STAGES[2], top, self.y - GAP)

    def _total(self, included: Box, previous: Box) -> None:
        total = box_of(total_content(self.flow), self.main.x, self.y, MAIN_WIDTH)
        self.boxes.append(total)
        self._down(included, total)
        middle = total.y + total.height / 2
        end = (total.x - ARROW_HEAD, middle)
        self.arrows.append(((previous.middle, previous.bottom), (previous.middle, middle), end))
        self.y = total.bottom + GAP

    def _stage(self, words: str, top: float, bottom: float) -> None:
        self.boxes.append(Box("stage", 0, top, STAGE_WIDTH, bottom - top, (), words))

    def _across(self, left: Box, right: Box) -> None:
        y = left.y + min(left.height, right.height) / 2
        self.arrows.append(((left.right, y), (right.x - ARROW_HEAD, y)))

    def _down(self, upper: Box | None, lower: Box) -> None:
        if upper:
            points = ((upper.middle, upper.bottom), (lower.middle, lower.y - ARROW_HEAD))
            self.arrows.append(points)
