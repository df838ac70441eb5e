"""The roles a person can hold in a unit, and how far each reaches. No queries here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A duty in a unit, from a day until a day. Being first responder is a duty of one case, not a role."""

    FRONT_DESK = "front_desk", _("front desk")
    HANDLER = "handler", _("handler")
    SUPERVISOR = "supervisor", _("supervisor")
    COMPLIANCE = "compliance", _("compliance")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")
    SYSTEM = "system", _("system")


# Roles that reach the unit and every unit below it (R87: supervision; R91: read-only audit).
REACH_BELOW = frozenset({Role.SUPERVISOR, Role.COMPLIANCE, Role.AUDITOR})
# Roles that reach their own unit only.
REACH_UNIT = frozenset({Role.FRONT_DESK, Role.HANDLER})
# Administrators keep settings and see no case (R83); they reach nothing.

STAFF = frozenset({Role.FRONT_DESK, Role.HANDLER, Role.SUPERVISOR, Role.COMPLIANCE})
OVERSIGHT = frozenset({Role.SUPERVISOR, Role.COMPLIANCE})
# Who looks over the work of others: the overdue queue, the figures and the register book.
OVERVIEW = OVERSIGHT | {Role.AUDITOR}
READERS = STAFF | {Role.AUDITOR}
