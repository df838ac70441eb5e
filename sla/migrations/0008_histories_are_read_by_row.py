"""A row history is read by its row's id, or in order of time: the indexes that nothing reads go, and each deed writes fewer.

The foreign key to whoever changed the row stays; it is checked once anew, which takes a few seconds a million rows.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0007_promises_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalcalendar",
            name="code",
            field=models.SlugField(db_index=False, max_length=32, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="historicalcalendar",
            name="history_user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="historicalpolicy",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="sla.calendar",
                verbose_name="working calendar",
            ),
        ),
        migrations.AlterField(
            model_name="historicalpolicy",
            name="history_user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
