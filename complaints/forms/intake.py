"""The intake form: channel, who, when, what, what they want. Only channel, receipt, unit and summary must be filled (R1).

What is shown masked is never stored: a masked text is taken as `the same as on the complaint it came from`, when that
complaint is visible to the clerk, and refused otherwise.
"""

import json
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Unit, User
from accounts.personal_data import blind_indexes, identity_checksum_holds, normal_identity
from accounts.roles import STAFF
from accounts.scope import access_of
from complaints.forms.intake_fields import MASK, Amount, Moment, NarrowText, Text, is_identity, is_phone, tidy_phone
from complaints.matters import codes_upwards
from complaints.models import Cause, Complainant, Complaint, Product
from complaints.models.complainant import LONGEST
from complaints.models.limits import NARRATIVE, most_of
from sla.matching import Matter

Channel, Kind, IdType = Complaint.Channel, Complainant.Kind, Complainant.IdType
# The channels of the bar, in the order of their keys.
BAR = (Channel.PHONE, Channel.VISIT, Channel.LETTER, Channel.EMAIL, Channel.WECHAT, Channel.WEIBO, Channel.REGULATOR)
ICONS = ("phone", "user", "mail-opened", "at", "brand-wechat", "brand-weibo", "building-bank")
# The fields that belong to one channel; those of the others are left out when saving.
OF_CHANNEL = {
    Channel.PHONE: ("recording_reference",),
    Channel.VISIT: ("place",),
    Channel.LETTER: ("postmarked_on", "registered_mail_number"),
    Channel.REGULATOR: ("external_reference", "referred_by", "alleges_violation"),
}
NOT_GIVEN = {"postmarked_on": None, "alleges_violation": False}
SEALED = ("name", "phone", "id_number", "email", "address", "account", "principal")
LINK, ADD, NEW = "link", "add", "new"


