"""Settings: deadline policies, and the working calendars to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from accounts.administration import Inline, ReadOnly, SettingsAdmin
from sla.models import Calendar, CalendarDay, CalendarVersion, Policy


@admin.register(Policy)
class PolicyAdmin(SettingsAdmin):
    """A policy that clocks have used only ends; a new rule is a new policy with its own first day (R42)."""

    list_display = ("name", "number", "target", "amount", "unit", "calendar", "from_on", "until_on")
    list_filter = ("target",)
    fields = ("name", "number", "target", "amount", "unit", "calendar", "from_on", "until_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> tuple[str, ...]:
        used = obj is not None and obj.clock_set.exists()
        return ("name", "number", "target", "amount", "unit", "calendar", "from_on") if used else ()


class Versions(ReadOnly, Inline, TabularInline):
    model = CalendarVersion
    fields = ("number", "source", "published_at", "years", "weekdays", "hours")
    show_change_link = True


@admin.register(Calendar)
class CalendarAdmin(ReadOnly, SettingsAdmin):
    """Calendars are created and published on their own pages, and by `manage.py calendar import`."""

    list_display = ("name", "code", "zone")
    fields = ("name", "code", "zone")
    inlines = (Versions,)


@admin.register(CalendarVersion)
class CalendarVersionAdmin(ReadOnly, ModelAdmin):
    list_display = ("calendar", "number", "years", "published_at", "source")
    fields = (
        "calendar", "number", "years", "weekdays", "hours", "make_ups", "published_at", "source", "days_off", "days_on",
    )  # fmt: skip
    readonly_fields = ("days_off", "days_on")

    @admin.display(description=_("days off"))
    def days_off(self, version: CalendarVersion) -> str:
        return _listed(version.days.filter(works=False))

    @admin.display(description=_("make-up days"))
    def days_on(self, version: CalendarVersion) -> str:
        return _listed(version.days.filter(works=True))


def _listed(days: QuerySet[CalendarDay]) -> str:
    return format_html_join("", "<div>{} {}</div>", ((day.date.isoformat(), day.name) for day in days))
