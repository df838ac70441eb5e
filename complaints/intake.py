"""Registering a complaint. Whoever hears it first is answerable for it until somebody else has accepted it (R9, R106)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import SYSTEM_USERNAME, Unit, User
from complaints import history
from complaints.drafting import files_to_move, settle
from complaints.matters import matter_of
from complaints.models import Cause, Complainant, Complaint, Draft, Product
from complaints.models.complainant import LONGEST
from complaints.models.limits import NARRATIVE, most_of, too_long
from complaints.models.reading import PieceVector
from complaints.pieces import pieces
from complaints.scope import post_for
from complaints.states import MOVES, Status, Verb
from sla import clocks

LATE_ENTRY = timedelta(days=1)
EARLIEST_YEAR = 2000
TEXTS = (
    "summary", "demand", "late_entry_reason", "place", "recording_reference", "registered_mail_number",
    "external_reference", "staff_described",
)  # fmt: skip


@dataclass
class Intake:
    """What is known when a complaint is registered. Only channel, unit and summary must be known (R1)."""

    channel: str
    unit: Unit
    summary: str
    received_at: datetime | None = None  # None: now
    complainant: Complainant = field(default_factory=lambda: Complainant(kind=Complainant.Kind.UNKNOWN))
    severity: str = Complaint.Severity.ORDINARY
    late_entry_reason: str = ""
    place: str = ""
    recording_reference: str = ""
    postmarked_on: date | None = None
    registered_mail_number: str = ""
    external_reference: str = ""
    referred_by: str = ""
    alleges_violation: bool = False
    staff_complained_about: User | None = None
    staff_described: str = ""
    cause: Cause | None = None
    product: Product | None = None
    is_summary_confirmed: bool = False
    narrative: str = ""
    demand: str = ""
    claimed_amount: Decimal | None = None
    repeat_of: Complaint | None = None
    registered_unit_id: int | None = None  # None: the actor's first post

    def problems(self, now: datetime) -> dict[str, list[Any]]:
        """What does not hold, by field; empty when it can be registered."""
        found: dict[str, list[Any]] = dict(too_long(self._texts()))
        received = self.received_at or now
        if not self.summary.strip():
            found["summary"] = [_("Say in one sentence what the complaint is about.")]
        if received > now:
            found["received_at"] = [_("Received cannot be later than now.")]
        elif timezone.localtime(received).year < EARLIEST_YEAR:
            found["received_at"] = [_("Received cannot be before the year %(year)s.") % {"year": EARLIEST_YEAR}]
        elif now - received > LATE_ENTRY and not self.late_entry_reason.strip():
            found["late_entry_reason"] = [_("Received over a day ago: say why it is entered today.")]
        if self.postmarked_on and self.postmarked_on > timezone.localdate(now):
            found["postmarked_on"] = [_("The postmark cannot be later than today.")]
        elif self.postmarked_on and self.postmarked_on.year < EARLIEST_YEAR:
            found["postmarked_on"] = [_("The postmark cannot be before the year %(year)s.") % {"year": EARLIEST_YEAR}]
        if self.staff_complained_about and self.staff_complained_about.username == SYSTEM_USERNAME:
            found["staff_complained_about"] = [_("The system is nobody a complaint can be about.")]
        if self.claimed_amount is not None and self.claimed_amount < 0:
            found["claimed_amount"] = [_("The amount cannot be negative.")]
        return found

    def _texts(self) -> dict[str, tuple[str, int]]:
        """What was written, with the characters it may have."""
        texts = {name: (getattr(self, name), most_of(Complaint, name)) for name in TEXTS}
        sealed = {name: (getattr(self.complainant, name), most) for name, most in LONGEST.items()}
        care = {name: (getattr(self.complainant, name), most_of(Complainant, name)) for name in ("authority", "care")}
        return {"narrative": (self.narrative, NARRATIVE)} | texts | sealed | care


def register(
    intake: Intake, *, actor: User, key: str | None = None, digests: Sequence[str] = (), draft: Draft | None = None
) -> Complaint:
    """Register a complaint: it gets its reference, its first responder and owner, and its clocks, from receipt.

    `key` makes the deed safe to repeat while its content still passes: the same actor and key answer with the same complaint;
    with other content they raise `Conflict`. Whoever must answer even when something it names has been closed since asks
    `registered_before` first, as the API does. `digests` tell the content: one a field key, newest first
    (`blind_indexes`). Raises `Invalid` with errors by field, `NotAllowed`, `NoPolicy`.

    The database says whether the key was used: its unique constraint, so that two at once are told apart as well.
    """
    now = timezone.now()
    if problems := intake.problems(now):
        raise Invalid(_("Please check the marked fields."), problems)
    post = post_for(actor, MOVES[Verb.REGISTER].roles, intake.registered_unit_id)
    if intake.staff_complained_about == actor:
        raise NotAllowed(_("This complaint is about you. Ask a colleague or your supervisor to register it."))
    try:
        with transaction.atomic():
            return _register(intake, actor, post.unit_id, now, key=key, digest=next(iter(digests), ""), draft=draft)
    except (IntegrityError, Conflict):  # the same key, or the same draft, sent twice at once
        if known := registered_before(actor, key, digests):
            return known
        raise


def _register(
    intake: Intake, actor: User, unit_id: int, now: datetime, *, key: str | None, digest: str, draft: Draft | None
) -> Complaint:
    received_at = intake.received_at or now
    files = files_to_move(draft, actor=actor) if draft is not None else []
    promised = clocks.promises(received_at, matter_of(intake, unit_id), now)
    history.keep(intake.complainant, Verb.REGISTER, actor=actor)
    case = Complaint(
        reference=_next_reference(timezone.localdate(now)),
        status=Status.REGISTERED,
        severity=intake.severity,
        channel=intake.channel,
        received_at=received_at,
        registered_at=now,
        late_entry_reason=intake.late_entry_reason,
        place=intake.place,
        recording_reference=intake.recording_reference,
        postmarked_on=intake.postmarked_on,
        registered_mail_number=intake.registered_mail_number,
        external_reference=intake.external_reference,
        referred_by=intake.referred_by,
        alleges_violation=intake.alleges_violation,
        complainant=intake.complainant,
        unit=intake.unit,
        staff_complained_about=intake.staff_complained_about,
        staff_described=intake.staff_described,
        cause=intake.cause,
        product=intake.product,
        summary=intake.summary,
        is_summary_confirmed=intake.is_summary_confirmed,
        narrative=intake.narrative,
        demand=intake.demand,
        claimed_amount=intake.claimed_amount,
        repeat_of=intake.repeat_of,
        first_responder=actor,
        registered_unit_id=unit_id,
        owner=actor,
        owner_unit_id=unit_id,
        owned_since=now,
        due_at=promised[0].due_at,
        due_target=promised[0].term.target,
        intake_key=key or None,
        intake_digest=digest,
    )
    case.pieces = PieceVector(pieces(case.reference, case.summary, case.narrative, case.demand))
    case.facts = {
        "channel": case.channel,
        "clocks": [{"target": promise.term.target, "due_at": promise.due_at.isoformat()} for promise in promised],
    }
    if files:
        case.facts["files"] = [row.facts for row in files]
    history.opening(case, actor=actor)
    case.started = history.run_clocks(case, promised)
    if draft is not None:
        settle(draft, files, case)
    return case


def registered_before(actor: User, key: str | None, digests: Sequence[str]) -> Complaint | None:
    """The complaint that `actor` registered under `key`. Raises `Conflict` when its content was another."""
    if not key:
        return None
    known = Complaint.objects.filter(first_responder=actor, intake_key=key)
    for reference, digest_then in known.values_list("reference", "intake_digest"):
        if digest_then not in (digests or ("",)):
            raise Conflict(
                _("This key was used for %(reference)s with other content. Use a new key for a new complaint.")
                % {"reference": reference}
            )
        found: Complaint = known.get()
        return found
    return None


def _next_reference(day: date) -> str:
    """`TS20261120-000001`: the day of registration and a number within it.

    The number comes from a sequence, so that two counters never wait for each other; a transaction that fails leaves a
    number unused, which means nothing, because no complaint can be deleted (docs/decisions/0005).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT complaints_next_number(%s)", [day])
        (number,) = cursor.fetchone()
    return f"TS{day:%Y%m%d}-{number:06d}"
