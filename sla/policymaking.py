"""Making policies: one person of compliance drafts a version, another decides it (R84, R179). Nothing is edited, ever.

Policies are written one at a time, because each is judged by what all the others promise: the table is locked against
writers, not against the registrations that read it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.errors import Invalid, NotAllowed, Stale, WrongStatus
from accounts.models import User
from accounts.roles import Role
from accounts.scope import access_of
from sla import ladder
from sla.models import Calendar, Policy, Term
from sla.proposals import CONDITIONS, Known, Proposal, gap, problems, proposal_of, too_long

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)


def may_make_policies(actor: User) -> bool:
    """Compliance, and nobody who administers the system: they hold no business rights, whatever else they hold (R83)."""
    roles = access_of(actor).roles
    return Role.COMPLIANCE in roles and Role.ADMINISTRATOR not in roles


def draft(wanted: Proposal, *, actor: User, known: Known, seen: int = 0) -> Policy:
    """Draft the next version of `wanted.code`, to be decided by another person; it promises nothing until then.

    `known` are the codes that conditions may name; `seen` is the newest version of that code when the drafter began, 0 where
    there was none. Raises `Invalid` with errors by field, `NotAllowed`, `WrongStatus` while another draft waits, `Stale`.
    """
    with _making(actor):
        newest = _newest(wanted.code)
        found = problems(wanted, known, timezone.localdate())
        if not CODE.fullmatch(wanted.code):
            found["code"] = [_("A code is 1 to 32 small letters, digits and hyphens.")]
        elif newest and not seen:
            found["code"] = [_("There is a policy with this code. Change that one, or choose another code.")]
        if found:
            raise Invalid(_("Please check the marked fields."), found)
        waiting = Policy.objects.filter(code=wanted.code, decision="", drafted_by__isnull=False).first()
        if waiting is not None:
            raise WrongStatus(
                _("Version %(number)s by %(person)s still waits for its decision. It is decided or taken back first.")
                % {"number": waiting.number, "person": waiting.drafted_by}
            )
        if newest != seen:
            raise Stale(
                _("Version %(number)s has been made since you began. Look at it, then draft again.")
                % {"number": newest}
            )
        _refuse_gap(wanted)
        return _write(wanted, newest + 1, actor)


def approve(policy: Policy, *, actor: User, reason: str = "") -> Policy:
    """Put a draft in force from its first day, for complaints received since and registered from now on.

    What is promised already stays as promised. Raises `NotAllowed` for the drafter, `WrongStatus` once decided, `Invalid` when
    its first day has passed while it waited and nobody says why it should reach back.
    """
    with _deciding(policy, actor) as held:
        if held.from_on < timezone.localdate() and not (held.reason.strip() or reason.strip()):
            raise Invalid(
                _("Please check the marked fields."),
                {"reason": [_("The first day has passed: say why the rule reaches back.")]},
            )
        _refuse_gap(proposal_of(held))
        return _decide(held, Policy.Decision.APPROVED, reason, actor)


def decline(policy: Policy, reason: str, *, actor: User) -> Policy:
    """Turn a draft down, for a reason that its drafter reads. Raises as `approve` does."""
    with _deciding(policy, actor) as held:
        if not reason.strip():
            raise Invalid(
                _("Please check the marked fields."), {"reason": [_("Say why, so that it can be put right.")]}
            )
        return _decide(held, Policy.Decision.DECLINED, reason, actor)


def recall(policy: Policy, *, actor: User) -> Policy:
    """Take one's own draft back. Raises `NotAllowed` for anybody but its drafter, `WrongStatus` once decided."""
    with _making(actor):
        held = _waiting(policy)
        if held.drafted_by_id != actor.pk:
            raise NotAllowed(_("Only %(person)s can take this draft back.") % {"person": held.drafted_by})
        return _decide(held, Policy.Decision.RECALLED, "", actor)


@contextmanager
def _making(actor: User) -> Iterator[None]:
    """Inside nobody else writes policies: numbers do not clash, and of two decisions the second finds the first."""
    if not may_make_policies(actor):
        raise NotAllowed(_("Policies are made by compliance; administrators of the system make none."))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE sla_policy IN SHARE ROW EXCLUSIVE MODE")
        yield


@contextmanager
def _deciding(policy: Policy, actor: User) -> Iterator[Policy]:
    with _making(actor):
        held = _waiting(policy)
        if held.drafted_by_id == actor.pk:
            raise NotAllowed(
                _("You drafted this yourself. Another person of compliance decides it; you may take it back.")
            )
        yield held


def _waiting(policy: Policy) -> Policy:
    """The draft as it stands now. Raises `WrongStatus` once it is decided, and for what came with the product."""
    held = Policy.objects.select_related("drafted_by", "decided_by").get(pk=policy.pk)
    if held.decision:
        raise Stale(
            _("This version is decided already: %(decision)s, by %(person)s.")
            % {"decision": held.get_decision_display(), "person": held.decided_by}
        )
    if held.drafted_by is None:
        raise WrongStatus(_("This version came with the product. Adopt it: draft it as the next version."))
    return held


def _newest(code: str) -> int:
    return Policy.objects.filter(code=code).aggregate(number=Max("number"))["number"] or 0


def _refuse_gap(wanted: Proposal) -> None:
    if (found := gap(wanted)) is None:
        return
    names = pgettext("between two of a list", ", ").join(str(target.label) for target in found.targets)
    text = _(
        "From %(day)s some complaints would be promised nothing for: %(names)s. Every complaint must be promised that."
    )
    raise Invalid(_("Please check the marked fields."), {"terms": [text % {"day": found.on, "names": names}]})


def _write(wanted: Proposal, number: int, actor: User) -> Policy:
    named = {name: list(getattr(wanted, name)) for name in CONDITIONS}
    policy = Policy(
        code=wanted.code,
        number=number,
        name=wanted.name.strip(),
        source=wanted.source.strip(),
        from_on=wanted.from_on,
        until_on=wanted.until_on,
        reason=wanted.reason.strip(),
        only_violations=wanted.only_violations,
        drafted_by=actor,
        **named,
    )
    _save(policy, "draft", actor)
    calendars = {calendar.code: calendar for calendar in Calendar.objects.all()}
    for clause in wanted.clauses:
        given = vars(clause) | {"calendar": calendars.get(clause.calendar)}
        rungs = given.pop("rungs") or ladder.usual(clause)
        _save(term := Term(policy=policy, **given), "draft", actor)
        ladder.write(term, rungs)
    return policy


def _decide(policy: Policy, decision: Policy.Decision, reason: str, actor: User) -> Policy:
    if wrong := [text for _name, text in too_long("reason", reason, "decision_reason")]:
        raise Invalid(_("Please check the marked fields."), {"reason": wrong})
    policy.decision, policy.decided_by, policy.decided_at = decision, actor, timezone.now()
    policy.decision_reason = reason.strip()
    _save(policy, decision, actor)
    return policy


def _save(row: Policy | Term, deed: str, actor: User) -> None:
    row._history_user = actor  # type: ignore[union-attr]
    row._change_reason = deed  # type: ignore[union-attr]
    row.save()
