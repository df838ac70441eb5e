"""What deadline policies look at in a complaint: of one that is about to be registered, or of one that is there."""

from typing import Protocol

from accounts.models import Unit
from complaints.models import Cause, Product
from sla.matching import Matter


class Described(Protocol):
    """An intake, or a complaint."""

    channel: str
    severity: str
    referred_by: str
    alleges_violation: bool

    @property
    def registered_unit_id(self) -> int | None: ...

    @property
    def unit(self) -> Unit: ...

    @property
    def cause(self) -> Cause | None: ...

    @property
    def product(self) -> Product | None: ...


def matter_of(complaint: Described, received_in: int | None = None) -> Matter:
    """The matter of a complaint; `received_in` is the unit that received it, where the complaint does not say so yet."""
    return Matter(
        channel=complaint.channel,
        severity=complaint.severity,
        unit_path=complaint.unit.path,
        product=complaint.product.code if complaint.product else "",
        referred_by=complaint.referred_by,
        alleges_violation=complaint.alleges_violation,
        received_in=received_in or complaint.registered_unit_id or 0,
        causes=lambda: codes_upwards(complaint.cause),
    )


def codes_upwards(cause: Cause | None) -> list[str]:
    """The code of a cause and of every cause above it: four levels at most."""
    codes = []
    while cause is not None:
        codes.append(cause.code)
        cause = cause.parent
    return codes
