"""The filters of the lists. They stand in the address, so that a list can be kept, shared, and opened from a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from complaints.forms.find import LONGEST, Lookup, lookup_of
from complaints.models import Cause, Complaint, ComplaintQuerySet
from complaints.models.reading import IS_OPEN
from complaints.paging import Order
from complaints.states import ENDED, IN_HAND, Status
from sla.targets import Target

ME = "me"
FIRST_YEAR, LAST_YEAR = 2000, 2100
BAR = frozenset({"status", "channel", "severity", "unit", "owner", "first_responder", "received_from", "received_to"})
CHOSEN = frozenset({"target"})
PLACE = ("after", "before")  # where in the list one is; the rest of the address says which list it is

# The tabs of the queue, in their order.
STATES: Mapping[str, tuple[Any, Q]] = {
    "open": (_("In hand"), IS_OPEN),
    "unanswered": (_("Waiting for the first answer"), Q(status__in=IN_HAND, responded_at__isnull=True)),
    "resolved": (_("Waiting to be closed"), Q(status=Status.RESOLVED)),
    "ended": (_("Ended"), Q(status__in=ENDED)),
    "all": (_("All"), Q()),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the query without it."""

    label: str
    query: str


class Coded(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A row named by its code; what is not there is an error, never dropped."""

    def __init__(self, model: type[Any], code: str, label: Any) -> None:
        super().__init__(model._default_manager.all(), to_field_name=code, required=False, label=label)


class Person(Coded):
    """A person by user name; `me` is the reader."""

    reader: User

    def __init__(self, label: Any) -> None:
        super().__init__(User, "username", label)

    def to_python(self, value: Any) -> Any:
        return self.reader if value == ME else super().to_python(value)


class Day(forms.DateField):
    """A day as the browser writes it, in years that a complaint can have."""

    def __init__(self, label: Any = "", *, required: bool = False) -> None:
        super().__init__(
            label=label,
            required=required,
            input_formats=["%Y-%m-%d"],
            validators=[_in_our_time],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        )


def _in_our_time(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Give a day between the years 2000 and 2100."))


class Filters(forms.Form):
    """What the address of a list asks for. `found` applies it; nothing is found while the address has errors."""

    state = forms.ChoiceField(choices=[(key, label) for key, (label, _rows) in STATES.items()], required=False)
    status = forms.MultipleChoiceField(label=_("status"), choices=Status.choices, required=False)
    channel = forms.MultipleChoiceField(label=_("intake channel"), choices=Complaint.Channel.choices, required=False)
    severity = forms.ChoiceField(label=_("severity"), choices=Complaint.Severity.choices, required=False)
    target = forms.ChoiceField(label=_("clock"), choices=Target.choices, required=False)
    unit = Coded(Unit, "code", _("unit complained about"))
    owner_unit = Coded(Unit, "code", _("unit of the owner"))
    owner = Person(_("owner"))
    first_responder = Person(_("first responder"))
    cause = Coded(Cause, "code", _("cause"))
    overdue = forms.BooleanField(label=_("overdue"), required=False)
    soon = forms.BooleanField(label=_("due in 24 hours"), required=False)
    offered = forms.BooleanField(label=_("handover waiting"), required=False)
    quiet = forms.BooleanField(label=_("no contact for 3 days"), required=False)
    received_from = Day(_("received from"))
    received_to = Day(_("received until"))
    q = forms.CharField(label=_("words"), max_length=LONGEST, required=False)
    who = forms.CharField(required=False, max_length=4000)
    order = forms.ChoiceField(label=_("order"), choices=Order.choices, required=False)

    def __init__(self, data: QueryDict, *, reader: User, now: datetime) -> None:
        super().__init__(data)
        self.address, self.reader, self.now = data, reader, now
        for name in ("owner", "first_responder"):
            person = self.fields[name]
            assert isinstance(person, Person)
            person.reader = reader
        self.full_clean()

    @property
    def given(self) -> list[str]:
        """The filters in the address, without the tab and the order."""
        return [name for name in self.fields if name not in {"state", "order"} and self.address.get(name)]

    @property
    def state_now(self) -> str:
        """The tab: what is in hand, unless the address asks for something of its own."""
        return str(self.cleaned_data.get("state") or "") or ("all" if self.given else "open")

    @property
    def order_now(self) -> str:
        return str(self.cleaned_data.get("order") or "") or Order.NEWEST

    @cached_property
    def lookup(self) -> Lookup | None:
        """The person looked for; None when nobody is, or when the lookup has run out."""
        token = self.cleaned_data.get("who")
        return lookup_of(token, self.reader) if token else None

    @property
    def has_lapsed(self) -> bool:
        return bool(self.cleaned_data.get("who")) and self.lookup is None

    def found(self, seen: ComplaintQuerySet) -> ComplaintQuerySet:
        """The complaints asked for, of those that are `seen`."""
        if self.errors or self.has_lapsed:
            return seen.none()
        rows = seen.filter(STATES[self.state_now][1], self._fields(), self._moments())
        if self.cleaned_data["overdue"]:
            rows = rows.overdue(self.now)
        if self.cleaned_data["soon"]:
            rows = rows.due_within(self.now)
        if self.cleaned_data["offered"]:
            rows = rows.offered()
        if self.cleaned_data["quiet"]:
            rows = rows.quiet(self.now)
        if self.lookup:
            rows = self.lookup.in_list(rows)
        return rows.search(self.cleaned_data["q"])

    def _fields(self) -> Q:
        given, wanted = self.cleaned_data, Q()
        for name in ("status", "channel"):
            if given[name]:
                wanted &= Q(**{f"{name}__in": given[name]})
        for name, column in (("severity", "severity"), ("target", "due_target")):
            if given[name]:
                wanted &= Q(**{column: given[name]})
        for name in ("owner", "first_responder"):
            if given[name]:
                wanted &= Q(**{name: given[name]})
        for name in ("unit", "owner_unit"):
            if given[name]:
                wanted &= Q(**{f"{name}__in": Unit.objects.below(given[name].path).order_by().values("pk")})
        if cause := given["cause"]:
            below = Q(pk=cause.pk) | Q(trail__startswith=f"{cause.trail} › ")
            wanted &= Q(cause__in=list(Cause.objects.filter(below).values_list("pk", flat=True)))
        return wanted

    def _moments(self) -> Q:
        """Whole days of the reader's calendar, both included."""
        wanted = Q()
        if first := self.cleaned_data["received_from"]:
            wanted &= Q(received_at__gte=_midnight(first))
        if last := self.cleaned_data["received_to"]:
            wanted &= Q(received_at__lt=_midnight(last + timedelta(days=1)))
        return wanted

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """What the address holds beyond the fields of the filter bar, and is kept when one of them changes."""
        names = [name for name in self.fields if name != "state" and name not in BAR]
        beyond = ((name, value) for name in names for value in self.address.getlist(name) if value)
        return (("state", self.state_now), *beyond)

    @property
    def chips(self) -> list[Chip]:
        """What the bar has no field for, in words, with the address that drops it."""
        found = []
        for name in self.given:
            value = self.cleaned_data.get(name)
            if name in BAR or not value:
                continue
            field = self.fields[name]
            if name == "who":
                words = gettext("Complainant %(who)s") % {"who": self.lookup.shown if self.lookup else ""}
            elif isinstance(field, forms.BooleanField):
                words = str(field.label)
            else:
                shown = dict(getattr(field, "choices", ())).get(value, value) if name in CHOSEN else value
                words = gettext("%(label)s: %(value)s") % {"label": field.label, "value": shown}
            found.append(Chip(words, self.without(name)))
        return found

    def without(self, *names: str, **changes: str) -> str:
        """This address as a query, without its place in the list and these parameters, and with these changes."""
        query = self.address.copy()
        for name in (*PLACE, *names):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return query.urlencode()

    def to_keep(self) -> str:
        """The query to keep under a name: known filters only, and nobody looked for."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            if name != "who" and any(values := self.address.getlist(name)):
                query.setlist(name, [value for value in values if value])
        return query.urlencode()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
