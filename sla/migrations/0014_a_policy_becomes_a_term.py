"""What was a policy becomes a term of one: a promise with its allowance. The policy itself comes with the next migration."""

from django.db import migrations

# PostgreSQL keeps the names of indexes and sequences when a table is renamed; the table that takes the name needs them.
RENAME = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT c.oid::regclass AS name, c.relkind, replace(c.relname, '{old}', '{new}') AS wanted FROM pg_class c
        LEFT JOIN pg_index i ON i.indexrelid = c.oid
        LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        WHERE c.relname LIKE '{old}%' AND c.relkind IN ('i', 'S')
            AND (i.indrelid = '{table}'::regclass OR d.refobjid = '{table}'::regclass)
    LOOP
        EXECUTE format('ALTER %s %s RENAME TO %I', CASE found.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'INDEX' END,
            found.name, found.wanted);
    END LOOP;
END $$;
"""
STAYS = "CREATE TRIGGER policy_stays BEFORE UPDATE ON sla_policy FOR EACH ROW EXECUTE FUNCTION sla_policy_stays()"
PAIRS = (("sla_policy", "sla_term"), ("sla_historicalpolicy", "sla_historicalterm"))
FORWARDS = [RENAME.format(old=old, new=new, table=new) for old, new in PAIRS]
BACKWARDS = [RENAME.format(old=new, new=old, table=new) for old, new in PAIRS]


class Migration(migrations.Migration):
    dependencies = [("sla", "0013_a_newer_calendar_moves_a_date")]
    operations = [
        migrations.RunSQL("DROP TRIGGER policy_stays ON sla_policy", STAYS),
        migrations.RemoveConstraint(model_name="policy", name="one_open_policy_per_target"),
        migrations.RemoveConstraint(model_name="policy", name="policy_allows_some_time"),
        migrations.RenameModel("Policy", "Term"),
        migrations.RenameModel("HistoricalPolicy", "HistoricalTerm"),
        migrations.RenameField("Clock", "policy", "term"),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
