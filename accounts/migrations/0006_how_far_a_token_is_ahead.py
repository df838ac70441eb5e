"""How far the calls of a token have run ahead of its rate: one unlogged row a token, which no call waits for a disk to write."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_histories_are_read_by_row"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiUse",
            fields=[
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="use",
                        serialize=False,
                        to="accounts.apitoken",
                    ),
                ),
                ("ahead_until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "use of an API token",
                "verbose_name_plural": "uses of API tokens",
            },
        ),
        migrations.RunSQL("ALTER TABLE accounts_apiuse SET UNLOGGED;", "ALTER TABLE accounts_apiuse SET LOGGED;"),
    ]
