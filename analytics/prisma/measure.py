"""How wide a text is and where to break it: Helvetica's widths, with room for wider fonts."""

from collections.abc import Mapping
from types import MappingProxyType

# Thousandths of the font size, by width; the characters not named here are 556 wide.
_GROUPS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft\u00a0",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckszvxy",
    584: "+<=>~−",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
WIDTHS: Mapping[str, int] = MappingProxyType(
    {character: width for width, characters in _GROUPS.items() for character in characters}
)
DEFAULT_WIDTH = 556
WIDE = 1000
FIRST_WIDE = 0x2E80  # from here on (Chinese, Japanese, Korean) a character fills a square
WIDER_FONTS = 1.15  # DejaVu Sans and Verdana run about this much wider than Helvetica


def width_of(text: str, size: float) -> float:
    """Width of one line of text.

    Args:
        text: One line.
        size: Font size in px, > 0.

    Returns:
        Width in px, at least that of the text in Helvetica and in common screen fonts.

    Source:
        Adobe font metrics of Helvetica (AFM), widths of ASCII.
    """
    units = sum(
        WIDTHS.get(letter, WIDE if ord(letter) >= FIRST_WIDE else DEFAULT_WIDTH) for letter in text
    )
    return units * size / 1000 * WIDER_FONTS


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines that fit.

    Args:
        text: Words parted by blanks; a no-break space keeps two together.
        size: Font size in px, > 0.
        width: Room in px, > 0.

    Returns:
        At least one line. A word wider than the room is broken inside; nothing is lost.

    Raises:
        ValueError: When the room is not positive.

    Source:
        Own definition.
    """
    if width <= 0:
        raise ValueError(f"The width to wrap to is {width}; it must be positive.")
    lines = [""]
    for word in (piece for part in text.split(" ") for piece in _pieces(part, size, width)):
        longer = f"{lines[-1]} {word}".strip(" ")
        if width_of(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(word: str, size: float, width: float) -> list[str]:
    if width_of(word, size) <= width:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
