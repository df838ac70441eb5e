"""What every address of the API has in common: the answer is JSON, whatever was asked for; a case is found in scope."""

from collections.abc import Iterable
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from complaints.models import Complaint
from complaints.serializers.reading import ProblemAnswer

REFUSALS = {
    400: OpenApiResponse(ProblemAnswer, "The input does not hold; `errors` by field."),
    401: OpenApiResponse(ProblemAnswer, "No token, or one that is unknown, expired or revoked."),
    403: OpenApiResponse(ProblemAnswer, "In scope, but not this person's or this token's deed."),
    404: OpenApiResponse(ProblemAnswer, "Unknown, or out of scope."),
    409: OpenApiResponse(ProblemAnswer, "Wrong status, changed since it was read, or a key used for other content."),
    429: OpenApiResponse(ProblemAnswer, "Too many calls with this token; `Retry-After` says how many seconds to wait."),
}


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """What an address may answer but success; too many calls it may always."""
    return {status: REFUSALS[status] for status in (*statuses, 429)}


class JSONOnly(DefaultContentNegotiation):
    """There is one form of answer, so `Accept` cannot ask for another."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


class ComplaintView(APIView):
    """The base of the API's views. `token_scope` names the scope a token needs, by method; `read` where it is silent."""

    content_negotiation_class = JSONOnly
    token_scope: dict[str, str] = {}

    def reader(self, request: Request) -> User:
        assert isinstance(request.user, User)  # HasAccess has seen to it
        return request.user

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Answers name people: no cache keeps them."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def find(self, request: Request, reference: str) -> Complaint:
        """The complaint with what an answer shows. Out of scope is 404 (rule 5)."""
        seen: Any = Complaint.objects.visible_to(self.reader(request)).for_answer()
        case: Complaint = get_object_or_404(seen.defer(None).defer("pieces"), reference=reference)
        return case


@extend_schema(exclude=True)
class Nowhere(ComplaintView):
    """Any other address below the API: a machine gets its 404 as a problem, and a missing slash is no redirect."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound
