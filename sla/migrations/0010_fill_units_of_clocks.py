"""Every clock is given the units of its complaint, some thousands at a time, so that nobody waits long for a row."""

from django.db import migrations

FILL = """
DO $$
DECLARE
    filled bigint;
BEGIN
    LOOP
        UPDATE sla_clock clock
        SET owner_unit_id = c.owner_unit_id, registered_unit_id = c.registered_unit_id, about_unit_id = c.unit_id
        FROM complaints_complaint c
        WHERE c.id = clock.complaint_id
            AND clock.id IN (SELECT id FROM sla_clock WHERE owner_unit_id IS NULL LIMIT 10000);
        GET DIAGNOSTICS filled = ROW_COUNT;
        COMMIT;
        EXIT WHEN filled = 0;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0009_clocks_may_carry_units")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
