"""Reading through the API: the list, one complaint, and its history."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import Invalid
from accounts.models import Unit, User
from complaints.api.view import ComplaintView, refusals
from complaints.models import Complaint
from complaints.names import Codes
from complaints.paging import following
from complaints.sentences import people_in
from complaints.serializers.query import EventsQuery, ListQuery
from complaints.serializers.reading import (
    ComplaintAnswer,
    EventAnswer,
    FullComplaintAnswer,
    complaint_body,
    complaint_row,
)


def page_of(name: str, row: type[serializers.BaseSerializer[Any]]) -> serializers.Serializer[Any]:
    """The shape of a list's answer."""
    fields = {"results": row(many=True), "next": serializers.URLField(allow_null=True)}
    return inline_serializer(name, fields)


class Listing(ComplaintView):
    @extend_schema(
        operation_id="complaints_list",
        summary="List complaints, the latest received first",
        parameters=[ListQuery],
        responses={200: page_of("ComplaintPage", ComplaintAnswer), **refusals(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        wanted = ListQuery.read(request)
        now = timezone.now()
        reader = self.reader(request)
        found = _filtered(Complaint.objects.visible_to(reader).for_answer(), wanted, now)
        rows, after = _page(found, wanted.get("cursor", ""), wanted["limit"])
        codes = Codes.of(rows)
        return Response(
            {
                "results": [complaint_row(case, reader, now, codes) for case in rows],
                "next": _with(request, "cursor", after or None),
            }
        )


class Reading(ComplaintView):
    @extend_schema(
        operation_id="complaints_read",
        summary="Read one complaint",
        responses={200: FullComplaintAnswer, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.find(request, reference)
        return Response(complaint_body(case, self.reader(request), timezone.now(), Codes.of([case])))


class History(ComplaintView):
    @extend_schema(
        operation_id="complaints_history",
        summary="Read the case history, the oldest event first",
        parameters=[EventsQuery],
        responses={200: page_of("EventPage", EventAnswer), **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request, reference: str) -> Response:
        wanted = EventsQuery.read(request)
        case = self.find(request, reference)
        most = wanted["limit"]
        events = list(case.events.filter(seq__gt=wanted["after"]).select_related("actor").order_by("seq")[: most + 1])
        people = {person.pk: str(person) for person in User.objects.filter(pk__in=people_in(events))}
        shape = EventAnswer()
        after = str(events[most - 1].seq) if len(events) > most else None
        return Response(
            {
                "results": [shape.to_representation(event, people) for event in events[:most]],
                "next": _with(request, "after", after),
            }
        )


def _filtered(found: Any, wanted: dict[str, Any], now: datetime) -> Any:
    simple = {
        "status": "status__in",
        "channel": "channel__in",
        "owner": "owner",
        "first_responder": "first_responder",
        "received_after": "received_at__gte",
        "received_before": "received_at__lt",
    }
    found = found.filter(**{lookup: wanted[name] for name, lookup in simple.items() if wanted.get(name)})
    if unit := wanted.get("unit"):
        found = found.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk"))
    if wanted.get("overdue") is not None:
        found = found.overdue(now) if wanted["overdue"] else found.filter(Q(due_at=None) | Q(due_at__gt=now))
    if words := wanted.get("q", ""):
        found = found.search(words)
    return found


def _page(found: QuerySet[Complaint], cursor: str, size: int) -> tuple[list[Complaint], str]:
    """The rows after a cursor, the latest received first, and the next cursor. `Invalid` for one that we did not make."""
    try:
        return following(found, "received_at", cursor, size)
    except ValueError:
        raise Invalid(
            _("Please check the marked fields."), {"cursor": [_("Use the address in “next” as it is.")]}
        ) from None


def _with(request: Request, name: str, value: str | None) -> str | None:
    """This address with one parameter replaced."""
    if value is None:
        return None
    given = request.query_params.copy()
    given[name] = value
    return request.build_absolute_uri(f"{request.path}?{given.urlencode()}")
