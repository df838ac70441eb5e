"""Which deeds stop clocks, and which start them. The door reads this; a verb takes from it what did not come true. No queries.

A policy names events in a complaint's life; these are the deeds by which they happen. What was received and registered
starts at intake; what a case taken up again owes is asked of its policies (`lifecycle.reopen`).
"""

from collections.abc import Mapping

from complaints.states import Verb
from sla.targets import Start, Stop

EVERY = frozenset(Stop)

STOPS: Mapping[Verb, frozenset[Stop]] = {
    Verb.TAKE: frozenset({Stop.DISPATCHED, Stop.TAKEN_UP, Stop.OFFER_ANSWERED}),  # an offer that waits lapses
    Verb.ASSIGN: frozenset({Stop.DISPATCHED, Stop.OFFER_ANSWERED}),
    Verb.HAND_OVER: frozenset({Stop.DISPATCHED}),
    Verb.ACCEPT: frozenset({Stop.TAKEN_UP, Stop.OFFER_ANSWERED}),
    Verb.DECLINE: frozenset({Stop.OFFER_ANSWERED}),
    Verb.RECALL: frozenset({Stop.OFFER_ANSWERED}),
    Verb.RESPOND: frozenset({Stop.ANSWERED, Stop.INFORMED, Stop.TAKEN_UP}),  # once it reached them
    Verb.INVESTIGATE: frozenset({Stop.DISPATCHED, Stop.TAKEN_UP, Stop.FOUND}),
    Verb.RESOLVE: EVERY,
    Verb.WITHDRAW: EVERY,
    Verb.REOPEN: frozenset({Stop.CALLED_BACK}),
    Verb.CALL_BACK: frozenset({Stop.CALLED_BACK}),  # once they were reached
}
STARTS: Mapping[Verb, Start] = {Verb.HAND_OVER: Start.OFFERED, Verb.RESOLVE: Start.RESOLVED}
