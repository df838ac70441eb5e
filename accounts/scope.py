"""What one person may see today: the single place where roles and units become a reach."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import SYSTEM_USERNAME, Unit, User
from accounts.roles import REACH_BELOW, Role


@dataclass(frozen=True, slots=True)
class Post:
    """One membership in force, as scope and pages need it."""

    role: Role
    unit_id: int
    unit_name: str
    unit_path: str


@dataclass(frozen=True, slots=True)
class Access:
    """The reach of one person.

    `units` maps each role held to the ids of the units it reaches; `whole` holds the roles that reach the
    whole institution, so that a query needs no list of ids for them.
    """

    user_id: int
    posts: tuple[Post, ...]
    units: Mapping[Role, frozenset[int]]
    whole: frozenset[Role]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self.units) | self.whole

    def reaches(self, role: Role, *unit_ids: int | None) -> bool:
        """Whether `role` is held over at least one of the units."""
        return role in self.whole or not self.units.get(role, frozenset()).isdisjoint(unit_ids)

    def units_of(self, roles: frozenset[Role]) -> frozenset[int]:
        return frozenset().union(*(self.units[role] for role in roles if role in self.units))


def access_of(user: User) -> Access:
    """The reach of `user`, read once for each loaded user object: a request sees one answer.

    Two queries at most, whatever the size of the tree. An inactive or unknown person reaches nothing.
    """
    known: Access | None = getattr(user, "_access", None)
    if known is None:
        known = user._access = _read(user)  # type: ignore[attr-defined]
    return known


def _read(user: User) -> Access:
    if user.username == SYSTEM_USERNAME:
        return Access(user.pk, (), {}, frozenset({Role.SYSTEM}))
    posts = _posts(user)
    whole = frozenset(post.role for post in posts if post.role in REACH_BELOW and post.unit_path.count("/") == 2)
    units: dict[Role, set[int]] = {}
    branches = [post for post in posts if post.role in REACH_BELOW and post.role not in whole]
    for post in posts:
        units.setdefault(post.role, set()).add(post.unit_id)
    if branches:
        below = Q()
        for post in branches:
            below |= Q(path__startswith=post.unit_path)
        for unit_id, path in Unit.objects.filter(below).order_by().values_list("id", "path"):
            for post in branches:
                if path.startswith(post.unit_path):
                    units[post.role].add(unit_id)
    return Access(user.pk, posts, {role: frozenset(ids) for role, ids in units.items()}, whole)


# `Membership.objects.in_force()` of one person, written out: every request asks it, and building it costs five times as
# much as running it.
POSTS = """
SELECT m.role, m.unit_id, u.name, u.path FROM accounts_membership m JOIN accounts_unit u ON u.id = m.unit_id
WHERE m.user_id = %(user)s AND m.from_on <= %(today)s AND (m.until_on IS NULL OR m.until_on >= %(today)s)
ORDER BY m.from_on, m.id
"""


def _posts(user: User) -> tuple[Post, ...]:
    if not user.is_active:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(POSTS, {"user": user.pk, "today": timezone.localdate()})
        return tuple(Post(Role(role), unit_id, name, path) for role, unit_id, name, path in cursor.fetchall())
