"""How far a supervisor may extend a deadline; beyond that compliance decides."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0019_shipped_policies"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalterm",
            name="supervisor_extends_to",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="extendable by a supervisor to"),
        ),
        migrations.AddField(
            model_name="term",
            name="supervisor_extends_to",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="extendable by a supervisor to"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supervisor_extends_to", None),
                    models.Q(
                        ("supervisor_extends_to__gt", models.F("amount")),
                        ("supervisor_extends_to__lte", models.F("extendable_to")),
                    ),
                    _connector="OR",
                ),
                name="term_supervisor_extends_within",
            ),
        ),
    ]
