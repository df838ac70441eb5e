"""Rules that the law or the regulators set, ready to be put in force: drafts without a drafter, until somebody adopts them."""

from datetime import date

from django.db import migrations

BANK = "银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）"
LAW = {"is_statutory": True, "starts": "received"}
SHIPPED = [
    (
        {"code": "bank-insurer", "name": "银行保险消费投诉法定时限", "source": BANK, "from_on": date(2020, 3, 1)},
        [{"target": "statutory_resolution", "amount": 15, "unit": "days", "stops": "resolved", "extendable_to": 60,
          "reopening": "restarts"} | LAW],
    ),
    (
        {"code": "pboc-transfer", "name": "人民银行转办", "source": "中国人民银行金融消费者权益保护实施办法（令〔2020〕第5号）",
         "from_on": date(2020, 11, 1), "referrers": ["pboc"]},
        [{"target": "statutory_resolution", "amount": 15, "unit": "days", "stops": "resolved", "extendable_to": 60,
          "reopening": "restarts"} | LAW],
    ),
    (
        {"code": "nfra-transfer", "name": "12378 转办", "source": "12378 转办件：一个工作日内完成受理",
         "from_on": date(2020, 3, 1), "referrers": ["nfra"]},
        [{"target": "regulator_acceptance", "amount": 1, "unit": "working_days", "stops": "taken_up"} | LAW],
    ),
    (
        {"code": "nfra-violation", "name": "12378 转办涉及违规", "source": "12378 转办件涉及违规：三个工作日内上报稽核",
         "from_on": date(2020, 3, 1), "referrers": ["nfra"], "only_violations": True},
        [{"target": "audit_report", "amount": 3, "unit": "working_days", "stops": "found"} | LAW],
    ),
]  # fmt: skip


def ship(apps, schema_editor):
    policies, terms = apps.get_model("sla", "Policy").objects, apps.get_model("sla", "Term").objects
    for policy, promised in SHIPPED:
        kept = policies.create(**policy)
        for term in promised:
            terms.create(policy=kept, **term)


WITHDRAW = """
ALTER TABLE sla_term DISABLE TRIGGER USER;
ALTER TABLE sla_policy DISABLE TRIGGER USER;
DELETE FROM sla_term USING sla_policy p WHERE p.id = policy_id AND p.drafted_by_id IS NULL AND p.decision = '';
DELETE FROM sla_policy WHERE drafted_by_id IS NULL AND decision = '';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE sla_term ENABLE TRIGGER USER;
ALTER TABLE sla_policy ENABLE TRIGGER USER;
"""


def withdraw(apps, schema_editor):
    schema_editor.execute(WITHDRAW)


class Migration(migrations.Migration):
    dependencies = [("sla", "0018_what_was_approved_stays")]
    operations = [migrations.RunPython(ship, withdraw)]
