"""Which body passed a complaint on to us, and whether it alleges a violation: deadline policies look at both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0011_what_waits_to_be_closed"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="alleges_violation",
            field=models.BooleanField(db_default=False, default=False, verbose_name="violation alleged"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="referred_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("nfra", "financial regulatory administration (12378)"),
                    ("pboc", "central bank (12363)"),
                    ("csrc", "securities regulator (12386)"),
                    ("government", "local government (12345)"),
                    ("association", "industry association"),
                    ("petition", "petition office"),
                    ("other", "another body"),
                ],
                db_default="",
                max_length=16,
                verbose_name="transferred by",
            ),
        ),
        migrations.AddField(
            model_name="historicalcomplaint",
            name="alleges_violation",
            field=models.BooleanField(db_default=False, default=False, verbose_name="violation alleged"),
        ),
        migrations.AddField(
            model_name="historicalcomplaint",
            name="referred_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("nfra", "financial regulatory administration (12378)"),
                    ("pboc", "central bank (12363)"),
                    ("csrc", "securities regulator (12386)"),
                    ("government", "local government (12345)"),
                    ("association", "industry association"),
                    ("petition", "petition office"),
                    ("other", "another body"),
                ],
                db_default="",
                max_length=16,
                verbose_name="transferred by",
            ),
        ),
        migrations.AlterField(
            model_name="complaint",
            name="due_target",
            field=models.CharField(
                blank=True,
                choices=[
                    ("response", "first response"),
                    ("resolution", "resolution"),
                    ("statutory_resolution", "statutory resolution"),
                    ("dispatch", "dispatch"),
                    ("handover_acceptance", "handover acceptance"),
                    ("progress", "progress report"),
                    ("call_back", "call-back"),
                    ("promise", "agreed reply"),
                    ("regulator_acceptance", "acceptance of a transfer"),
                    ("audit_report", "report to audit"),
                ],
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="historicalcomplaint",
            name="due_target",
            field=models.CharField(
                blank=True,
                choices=[
                    ("response", "first response"),
                    ("resolution", "resolution"),
                    ("statutory_resolution", "statutory resolution"),
                    ("dispatch", "dispatch"),
                    ("handover_acceptance", "handover acceptance"),
                    ("progress", "progress report"),
                    ("call_back", "call-back"),
                    ("promise", "agreed reply"),
                    ("regulator_acceptance", "acceptance of a transfer"),
                    ("audit_report", "report to audit"),
                ],
                max_length=32,
            ),
        ),
    ]
