"""Template filters about people: how they are named, and the device a session was opened on."""

import re
from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()

# The first that fits; Edge and other Chromium browsers also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    (r"MicroMessenger/", "WeChat"),
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"QQBrowser/", "QQ"),
    (r"(?:360SE|QihooBrowser|QHBrowser)", "360"),
    (r"(?:Firefox|FxiOS)/", "Firefox"),
    (r"(?:Chrome|CriOS|Chromium)/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"Windows", "Windows"),
    (r"(?:iPhone|iPad)", "iOS"),
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"Android", "Android"),
    (r"Mac OS X", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)


@register.filter
def initial(person: Any) -> str:
    """The first letter of a name, for the round mark beside it."""
    return str(person)[:1].upper() if person else "?"


@register.filter
def named(person: Any, reader: Any) -> str:
    """A person's name; the reader's own says so: 陈立（您）."""
    if person is not None and person == reader:
        return gettext("%(name)s (you)") % {"name": person}
    return str(person) if person is not None else ""


@register.filter
def device(user_agent: str) -> str:
    """A browser and its system, such as Chrome · Windows, from what it sent about itself."""
    found = [
        next((name for pattern, name in known if re.search(pattern, user_agent)), "") for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or gettext("unknown device")
