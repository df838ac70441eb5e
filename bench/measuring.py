"""Many requests of one kind in turns with the bare view, so that both meet the same machine."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

from bench.asking import Asker
from bench.servers import Server

Request = Callable[[int], float]  # the number of the request → its milliseconds
ROUNDS = 5
WARM = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request costs: wall time, processor time of the web worker and of its database process."""

    median_ms: float
    p95_ms: float
    web_ms: float
    database_ms: float
    bare_ms: float

    @property
    def ratio(self) -> float:
        """Web processor time in bare views."""
        return self.web_ms / self.bare_ms


class Measure:
    """Takes turns between an operation and the bare view."""

    def __init__(self, server: Server, bare: Server, requests: int) -> None:
        self._server, self._bare, self._a_round = server, bare, max(1, requests // ROUNDS)
        self._asker = Asker(bare.port)
        for _ in range(WARM):
            self._asker.ask("/")

    def cost(self, request: Request) -> Cost:
        """The cost of a request, after a few that nobody counts."""
        for number in range(min(WARM, self._a_round)):
            request(-1 - number)
        taken: list[float] = []
        web = database = bare = 0.0
        bares = 4 * self._a_round
        for turn in range(ROUNDS):
            bare -= self._bare.web_seconds()
            for _ in range(bares):
                self._asker.ask("/")
            bare += self._bare.web_seconds()
            web -= self._server.web_seconds()
            database -= self._server.database_seconds()
            taken += [request(turn * self._a_round + number) for number in range(self._a_round)]
            web += self._server.web_seconds()
            database += self._server.database_seconds()
        return Cost(
            median(taken),
            quantiles(taken, n=20)[-1],
            web * 1000 / len(taken),
            database * 1000 / len(taken),
            bare * 1000 / (bares * ROUNDS),
        )
