"""A calendar version names who published it; those that are there were published by the system.

The person comes in as the column's default, because published rows are never updated.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import connection, migrations, models


def system():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_user WHERE username = 'system'")
        return cursor.fetchone()[0]


class Migration(migrations.Migration):
    dependencies = [("sla", "0005_kept_or_breached"), ("accounts", "0002_the_system_is_somebody")]
    operations = [
        migrations.AddField(
            model_name="calendarversion",
            name="by",
            field=models.ForeignKey(
                default=system,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="published by",
            ),
            preserve_default=False,
        ),
    ]
