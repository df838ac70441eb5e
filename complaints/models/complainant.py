"""Who complains, as they were known when they complained: one row a complaint, sealed to that row."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import (
    SealedField,
    blind_index,
    blind_indexes,
    mask_email,
    mask_identity,
    mask_name,
    mask_phone,
    mask_text,
    normal_identity,
    normal_phone,
    normal_text,
)
from accounts.row_history import RowHistory

MASKS = {
    "name": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "id_number": mask_identity,
    "address": mask_text,
    "account": mask_identity,
    "principal": mask_name,
}
# Characters of what is sealed; the column holds bytes.
LONGEST = {"name": 200, "phone": 60, "email": 254, "id_number": 64, "address": 500, "account": 64, "principal": 200}
NORMAL = {"phone": normal_phone, "id_number": normal_identity, "name": normal_text}


class ComplainantQuerySet(models.QuerySet["Complainant"]):
    def same_as(self, *, phone: str = "", id_number: str = "", name: str = "") -> "ComplainantQuerySet":
        """Rows that carry this phone, this identity number or this full name, found by blind index."""
        given = Q(pk__in=[])
        for kind, value in (("phone", phone), ("id_number", id_number), ("name", name)):
            if indexes := blind_indexes(kind, NORMAL[kind](value)):
                given |= Q(**{f"{kind}_index__in": indexes})
        return self.filter(given)


class Complainant(models.Model):
    """A person, a firm, an agent with authority, or somebody unknown.

    A row belongs to one complaint: what a clerk learns at one counter is not shown at another, and nothing is overwritten
    when the same person comes again (docs/decisions/0004). The same person is found by blind index.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        FIRM = "firm", _("firm")
        AGENT = "agent", _("agent with authority")
        UNKNOWN = "unknown", _("unknown")

    class IdType(models.TextChoices):
        ID_CARD = "id_card", _("identity card")
        PASSPORT = "passport", _("passport")
        HK_MACAO = "hk_macao", _("Hong Kong, Macao or Taiwan permit")
        CREDIT_CODE = "credit_code", _("unified social credit code")
        OTHER = "other", _("other document")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("who"), max_length=16, choices=Kind.choices, default=Kind.PERSON)
    name = SealedField(_("name"))
    phone = SealedField(_("phone"))
    email = SealedField(_("e-mail"))
    id_type = models.CharField(_("document"), max_length=16, choices=IdType.choices, blank=True)
    id_number = SealedField(_("document number"))
    address = SealedField(_("address"))
    account = SealedField(_("account"))
    principal = SealedField(_("on behalf of"))
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    care = models.CharField(_("how to address them"), max_length=200, blank=True)
    name_index = models.CharField(max_length=50, blank=True, editable=False)
    phone_index = models.CharField(max_length=50, blank=True, editable=False)
    id_number_index = models.CharField(max_length=50, blank=True, editable=False)
    history = RowHistory()

    objects = ComplainantQuerySet.as_manager()

    class Meta:
        verbose_name = _("complainant")
        verbose_name_plural = _("complainants")
        indexes: ClassVar = [
            models.Index(name=f"complainant_{kind}", fields=[f"{kind}_index"], condition=~Q(**{f"{kind}_index": ""}))
            for kind in ("name", "phone", "id_number")
        ]

    def __str__(self) -> str:
        return self.masked("name") or str(self.get_kind_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The blind indexes follow the sealed values."""
        self.reindex()
        super().save(*args, **kwargs)

    def reindex(self) -> None:
        for kind, normal in NORMAL.items():
            setattr(self, f"{kind}_index", blind_index(kind, normal(getattr(self, kind))))

    def masked(self, field: str) -> str:
        """A sealed field as it may be shown to anybody in scope."""
        return MASKS[field](getattr(self, field))

    @property
    def has_contact(self) -> bool:
        """Whether there is any way to answer them (R29: without one there is no duty to answer)."""
        return any(self.__dict__.get(field) for field in ("phone", "email", "address"))
