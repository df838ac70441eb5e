"""The date first promised is kept whole, and need not lie before the date now: a pause that ends sooner brings that back."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_people_are_away"),
        ("complaints", "0023_steps_of_a_ladder"),
        ("sla", "0029_ladders_of_every_term"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clock",
            name="clock_extended_beyond_its_original",
        ),
        AddConstraintNotValid(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("original_due_at", None), ("original_due_on", None)),
                    models.Q(("original_due_at__isnull", False), ("original_due_on__isnull", False)),
                    _connector="OR",
                ),
                name="clock_original_is_whole",
            ),
        ),
    ]
