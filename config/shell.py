"""What every page shows around its content: who is signed in, where they can go, how many wait, whether sweeps run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import OVERVIEW, READERS, STAFF, Role
from accounts.scope import Access, access_of
from complaints.models.reach import reach_sql

SILENT_AFTER = timedelta(minutes=3)
MOST = 100  # a badge says 99+ beyond this, so that its count costs the same at any size


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    icon: str
    key: str = ""
    count: int | None = None
    tone: str = ""
    current: bool = False
    is_roomy: bool = False  # a tab for wider screens than a phone's

    @property
    def shown(self) -> str:
        return "" if not self.count else "99+" if self.count >= MOST else str(self.count)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Whether a loop has finished a round within the last three minutes, and left nothing lying for as long."""

    at: datetime | None
    is_silent: bool
    is_behind: bool = False

    @property
    def ok(self) -> bool:
        return not self.is_silent and not self.is_behind


# Written out, because every page asks it and building it anew took longer than answering it. The order keeps PostgreSQL to the
# index of what is unrecorded: after thousands fell due it expects to meet one soon, and would read every clock to find none.
SWEEP = """
SELECT finished_at, EXISTS (
    SELECT FROM (
        SELECT FROM sla_clock clock JOIN complaints_complaint complaint ON complaint.id = clock.complaint_id
        WHERE clock.stopped_at IS NULL AND clock.breached_at IS NULL AND clock.due_at <= %(since)s
            AND complaint.registered_at < %(since)s
        ORDER BY clock.due_at LIMIT 1
    ) lying
) FROM sla_sweep WHERE name = 'sweep'
"""


def heartbeat(now: datetime) -> Heartbeat:
    """The sweep that enforces deadlines: that it hands clocks on, and that somebody records what it hands on. One query.

    A clock is left lying when it fell due three minutes ago, on a complaint known for as long, and no breach is recorded.
    """
    since = now - SILENT_AFTER
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, {"since": since})
        at, is_behind = cursor.fetchone() or (None, False)
    return Heartbeat(at, at is None or at < since, is_behind)


# Written out as well: the reach of `visible_to` in its own words. Whom a number does not concern, for them it is not counted.
BADGES = """
SELECT
    (SELECT count(*) FROM (
        SELECT FROM complaints_complaint
        WHERE %s AND {reach} AND owner_id = %s AND status NOT IN ('closed', 'withdrawn') LIMIT %s) mine),
    (SELECT count(*) FROM (
        SELECT FROM complaints_complaint WHERE %s AND {reach} AND due_at <= %s LIMIT %s) late),
    (SELECT count(*) FROM (
        SELECT FROM notifications_notification WHERE recipient_id = %s AND read_at IS NULL AND folded_into_id IS NULL LIMIT %s)
        unread)
"""


def badge_counts(access: Access, now: datetime) -> tuple[int, int, int]:
    """Own cases in hand, overdue cases in scope, unread notices, each up to `MOST`. One query."""
    works, looks_over = bool(access.roles & STAFF), bool(access.roles & OVERVIEW)
    reach, within = reach_sql(access, "complaints_complaint")
    params = [works, *within, access.user_id, MOST, looks_over, *within, now, MOST, access.user_id, MOST]
    with connection.cursor() as cursor:
        cursor.execute(BADGES.format(reach=reach), params)
        owned, overdue, unread = cursor.fetchone() or (0, 0, 0)
    return owned, overdue, unread


class Shell:
    """Computed only when a page reads it: a fragment costs none of these queries."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: User = request.user  # type: ignore[assignment]
        self.now = timezone.now()

    @property
    def theme(self) -> str:
        theme = self.request.COOKIES.get("theme", "")
        return theme if theme in {"light", "dark"} else "auto"

    @property
    def keys(self) -> str:
        """`off` where the reader wants no single-letter shortcuts."""
        return "off" if self.request.COOKIES.get("keys") == "off" else "on"

    @property
    def language(self) -> str:
        return get_language() or "zh-hans"

    @property
    def person(self) -> str:
        return str(self.user)

    @cached_property
    def access(self) -> Access:
        return access_of(self.user)

    @property
    def post(self) -> str:
        first = next(iter(self.access.posts), None)
        return f"{first.unit_name} · {first.role.label}" if first else _("no role today")

    @property
    def may_register(self) -> bool:
        return bool(self.access.roles & STAFF)

    @property
    def reads(self) -> bool:
        """Whether there are complaints for this person to find."""
        return bool(self.access.roles & READERS)

    @property
    def administers(self) -> bool:
        return self.user.is_staff and Role.ADMINISTRATOR in self.access.roles

    @cached_property
    def sweep(self) -> Heartbeat:
        return heartbeat(self.now)

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """Own cases in hand, overdue cases in scope, unread notices: one query, each counted up to its badge's end."""
        return badge_counts(self.access, self.now)

    @property
    def unread(self) -> int:
        return self.counts[2]

    @cached_property
    def nav(self) -> tuple[NavItem, ...]:
        """The main navigation of wide screens: what this person's roles open."""
        roles = self.access.roles
        owned, overdue, _unread = self.counts
        items = []
        if roles & STAFF:
            items.append(self._item("complaints:work", _("My work"), "briefcase", "g w", owned))
        if roles & READERS:
            items.append(self._item("complaints:queue", _("Complaints"), "list-details"))
        if roles & OVERVIEW:
            items.append(self._item("complaints:overdue", _("Overdue queue"), "alarm", "", overdue, "red"))
            items.append(self._item("reports:dashboard", _("Dashboard"), "chart-bar"))
            items.append(self._item("reports:register", _("Register book"), "book"))
        return tuple(items)

    @cached_property
    def tabs(self) -> tuple[NavItem, ...]:
        """The tabs of a phone, four at the most beside the reader's own; where there is room, all of the navigation."""
        roles = self.access.roles
        items = []
        if roles & STAFF:
            items.append(self._item("complaints:work", _("My work"), "briefcase"))
        if roles & READERS:
            items.append(self._item("complaints:queue", _("Complaints"), "list-details"))
        if roles & OVERVIEW:
            items.append(self._item("complaints:overdue", _("Overdue queue"), "alarm", "", self.counts[1], "red"))
            items.append(replace(self._item("reports:dashboard", _("Dashboard"), "chart-bar"), is_roomy=True))
            items.append(replace(self._item("reports:register", _("Register book"), "book"), is_roomy=True))
        if roles & STAFF:
            register = self._item("complaints:register", pgettext("tab", "Register"), "square-rounded-plus")
            items.append(replace(register, is_roomy=bool(roles & OVERVIEW)))
        items.append(self._item("notifications:inbox", _("Notifications"), "bell", "", self.unread))
        return tuple(items)

    @cached_property
    def places(self) -> tuple[NavItem, ...]:
        """Everywhere a phone can go, for the reader's menu, which is kept: nothing here changes from page to page."""
        items = [replace(item, key="", count=None, tone="", current=False) for item in self.nav]
        if self.may_register:
            items.append(NavItem(reverse("complaints:register"), _("Register complaint"), "square-rounded-plus"))
        return tuple(items)

    def _item(
        self, name: str, label: str, icon: str, key: str = "", count: int | None = None, tone: str = ""
    ) -> NavItem:
        match = self.request.resolver_match
        return NavItem(
            reverse(name), label, icon, key, count, tone if count else "", bool(match and match.view_name == name)
        )


def shell(request: HttpRequest) -> Mapping[str, Any]:
    """The context processor: one object, `shell`, for every template."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
