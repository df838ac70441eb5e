"""Settings: units, people with their roles, and API tokens."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Field, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.administration import Inline, ReadOnly, SettingsAdmin
from accounts.models import SYSTEM_USERNAME, Absence, ApiToken, Membership, Unit, User
from accounts.roles import Role

for unused in (Group, EmailAddress, UserSession):
    admin.site.unregister(unused)


@admin.register(Unit)
class UnitAdmin(SettingsAdmin):
    list_display = ("name", "code", "kind", "path", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "code")
    fields = ("name", "code", "kind", "parent", "path", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        """A unit with units below it keeps its place, because their paths name it."""
        return ("path", "code", "parent") if obj and obj.children.exists() else ("path",)


class RolesHeld(Inline, TabularInline):
    """Roles already given: they end by a last day, and are never taken back as if they had not been."""

    model = Membership
    fk_name = "user"
    fields = ("unit", "role", "from_on", "until_on")
    readonly_fields = ("unit", "role", "from_on")
    verbose_name_plural = _("roles held")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RolesGiven(Inline, TabularInline):
    """New roles."""

    model = Membership
    fk_name = "user"
    fields = ("unit", "role", "from_on", "until_on")
    verbose_name_plural = _("new roles")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return Membership.objects.none()

    def formfield_for_choice_field(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **options: Any
    ) -> FormField | None:
        """Nobody is made the system."""
        if db_field.name == "role":
            options["choices"] = [choice for choice in db_field.get_choices() if choice[0] != Role.SYSTEM]
        found: FormField | None = super().formfield_for_choice_field(db_field, request, **options)
        return found


class PersonForm(UserChangeForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].help_text = format_html(
            '{} <a class="text-primary-600 dark:text-primary-400 underline" href="../password/">{}</a>',
            _("Only a digest of it is kept."),
            _("Set a new password"),
        )


@admin.register(User)
class PersonAdmin(SettingsAdmin, UserAdmin):  # type: ignore[type-arg]
    """People leave; their rows stay. A password set here ends every session of that person."""

    form = PersonForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "username", "employee_number", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("name", "username", "employee_number")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    inlines = (RolesHeld, RolesGiven)
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "employee_number", "email")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "name", "usable_password", "password1", "password2")}),)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        """First the person, then their roles."""
        return self.inlines if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """The system is nobody who can be changed."""
        found: QuerySet[User] = super().get_queryset(request).exclude(username=SYSTEM_USERNAME)
        return found


@admin.register(Absence)
class AbsenceAdmin(SettingsAdmin):
    """For somebody who cannot enter it: who is ill is away from today, and somebody stands in."""

    list_display = ("person", "from_on", "until_on", "deputy", "cancelled_at")
    search_fields = ("person__name", "person__username")
    fields = ("person", "from_on", "until_on", "deputy", "note")
    autocomplete_fields = ("person", "deputy")


@admin.register(ApiToken)
class TokenAdmin(ReadOnly, SettingsAdmin):
    """Tokens are looked at and revoked here. Each acts under its person's name, so only that person draws one."""

    list_display = ("name", "user", "scopes", "created_at", "expires_at", "revoked_at")
    search_fields = ("name", "user__username", "user__name")
    fields = ("user", "name", "scopes", "created_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    @admin.action(description=_("Revoke the selected tokens"))
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        assert isinstance(request.user, User)
        now = timezone.now()
        for token in chosen.filter(revoked_at=None):
            token.revoke(now, actor=request.user)
