"""One deed on several cases: each case in a transaction of its own, and told apart in the answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.errors import Refusal
from accounts.models import User
from complaints.models import Complaint

MOST = 100  # cases of one bulk deed; a page shows fewer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: done, or refused and why."""

    case: Complaint
    done: bool
    why: str = ""


def each(references: Iterable[str], deed: Callable[[Complaint], object], *, actor: User) -> list[Outcome]:
    """Do `deed` to every case of `references` that `actor` may see, in the order given.

    A case out of scope is as if it did not exist. A refusal concerns its own case only; what was done stays done.
    """
    wanted = list(dict.fromkeys(references))[:MOST]
    seen = {
        case.reference: case for case in Complaint.objects.visible_to(actor).for_link().filter(reference__in=wanted)
    }
    return [_one(seen[reference], deed) for reference in wanted if reference in seen]


def _one(case: Complaint, deed: Callable[[Complaint], object]) -> Outcome:
    try:
        deed(case)
    except Refusal as refused:
        errors = [str(text) for texts in getattr(refused, "errors", {}).values() for text in texts]
        return Outcome(case, done=False, why=" ".join(errors) or str(refused.message))
    return Outcome(case, done=True)
