"""How complaints are read: every list, count, search, export and page begins here, with `visible_to` (rule 5)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Left

from accounts.models import User
from accounts.roles import STAFF
from accounts.scope import access_of
from complaints.models.complainant import Complainant
from complaints.models.reach import WithinReach
from complaints.pieces import query_pieces
from complaints.states import ENDED, IN_HAND, Stage
from sla.models import Clock

if TYPE_CHECKING:
    from complaints.models.complaint import Complaint

IS_OPEN = ~Q(status__in=ENDED)  # in the words of the partial indexes, so that they need no second look at the row
SOON = timedelta(hours=24)
SILENCE = timedelta(days=3)  # the customer has heard nothing for so long
HEAVY = ("pieces", "narrative")  # columns that no list reads
OPENING = 600  # characters of a narrative that its page shows before it is asked for the rest
SAME_PERSON = 200  # earlier complaints of one person that are looked through


ROW = (
    "reference", "summary", "version", "status", "severity", "channel", "received_at", "resolved_at", "closed_at",
    "contacted_at", "owned_since", "due_at", "due_target", "owner_id", "owner_unit_id", "first_responder_id",
    "registered_unit_id", "offered_to_id", "unit_id", "cause_id", "repeat_of_id",
)  # fmt: skip


def clocks_told() -> "Prefetch[str]":
    """Their clocks with the policies behind them, in one query."""
    return Prefetch("clocks", Clock.objects.select_related("term__policy"))


# Asked first, because among all owners nearly always nobody has left: then no open case is looked at.
LEFT = """
SELECT person.id FROM accounts_user person
WHERE NOT (person.is_active AND EXISTS (
    SELECT FROM accounts_membership post WHERE post.user_id = person.id AND post.role = ANY(%(roles)s)
        AND post.from_on <= %(today)s AND (post.until_on IS NULL OR post.until_on >= %(today)s)
)) AND EXISTS (
    SELECT FROM complaints_complaint WHERE owner_id = person.id AND status NOT IN ('closed', 'withdrawn')
)
"""


class OutsideTheDoor(RuntimeError):
    """A complaint was about to change without a verb: no lock, no check, no record. Call the verb instead."""


class PieceQuery(SearchQuery):
    """All of these pieces. Cast, not parsed: PostgreSQL's own parser has no say in what a Chinese word is."""

    def __init__(self, wanted: Iterable[str]) -> None:
        super().__init__(" & ".join(f"'{piece}'" for piece in wanted), search_type="raw")

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, function: str | None = None, template: str | None = None
    ) -> Any:
        return super().as_sql(compiler, connection, function, template or "(%(expressions)s)::tsquery")


