"""An approved policy and its terms stay as they were approved; of a clock a date moves in three ways only.

A newer version of its calendar; an extension, longer from the same start and within what its term allows, that keeps the
date first promised; a pause, where its term allows one. Nothing moves once it is stopped or broken.
"""

from importlib import import_module

from django.db import migrations

before = import_module("sla.migrations.0013_a_newer_calendar_moves_a_date")

MOVING = """
    IF OLD.stopped_at IS NULL AND NEW.stopped_at IS NULL AND OLD.breached_at IS NULL AND NEW.breached_at IS NULL THEN
        IF NEW.calendar_version_id <> OLD.calendar_version_id AND EXISTS (
            SELECT FROM sla_calendarversion newer JOIN sla_calendarversion older USING (calendar_id)
            WHERE newer.id = NEW.calendar_version_id AND older.id = OLD.calendar_version_id AND newer.number > older.number
        ) THEN
            may_change := may_change || '{calendar_version_id,due_at,due_on,provisional}'::text[];
        END IF;
        IF NEW.amount > OLD.amount AND NEW.due_at >= OLD.due_at
            AND (NEW.original_due_at, NEW.original_due_on)
                IS NOT DISTINCT FROM (coalesce(OLD.original_due_at, OLD.due_at), coalesce(OLD.original_due_on, OLD.due_on))
            AND EXISTS (SELECT FROM sla_term WHERE id = OLD.term_id AND extendable_to >= NEW.amount)
        THEN
            may_change := may_change || '{amount,due_at,due_on,provisional,original_due_at,original_due_on}'::text[];
        END IF;
        -- a pause is added at the end, or the last one ends sooner
        IF NEW.pauses <> OLD.pauses
            AND (NEW.pauses - -1 = OLD.pauses OR NEW.pauses - -1 = OLD.pauses - -1 AND NEW.pauses <> '[]')
            AND EXISTS (SELECT FROM sla_term WHERE id = OLD.term_id AND pausable_days IS NOT NULL)
        THEN
            may_change := may_change || '{pauses,due_at,due_on,provisional}'::text[];
        END IF;
    END IF;
"""
POLICIES = """
DROP FUNCTION sla_policy_stays();

CREATE FUNCTION sla_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided text[] := '{decision,decided_by_id,decided_at,decision_reason}';
BEGIN
    IF OLD.decision <> '' THEN
        RAISE EXCEPTION 'policy %: it is decided; draft a new version', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - decided IS DISTINCT FROM to_jsonb(OLD) - decided THEN
        RAISE EXCEPTION 'policy %: a draft is decided, never edited', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sla_term_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sla_policy WHERE id = NEW.policy_id AND decision <> '') THEN
        RAISE EXCEPTION 'policy %: it is decided; draft a new version', NEW.policy_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER policy_stays BEFORE UPDATE ON sla_policy FOR EACH ROW EXECUTE FUNCTION sla_policy_stays();
CREATE TRIGGER term_stays BEFORE INSERT ON sla_term FOR EACH ROW EXECUTE FUNCTION sla_term_stays();
CREATE TRIGGER append_only BEFORE UPDATE ON sla_term FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_deleted BEFORE DELETE ON sla_policy FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON sla_policy FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sla_historicalpolicy
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON sla_historicalpolicy
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""
UNDO = """
DROP TRIGGER policy_stays ON sla_policy;
DROP TRIGGER never_deleted ON sla_policy;
DROP TRIGGER never_emptied ON sla_policy;
DROP TRIGGER never_emptied ON sla_historicalpolicy;
DROP TRIGGER append_only ON sla_historicalpolicy;
DROP TRIGGER append_only ON sla_term;
DROP FUNCTION sla_policy_stays();
DROP FUNCTION sla_term_stays() CASCADE;

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
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0017_terms_belong_to_policies")]
    operations = [
        migrations.RunSQL(before.GUARD.format(moving=MOVING), before.GUARD.format(moving=before.MOVING)),
        migrations.RunSQL(POLICIES, UNDO),
    ]
