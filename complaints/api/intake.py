"""Registering through the API."""

import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import Invalid
from accounts.models import ApiToken, User
from accounts.personal_data import blind_indexes
from accounts.scope import access_of
from complaints import intake
from complaints.api.reading import Listing
from complaints.api.view import refusals
from complaints.intake import Intake
from complaints.models import Complaint
from complaints.names import Codes
from complaints.serializers.fields import read
from complaints.serializers.intake import RegisterInput, intake_of
from complaints.serializers.reading import FullComplaintAnswer, complaint_body

MOST_KEY = 255
EXAMPLE = OpenApiExample(
    "A complaint by phone",
    request_only=True,
    value={
        "channel": "phone",
        "received_at": "2026-11-20T16:40:00+08:00",
        "complainant": {"kind": "person", "name": "王小明", "phone": "13812341111"},
        "unit": "E1",
        "category": "card-fraud",
        "summary": "信用卡被盗刷两笔",
        "narrative": "",
        "demand": "退还两笔款项",
        "claimed_amount": "1200.00",
    },
)


class Complaints(Listing):
    """`GET` lists, `POST` registers."""

    token_scope = {"POST": ApiToken.Scope.INTAKE}

    @extend_schema(
        operation_id="complaints_register",
        summary="Register a complaint",
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="The same key and body answer with the same complaint, for as long as it lives.",
            )
        ],
        request=RegisterInput,
        examples=[EXAMPLE],
        responses={201: OpenApiResponse(FullComplaintAnswer, "Registered."), **refusals(400, 401, 403, 409)},
    )
    def post(self, request: Request) -> Response:
        key = _key(request)
        actor = self.reader(request)
        digests = _digests(request.data) if key else []
        # before the body is read: what it names may have been closed since
        if (case := intake.registered_before(actor, key, digests)) is None:
            wanted = intake_of(read(RegisterInput, request.data))
            case = intake.register(wanted, actor=actor, key=key, digests=digests)
        codes = _in_hand(case, wanted, actor) if "started" in case.__dict__ else Codes.of([case])
        answer = Response(complaint_body(case, actor, timezone.now(), codes), status=201)
        answer.headers["Location"] = request.build_absolute_uri(f"{request.path}{case.reference}/")
        return answer


def _key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key.isascii() or not key.isprintable() or not 0 < len(key.strip()) <= MOST_KEY:
        errors = {"Idempotency-Key": [_("A key is 1 to %(most)s printable ASCII characters.") % {"most": MOST_KEY}]}
        raise Invalid(_("Please check the marked fields."), errors)
    return key.strip()


def _in_hand(case: Complaint, wanted: Intake, actor: User) -> Codes:
    """What a complaint just registered names: its actor, the unit complained about, the actor's own unit, its cause."""
    units = {post.unit_id: post.unit_path.rstrip("/").rpartition("/")[2] for post in access_of(actor).posts}
    causes = {wanted.cause.pk: wanted.cause.code} if wanted.cause else {}
    return Codes({actor.pk: actor.username}, units | {wanted.unit.pk: wanted.unit.code}, causes)


def _digests(body: Any) -> list[str]:
    """The body's fingerprints, one a field key: a plain hash of a phone number would give the number away."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return blind_indexes("intake body", canonical)
