"""What may stand behind the question mark. An unknown or misspelt parameter is refused: a filter is never dropped unsaid."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import Unit, User
from complaints.models import Complaint
from complaints.serializers.fields import Coded, Moment, read
from complaints.states import Status

MOST = 200  # rows of a page
USUAL = 50


class Query(serializers.Serializer[Any]):
    """The parameters of an address."""

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """The validated parameters. Raises ValidationError by parameter."""
        if unknown := sorted(set(request.query_params) - set(cls._declared_fields)):
            raise serializers.ValidationError({name: [_("This parameter is not known here.")] for name in unknown})
        return read(cls, request.query_params)


class PageSize(serializers.IntegerField):
    """Rows of a page: 200 at most, whatever is asked for."""

    def __init__(self) -> None:
        super().__init__(min_value=1, required=False, default=USUAL, help_text=f"At most {MOST}.")

    def to_internal_value(self, data: Any) -> int:
        return min(super().to_internal_value(data), MOST)


class ListQuery(Query):
    status = serializers.MultipleChoiceField(choices=Status.choices, required=False)
    channel = serializers.MultipleChoiceField(choices=Complaint.Channel.choices, required=False)
    unit = Coded(
        "code",
        queryset=Unit.objects.all(),
        required=False,
        help_text="Code of the unit complained about; the units below it count, too.",
    )
    owner = Coded("username", queryset=User.objects.all(), required=False, help_text="User name.")
    first_responder = Coded("username", queryset=User.objects.all(), required=False, help_text="User name.")
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    received_after = Moment(required=False, help_text="Received at this moment or later.")
    received_before = Moment(required=False, help_text="Received before this moment.")
    q = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Any two characters of reference, summary or story."
    )
    cursor = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Out of `next`.")
    limit = PageSize()


class EventsQuery(Query):
    after = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, default=0, help_text="The `seq` of the last event seen."
    )
    limit = PageSize()
