"""A supervisor extends to 30 days, or 30 working days; beyond that compliance decides."""

from django.db import migrations

CHANGE = """
ALTER TABLE sla_term DISABLE TRIGGER USER;
UPDATE sla_term SET supervisor_extends_to = {value} WHERE amount < 30 AND extendable_to > 30;
ALTER TABLE sla_term ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0020_supervisors_extend_so_far")]
    operations = [migrations.RunSQL(CHANGE.format(value=30), CHANGE.format(value="NULL"))]
