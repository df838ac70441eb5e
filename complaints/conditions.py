"""What deadline policies may name in a complaint: the codes, what they are called, and which complaints they fit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Unit
from complaints.models import Cause, Complaint, Product
from sla.matching import Conditions, Matter
from sla.models import Policy
from sla.proposals import CONDITIONS


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes that conditions may name, each with its name, by condition; `idle` are no longer chosen anew."""

    words: Mapping[str, Mapping[str, str]]
    idle: Mapping[str, Collection[str]]

    @classmethod
    def read(cls) -> "Vocabulary":
        """Three queries."""
        words: dict[str, dict[str, str]] = {
            "channels": _labels(Complaint.Channel.choices),
            "severities": _labels(Complaint.Severity.choices),
            "referrers": _labels(Complaint.Referrer.choices),
        }
        idle: dict[str, set[str]] = {}
        for name, model, shown in (("units", Unit, "name"), ("causes", Cause, "trail"), ("products", Product, "name")):
            rows = list(model._default_manager.order_by("code").values_list("code", shown, "is_active"))
            words[name] = {code: title for code, title, _active in rows}
            idle[name] = {code for code, _title, is_active in rows if not is_active}
        return cls(words, idle)

    def choices(self, name: str, kept: Collection[str] = ()) -> list[tuple[str, str]]:
        """What can be chosen: what is in use, and what was chosen before."""
        idle = self.idle.get(name, ())
        return [(code, word) for code, word in self.words[name].items() if code not in idle or code in kept]

    def said(self, policy: Conditions) -> list[tuple[str, str]]:
        """The conditions of a policy in words, as (what, which); empty when it is for every complaint."""
        found = []
        for name in CONDITIONS:
            if codes := getattr(policy, name):
                label = str(Policy._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                found.append((label, _joined([self.words[name].get(code, code) for code in codes])))
        if policy.only_violations:
            found.append((_("allegation"), str(Policy._meta.get_field("only_violations").verbose_name)))
        return found


def _labels(choices: Collection[tuple[str, object]]) -> dict[str, str]:
    return {value: str(label) for value, label in choices}


def _joined(words: list[str]) -> str:
    return pgettext("between two of a list", ", ").join(words)


def fitting(policy: Conditions) -> Q:
    """The complaints that a policy is for, as `sla.matching.matches` tells them. Two queries at most."""
    found = Q()
    plain = (
        ("channels", "channel"), ("severities", "severity"), ("products", "product__code"), ("referrers", "referred_by")
    )  # fmt: skip
    for name, column in plain:
        if codes := getattr(policy, name):
            found &= Q(**{f"{column}__in": list(codes)})
    if policy.only_violations:
        found &= Q(alleges_violation=True)
    if policy.units:
        paths = Unit.objects.values_list("pk", "path")
        found &= Q(unit__in=[key for key, path in paths if any(f"/{code}/" in path for code in policy.units)])
    if policy.causes:
        found &= Q(cause__in=_below(policy.causes))
    return found


def _below(codes: Collection[str]) -> list[int]:
    """The causes of these codes and all below them."""
    rows = {
        key: (code, parent) for key, code, parent in Cause.objects.order_by().values_list("pk", "code", "parent_id")
    }

    def lies_below(key: int | None) -> bool:
        while key is not None:
            code, key = rows[key]
            if code in codes:
                return True
        return False

    return [key for key in rows if lies_below(key)]


def sample(policy: Conditions) -> Matter:
    """A matter that the policy is for: the first of what each condition names, an ordinary call where it names nothing."""
    channel = Complaint.Channel.REGULATOR if policy.referrers or policy.only_violations else Complaint.Channel.PHONE
    unit = Unit.objects.filter(code__in=policy.units).first() if policy.units else None
    return Matter(
        channel=next(iter(policy.channels), channel.value),
        severity=next(iter(policy.severities), Complaint.Severity.ORDINARY.value),
        unit_path=unit.path if unit else "",
        product=next(iter(policy.products), ""),
        referred_by=next(iter(policy.referrers), ""),
        alleges_violation=policy.only_violations,
        causes=lambda: list(policy.causes)[:1],
    )
