"""What a script needs to know and a database would have to be asked for: posts, supervisors, promises. Read once."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Membership, Unit, User
from accounts.roles import STAFF, Role
from complaints.models import Cause, Product
from sla.calendar import due
from sla.clocks import NoPolicy, Promise
from sla.models import CalendarVersion, Policy
from sla.targets import Target


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
        self._supervisors: dict[int, list[tuple[int, int]]] = {}
        self._policies = list(Policy.objects.select_related("calendar"))
        latest = CalendarVersion.objects.order_by("calendar_id", "-number").distinct("calendar_id")
        self._versions = {version.calendar_id: version for version in latest}

    def post_of(self, person: int, *near: int) -> int:
        """The unit in which a person acts when none is named, one of `near` before others (`complaints.scope.post_for`)."""
        held = self._staffed[person]
        return next((unit for unit in held if unit in near), held[0])

    def staff(self, role: Role) -> list[tuple[int, int]]:
        """Who holds a role, as (person, unit)."""
        return [(user, unit) for user, held, unit in self.posts if held is role]

    def supervisors(self, unit: int, but: int | None) -> tuple[int, list[int]]:
        """The nearest unit upwards that has a supervisor, and its supervisors (`complaints.ownership.escalate`)."""
        if unit not in self._supervisors:
            over = [
                (self.paths[place], place, user)
                for user, place in self.staff(Role.SUPERVISOR)
                if self.paths[unit].startswith(self.paths[place])
            ]
            over.sort(key=lambda found: found[2])
            over.sort(key=lambda found: found[0], reverse=True)
            self._supervisors[unit] = [(place, user) for _path, place, user in over]
        nearest = [(place, user) for place, user in self._supervisors[unit] if user != but]
        first = nearest[0][0] if nearest else unit
        return first, [user for place, user in nearest if place == first]

    def promises(self, started_at: datetime, targets: Collection[str] = tuple(Target)) -> list[Promise]:
        """What `sla.clocks.promises` answers, without a query."""
        day = self.day(started_at)
        found = []
        for policy in self._policies:
            if policy.target in targets and policy.from_on <= day and (not policy.until_on or day <= policy.until_on):
                version = self._versions[policy.calendar_id]
                due_at, due_on, provisional = due(started_at, policy.allowance, version.value())
                found.append(Promise(policy, version, started_at, due_at, due_on, provisional))
        if len(found) < len(targets):
            raise NoPolicy(f"No deadline policy is in force on {day} for every clock.")
        return sorted(found, key=lambda promise: promise.due_at)

    def day(self, moment: datetime) -> date:
        """The date of a moment in the institution's zone."""
        return moment.astimezone(self.zone).date()
