"""Settings: deadline policies, and the working calendars to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from accounts.administration import Inline, ReadOnly, SettingsAdmin
from sla.models import Calendar, CalendarDay, CalendarVersion, Policy, Term


class Terms(ReadOnly, Inline, TabularInline):
    model = Term
    fields = (
        "target",
        "amount",
        "unit",
        "calendar",
        "starts",
        "stops",
        "is_statutory",
        "extendable_to",
        "pausable_days",
    )


@admin.register(Policy)
class PolicyAdmin(ReadOnly, SettingsAdmin):
    """Policies change by a draft that a second person approves; here they are only looked at."""

    list_display = ("name", "code", "number", "decision", "from_on", "until_on")
    list_filter = ("decision",)
    fields = (
        "name", "code", "number", "source", "from_on", "until_on", "channels", "severities", "units", "causes",
        "products", "referrers", "only_violations", "drafted_by", "decision", "decided_by", "decided_at",
    )  # fmt: skip
    inlines = (Terms,)


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
