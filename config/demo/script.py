"""A complaint as a script: what was registered, and the deeds that followed, each with its time and its person.

A script can be played twice: into rows (`config.demo.case`), as the demo and the bulk data are, and through the verbs
themselves under a moved clock, as the tests do; both must tell the same.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from complaints.states import Verb


@dataclass(slots=True)
class Caller:
    """Who complained: the columns of a complainant, in plain text."""

    kind: str = "person"
    name: str = ""
    phone: str = ""
    email: str = ""
    id_type: str = ""
    id_number: str = ""
    address: str = ""
    account: str = ""
    principal: str = ""
    authority: str = ""
    care: str = ""


@dataclass(slots=True)
class Step:
    """One deed after registration. `given` holds what the method of that name on `case.Case` takes."""

    verb: Verb
    by: int
    at: datetime
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Script:
    """One complaint. People, units, causes and products by id; times with an offset."""

    by: int
    registered_at: datetime
    received_at: datetime
    channel: str
    unit: int
    summary: str
    caller: Caller
    severity: str = "ordinary"
    late_entry_reason: str = ""
    place: str = ""
    recording_reference: str = ""
    postmarked_on: date | None = None
    registered_mail_number: str = ""
    external_reference: str = ""
    referred_by: str = ""
    alleges_violation: bool = False
    staff_complained_about: int | None = None
    staff_described: str = ""
    cause: int | None = None
    product: int | None = None
    is_summary_confirmed: bool = True
    narrative: str = ""
    demand: str = ""
    claimed_amount: Decimal | None = None
    repeat_of: int | None = None
    steps: list[Step] = field(default_factory=list)
