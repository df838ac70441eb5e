"""Versions of policies in words, ready to print: what they say, how two differ, what one would change, who waits for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from complaints.conditions import Vocabulary, fitting, sample
from complaints.models import Complaint
from complaints.states import OPEN
from sla import sentences, wording
from sla.foresight import Foreseen, foresee
from sla.models import Policy, Rung, Term
from sla.targets import Target

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TermFace:
    """One term: its target, and all of it in a sentence."""

    target: str
    limit: str
    said: str
    is_statutory: bool
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class PolicyFace:
    """One version. `state`: now, coming, waiting, shipped, declined, recalled or past."""

    policy: Policy
    state: str
    conditions: tuple[tuple[str, str], ...]
    terms: tuple[TermFace, ...]

    @property
    def repeals(self) -> bool:
        return not self.terms


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions say differently; empty where one says nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a version would do: complaints of the last ninety days that it fits, and how a sample's promises change."""

    fitted: int
    open: int
    first_day: date
    reaches_back: bool
    sample: tuple[tuple[str, str], ...]
    rows: tuple["Change", ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A target before and after, each with its allowance and the day it would end; empty where nothing is promised."""

    label: str
    before: str
    before_due: str
    after: str
    after_due: str
    changes: bool


def faces(policies: Iterable[Policy], vocabulary: Vocabulary, today: date) -> list[PolicyFace]:
    """The faces of versions read with their terms and calendars (`with_terms`); `today` says which are in force."""
    kept = list(policies)
    counting = ruling(kept, today)
    return [
        PolicyFace(
            policy,
            _state(policy, today, counting),
            tuple(vocabulary.said(policy)),
            tuple(map(term_face, policy.terms.all())),
        )
        for policy in kept
    ]


def term_face(term: Term) -> TermFace:
    calendar = term.calendar.name if term.calendar else ""
    label = str(Target(term.target).label)
    rungs = tuple(sorted(term.rungs.all(), key=lambda one: one.number))
    return TermFace(label, sentences.limit_of(term), sentences.term(term, calendar), term.is_statutory, rungs)


def ruling(policies: Iterable[Policy], day: date) -> set[int]:
    """The versions that count on a day: of each code the newest approved one within its days."""
    newest: dict[str, Policy] = {}
    for policy in sorted(policies, key=lambda one: -one.number):
        if policy.decision == Policy.Decision.APPROVED and _holds(policy, day):
            newest.setdefault(policy.code, policy)
    return {policy.pk for policy in newest.values()}


def _holds(policy: Policy, day: date) -> bool:
    return policy.from_on <= day and (policy.until_on is None or day <= policy.until_on)


def _state(policy: Policy, today: date, counting: set[int]) -> str:
    if policy.decision == "":
        return "waiting" if policy.drafted_by_id else "shipped"
    if policy.decision != Policy.Decision.APPROVED:
        return policy.decision
    if policy.pk in counting:
        return "now"
    return "coming" if policy.from_on > today else "past"


def differences(before: PolicyFace | None, after: PolicyFace) -> list[Difference]:
    """What two versions say differently, in words; without `before` all that `after` says is new."""
    was, will = _said(before) if before else {}, _said(after)
    labels = list(dict.fromkeys([*was, *will]))
    return [
        Difference(label, was.get(label, ""), will.get(label, ""))
        for label in labels
        if was.get(label) != will.get(label)
    ]


def _said(face: PolicyFace) -> dict[str, str]:
    policy, today = face.policy, timezone.localdate()
    said = {
        str(Policy._meta.get_field("name").verbose_name): policy.name,
        _("Source"): policy.source,
        _("First day"): wording.day_words(policy.from_on, today),
        _("Last day"): wording.day_words(policy.until_on, today) if policy.until_on else "",
    }
    said |= dict(face.conditions) or {_("For"): _("every complaint")}
    said |= {term.target: term.said for term in face.terms}
    said |= {_("Steps: %(target)s") % {"target": term.target}: _steps(term.rungs) for term in face.terms}
    return {label: text for label, text in said.items() if text}


def _steps(rungs: Iterable[Rung]) -> str:
    told = (f"{sentences.rung(one.share, one.amount, one.unit)} → {sentences.whom(one.whom)}" for one in rungs)
    return pgettext("between parts of a term", "; ").join(told)


def effect(policy: Policy, vocabulary: Vocabulary, reader: User, now: datetime) -> Effect:
    """What a version would do, counted among the complaints that `reader` may see."""
    today = timezone.localdate(now)
    first = max(today, policy.from_on)
    at = now if first == today else now + (first - today)
    fits = Complaint.objects.visible_to(reader).filter(fitting(policy), received_at__gte=now - LOOKED_BACK)
    matter = sample(policy)
    return Effect(
        fitted=fits.count(),
        open=fits.filter(status__in=OPEN).count(),
        first_day=first,
        reaches_back=policy.from_on < today,
        sample=tuple(_sample_words(policy, vocabulary)),
        rows=tuple(_change(one, now) for one in foresee(policy, matter, at)),
    )


def _sample_words(policy: Policy, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    matter = sample(policy)
    given: Sequence[tuple[str, str]] = (
        ("channels", matter.channel),
        ("severities", matter.severity),
        ("referrers", matter.referred_by),
    )
    return [(name, vocabulary.words[name][code]) for name, code in given if code]


def _change(one: Foreseen, now: datetime) -> Change:
    return Change(
        str(one.target.label),
        sentences.limit_of(one.before) if one.before else "",
        wording.due_words(one.due_before, now) if one.due_before else "",
        sentences.limit_of(one.after) if one.after else "",
        wording.due_words(one.due_after, now) if one.due_after else "",
        one.changes,
    )
