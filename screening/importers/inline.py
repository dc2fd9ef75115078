"""Inline Markdown of one table cell: its words and its links, without badges and images."""

from dataclasses import dataclass
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["strikethrough"])


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as people read it: its words, and (address, label) of each link."""

    text: str
    links: tuple[tuple[str, str], ...]

    @property
    def words_beside_links(self) -> str:
        """Return the words that belong to no link."""
        text = self.text
        for _, label in self.links:
            text = text.replace(label, "", 1) if label else text
        return text.strip(" ,;/|&·-–()[]")


def read_cell(source: str) -> Cell:
    """Read the inline Markdown (and HTML) of one cell.

    Args:
        source: The cell as written, without the bars around it.

    Returns:
        Its words and links; images and badges are left out, a badge's link is kept.

    Source: CommonMark 0.31, sections 6.1-6.11.
    """
    walker = _Walker()
    for block in _MARKDOWN.parseInline(source.strip()):
        for token in block.children or []:
            walker.take(token)
    return walker.cell()


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._words: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._href = ""
        self._label: list[str] = []

    def take(self, token: Token) -> None:
        if token.type == "link_open":
            self._open(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            self._close()
        elif token.type == "image":
            if self._href and not self._label:
                self._label.append("")  # a badge: its alternative text says nothing of the link
        elif token.type == "html_inline":
            self.feed(token.content)
        elif token.content:
            self._word(token.content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open(dict(attrs).get("href") or "")
        elif tag == "br":
            self._word(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close()

    def _word(self, text: str) -> None:
        self._words.append(text)
        if self._href:
            self._label.append(text)

    def _open(self, href: str) -> None:
        self._close()
        self._href = href

    def _close(self) -> None:
        if self._href:
            self._links.append((self._href, " ".join("".join(self._label).split())))
        self._href, self._label = "", []

    def cell(self) -> Cell:
        self._close()
        self.close()
        return Cell(" ".join("".join(self._words).split()), tuple(self._links))
