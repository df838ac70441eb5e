"""Drafting a version of a policy: its conditions, its terms, from when; and deciding it.

The form may be sent to be changed as well as to be drafted: terms are added and removed, a unit or a cause is taken into its
list, and all that was typed stays. `Typed` is the form as it came, before it is judged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.conditions import Vocabulary
from complaints.forms.intake_fields import NarrowText, Text
from sla import ladder
from sla.calendar import MAX_AMOUNT
from sla.models import UNIT_NAMES, Term
from sla.proposals import CONDITIONS, LONGEST_PAUSE, Clause, Proposal
from sla.targets import Reopening, Start, Stop, Target

FROM_LISTS = ("units", "causes")  # too many to show: chosen by name, then kept as boxes
MOST_TERMS = len(Target)
PREFIX = "terms"


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _boxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


def _count(label: Any, most: int, least: int = 1, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"min": least, "max": most, "inputmode": "numeric"})
    return forms.IntegerField(label=label, widget=widget, **options)


class PolicyForm(forms.Form):
    """A version without its terms. `seen` is the newest version when the page was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_147_483_647)
    code = NarrowText(
        gettext_lazy("Code"),
        32,
        required=True,
        help_text=gettext_lazy("Small letters, digits, hyphens; never changes."),
    )
    name = Text(pgettext_lazy("of a thing", "Name"), 100, required=True)
    source = Text(gettext_lazy("Source"), 300, help_text=gettext_lazy("The law, rule or notice it follows."))
    from_on = _day(
        gettext_lazy("First day"), help_text=gettext_lazy("It counts for complaints received from this day.")
    )
    until_on = _day(gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: until a newer version."))
    reason = Text(
        gettext_lazy("Reason"), 500, help_text=gettext_lazy("Why it is made; needed when the first day has passed.")
    )
    channels = _boxes(gettext_lazy("Intake channels"))
    severities = _boxes(gettext_lazy("Severities"))
    referrers = _boxes(gettext_lazy("Transferred by"))
    products = _boxes(gettext_lazy("Products"))
    units = _boxes(gettext_lazy("Units complained about"))
    units_add = Text(gettext_lazy("Add a unit"), 200, help_text=gettext_lazy("With every unit below it."))
    causes = _boxes(gettext_lazy("Causes"))
    causes_add = Text(gettext_lazy("Add a cause"), 400, help_text=gettext_lazy("With every cause below it."))
    only_violations = forms.BooleanField(label=gettext_lazy("Only where a violation is alleged"), required=False)
    repeals = forms.BooleanField(
        label=gettext_lazy("This version promises nothing: it repeals the policy from its first day"), required=False
    )

    def __init__(self, data: Any = None, *, vocabulary: Vocabulary, is_new: bool, **options: Any) -> None:
        super().__init__(data, **options)
        self.vocabulary = vocabulary
        self.warnings: dict[str, Any] = {}
        if not is_new:
            self.fields["code"].widget = forms.HiddenInput()
        for name in CONDITIONS:
            kept = self._chosen(name)
            choices = vocabulary.choices(name, kept)
            if name in FROM_LISTS:
                choices = [(code, word) for code, word in choices if code in kept]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _chosen(self, name: str) -> list[str]:
        if self.is_bound and isinstance(self.data, QueryDict):
            return self.data.getlist(name)
        return list(self.initial.get(name, ()))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in FROM_LISTS:
            if typed := given.get(f"{name}_add"):
                code = self.vocabulary_code(name, typed)
                if code is None:
                    self.add_error(f"{name}_add", _("Choose one of the list."))
                elif code not in given.get(name, ()):
                    given[name] = [*given.get(name, ()), code]
        return given

    def vocabulary_code(self, name: str, typed: str) -> str | None:
        """The code of what was typed: the code itself, a name, or both as the list offers them."""
        offered = self.vocabulary.choices(name)
        found = [code for code, word in offered if typed in (code, word, offer(code, word))]
        return found[0] if len(found) == 1 else None

    @property
    def offers(self) -> dict[str, list[str]]:
        """What the lists of units and causes offer."""
        return {name: [offer(code, word) for code, word in self.vocabulary.choices(name)] for name in FROM_LISTS}

    def refuse(self, errors: Mapping[str, list[Any]]) -> None:
        """Show what the verb refused beside the field it belongs to; what belongs to none stands above."""
        for name, texts in errors.items():
            where = f"{name}_add" if name in FROM_LISTS else name
            for text in texts:
                self.add_error(where if where in self.fields else None, text)


class TermForm(forms.Form):
    """One term of a version. `ladder_of`: the term whose ladder it keeps; a ladder that was the usual one stays usual."""

    ladder_of = forms.ModelChoiceField(
        Term.objects.all(), required=False, widget=forms.HiddenInput, blank=True, label=gettext_lazy("Steps")
    )
    target = forms.ChoiceField(label=gettext_lazy("Target"), choices=Target.choices)
    amount = _count(gettext_lazy("Allowance"), MAX_AMOUNT, least=0)
    unit = forms.ChoiceField(
        label=pgettext_lazy("of time", "Unit"), choices=list(UNIT_NAMES.items()), initial="working_days"
    )
    starts = forms.ChoiceField(label=gettext_lazy("Runs from"), choices=Start.choices)
    stops = forms.ChoiceField(label=gettext_lazy("Stops when"), choices=Stop.choices, initial=Stop.RESOLVED)
    calendar = forms.ChoiceField(label=gettext_lazy("Working calendar"), required=False)
    is_statutory = forms.BooleanField(label=gettext_lazy("Set by law"), required=False)
    by_time = forms.TimeField(
        label=gettext_lazy("By the time of day"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    repeats = forms.BooleanField(label=gettext_lazy("Owed again and again"), required=False)
    supervisor_extends_to = _count(gettext_lazy("A supervisor extends to"), MAX_AMOUNT, required=False)
    extendable_to = _count(gettext_lazy("Extendable to"), MAX_AMOUNT, required=False)
    pausable_days = _count(gettext_lazy("Longest pause, in days"), LONGEST_PAUSE, required=False)
    reopening = forms.ChoiceField(
        label=gettext_lazy("When reopened"), choices=Reopening.choices, initial=Reopening.RESTARTS
    )

    def __init__(self, data: Any = None, *, calendars: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        self.warnings: dict[str, Any] = {}
        field = self.fields["calendar"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("the institution's own")), *calendars]

    def clause(self) -> Clause:
        given = {field.name: self.cleaned_data[field.name] for field in fields(Clause) if field.name != "rungs"}
        return Clause(**given, rungs=self._kept())

    def _kept(self) -> tuple[ladder.Planned, ...]:
        before: Term | None = self.cleaned_data["ladder_of"]
        if before is None or (rungs := ladder.planned(before)) == ladder.usual(before):
            return ()
        return rungs


class DecisionForm(forms.Form):
    """Approving or turning down."""

    reason = Text(gettext_lazy("Reason"), 500, widget=forms.Textarea(attrs={"rows": 2}))


class Typed:
    """The form as it came: each term's own fields, in their order."""

    def __init__(self, data: QueryDict) -> None:
        numbers = {key.split("-")[1] for key in data if key.startswith(f"{PREFIX}-") and key.count("-") == 2}
        known = sorted(int(number) for number in numbers if number.isdecimal() and len(number) < 4)
        self.data = data
        self.terms = [
            {name: data.get(f"{PREFIX}-{number}-{name}", "") for name in TermForm.base_fields} for number in known
        ][:MOST_TERMS]

    @property
    def initial(self) -> dict[str, Any]:
        """What the version's own fields hold, to be shown again unjudged."""
        lists = set(CONDITIONS)
        return {
            name: self.data.getlist(name) if name in lists else self.data.get(name, "")
            for name in PolicyForm.base_fields
        }


def offer(code: str, word: str) -> str:
    return f"{word}（{code}）"


def initial_of(wanted: Proposal) -> dict[str, Any]:
    """A proposal as the form shows it."""
    plain = ("code", "name", "source", "from_on", "until_on", "reason", "only_violations")
    return {name: getattr(wanted, name) for name in plain} | {name: list(getattr(wanted, name)) for name in CONDITIONS}


def proposal_from(form: PolicyForm, clauses: Iterable[Clause]) -> Proposal:
    """Of a valid form."""
    plain = ("code", "name", "source", "from_on", "until_on", "reason", "only_violations")
    given: dict[str, Any] = {name: form.cleaned_data[name] for name in plain}
    given |= {name: tuple(form.cleaned_data[name]) for name in CONDITIONS}
    return Proposal(clauses=tuple(clauses), **given)
