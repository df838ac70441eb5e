"""What is promised: the targets a clock can run for, and the events that start and stop it. No queries here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Target(TextChoices):
    """One promise of time. Policies say how long; a complaint carries one running clock a target at most."""

    RESPONSE = "response", _("first response")
    RESOLUTION = "resolution", _("resolution")
    STATUTORY_RESOLUTION = "statutory_resolution", _("statutory resolution")
    DISPATCH = "dispatch", _("dispatch")
    HANDOVER_ACCEPTANCE = "handover_acceptance", _("handover acceptance")
    PROGRESS = "progress", _("progress report")
    CALL_BACK = "call_back", _("call-back")
    PROMISE = "promise", _("agreed reply")
    REGULATOR_ACCEPTANCE = "regulator_acceptance", _("acceptance of a transfer")
    AUDIT_REPORT = "audit_report", _("report to audit")


class Start(TextChoices):
    """From when a clock runs."""

    RECEIVED = "received", _("receipt of the complaint")
    REGISTERED = "registered", _("registration")
    OFFERED = "offered", _("the offer of a handover")
    RESOLVED = "resolved", _("telling the customer the outcome")
    AGREED = "agreed", _("an agreement with the customer")


class Stop(TextChoices):
    """What stops a clock in time. The outcome and a withdrawal stop every clock that still runs."""

    ANSWERED = "answered", _("the customer was told that we have it")
    DISPATCHED = "dispatched", _("it was passed to those who will handle it")
    OFFER_ANSWERED = "offer_answered", _("the handover was accepted or declined")
    TAKEN_UP = "taken_up", _("it was answered, accepted or investigated")
    INFORMED = "informed", _("the customer was told of progress")
    FOUND = "found", _("the findings were recorded")
    RESOLVED = "resolved", _("the customer was told the outcome")
    CALLED_BACK = "called_back", _("the customer was called back")


class Reopening(TextChoices):
    """What becomes of a stopped clock when its case is taken up again."""

    ENDS = "ends", _("does not run again")
    RESTARTS = "restarts", _("runs again from the start")
    CONTINUES = "continues", _("goes on with what was left")


class Whom(TextChoices):
    """Who hears of a step before or after a deadline, from the one who has the case upwards."""

    OWNER = "owner", _("the owner")
    FIRST_RESPONDER = "first_responder", _("the first responder")
    UNIT_HEAD = "unit_head", _("the head of the unit")
    SUPERVISING_UNIT = "supervising_unit", _("the supervising unit")
    COMPLIANCE = "compliance", pgettext_lazy("to be told", "compliance")


# Without these no complaint is registered: the house rule has them, whatever else is in force (R27, R30).
ALWAYS = (Target.RESPONSE, Target.RESOLUTION)
