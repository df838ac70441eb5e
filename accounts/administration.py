"""The settings pages: for administrators by role, with a history, and without any way to delete."""

from typing import Any

from django.forms import BaseModelFormSet, Form
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from accounts.models import User
from accounts.roles import Role
from accounts.scope import access_of


def administers(user: Any) -> bool:
    """Whether a person may open the settings today: marked for it, and an administrator by role (R83). Nobody else may."""
    return isinstance(user, User) and user.is_active and user.is_staff and Role.ADMINISTRATOR in access_of(user).roles


class ByRole:
    """Permissions by role: see, add and change; never delete."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administers(request.user)


class ReadOnly(ByRole):
    """Permissions to look, and nothing else."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SettingsAdmin(ByRole, SimpleHistoryAdmin, ModelAdmin):
    """A settings table: every change is kept in its history, with who made it."""

    list_fullwidth = True

    def has_view_history_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request.user)

    def save_formset(
        self, request: HttpRequest, form: Form, formset: "BaseModelFormSet[Any, Any]", change: bool
    ) -> None:
        """Rows beside the main one name who changed them, too."""
        for inline in formset.forms:
            inline.instance._history_user = request.user
        super().save_formset(request, form, formset, change)


class Inline(ByRole):
    """Rows of another table inside a settings page."""

    extra = 0
    can_delete = False
