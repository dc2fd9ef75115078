"""Small marks that every page uses; built in, so no template loads them."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite; `size` "s" is the small one. It never stands without a word."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        " icon-s" if size == "s" else "",
        static("reviewapp/icons.svg"),
        name,
    )
