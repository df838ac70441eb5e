"""A version says when people work on a day and on which days of the week; those that are there said so by the engine alone.

The values come in as the columns' defaults, because published rows are never updated.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

IN_ORDER = """
CREATE FUNCTION sla_in_order(hours text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT hours ~ '^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9](,([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])*$'
        AND NOT EXISTS (
            SELECT FROM (
                SELECT edge COLLATE "C" AS edge, lead(edge) OVER (ORDER BY place) COLLATE "C" AS next
                FROM regexp_split_to_table(hours, '[,-]') WITH ORDINALITY AS edges (edge, place)
            ) AS pairs WHERE next <= edge
        )
$$;
ALTER TABLE sla_calendarversion ADD CONSTRAINT opening_hours_in_order CHECK (sla_in_order(hours));
"""
DROP = """
ALTER TABLE sla_calendarversion DROP CONSTRAINT opening_hours_in_order;
DROP FUNCTION sla_in_order(text);
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0021_a_supervisor_extends_to_thirty")]
    operations = [
        migrations.AddField(
            "calendarversion",
            "hours",
            models.CharField(default="09:00-12:00,13:30-17:30", max_length=200, verbose_name="opening hours"),
        ),
        migrations.AddField(
            "calendarversion",
            "weekdays",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                default=[1, 2, 3, 4, 5],
                size=None,
                verbose_name="working weekdays",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "calendarversion", "make_ups", models.BooleanField(default=True, verbose_name="make-up days count")
        ),
        migrations.AddConstraint(
            "calendarversion",
            models.CheckConstraint(
                condition=models.Q(("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7]), ("weekdays__len__gte", 1)),
                name="some_known_weekdays_work",
            ),
        ),
        migrations.RunSQL(IN_ORDER, DROP),
    ]
