"""Every term there is gets its policy. The house rule as it came becomes one policy; what was changed since, one a target."""

from django.db import migrations

SEEDED = {("response", 24, "hours"), ("resolution", 15, "working_days")}
PERIOD = ("from_on", "until_on")


def fill(apps, schema_editor):
    policies = apps.get_model("sla", "Policy").objects
    terms = list(apps.get_model("sla", "Term").objects.order_by("target", "from_on", "id"))
    is_seed = {(term.target, term.amount, term.unit) for term in terms} == SEEDED
    house = None
    numbers = {}
    for term in terms:
        if is_seed:
            house = house or _policy(policies, "house", 1, "本行时限", term)
            term.policy = house
            term.calendar = None  # that of the unit which received the complaint
        else:
            code = term.target.replace("_", "-")
            numbers[code] = numbers.get(code, 0) + 1
            term.policy = _policy(policies, code, numbers[code], term.name, term)
        term.stops = "answered" if term.target == "response" else "resolved"
        if term.target == "resolution":
            term.reopening = "restarts"
            if term.unit == "working_days" and term.amount < 45:
                term.extendable_to = 45
            term.pausable_days = 30
        term.save()


def _policy(policies, code, number, name, term):
    return policies.create(
        code=code,
        number=number,
        name=name,
        from_on=term.from_on,
        until_on=term.until_on,
        decision="approved",
        decided_at=term.clock_set.order_by("started_at").values_list("started_at", flat=True).first() or _now(),
    )


def _now():
    from django.utils import timezone

    return timezone.now()


def empty(apps, schema_editor):
    calendar = apps.get_model("sla", "Calendar").objects.get(code="cn")
    for term in apps.get_model("sla", "Term").objects.select_related("policy"):
        policy, term.policy = term.policy, None
        term.name, term.number = policy.name, policy.number
        term.from_on, term.until_on = policy.from_on, policy.until_on
        term.calendar = term.calendar or calendar
        term.save()
    schema_editor.execute("DELETE FROM sla_policy")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("sla", "0015_policies_have_terms")]
    operations = [migrations.RunPython(fill, empty)]
