"""Units as a tree, people, the roles they hold in units from a day until a day, and API tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.roles import Role
from accounts.row_history import RowHistory

SYSTEM_USERNAME = "system"


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, path: str) -> "UnitQuerySet":
        """The unit at `path` and every unit below it."""
        return self.filter(path__startswith=path)


class Unit(models.Model):
    """A place in the institution: head office, branch, outlet or department."""

    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("institution")
        BRANCH = "branch", _("branch")
        OUTLET = "outlet", _("outlet")
        DEPARTMENT = "department", _("department")

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent unit")
    )
    path = models.CharField(max_length=400, unique=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    history = RowHistory()

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["path"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        indexes: ClassVar = [models.Index(name="unit_path_prefix", fields=["path"], opclasses=["text_pattern_ops"])]
        constraints: ClassVar = [
            # the top of the tree is the institution: who reaches it reaches everything
            models.UniqueConstraint(
                Coalesce("parent", 0),
                name="one_institution",
                condition=Q(parent__isnull=True),
                violation_error_message=_("There is one institution; every other unit lies below another unit."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = self._path()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """A unit that has units below it stays where it is: their paths name it."""
        if self.pk and self.parent_id == self.pk:
            raise ValidationError({"parent": _("A unit cannot lie below itself.")})
        if self.pk and self.children.exists() and self.path != self._path():
            raise ValidationError(_("This unit has units below it. Close them first, or keep its code and parent."))

    def _path(self) -> str:
        return f"{self.parent.path if self.parent else '/'}{self.code}/"


class StaffManager(UserManager["User"]):
    def system(self) -> "User":
        """The system as a user with a row: whoever acts has a name, also when nobody does."""
        return self.get(username=SYSTEM_USERNAME)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff, or the system itself. People leave; their rows stay (`is_active`)."""

    username = models.CharField(_("user name"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=100)
    employee_number = models.CharField(_("employee number"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_staff = models.BooleanField(_("may open the settings"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    history = RowHistory(excluded_fields=["password", "last_login"], silent_fields=["last_login"])

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = StaffManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: date | None = None) -> "MembershipQuerySet":
        """Memberships that count on a day (today in the institution's time zone when not given)."""
        day = on or timezone.localdate()
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day, user__is_active=True)

    def with_role_over(self, role: Role, unit: Unit) -> "MembershipQuerySet":
        """Who holds `role` in `unit` or in a unit above it; the nearest first."""
        above = [unit.path[: end + 1] for end, letter in enumerate(unit.path) if letter == "/" and end]
        return self.in_force().filter(role=role, unit__path__in=above).order_by("-unit__path", "user_id")


class Membership(models.Model):
    """A role in a unit, from a day until a day (both included). A person may hold several at once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    from_on = models.DateField(_("from"), default=timezone.localdate)
    until_on = models.DateField(_("until"), null=True, blank=True)
    history = RowHistory()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["user_id", "from_on", "id"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_membership_per_role_and_unit",
                fields=["user", "unit", "role"],
                condition=Q(until_on__isnull=True),
                violation_error_message=_("This person already holds this role in this unit."),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                violation_error_message=_("The last day cannot lie before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_role_display()}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def in_force(self, on: date | None = None) -> "AbsenceQuerySet":
        """Absences of a day (today in the institution's time zone when not given)."""
        day = on or timezone.localdate()
        return self.filter(cancelled_at=None, from_on__lte=day, until_on__gte=day)


class Absence(models.Model):
    """Days on which a person is away (both included), and who stands in for them. What was entered in error is cancelled."""

    person = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name=_("person"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    deputy = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="standing_in",
        verbose_name=_("deputy"),
        db_index=False,
    )
    note = models.CharField(pgettext_lazy("of an absence", "note"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    history = RowHistory()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["from_on", "id"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(until_on__gte=F("from_on")),
                violation_error_message=_("The last day cannot lie before the first."),
            ),
            models.CheckConstraint(
                name="absence_deputy_is_another",
                condition=Q(deputy=None) | ~Q(deputy=F("person")),
                violation_error_message=_("Somebody else must stand in."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="absence_in_force", fields=["until_on"], condition=Q(cancelled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.from_on} – {self.until_on}"


class ApiToken(models.Model):
    """A key for a machine. Only its SHA-256 is kept, so the table gives nobody a way in."""

    _history_user: User

    class Scope(models.TextChoices):
        READ = "read", _("read")
        INTAKE = "intake", _("register complaints")
        ACT = "act", _("act on complaints")

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens", verbose_name=_("person"))
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope.choices), default=list, verbose_name=_("scopes"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    history = RowHistory(excluded_fields=["digest"])

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name or f"token {self.pk}"

    @property
    def scope_names(self) -> str:
        return pgettext("between two of a list", ", ").join(str(self.Scope(scope).label) for scope in self.scopes)

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def issue(
        cls,
        user: User,
        *,
        actor: User,
        expires_at: datetime,
        scopes: Iterable[str] = tuple(Scope.values),
        name: str = "",
    ) -> tuple["ApiToken", str]:
        """A new token and its secret, which is shown once and kept nowhere."""
        token = cls(user=user, name=name, scopes=list(scopes), expires_at=expires_at)
        token._history_user = actor
        secret = token.draw_secret()
        token.save(force_insert=True)
        return token, secret

    def draw_secret(self) -> str:
        """A fresh secret for a token not yet saved; the token keeps its digest alone."""
        secret = f"sw_{secrets.token_urlsafe(32)}"
        self.digest = self.digest_of(secret)
        return secret

    def revoke(self, now: datetime, *, actor: User) -> None:
        """From now on it opens nothing."""
        self.revoked_at = now
        self._history_user = actor
        self.save()

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class ApiUse(models.Model):
    """How far the calls of a token have run ahead of its rate (`accounts.limits`). Unlogged: a crash forgets it, and may."""

    token = models.OneToOneField(ApiToken, models.PROTECT, primary_key=True, related_name="use")
    ahead_until = models.DateTimeField()

    class Meta:
        verbose_name = _("use of an API token")
        verbose_name_plural = _("uses of API tokens")

    def __str__(self) -> str:
        return f"{self.token_id} {self.ahead_until:%H:%M:%S}"
