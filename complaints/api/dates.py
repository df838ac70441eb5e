"""The deeds that move dates, through the API: extensions and pauses."""

from typing import Any

from accounts.models import User
from complaints import extending, pausing
from complaints.api.deeds import Deed
from complaints.models import Complaint
from complaints.serializers import deeds as bodies
from complaints.states import Verb


class AskExtension(Deed):
    verb = Verb.ASK_EXTENSION
    body = bodies.AskExtensionInput
    example = {"target": "resolution", "amount": 30, "reason_code": "complex", "reason": "需调取三个网点的录像"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        version = given.pop("version", None)
        return extending.ask_extension(seen, extending.Wish(**given), actor=actor, version=version)


class RecallExtension(Deed):
    verb = Verb.RECALL_EXTENSION

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return extending.recall_extension(seen, actor=actor, **given)


class ApproveExtension(Deed):
    verb = Verb.APPROVE_EXTENSION
    body = bodies.ApproveExtensionInput
    example = {"reason": "同意"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return extending.approve_extension(seen, actor=actor, **given)


class DeclineExtension(Deed):
    verb = Verb.DECLINE_EXTENSION
    body = bodies.DeclineInput
    example = {"reason": "现有材料足以答复"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return extending.decline_extension(seen, actor=actor, **given)


class Extend(Deed):
    verb = Verb.EXTEND
    body = bodies.SaidInput
    example = {"means": "phone", "body": "因需调取录像，办理时限延至 2026 年 3 月 27 日。", "to_whom": "本人"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return extending.extend(seen, bodies.said_of(given), actor=actor, **given)


class Pause(Deed):
    verb = Verb.PAUSE
    body = bodies.PauseInput
    example = {"waits_for": "customer", "reason": "请客户补充交易凭证", "until_on": "2026-03-02"}

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return pausing.pause(seen, actor=actor, **given)


class Resume(Deed):
    verb = Verb.RESUME

    def act(self, seen: Complaint, given: dict[str, Any], actor: User) -> Complaint:
        return pausing.resume(seen, actor=actor, **given)
