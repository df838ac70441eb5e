"""Jinja for the few pieces that are drawn many times a page (docs/decisions/0011). Pages stay with Django's engine."""

from typing import Any

from jinja2 import Environment, StrictUndefined

from config.templatetags.icons import icon


def environment(**options: Any) -> Environment:
    """Autoescaping as Django sets it; a name that is missing is an error, not an empty place."""
    made = Environment(**{"undefined": StrictUndefined} | options)  # noqa: S701  (Django passes autoescape=True)
    made.globals["icon"] = icon
    return made
