"""Deadline policies through the API: what is in force today."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.view import ComplaintView, refusals
from complaints.policy_faces import ruling
from complaints.serializers.policies import PolicyAnswer
from sla.models import Policy


class Policies(ComplaintView):
    @extend_schema(
        operation_id="policies_list",
        summary="List the deadline policies in force today",
        responses={
            200: inline_serializer("PolicyList", {"results": PolicyAnswer(many=True)}),
            **refusals(401, 403),
        },
    )
    def get(self, request: Request) -> Response:
        found = list(Policy.objects.filter(decision=Policy.Decision.APPROVED).prefetch_related("terms"))
        counting = ruling(found, timezone.localdate())
        shape = PolicyAnswer()
        return Response({"results": [shape.to_representation(policy) for policy in found if policy.pk in counting]})
