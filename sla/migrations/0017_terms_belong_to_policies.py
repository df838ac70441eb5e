"""A term says nothing any more that its policy says. The past of its rows keeps what they said."""

from datetime import date

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models
from django.db.models.deletion import PROTECT

MOVED = ("name", "number", "from_on", "until_on")
KEEP = "; ".join(f"ALTER TABLE sla_historicalterm ALTER COLUMN {name} DROP NOT NULL" for name in MOVED)


class Migration(migrations.Migration):
    dependencies = [("sla", "0016_a_policy_for_each_term")]
    operations = [
        ValidateConstraint(model_name="clock", name="clock_extended_beyond_its_original"),
        migrations.AlterField(
            model_name="term",
            name="policy",
            field=models.ForeignKey(
                on_delete=PROTECT, related_name="terms", to="sla.policy", verbose_name="deadline policy"
            ),
        ),
        migrations.AlterField("term", "name", models.CharField(max_length=100, default="")),
        migrations.AlterField("term", "from_on", models.DateField(default=date(2020, 1, 1))),
        *(migrations.RemoveField("term", name) for name in MOVED),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEEP, migrations.RunSQL.noop)],
            state_operations=[migrations.RemoveField("historicalterm", name) for name in MOVED],
        ),
    ]
