"""Terms have steps before and after their deadline, and a clock knows when its next one comes."""

import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import PROTECT, Q
from django.db.models.functions import Now

UNITS = [
    ("minutes", "minutes"),
    ("hours", "hours"),
    ("days", "days"),
    ("working_hours", "working hours"),
    ("working_days", "working days"),
]
WHOM = [
    ("owner", "the owner"),
    ("first_responder", "the first responder"),
    ("unit_head", "the head of the unit"),
    ("supervising_unit", "the supervising unit"),
    ("compliance", "compliance"),
]
SHARE = models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="share of the time, in percent")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0026_house_terms_beside_the_answer")]
    operations = [
        migrations.CreateModel(
            name="Rung",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.SmallIntegerField(verbose_name="step")),
                ("share", SHARE),
                ("amount", models.SmallIntegerField(blank=True, null=True, verbose_name="amount")),
                ("unit", models.CharField(blank=True, choices=UNITS, max_length=16, verbose_name="unit")),
                (
                    "whom",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=WHOM, max_length=16), size=None, verbose_name="who is told"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="rungs", to="sla.term", verbose_name="term of a policy"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a ladder",
                "verbose_name_plural": "steps of a ladder",
                "ordering": ["term", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "number"), name="one_rung_per_term_and_number"),
                    models.CheckConstraint(
                        condition=Q(share__range=(1, 99), amount=None, unit="")
                        | Q(share=None, amount__isnull=False) & ~Q(unit=""),
                        name="rung_at_a_share_or_an_offset",
                    ),
                    models.CheckConstraint(
                        condition=Q(number__lt=0) & (Q(share__isnull=False) | Q(amount__lt=0))
                        | Q(number=1, amount=0)
                        | Q(number__gt=1, amount__gt=0),
                        name="rung_numbered_from_the_deadline",
                    ),
                    models.CheckConstraint(condition=Q(whom__len__gt=0), name="rung_tells_somebody"),
                ],
            },
        ),
        migrations.AddField("clock", "next_step_at", models.DateTimeField(null=True)),
        # apart: a column that is added with a default would give it to every clock there is
        migrations.AlterField("clock", "next_step_at", models.DateTimeField(db_default=Now(), null=True)),
        AddIndexConcurrently(
            "clock",
            models.Index(
                condition=Q(next_step_at__isnull=False, stopped_at=None),
                fields=["next_step_at"],
                name="clock_next_step",
            ),
        ),
    ]