class IntakeForm(forms.Form):
    draft = forms.UUIDField(widget=forms.HiddenInput)
    left_out = NarrowText("", None, widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=gettext_lazy("Intake channel"),
        choices=[(one.value, one.label) for one in BAR],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    recording_reference = NarrowText(gettext_lazy("Recording reference"), most_of(Complaint, "recording_reference"))
    place = Text(gettext_lazy("Place of reception"), most_of(Complaint, "place"))
    postmarked_on = forms.DateField(
        label=gettext_lazy("Postmark"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    registered_mail_number = NarrowText(
        gettext_lazy("Registered mail number"), most_of(Complaint, "registered_mail_number")
    )
    external_reference = NarrowText(gettext_lazy("Their reference"), most_of(Complaint, "external_reference"))

    referred_by = forms.ChoiceField(
        label=gettext_lazy("Transferred by"), choices=[("", ""), *Complaint.Referrer.choices], required=False
    )
    alleges_violation = forms.BooleanField(label=gettext_lazy("A violation is alleged"), required=False)

    same_as = NarrowText("", 20, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Who"), choices=Kind.choices, initial=Kind.PERSON, required=False)
    phone = Text(gettext_lazy("Phone or ID number"), LONGEST["phone"])
    name = Text(gettext_lazy("Name"), LONGEST["name"])
    id_type = forms.ChoiceField(
        label=gettext_lazy("Document"), choices=IdType.choices, initial=IdType.ID_CARD, required=False
    )
    id_number = NarrowText(gettext_lazy("Document number"), LONGEST["id_number"])
    principal = Text(gettext_lazy("On behalf of"), LONGEST["principal"])
    authority = Text(gettext_lazy("Authority"), most_of(Complainant, "authority"))
    email = NarrowText(gettext_lazy("E-mail"), LONGEST["email"])
    address = Text(gettext_lazy("Address"), LONGEST["address"])
    account = NarrowText(gettext_lazy("Account"), LONGEST["account"])

    received_at = Moment(label=gettext_lazy("Received"))
    late_entry_reason = Text(gettext_lazy("Reason for late entry"), most_of(Complaint, "late_entry_reason"))

    cause = NarrowText("", 32, widget=forms.HiddenInput)
    cause_text = Text(gettext_lazy("Cause"), 400)
    product = forms.ModelChoiceField(
        label=gettext_lazy("Product"),
        queryset=Product.objects.none(),
        required=False,
        to_field_name="code",
        empty_label="",
    )
    unit = NarrowText("", 32, widget=forms.HiddenInput)
    unit_text = Text(gettext_lazy("Unit complained about"), 200, required=True)
    staff = NarrowText("", 64, widget=forms.HiddenInput)
    staff_text = Text(gettext_lazy("Staff complained about"), most_of(Complaint, "staff_described"))
    narrative = Text(gettext_lazy("In the customer's words"), NARRATIVE, widget=forms.Textarea(attrs={"rows": 3}))

    demand = Text(gettext_lazy("What they want"), most_of(Complaint, "demand"))
    claimed_amount = Amount(gettext_lazy("Claimed amount"), 40)
    summary = Text(
        gettext_lazy("Summary restated"),
        most_of(Complaint, "summary"),
        required=True,
        error_messages={"required": gettext_lazy("Say in one sentence what the complaint is about.")},
    )
    is_summary_confirmed = forms.BooleanField(
        label=gettext_lazy("Restated to the customer, who confirmed it"), required=False
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        choices=Complaint.Severity.choices,
        required=False,
        initial=Complaint.Severity.ORDINARY,
        widget=forms.RadioSelect,
    )
    repeat = forms.ChoiceField(
        label=pgettext_lazy("a repeat", "Repeat"), choices=[(LINK, ""), (ADD, ""), (NEW, "")], required=False
    )
    repeat_of = NarrowText("", 20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.warnings: dict[str, Any] = {}
        self.source: Complaint | None = None
        product = self.fields["product"]
        assert isinstance(product, forms.ModelChoiceField)
        product.queryset = Product.objects.filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for channel, names in OF_CHANNEL.items():
            if channel != given.get("channel"):
                given.update((name, NOT_GIVEN.get(name, "")) for name in names)
                for name in names:
                    self.errors.pop(name, None)
        self._unmask(given)
        self._sort_numbers(given)
        self._look_up(given)
        return given

    def _unmask(self, given: dict[str, Any]) -> None:
        """A masked text stands for the text of the complaint it was copied from."""
        seen = Complaint.objects.visible_to(self.user)
        if given.get("same_as"):
            self.source = seen.select_related("complainant").filter(reference=given["same_as"]).first()
        for name in SEALED:
            typed = given.get(name, "")
            if MASK not in typed:
                continue
            if self.source and typed == self.source.complainant.masked(name):
                given[name] = getattr(self.source.complainant, name)
            else:
                self.add_error(name, _("What is covered by stars cannot be stored. Type it in full."))

    def _sort_numbers(self, given: dict[str, Any]) -> None:
        """One field takes a phone or a document's number; a document's check digit is doubted, never refused."""
        typed = given.get("phone", "")
        if typed and is_identity(typed):
            if given.get("id_number") and normal_identity(given["id_number"]) != normal_identity(typed):
                self.add_error("phone", _("This is the number of a document, and the field beside it holds another."))
            given["phone"], given["id_number"] = "", given.get("id_number") or typed
        elif typed and not is_phone(typed):
            self.add_error("phone", _("Type a phone number, such as 138 0000 1111, or the number of a document."))
        elif typed:
            given["phone"] = tidy_phone(typed)
        number = given["id_number"] = normal_identity(given.get("id_number") or "")
        if number and given.get("id_type") in {"", IdType.ID_CARD} and not identity_checksum_holds(number):
            self.warnings["id_number"] = doubt()
        if given.get("email") and "@" not in given["email"]:
            self.add_error("email", _("Type an e-mail address, such as wang@example.com."))

    def _look_up(self, given: dict[str, Any]) -> None:
        """What was chosen from a list, by its code; a name typed in full is taken too."""
        for name, rows, missing in (
            ("unit", Unit.objects.filter(is_active=True), _("Choose the unit from the list.")),
            ("cause", Cause.objects.for_intake(), _("Choose the cause from the list.")),
        ):
            typed = given.get(f"{name}_text", "")
            given[name] = _chosen(rows, given.get(name, ""), typed) if typed else None
            if typed and given[name] is None:
                self.add_error(f"{name}_text", missing)
        staff = User.objects.filter(is_active=True, memberships__isnull=False)
        chosen = staff.filter(username=given["staff"]).first() if given.get("staff") else None
        # once the name in the field is another one, it is a description, and nobody is kept from the complaint for it
        given["staff"] = chosen if chosen and str(chosen) == given.get("staff_text") else None
        if given.get("repeat_of"):
            seen = Complaint.objects.visible_to(self.user)
            given["repeat_of"] = seen.filter(reference=given["repeat_of"]).first()
        else:
            given["repeat_of"] = None
        if given.get("repeat") in {LINK, ADD} and given["repeat_of"] is None:
            self.add_error("repeat", _("The earlier complaint is not there for you. Say again what is to be done."))

    def complainant(self) -> Complainant:
        """The person as typed; nobody at all is somebody unknown (R1)."""
        given = self.cleaned_data
        known = {name: given[name] for name in SEALED if given[name]}
        kind = (given["kind"] or Kind.PERSON) if known else Kind.UNKNOWN
        if kind != Kind.AGENT:
            known.pop("principal", None)
        return Complainant(
            kind=kind,
            id_type=(given["id_type"] or IdType.ID_CARD) if "id_number" in known else "",
            authority=given["authority"] if kind == Kind.AGENT else "",
            **known,
        )

    def matter(self) -> Matter:
        """What deadline policies look at, as far as the form tells it."""
        given = self.cleaned_data
        unit, cause, product = given.get("unit"), given.get("cause"), given.get("product")
        return Matter(
            channel=given.get("channel") or "",
            severity=given.get("severity") or Complaint.Severity.ORDINARY,
            unit_path=unit.path if unit else "",
            product=product.code if product else "",
            referred_by=given.get("referred_by") or "",
            alleges_violation=bool(given.get("alleges_violation")),
            received_in=next((post.unit_id for post in access_of(self.user).posts if post.role in STAFF), 0),
            causes=lambda: codes_upwards(cause),
        )

    def digests(self) -> list[str]:
        """What tells the same form sent twice from another one: a hash of what was understood under each field key."""
        content = {name: str(getattr(value, "pk", value)) for name, value in self.cleaned_data.items()}
        content.pop("draft")
        return blind_indexes("intake form", json.dumps(content, sort_keys=True))

    def refuse(self, errors: dict[str, list[Any]]) -> None:
        """Show what the verb refused beside the field it belongs to."""
        for name, texts in errors.items():
            where = {"unit": "unit_text", "cause": "cause_text", "staff_complained_about": "staff_text"}.get(name, name)
            for text in texts:
                self.add_error(where if where in self.fields else None, text)

    @property
    def bar(self) -> list[tuple[Any, str, int]]:
        """The channels with icon and key, for the bar."""
        return [(option, ICONS[number], number + 1) for number, option in enumerate(self["channel"])]

    @property
    def shows_more(self) -> bool:
        """Whether anything was typed into the fields that are folded away."""
        fields = [self[name] for name in ("email", "address", "account")]
        return any(field.errors or (field.value() and MASK not in field.value()) for field in fields)

    @property
    def typed(self) -> dict[str, str]:
        """The form as it was typed, by field name: what a draft keeps."""
        return {name: self.data[name] for name in self.fields if name in self.data and name != "draft"}


def doubt() -> str:
    """The words about a check digit that does not match."""
    return _("The check digit does not match. Check again; you may still save.")


def _chosen(rows: Any, code: str, typed: str) -> Any:
    """The row chosen from a list, while its name still stands in the field; else the only one named as typed."""
    chosen = rows.filter(code=code).first() if code else None
    if chosen is not None and chosen.name == typed:
        return chosen
    found = list(rows.filter(Q(name=typed) | Q(code=typed))[:2])
    return found[0] if len(found) == 1 else None
