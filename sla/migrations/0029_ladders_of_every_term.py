"""Every term that is there gets a ladder, and every clock that runs its next step: the first sweep takes what has come."""

from django.db import migrations

SHORT = [
    (-1, {"share": 80}, ["owner"]),
    (1, {"amount": 0, "unit": "hours"}, ["owner", "first_responder", "unit_head"]),
]
RESPONSE = [
    *SHORT,
    (2, {"amount": 1, "unit": "working_days"}, ["supervising_unit"]),
    (3, {"amount": 3, "unit": "working_days"}, ["compliance"]),
]
RESOLUTION = [
    (-2, {"amount": -3, "unit": "working_days"}, ["owner"]),
    (-1, {"amount": -1, "unit": "working_days"}, ["owner", "unit_head"]),
    *RESPONSE[1:],
]
STATUTORY = [(-2, {"amount": -3, "unit": "working_days"}, ["owner", "compliance"]), *RESOLUTION[1:]]
IN_DAYS = ("days", "working_days")
ALWAYS = ("response", "resolution")
LONG = 5  # days: from here on a warning three working days before says something


def fill(apps, schema_editor):
    rungs = apps.get_model("sla", "Rung").objects
    schema_editor.execute("ALTER TABLE sla_rung DISABLE TRIGGER rung_stays")
    for term in apps.get_model("sla", "Term").objects.all():
        is_long = term.unit in IN_DAYS and term.amount > LONG
        is_short = term.target not in ALWAYS and (term.unit not in IN_DAYS or not term.amount)
        ladder = (STATUTORY if term.is_statutory else RESOLUTION) if is_long else SHORT if is_short else RESPONSE
        for number, when, whom in ladder:
            rungs.create(term=term, number=number, whom=whom, **when)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE sla_rung ENABLE TRIGGER rung_stays")
    schema_editor.execute("UPDATE sla_clock SET next_step_at = now() WHERE stopped_at IS NULL")


EMPTY = """
UPDATE sla_clock SET next_step_at = NULL WHERE stopped_at IS NULL;
ALTER TABLE sla_rung DISABLE TRIGGER USER;
DELETE FROM sla_rung;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE sla_rung ENABLE TRIGGER USER;
"""


def empty(apps, schema_editor):
    schema_editor.execute(EMPTY)


class Migration(migrations.Migration):
    dependencies = [("sla", "0028_a_ladder_stays")]
    operations = [migrations.RunPython(fill, empty)]
