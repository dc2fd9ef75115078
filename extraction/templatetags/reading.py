"""The text layer of a page, put together at once: a page has a thousand words."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from extraction.selectors.reader import SheetWord

register = template.Library()
_WORD = (
    '<text x="{0.area.x}" y="{0.baseline}" font-size="{0.area.height}" '
    'textLength="{0.area.width}" lengthAdjust="spacingAndGlyphs" data-top="{0.area.y}" '
    'data-sentence="{0.sentence}" data-quoted="{1}">{2}</text>'
)


@register.filter
def word_layer(words: Iterable[SheetWord]) -> SafeString:
    """Each word as transparent text over its place in the picture; words are escaped."""
    parts = [_WORD.format(word, escape(word.quoted), escape(word.text)) for word in words]
    return mark_safe("".join(parts))  # noqa: S308 numbers of ours and escaped words
