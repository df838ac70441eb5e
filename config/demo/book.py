"""What a script needs to know and a database would have to be asked for: posts, supervisors, promises. Read once."""

from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from accounts.models import Membership, Unit, User
from accounts.roles import STAFF, Role
from complaints.circle import Circle
from complaints.models import Cause, Product
from config.demo.script import Script
from sla.calendar import due
from sla.clocks import NoPolicy, Promise
from sla.matching import Matter, matches
from sla.models import NATIONAL, Calendar, CalendarVersion, Policy, Term, calendars_for
from sla.targets import ALWAYS, Reopening, Start, Target

ANY = Matter()


class Book:
    """The institution as it is today, by name and by id."""

    def __init__(self) -> None:
        self.zone = timezone.get_default_timezone()
        self.units = {unit.code: unit for unit in Unit.objects.filter(is_active=True)}
        self.paths = {unit.pk: unit.path for unit in self.units.values()}
        self.people = {user.username: user.pk for user in User.objects.filter(is_active=True)}
        self.system = User.objects.system().pk
        self.causes = {cause.code: cause for cause in Cause.objects.filter(is_active=True)}
        self.products = dict(Product.objects.filter(is_active=True).values_list("code", "id"))
        self.posts: list[tuple[int, Role, int]] = [
            (user, Role(role), unit)
            for user, role, unit in Membership.objects.in_force().values_list("user_id", "role", "unit_id")
            if unit in self.paths
        ]
        self._staffed: dict[int, list[int]] = {}
        for user, role, unit in self.posts:
            if role in STAFF:
                self._staffed.setdefault(user, []).append(unit)
        self._policies = list(Policy.objects.filter(decision=Policy.Decision.APPROVED).order_by("code", "-number"))
        self._terms: dict[int, list[Term]] = {}
        for term in Term.objects.select_related("policy"):
            self._terms.setdefault(term.policy_id, []).append(term)
        self._default = Calendar.objects.values_list("id", flat=True).get(code=NATIONAL)
        self._calendars = calendars_for(self.paths)
        self._ruling: dict[date, list[Term]] = {}
        self._product_codes = {key: code for code, key in self.products.items()}
        self._cause_of = Cause.objects.in_bulk()
        latest = CalendarVersion.objects.order_by("calendar_id", "-number").distinct("calendar_id")
        self._versions = {version.calendar_id: version for version in latest}

    def post_of(self, person: int, *near: int) -> int:
        """The unit in which a person acts when none is named, one of `near` before others (`complaints.scope.post_for`)."""
        held = self._staffed[person]
        return next((unit for unit in held if unit in near), held[0])

    def staff(self, role: Role) -> list[tuple[int, int]]:
        """Who holds a role, as (person, unit)."""
        return [(user, unit) for user, held, unit in self.posts if held is role]

    @cached_property
    def circle(self) -> Circle:
        """Everybody around every case; nobody is away, and nobody has left (`complaints.circle.Circle.around`)."""
        roles = (Role.SUPERVISOR, Role.COMPLIANCE)
        over = {role: {unit: self._looking_over(role, unit) for unit in self.paths} for role in roles}
        return Circle(over, {}, frozenset(self._staffed))

    def supervisors(self, unit: int) -> list[int]:
        """The supervisors of the nearest unit upwards that has one."""
        over = self.circle.over[Role.SUPERVISOR][unit]
        return [user for place, user in over if place == over[0][0]]

    def _looking_over(self, role: Role, unit: int) -> list[tuple[int, int]]:
        """Who holds a role in a unit or above it, as (unit, person), the nearest first."""
        over = [(place, user) for user, place in self.staff(role) if self.paths[unit].startswith(self.paths[place])]
        over.sort(key=lambda post: post[1])
        over.sort(key=lambda post: self.paths[post[0]], reverse=True)
        return over

    def promises(self, started_at: datetime, matter: Matter = ANY) -> list[Promise]:
        """What `sla.clocks.promises` answers, without a query."""
        found: dict[str, Promise] = {}
        for term in self._in_force(self.day(started_at)):
            if term.starts == Start.RECEIVED and matches(term.policy, matter):
                version = self._versions[term.calendar_id or self._calendars.get(matter.received_in, self._default)]
                promise = Promise(term, version, started_at, *due(started_at, term.allowance, version.value()))
                other = found.get(term.target)
                if other is None or (promise.due_at, term.pk) < (other.due_at, other.term.pk):
                    found[term.target] = promise
        if any(target not in found for target in ALWAYS):
            raise NoPolicy(f"No deadline policy is in force on {self.day(started_at)} for every clock.")
        return sorted(found.values(), key=lambda promise: (promise.due_at, promise.term.pk))

    def again(self, started_at: datetime, matter: Matter) -> list[Promise]:
        """What `sla.reopening.again` answers, without a query."""
        return [one for one in self.promises(started_at, matter) if one.term.reopening == Reopening.RESTARTS]

    def resolution(self, started_at: datetime) -> Promise:
        """The promise that every complaint has of its resolution."""
        return next(one for one in self.promises(started_at) if one.term.target == Target.RESOLUTION)

    def matter(self, script: Script, received_in: int) -> Matter:
        """What policies look at in a scripted complaint (`complaints.matters.matter_of`)."""
        return Matter(
            channel=script.channel,
            severity=script.severity,
            unit_path=self.paths[script.unit],
            product=self._product_codes.get(script.product or 0, ""),
            referred_by=script.referred_by,
            alleges_violation=script.alleges_violation,
            received_in=received_in,
            causes=lambda: self._cause_codes(script.cause),
        )

    def _cause_codes(self, key: int | None) -> list[str]:
        codes = []
        while key is not None:
            cause = self._cause_of[key]
            codes.append(cause.code)
            key = cause.parent_id
        return codes

    def _in_force(self, day: date) -> list[Term]:
        if day not in self._ruling:
            newest: dict[str, Policy] = {}
            for policy in self._policies:
                if policy.from_on <= day and (policy.until_on is None or day <= policy.until_on):
                    newest.setdefault(policy.code, policy)
            self._ruling[day] = [term for policy in newest.values() for term in self._terms.get(policy.pk, ())]
        return self._ruling[day]

    def day(self, moment: datetime) -> date:
        """The date of a moment in the institution's zone."""
        return moment.astimezone(self.zone).date()
