"""Settings: causes and products. Complaints are not here: an administrator sees no case (R83)."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.administration import SettingsAdmin
from complaints.models import Cause, Product


@admin.register(Cause)
class CauseAdmin(SettingsAdmin):
    list_display = ("trail", "code", "level", "is_active")
    list_filter = ("level", "is_active")
    search_fields = ("name", "code", "trail")
    fields = ("name", "code", "parent", "hint", "level", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Cause | None = None) -> tuple[str, ...]:
        """A cause with causes below it keeps its place."""
        return ("level", "parent") if obj and obj.children.exists() else ("level",)


@admin.register(Product)
class ProductAdmin(SettingsAdmin):
    list_display = ("name", "code", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    fields = ("name", "code", "is_active")
