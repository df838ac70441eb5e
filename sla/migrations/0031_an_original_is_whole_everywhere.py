"""What the constraint of the migration before says holds for every clock there is."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sla", "0030_an_original_is_whole")]
    operations = [ValidateConstraint(model_name="clock", name="clock_original_is_whole")]
