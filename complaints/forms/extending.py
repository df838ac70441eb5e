"""The input of asking for an extension, deciding it, and telling the customer."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from complaints.extending import Wish, waiting
from complaints.forms.deeds import DeedForm, SaidForm, long_text
from complaints.models import Complaint, Extension
from complaints.models.limits import REASON
from sla import extending, sentences, wording
from sla.calendar import MAX_AMOUNT, Allowance, Unit
from sla.models import Clock
from sla.targets import Target


class AskExtensionForm(DeedForm):
    """Which clock, how long from its start, and why. `offers` are the clocks that can be extended, with their limits."""

    target = forms.ChoiceField(label=_("Deadline"), choices=Target.choices, widget=forms.RadioSelect)
    amount = forms.IntegerField(
        label=_("New allowance, counted from the start"), min_value=1, max_value=MAX_AMOUNT, widget=forms.NumberInput
    )
    reason_code = forms.ChoiceField(label=_("Reason"), choices=Extension.Reason.choices, widget=forms.RadioSelect)
    reason = long_text(
        _("Why, and what will be done by then"),
        rows=3,
        most=REASON,
        help_text=_("The customer is told the reason; write it as they may read it."),
    )

    def __init__(self, case: Complaint, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(case, data, files, **options)
        self.offers = [Offer(clock) for clock in extending.extendable(case.pk, timezone.now())]
        if self.offers:
            self.initial.setdefault("target", self.offers[0].clock.target)
            self.initial.setdefault("amount", self.offers[0].usual)
        target: Any = self.fields["target"]
        target.choices = [(offer.clock.target, offer.label) for offer in self.offers] or Target.choices

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(given["target"], given["amount"], given["reason_code"], given["reason"])


class Offer:
    """A clock that can be extended, in words: what it has, how far it may go, and the date that gives."""

    def __init__(self, clock: Clock) -> None:
        most = clock.term.extendable_to or clock.amount
        today, unit = timezone.localdate(), Unit(clock.unit)
        self.clock = clock
        self.usual = min(most, 2 * clock.amount)
        self.label = f"{clock.get_target_display()} · {wording.day_words(clock.due_on, today)}"
        self.has = sentences.allowance(clock.allowance)
        self.most = sentences.allowance(Allowance(most, unit))
        self.last = wording.day_words(extending.longer(clock, most).due_on, today)
        limit = clock.term.supervisor_extends_to
        self.supervisor = sentences.allowance(Allowance(limit, unit)) if limit else ""


class ApproveExtensionForm(DeedForm):
    reason = long_text(_("Remark"), rows=3, most=REASON, required=False)


class ExtendForm(SaidForm):
    """The notice to the customer, begun for them with the new date and the reason (R33)."""

    def __init__(self, case: Complaint, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(case, data, files, **options)
        self.fields["body"].label = _("Notice to the customer")
        if case.extension:
            self.initial.setdefault("body", notice(waiting(case)))


def notice(asked: Extension) -> str:
    """The words a notice begins with, in the language of the house: the date promised, the new one, and why."""
    with override(settings.LANGUAGE_CODE):
        words = {
            "old": wording.whole_day_words(asked.clock.due_on),
            "new": wording.whole_day_words(extending.longer(asked.clock, asked.amount).due_on),
            "reason": asked.reason,
        }
        return (
            gettext(
                "Your complaint was to be settled by %(old)s. We need longer, until %(new)s at the latest: %(reason)s"
            )
            % words
        )
