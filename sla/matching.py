"""Which complaints a policy is for. A policy that names nothing is for all of them. No queries here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol


def _none() -> Collection[str]:
    return ()


@dataclass(frozen=True)
class Matter:
    """What policies look at in a complaint, as codes; empty where it is not known.

    `unit_path` is the path of the unit complained about, from the institution down (`/head/bj/bj-1/`). `causes` answers
    with the code of the cause and of every cause above it; it is asked only when a policy names causes. `received_in` is
    the id of the unit that received it, whose working calendar counts where a term names none.
    """

    channel: str = ""
    severity: str = ""
    unit_path: str = ""
    product: str = ""
    referred_by: str = ""
    alleges_violation: bool = False
    received_in: int = 0
    causes: Callable[[], Collection[str]] = field(default=_none)


class Conditions(Protocol):
    """What a policy may name."""

    channels: list[str]
    severities: list[str]
    units: list[str]
    causes: list[str]
    products: list[str]
    referrers: list[str]
    only_violations: bool


def matches(policy: Conditions, matter: Matter) -> bool:
    """Whether the policy is for this complaint: it must fit everything that the policy names."""
    return (
        _named(policy.channels, matter.channel)
        and _named(policy.severities, matter.severity)
        and _named(policy.products, matter.product)
        and _named(policy.referrers, matter.referred_by)
        and (matter.alleges_violation or not policy.only_violations)
        and (not policy.units or any(f"/{code}/" in matter.unit_path for code in policy.units))
        and (not policy.causes or not set(policy.causes).isdisjoint(matter.causes()))
    )


def _named(wanted: list[str], given: str) -> bool:
    return not wanted or given in wanted
