"""A promise once made stays as it was made: the clock, the policy behind it, the calendar it was reckoned in, and their past.

Of a clock only its stop and its breach are ever written; of a policy that clocks have used, its name and its last day.
"""

from django.db import migrations

GUARDS = """
CREATE OR REPLACE FUNCTION sla_breach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.breached_at IS NOT NULL
        AND (NEW.breached_at, NEW.detected_at) IS DISTINCT FROM (OLD.breached_at, OLD.detected_at)
    THEN
        RAISE EXCEPTION 'clock %: a breach is never cleared or moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stopped_at IS NOT NULL THEN
        RAISE EXCEPTION 'clock %: a stopped clock does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - 'stopped_at' - 'breached_at' - 'detected_at'
        IS DISTINCT FROM to_jsonb(OLD) - 'stopped_at' - 'breached_at' - 'detected_at'
    THEN
        RAISE EXCEPTION 'clock %: what was promised is never moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sla_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'name' - 'until_on' IS DISTINCT FROM to_jsonb(OLD) - 'name' - 'until_on'
        AND EXISTS (SELECT FROM sla_clock WHERE policy_id = OLD.id)
    THEN
        RAISE EXCEPTION 'policy %: clocks have used it; end it and add a new one', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER policy_stays BEFORE UPDATE ON sla_policy FOR EACH ROW EXECUTE FUNCTION sla_policy_stays();
CREATE TRIGGER never_deleted BEFORE DELETE ON sla_policy FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
"""
DROP = """
DROP FUNCTION sla_policy_stays() CASCADE;
DROP TRIGGER never_deleted ON sla_policy;

CREATE OR REPLACE FUNCTION sla_breach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at THEN
        RAISE EXCEPTION 'clock %: a breach is never cleared or moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stopped_at IS NOT NULL THEN
        RAISE EXCEPTION 'clock %: a stopped clock does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
HISTORIES = ["sla_historicalcalendar", "sla_historicalpolicy"]
NEVER_EMPTIED = ["sla_calendar", "sla_calendarversion", "sla_calendarday", "sla_clock", "sla_policy", *HISTORIES]


def append_only(table):
    return (
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();"
    )


def never_emptied(table):
    return (
        f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();"
    )


ADD = [append_only(table) for table in HISTORIES] + [never_emptied(table) for table in NEVER_EMPTIED]
REMOVE = [f"DROP TRIGGER append_only ON {table};" for table in HISTORIES] + [
    f"DROP TRIGGER never_emptied ON {table};" for table in NEVER_EMPTIED
]


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_published_by_somebody"), ("complaints", "0003_guards")]
    operations = [migrations.RunSQL(GUARDS + "\n".join(ADD), DROP + "\n".join(REMOVE))]
