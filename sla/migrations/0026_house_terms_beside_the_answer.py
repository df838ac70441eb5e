"""What a house may promise beside answer and outcome, ready to be put in force; and reply times agreed with customers.

The first are drafts without a drafter, until somebody adopts them. An agreement is always in force: it says no time of its own.
"""

from datetime import date, time

from django.db import migrations
from django.utils import timezone

FROM_ON = date(2020, 1, 1)
SHIPPED = [
    (
        {"code": "house-dispatch", "name": "派单时限", "source": "登记后 30 分钟内转交责任部门"},
        {"target": "dispatch", "amount": 30, "unit": "minutes", "starts": "registered", "stops": "dispatched"},
    ),
    (
        {"code": "house-handover", "name": "移交签收时限", "source": "移交后 4 个工作小时内签收或退回"},
        {"target": "handover_acceptance", "amount": 4, "unit": "working_hours", "starts": "offered",
         "stops": "offer_answered"},
    ),
    (
        {"code": "house-progress", "name": "每日进度", "source": "每个工作日 17:00 前向客户回复处理进度"},
        {"target": "progress", "amount": 0, "unit": "working_days", "by_time": time(17), "starts": "registered",
         "stops": "informed", "repeats": True, "reopening": "restarts"},
    ),
    (
        {"code": "house-call-back", "name": "当天回访", "source": "办结告知当天回访，遇休息日顺延"},
        {"target": "call_back", "amount": 0, "unit": "working_days", "by_time": time(0), "starts": "resolved",
         "stops": "called_back"},
    ),
]  # fmt: skip
AGREED = (
    {"code": "agreed", "name": "与客户约定的答复时间", "source": "与客户约定答复时间的，以约定为准，且不晚于法定时限"},
    {"target": "promise", "amount": 0, "unit": "days", "by_time": time(0), "starts": "agreed", "stops": "informed"},
)


def ship(apps, schema_editor):
    policies, terms = apps.get_model("sla", "Policy").objects, apps.get_model("sla", "Term").objects
    for policy, term in [*SHIPPED, AGREED]:
        terms.create(policy=policies.create(from_on=FROM_ON, **policy), **term)
    policies.filter(code="agreed").update(decision="approved", decided_at=timezone.now())


WITHDRAW = """
ALTER TABLE sla_term DISABLE TRIGGER USER;
ALTER TABLE sla_policy DISABLE TRIGGER USER;
DELETE FROM sla_term USING sla_policy p WHERE p.id = policy_id AND p.drafted_by_id IS NULL AND p.code = ANY(%s);
DELETE FROM sla_policy WHERE drafted_by_id IS NULL AND code = ANY(%s);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE sla_term ENABLE TRIGGER USER;
ALTER TABLE sla_policy ENABLE TRIGGER USER;
"""


def withdraw(apps, schema_editor):
    codes = [policy["code"] for policy, _term in [*SHIPPED, AGREED]]
    schema_editor.execute(WITHDRAW, [codes, codes])


class Migration(migrations.Migration):
    dependencies = [("sla", "0025_times_of_day_and_turns")]
    operations = [migrations.RunPython(ship, withdraw)]
