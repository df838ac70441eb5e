"""Deeds through the API: one address a verb, each the verb's own body and nothing else."""

from inspect import getdoc
from typing import Any, ClassVar

from django.db.models import prefetch_related_objects
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken, User
from complaints import aftercare, agreements, correspondence, evidence, extending, lifecycle, ownership, pausing
from complaints.api.view import ComplaintView, refusals
from complaints.models import Complaint
from complaints.models.reading import clocks_told
from complaints.names import Codes
from complaints.scope import refusal
from complaints.serializers import deeds as bodies
from complaints.serializers.fields import read
from complaints.serializers.reading import FullComplaintAnswer, RevealAnswer, complaint_body
from complaints.states import Verb

VERBS = (correspondence, evidence, extending, lifecycle, ownership, agreements, aftercare, pausing)


class Deed(ComplaintView):
    """`POST`: out of scope 404, not this person's 403, wrong status 409, then the body, then the verb."""

    token_scope = {"POST": ApiToken.Scope.ACT}
    verb: ClassVar[Verb]
    body: ClassVar[type[serializers.Serializer[Any]]] = bodies.VersionInput
    answers: ClassVar[type[serializers.Serializer[Any]]] = FullComplaintAnswer
    example: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        """Each subclass is described in OpenAPI by its verb, the verb's own words, its body and an example of it."""
        super().__init_subclass__(**options)
        described = extend_schema(
            operation_id=f"complaints_{cls.verb.value}",
            summary=cls.verb.value.replace("_", " ").capitalize(),
            description=getdoc(next(getattr(home, cls.verb) for home in VERBS if hasattr(home, cls.verb))),
            request={"multipart/form-data": cls.body} if cls.verb is Verb.ATTACH else cls.body,
            examples=[OpenApiExample(cls.verb.value, cls.example, request_only=True)] if cls.example else [],
            responses={200: OpenApiResponse(cls.answers), **refusals(400, 401, 403, 404, 409)},
        )
        extend_schema_view(post=described)(cls)

    def post(self, request: Request, reference: str) -> Response:
        actor = self.reader(request)
        seen = self.find(request, reference)
        if refused := refusal(actor, seen, self.verb):
            raise refused
        return self.answer(actor, seen, self.act(seen, read(self.body, request.data), actor))

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Any:
        raise NotImplementedError

    def answer(self, actor: User, seen: Complaint, done: Any) -> Response:
        """The case after the deed, from what is in hand: whoever gave it away may see it no more."""
        done.complainant, done.narrative, done.demand = seen.complainant, seen.narrative, seen.demand
        prefetch_related_objects([done], clocks_told())
        return Response(complaint_body(done, actor, timezone.now(), Codes.of([done])))


class Respond(Deed):
    verb = Verb.RESPOND
    body = bodies.SaidInput
    example = {"means": "phone", "body": "已说明办理流程和期限。", "to_whom": "本人"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return correspondence.respond(seen, bodies.said_of(given), actor=actor, **given)


class Promise(Deed):
    verb = Verb.PROMISE
    body = bodies.PromiseInput
    example = {"reply_at": "2026-11-23T17:00:00+08:00", "means": "phone", "text": "需向卡组织调单，客户同意周一答复"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        version = given.pop("version", None)
        return agreements.promise(seen, agreements.Agreed(**given), actor=actor, version=version)


class Take(Deed):
    verb = Verb.TAKE

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return ownership.take(seen, actor=actor, **given)


class HandOver(Deed):
    verb = Verb.HAND_OVER
    body = bodies.HandOverInput
    example = {"to": "handler", "reason": "卡中心的业务", "version": 2}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return ownership.hand_over(seen, unit_id=_unit(given), actor=actor, **given)


class Accept(Deed):
    verb = Verb.ACCEPT

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return ownership.accept(seen, actor=actor, **given)


class Decline(Deed):
    verb = Verb.DECLINE
    body = bodies.DeclineInput
    example = {"reason": "不属于卡业务"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return ownership.decline(seen, actor=actor, **given)


class Recall(Deed):
    verb = Verb.RECALL

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return ownership.recall(seen, actor=actor, **given)


class Assign(Deed):
    verb = Verb.ASSIGN
    body = bodies.AssignInput
    example = {"to": "handler", "reason": "轮值"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return ownership.assign(seen, unit_id=_unit(given), actor=actor, **given)


class Remind(Deed):
    verb = Verb.REMIND
    body = bodies.RemindInput
    example = {"text": "今天请回复客户"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return ownership.remind(seen, actor=actor, **given)


class Note(Deed):
    verb = Verb.NOTE
    body = bodies.NoteInput
    example = {"body": "客户下午三点后方便接电话"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return correspondence.note(seen, actor=actor, **given)


class Attach(Deed):
    verb = Verb.ATTACH
    body = bodies.AttachInput
    parser_classes = (MultiPartParser,)

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return evidence.attach(seen, given["file"], actor=actor)


class Investigate(Deed):
    verb = Verb.INVESTIGATE
    body = bodies.InvestigateInput
    example = {"founded": "yes", "facts": "录像第 8 分钟没有提示风险。", "root_cause": "柜员未按流程提示"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        version = given.pop("version", None)
        return lifecycle.investigate(seen, lifecycle.Facts(**given), actor=actor, version=version)


class Resolve(Deed):
    verb = Verb.RESOLVE
    body = bodies.ResolveInput
    example = {
        "kind": "redressed",
        "means": "phone",
        "body": "已退还两笔款项。",
        "redress_amount": "1200.00",
        "reception": "accepted",
    }

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        version = given.pop("version", None)
        decision = lifecycle.Decision(said=bodies.said_of(given), **given)
        return lifecycle.resolve(seen, decision, actor=actor, version=version)


class Close(Deed):
    verb = Verb.CLOSE

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return lifecycle.close(seen, actor=actor, **given)


class CallBack(Deed):
    verb = Verb.CALL_BACK
    body = bodies.CallBackInput
    example = {"opinion": "satisfied", "words": "款已到账，感谢"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        version = given.pop("version", None)
        heard = aftercare.Heard(**{"opinion": ""} | given)
        return aftercare.call_back(seen, heard, actor=actor, version=version)


class Reopen(Deed):
    verb = Verb.REOPEN
    body = bodies.ReopenInput
    example = {"reason": "客户补充了证据"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return lifecycle.reopen(seen, actor=actor, **given)


class Withdraw(Deed):
    verb = Verb.WITHDRAW
    body = bodies.WithdrawInput
    example = {"reason": "客户来电撤回", "at": "2026-11-21T10:00:00+08:00"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return lifecycle.withdraw(seen, actor=actor, **given)


class Reveal(Deed):
    verb = Verb.REVEAL
    body = bodies.RevealInput
    answers = RevealAnswer
    example = {"field": "phone", "reason": "回电核实"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> dict[str, str]:
        return {"field": given["field"], "value": correspondence.reveal(seen, actor=actor, **given)}

    def answer(self, actor: User, seen: Complaint, done: Any) -> Response:
        return Response(done)


def _unit(given: dict[str, Any]) -> int | None:
    """The unit a person is to own the case in, taken out of the body."""
    unit = given.pop("unit", None)
    return unit.pk if unit else None
