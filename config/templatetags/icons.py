"""`{% icon "alarm" %}`: one symbol of the sprite that `manage.py assets` builds from the names in static/icons.txt."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: object = "") -> SafeString:
    """An icon by its Tabler name. Beside words it is decoration; standing alone it needs a label."""
    return _svg(name, escape(label) if label else "")


@lru_cache(maxsize=2048)
def _svg(name: str, label: str) -> SafeString:
    reference = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="ti" role="img" aria-label="{}"><use href="{}"/></svg>', label, reference)
    return format_html('<svg class="ti" aria-hidden="true"><use href="{}"/></svg>', reference)