class PieceVector(models.Func):
    """The pieces of a text as the search column stores them."""

    function = "array_to_tsvector"

    def __init__(self, found: list[str]) -> None:
        super().__init__(
            models.Value(found, output_field=ArrayField(models.TextField())), output_field=SearchVectorField()
        )


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def update(self, **values: Any) -> int:
        raise OutsideTheDoor("Complaints change through a verb, one at a time; update() would leave no history.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise OutsideTheDoor("Complaints are never deleted.")

    def visible_to(self, user: User, *, counting: bool = False) -> Self:
        """The one scope rule of lists, search, counts, exports, pages and API (rule 5).

        Own cases (owner, first responder, offered); cases worked or registered in a unit where the person is front desk
        or handler; cases worked, registered or complained about at or below a unit they supervise, audit, or keep
        compliance for. Never a complaint about the person (T/SAC 001-2024: 回避).

        `counting` asks for the same complaints in another way: own cases by their ids, so that the indexes which hold the
        units answer alone and no row is read.
        """
        return self.filter(WithinReach(access_of(user), counting=counting))

    def extensions_to_decide(self, person: User) -> Self:
        """Cases with an extension that waits for somebody's decision, other than those of whoever asked."""
        asked = self.filter(extension=Stage.ASKED, extensions__answer="").exclude(owner=person)
        return asked.exclude(extensions__answer="", extensions__asked_by=person)

    def open(self) -> Self:
        return self.filter(IS_OPEN)

    def overdue(self, now: datetime) -> Self:
        """A running clock is past its deadline at `now`: from the stored date, with every worker dead."""
        return self.filter(due_at__lte=now)

    def due_within(self, now: datetime, span: timedelta = SOON) -> Self:
        return self.filter(due_at__gt=now, due_at__lte=now + span)

    def offered(self) -> Self:
        """Handovers that wait for an answer."""
        return self.filter(offered_to__isnull=False)

    def quiet(self, now: datetime) -> Self:
        """In hand, and the customer has heard nothing for three days."""
        since = now - SILENCE
        unheard = Q(contacted_at__lt=since) | Q(contacted_at__isnull=True, received_at__lt=since)
        return self.filter(unheard, status__in=IN_HAND)

    def orphaned(self, today: date) -> Self:
        """Open cases whose owner has left: on `today` they handle complaints nowhere, or are no longer active."""
        with connection.cursor() as cursor:
            cursor.execute(LEFT, {"roles": [role.value for role in STAFF], "today": today})
            left = [key for (key,) in cursor.fetchall()]
        return self.open().filter(owner__in=left) if left else self.none()

    def next_due(self, now: datetime) -> tuple[datetime, bool] | None:
        """The deadline that comes next, and whether it is provisional; None where none comes. One query."""
        strictest = Clock.objects.running().filter(
            complaint=OuterRef("pk"), due_at=OuterRef("due_at"), provisional=True
        )
        coming = self.filter(due_at__gt=now).order_by("due_at")
        return coming.values_list("due_at", Exists(strictest.order_by())).first()

    def strictest_first(self) -> Self:
        """The clock that falls due first leads; cases without a running clock follow, newest first."""
        return self.order_by(F("due_at").asc(nulls_last=True), "-id")

    def search(self, words: str) -> Self:
        """Complaints whose text holds every two-character piece of `words`; all of them for an empty search."""
        wanted = query_pieces(words)
        if not wanted:
            return self.none() if words.strip() else self
        return self.filter(pieces=PieceQuery(wanted))

    def of_same_person(self, *, phone: str = "", id_number: str = "", name: str = "") -> Self:
        same = Complainant.objects.same_as(phone=phone, id_number=id_number, name=name)
        return self.filter(complainant__in=same)

    def for_list(self) -> Self:
        """Rows with what a list shows, in one query: no text column that is not shown."""
        return self.select_related(
            "owner", "owner_unit", "first_responder", "registered_unit", "unit", "offered_to", "cause"
        ).defer(*HEAVY, "demand", *(f"{name}__password" for name in ("owner", "first_responder", "offered_to")))

    def for_rows(self) -> Self:
        """The columns of a list's row and no join: `rows_of` looks the names up, once for the whole page."""
        return self.only(*ROW)

    def for_answer(self) -> Self:
        """Rows with what the API answers: the complainant, and the clocks with their policies. Three queries.

        People, units and causes are looked up beside it (`names.Codes`): to plan nine joins costs more than to run them.
        """
        return self.select_related("complainant").defer(*HEAVY, "demand").prefetch_related(clocks_told())

    def for_page(self) -> Self:
        """One complaint for its page; of the narrative only the opening.

        People and units are not joined: PostgreSQL takes longer to plan ten joins than to run the page's other queries.
        """
        return (
            self.select_related("complainant", "cause", "product")
            .annotate(opening=Left("narrative", OPENING + 1))
            .defer(*HEAVY)
        )

    def linked_with(self, case: "Complaint") -> Self:
        """Other complaints of the same person (by phone or document number), and those it repeats or that repeat it."""
        person = case.complainant
        same = Complainant.objects.same_as(phone=person.phone, id_number=person.id_number)
        linked = Q(repeat_of=case.pk) | Q(pk=case.repeat_of_id or 0)
        # Ids, not a subquery: each branch of the OR then has an index of its own. Cut after the scope, newest first.
        theirs = self.filter(complainant__in=same).order_by("-received_at").values_list("pk", flat=True)
        linked |= Q(pk__in=list(theirs[:SAME_PERSON]))
        return self.filter(linked).exclude(pk=case.pk)

    def for_link(self) -> Self:
        """What a link to another complaint shows, the newest first."""
        return self.only("reference", "status", "summary", "received_at", "repeat_of", "channel").order_by(
            "-received_at"
        )
