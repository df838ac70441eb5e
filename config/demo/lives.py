"""Lives for complaints in bulk: who registered it, what followed when, and how far it has come today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from accounts.roles import Role
from complaints.states import Verb
from config.demo import grammar
from config.demo.book import Book
from config.demo.grammar import pick
from config.demo.script import Caller, Script, Step
from config.demo.themes import THEMES, Theme

# Two in five complaints come by phone; the order is that of the thresholds.
CHANNELS = (
    ("phone", 0.38), ("visit", 0.56), ("app", 0.66), ("wechat", 0.74), ("web", 0.81), ("regulator", 0.87),
    ("letter", 0.92), ("email", 0.96), ("weibo", 0.985), ("other", 1.0),
)  # fmt: skip
MEANS = {"email": "email", "letter": "letter", "wechat": "wechat", "visit": "face_to_face"}
OPENS, CLOSES = timedelta(hours=8, minutes=30), timedelta(hours=18)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(slots=True)
class Known:
    """A complaint told before in this run: somebody may come again because of it."""

    id: int
    caller: Caller
    theme: Theme


class Lives:
    """Writes one script after another, from one random source."""

    def __init__(self, book: Book, random: Random, now: datetime) -> None:
        self._book, self._random, self._now = book, random, now
        self._desks = book.staff(Role.FRONT_DESK) or book.staff(Role.HANDLER)
        self._handlers = book.staff(Role.HANDLER) or self._desks
        self._by_unit = {
            code: [post for post in self._handlers if post[1] == unit.pk] for code, unit in book.units.items()
        }
        self._places = [unit.pk for unit in book.units.values() if unit.parent_id] or [
            unit.pk for unit in book.units.values()
        ]
        self._midnight = datetime.combine(book.day(now), time(), book.zone).astimezone(UTC)
        self.known: list[Known] = []

    def script(self, registered_at: datetime, *, ends: bool, rare: bool) -> tuple[Script, Theme]:
        """A complaint registered at this time; closed or withdrawn by now, or still in hand."""
        random = self._random
        chance = random.random()
        channel = next(name for name, below in CHANNELS if chance < below)
        desk, desk_unit = pick(random, self._desks)
        again = pick(random, self.known) if self.known and random.random() < 0.06 else None
        theme = again.theme if again else pick(random, THEMES)
        received_at = self._received(registered_at, channel)
        filled = grammar.slots(random, self._book.day(received_at))
        cause, product = self._book.causes.get(theme.cause), self._book.products.get(theme.product)
        script = Script(
            by=desk,
            registered_at=registered_at,
            received_at=received_at,
            channel=channel,
            unit=desk_unit if channel == "visit" else pick(random, self._places),
            summary=pick(random, theme.summaries).format_map(filled),
            caller=again.caller if again else grammar.caller(random, channel),
            severity="ordinary" if random.random() < 0.9 else pick(random, ("larger", "larger", "major")),
            late_entry_reason="周末及节假日收到，上班后补录" if registered_at - received_at > DAY else "",
            cause=cause.pk if cause else None,
            product=product,
            is_summary_confirmed=channel in {"phone", "visit"},
            narrative=grammar.narrative(random, theme, filled, rare=rare),
            demand=pick(random, theme.demands).format_map(filled),
            claimed_amount=Decimal(filled["amount"]) if random.random() < 0.45 else None,
            repeat_of=again.id if again and random.random() < 0.5 else None,
        )
        self._channel_fields(script)
        script.steps = list(self._steps(script, theme, filled, desk_unit, ends=ends))
        return script, theme

    def remember(self, number: int, script: Script, theme: Theme) -> None:
        """Somebody who left a phone may come again."""
        if script.caller.phone and not script.repeat_of:
            self.known.append(Known(number, script.caller, theme))
            if len(self.known) > 400:
                del self.known[:200]

    # Times

    def _received(self, registered_at: datetime, channel: str) -> datetime:
        random = self._random
        if channel in {"phone", "visit"}:
            return registered_at - MINUTE * (2 + int(random.random() * 20))
        if random.random() < 0.03:
            return registered_at - HOUR * (26 + int(random.random() * 36))
        return registered_at - MINUTE * (5 + int(random.random() * 700))

    def _worked(self, moment: datetime, earliest: datetime, latest: datetime) -> datetime:
        """The moment, moved into the day's opening hours where there is room for it between the two others."""
        since_midnight = (moment - self._midnight) % DAY
        if not OPENS <= since_midnight <= CLOSES:
            moment += OPENS + (CLOSES - OPENS) * self._random.random() - since_midnight
        if earliest < moment < latest:
            return moment
        return earliest + min(latest - earliest, 2 * HOUR) * (0.05 + 0.5 * self._random.random())

    def _steps(
        self, script: Script, theme: Theme, filled: dict[str, str], desk_unit: int, *, ends: bool
    ) -> Iterator[Step]:
        """The deeds in order, up to now."""
        random, now, start = self._random, self._now, script.registered_at
        age = now - start
        whole = DAY * random.lognormvariate(1.9, 0.7)
        part = random.random()
        whole = min(whole, age * (0.35 + 0.55 * part)) if ends else max(whole, age * (1.02 + 1.4 * part))
        resting = not ends and random.random() < 0.05  # nobody has answered yet
        limit = now if ends else start + whole + 3 * DAY
        at = start
        for share, step in self._plot(script, theme, filled, desk_unit):
            if step.verb is Verb.RESPOND:
                wanted = start + min(HOUR * random.lognormvariate(0.3, 1.3), whole * 0.5)
                if random.random() < 0.03 and age > 3 * DAY:
                    wanted = start + DAY + HOUR * (20 * random.random())
            else:
                wanted = start + whole * share
            at = self._worked(wanted, at, limit)
            if at > now or resting:
                return
            step.at = at
            yield step

    # Deeds

    def _plot(
        self, script: Script, theme: Theme, filled: dict[str, str], desk_unit: int
    ) -> Iterator[tuple[float, Step]]:
        """The deeds of a life with the part of its whole length at which each falls; their times come later."""
        random, start = self._random, script.registered_at
        desk, owner, owner_unit = script.by, script.by, desk_unit
        if random.random() > 0.04:
            yield 0, Step(Verb.RESPOND, desk, start, self._answer(script, filled))
        if random.random() < 0.03:
            reason = pick(random, grammar.WITHDRAWALS)
            yield 0.3, Step(Verb.WITHDRAW, desk, start, {"reason": reason})
            return
        if random.random() < 0.45:
            for part, step in self._handed(desk, self._handler(theme, desk_unit)):
                yield part, step
                if step.verb is Verb.ACCEPT:
                    owner = step.by
                elif step.verb is Verb.HAND_OVER:
                    owner_unit = step.given["unit"]
        yield from self._between(script, filled, owner, owner_unit)
        yield from self._ending(script, theme, filled, owner, owner_unit)

    def _between(
        self, script: Script, filled: dict[str, str], owner: int, owner_unit: int
    ) -> Iterator[tuple[float, Step]]:
        """What may happen while the facts are being found."""
        random, start = self._random, script.registered_at
        if random.random() < 0.22:
            yield 0.45, Step(Verb.NOTE, owner, start, {"body": pick(random, grammar.NOTES)})
        if random.random() < 0.04 and (bosses := self._book.supervisors(owner_unit)):
            yield 0.5, Step(Verb.REMIND, bosses[0], start, {"text": pick(random, grammar.REMINDERS)})
        if random.random() < 0.08 and script.caller.phone:
            yield 0.55, Step(Verb.REVEAL, owner, start, {"field": "phone", "reason": "回电核实"})
        if random.random() < 0.12:
            yield 0.58, Step(Verb.RESPOND, owner, start, self._answer(script, filled))

    def _ending(
        self, script: Script, theme: Theme, filled: dict[str, str], owner: int, unit: int
    ) -> Iterator[tuple[float, Step]]:
        random, start = self._random, script.registered_at
        yield 0.65, Step(Verb.INVESTIGATE, owner, start, self._finding(theme, filled))
        yield 0.9, Step(Verb.RESOLVE, owner, start, self._outcome(script, theme, filled))
        if random.random() < 0.02:
            yield 0.93, Step(Verb.CLOSE, owner, start)
            yield 0.95, Step(Verb.REOPEN, script.by, start, {"reason": pick(random, grammar.REOPENINGS)})
            yield 0.96, Step(Verb.INVESTIGATE, owner, start, self._finding(theme, filled))
            yield 0.98, Step(Verb.RESOLVE, owner, start, self._outcome(script, theme, filled))
        bosses = self._book.supervisors(unit) if random.random() < 0.3 else []
        yield 1.0, Step(Verb.CLOSE, bosses[0] if bosses else owner, start)

    def _handed(self, owner: int, to: tuple[int, int]) -> Iterator[tuple[float, Step]]:
        """An offer that is accepted, now and then only by the second who is asked."""
        random = self._random
        start = self._now
        if to[0] == owner:
            return
        yield 0.15, Step(Verb.HAND_OVER, owner, start, self._offer(to))
        other = pick(random, self._handlers)
        if random.random() < 0.06 and other[0] not in {owner, to[0]}:
            yield 0.2, Step(Verb.DECLINE, to[0], start, {"reason": pick(random, grammar.DECLINES)})
            yield 0.22, Step(Verb.HAND_OVER, owner, start, self._offer(other))
            to = other
        yield 0.28, Step(Verb.ACCEPT, to[0], start)

    def _offer(self, to: tuple[int, int]) -> dict[str, object]:
        return {"to": to[0], "unit": to[1], "reason": pick(self._random, grammar.REASONS)}

    def _handler(self, theme: Theme, desk_unit: int) -> tuple[int, int]:
        """Somebody in a department for this theme, of the desk's own branch before another's."""
        home = self._book.paths[desk_unit].split("/")[:3]
        posts: Sequence[tuple[int, int]] = [post for code in theme.departments for post in self._by_unit.get(code, ())]
        near = [post for post in posts if self._book.paths[post[1]].split("/")[:3] == home]
        return pick(self._random, near or posts or self._handlers)

    def _answer(self, script: Script, filled: dict[str, str]) -> dict[str, object]:
        body = pick(self._random, grammar.ANSWERS).format_map(filled)
        return {"means": self._means(script), "body": body}

    def _means(self, script: Script) -> str:
        caller = script.caller
        if not (caller.phone or caller.email or caller.address):
            return "no_contact"
        return (
            MEANS.get(script.channel, "phone") if self._random.random() < 0.5 else pick(self._random, ("phone", "sms"))
        )

    def _finding(self, theme: Theme, filled: dict[str, str]) -> dict[str, object]:
        random = self._random
        cause = self._book.causes.get(pick(random, theme.proper))
        return {
            "founded": pick(random, ("yes", "yes", "partly", "partly", "no")),
            "facts": pick(random, theme.facts).format_map(filled),
            "root_cause": cause.name if cause else "",
            "cause": cause.pk if cause else None,
            "plan": pick(random, grammar.PLANS),
        }

    def _outcome(self, script: Script, theme: Theme, filled: dict[str, str]) -> dict[str, object]:
        random = self._random
        kind = pick(random, ("explained", "explained", "corrected", "redressed", "settled", "not_accepted"))
        return {
            "kind": kind,
            "means": self._means(script),
            "body": pick(random, theme.replies).format_map(filled),
            "redress_amount": Decimal(filled["amount"]) if kind == "redressed" else None,
            "reception": pick(random, ("accepted", "accepted", "accepted", "silent", "not_accepted")),
        }

    def _channel_fields(self, script: Script) -> None:
        random = self._random
        if script.channel == "phone":
            script.recording_reference = f"REC-{script.registered_at:%m%d}-{int(random.random() * 10_000):04d}"
        elif script.channel == "visit":
            script.place = pick(random, ("网点接待室", "大堂", "柜台"))
        elif script.channel == "letter":
            script.postmarked_on = self._book.day(script.received_at) - timedelta(days=3)
            script.registered_mail_number = f"XA{int(random.random() * 1e9):09d}33"
        elif script.channel == "regulator":
            script.referred_by = "nfra"
            script.external_reference = f"12378-{script.received_at:%Y%m%d}-{int(random.random() * 1e4):04d}"
