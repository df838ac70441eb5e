"""The catalogues a complaint is coded with: causes in four levels, and products."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.row_history import RowHistory


class CauseQuerySet(models.QuerySet["Cause"]):
    def for_intake(self) -> "CauseQuerySet":
        """Levels 1 to 3 are chosen at intake; the fourth is the handler's, after the facts (R190)."""
        return self.filter(is_active=True, level__lte=3)


class Cause(models.Model):
    """A cause of complaint, in a tree of four levels (R190, R191). One complaint has one: the root."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent cause")
    )
    level = models.PositiveSmallIntegerField(_("level"), editable=False)
    trail = models.CharField(max_length=400, editable=False)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    history = RowHistory()

    objects = CauseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        constraints: ClassVar = [
            models.CheckConstraint(name="cause_has_four_levels", condition=models.Q(level__range=(1, 4))),
        ]

    def __str__(self) -> str:
        return self.trail

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.level = self.parent.level + 1 if self.parent else 1
        self.trail = f"{self.parent.trail} › {self.name}" if self.parent else self.name
        super().save(*args, **kwargs)
        for child in self.children.all():  # their trails name this one
            if child.trail != f"{self.trail} › {child.name}":
                child.save()

    def clean(self) -> None:
        """Four levels at most, and no cause below itself."""
        if self.parent and self.parent.level >= 4:
            raise ValidationError({"parent": _("The catalogue has four levels; choose a cause of level 3 or above.")})
        if self.pk and self.parent_id == self.pk:
            raise ValidationError({"parent": _("A cause cannot lie below itself.")})


class Product(models.Model):
    """A product or service a complaint is about."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name
