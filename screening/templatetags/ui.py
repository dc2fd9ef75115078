"""Small marks that every page uses; built in, so no template loads them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from screening.rules.highlights import Piece

register = template.Library()
CLOSING = SafeString("</mark>")


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite; `size` "s" is the small one. It never stands without a word."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        " icon-s" if size == "s" else "",
        static("reviewapp/icons.svg"),
        name,
    )


@register.simple_tag
def marked(pieces: Iterable[Piece]) -> SafeString:
    """A text with its highlighted words; a tag and no template, since a card has dozens."""
    return format_html_join(
        "",
        "{}{}{}",
        (
            (format_html('<mark class="hl hl-{}">', piece.kind), piece.text, CLOSING)
            if piece.kind
            else ("", piece.text, "")
            for piece in pieces
        ),
    )


@register.filter
def of(rows: Mapping[Any, Any], key: object) -> Any:
    """What a mapping holds for a key, or nothing."""
    return rows.get(key) if rows else None


@register.filter
def since_when(moment: datetime) -> str:
    """For how long something stands, in words; "just now" within the first minute."""
    is_new = timezone.now() - moment < timedelta(minutes=1)
    return "just now" if is_new else f"since {timesince(moment)}"
