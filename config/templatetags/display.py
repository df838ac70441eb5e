"""Template filters and tags: dates, time left, money, tags and form controls, in the reader's language.

The words come from `sla.wording`, the tones and icons from `complaints.looks`. Each `<time>` carries the exact moment with
its zone in its title, and each running clock carries what the browser needs to recount it. An absent value gives nothing,
so a template needs no `if` around it.
"""

import secrets
from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Choices
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import escape, format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale

from accounts.views import THEMES
from complaints.looks import SEVERITY_LOOKS, STATUS_LOOKS
from complaints.models import Complaint
from complaints.rows import ClockFace
from complaints.states import Status
from sla import wording

register = template.Library()

TICKING = frozenset({"running", "soon", "overdue", "provisional", "extended"})


def _time(moment: datetime, words: str) -> SafeString:
    local = wording.local_of(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', local.iso, local.exact, words)


@register.filter
def when(moment: datetime | date | None, form: str = "") -> str:
    """今天 17:00, 3月12日 周四; `when:"long"` gives far days their time too. A plain date gives its day."""
    if not moment:
        return ""
    if not isinstance(moment, datetime):
        return day(moment)
    return _time(moment, wording.moment_words(moment, timezone.now(), with_time=form == "long"))


@register.filter
def due(moment: datetime | None) -> str:
    """A deadline: 今天 17:00, 3月12日 周四 24:00."""
    return _time(moment, wording.due_words(moment, timezone.now())) if moment else ""


@register.filter
def day(moment: datetime | date | None, form: str = "") -> str:
    """3月12日 周四. `day:"heading"` leads with 今天 or 昨天; `day:"short"` leaves the weekday out."""
    if not moment:
        return ""
    plain = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    today = timezone.localdate()
    if form == "heading":
        words = wording.heading_words(plain, today)
    else:
        words = wording.day_words(plain, today, weekday=form != "short")
    return format_html('<time datetime="{}">{}</time>', plain.isoformat(), words)


@register.filter
def day_text(moment: date | None) -> str:
    """A day in plain text, for an attribute: 2月27日."""
    return wording.day_words(moment, timezone.localdate(), weekday=False) if moment else ""


@register.filter
def at(moment: datetime | None) -> str:
    """The time of day, under a heading that names the day: 09:05."""
    return _time(moment, wording.local_of(moment).time) if moment else ""


@register.filter
def ago(moment: datetime | None) -> str:
    """刚刚, 5 分前, 3 小时前, 昨天, 5 天前."""
    return _time(moment, wording.ago_words(moment, timezone.now())) if moment else ""


@register.filter
def span(length: timedelta | None) -> str:
    """A duration in its two largest units: 5 小时 42 分."""
    return wording.span_words(length) if length is not None else ""


@register.filter
def since(moment: datetime | None, now: datetime) -> str:
    """How long it is from a moment until `now`: 4 分."""
    return wording.span_words(now - moment) if moment else ""


@register.simple_tag
def time_left(clock: ClockFace) -> str:
    """The words of a clock; while it runs they are recounted in the browser."""
    if clock.state not in TICKING:
        return clock.left
    return format_html('<span data-due-at="{}" data-unit="{}">{}</span>', clock.due_iso, clock.unit, clock.left)


@register.simple_tag
def status_look(status: Any) -> dict[str, str]:
    """`tone`, `icon` and `label` of a complaint's status, given as its value or as an object with value and label."""
    return _look(STATUS_LOOKS, ("", "circle"), status, Status)


@register.simple_tag
def severity_look(severity: Any) -> dict[str, str]:
    """`tone`, `icon` and `label` of a severity: outlined, each with its own flag."""
    return _look(SEVERITY_LOOKS, ("", "flag"), severity, Complaint.Severity)


def _look(
    looks: Mapping[str, tuple[str, str]], plain: tuple[str, str], word: Any, words: type[Choices]
) -> dict[str, str]:
    value = str(getattr(word, "value", word))
    tone, icon = looks.get(value, plain)
    label = getattr(word, "label", None) or (words(value).label if value in words.values else value)
    return {"tone": tone, "icon": icon, "label": str(label)}


@register.filter
def money(amount: Decimal | int | str | None, currency: str = "CNY") -> str:
    """¥50,000.00; `money:"USD"` for another currency."""
    if amount is None or amount == "":
        return ""
    try:
        return wording.money_words(Decimal(str(amount)), currency or "CNY")
    except InvalidOperation:
        return str(amount)


@register.filter
def capped(number: int | None) -> str:
    """A count for a badge: nothing for none, 99+ beyond what a person would read."""
    return "" if not number else "99+" if number > 99 else str(number)


@register.filter
def signed(number: int | Decimal | None) -> str:
    """A change with its sign and a real minus: +3, −9."""
    return "" if number is None else wording.signed_words(number)


@register.simple_tag(takes_context=True)
def control(context: template.Context, field: BoundField, **attrs: Any) -> SafeString:
    """The widget of a bound field, with our classes and what describes it.

    Further attributes as given, `data_key="r"` for `data-key`; where they are not, `class`, `placeholder` and `key` are
    taken from the context, so that a page gives them to components/field.html.
    """
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        look = "form-check-input"
    elif isinstance(widget, Select):
        look = "form-select"
    else:
        look = "form-control"
    known = {"class": context.get("class"), "placeholder": context.get("placeholder"), "data_key": context.get("key")}
    given: dict[str, Any] = {name.replace("_", "-"): value for name, value in (known | attrs).items() if value}
    classes = [widget.attrs.get("class"), given.get("class"), look, "is-invalid" if field.errors else ""]
    if widget.attrs.get("placeholder") == field.label:
        given.setdefault("placeholder", False)  # a label said twice
    if described := description_of(field):
        given["aria-describedby"] = described
    return field.as_widget(attrs={**given, "class": " ".join(filter(None, classes))})


@register.filter
def description_of(field: BoundField) -> str:
    """The ids of the texts under a field: its error where there is one, else its warning and its help."""
    if field.errors:
        return f"{field.auto_id}_error"
    texts = [f"{field.auto_id}_warning"] if warning_of(field) else []
    return " ".join([*texts, f"{field.auto_id}_help"] if field.help_text else texts)


@register.filter
def warning_of(field: BoundField) -> str:
    """What the form doubts about a field without refusing it (`form.warnings`, a mapping by field name)."""
    warnings: dict[str, str] = getattr(field.form, "warnings", {})
    return str(warnings.get(field.name, ""))


@register.simple_tag
def language_tag() -> str:
    """The active language as HTML names it: zh-Hans, en."""
    return to_locale(get_language() or "en").replace("_", "-")


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The reader's theme, light, dark or auto: from the shell, else from the cookie."""
    chosen = getattr(context.get("shell"), "theme", "")
    if not chosen and (request := context.get("request")):
        chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "auto"


@register.simple_tag
def server_time() -> str:
    """Now, for the browser to set its own count by."""
    return timezone.localtime().isoformat(timespec="seconds")


@register.simple_tag
def tick_words() -> SafeString:
    """The patterns of time left, as JSON that static/js/clock.js reads."""
    return json_script(wording.tick_words(), "tick-words")


# What may differ from request to request within a kept piece: a mark where the page's own goes.
OPENINGS = {name: f"opening-{secrets.token_hex(16)}" for name in ("csrf_token", "here")}


@register.simple_tag(takes_context=True)
def fixed(context: template.Context, name: str, **values: Hashable) -> SafeString:
    """A piece that needs nothing from the page but `values`, drawn once for each set of them and each language, and kept.

    It may also hold `{% csrf_token %}`, and `{{ here }}`: the address of this request.
    """
    draw = _fixed.__wrapped__ if settings.DEBUG else _fixed
    drawn = draw(name, get_language(), get_script_prefix(), tuple(values.items()))
    if OPENINGS["csrf_token"] in drawn:
        drawn = drawn.replace(OPENINGS["csrf_token"], str(context["csrf_token"]))
    if OPENINGS["here"] in drawn:
        drawn = drawn.replace(OPENINGS["here"], escape(context["request"].get_full_path()))
    return mark_safe(drawn)  # noqa: S308 - our own template, which escapes its values


@lru_cache(maxsize=1024)
def _fixed(name: str, _language: str | None, _prefix: str, values: tuple[tuple[str, Hashable], ...]) -> str:
    return get_template(name).render(OPENINGS | dict(values))
