"""A ladder stays as it was approved; when a clock's next step comes may be written for as long as it runs.

A clock that stops has no next step. One whose date moves by a deed that says nothing of the next step is looked at at once:
so a step is looked for too early at worst, and never missed.
"""

from importlib import import_module

from django.db import migrations

guard = import_module("sla.migrations.0013_a_newer_calendar_moves_a_date").GUARD
before = import_module("sla.migrations.0018_what_was_approved_stays")

STEPPING = """
    IF OLD.stopped_at IS NULL THEN
        may_change := may_change || '{next_step_at}'::text[];
        IF NEW.stopped_at IS NOT NULL THEN
            NEW.next_step_at := NULL;
        ELSIF NEW.due_at <> OLD.due_at AND NEW.next_step_at IS NOT DISTINCT FROM OLD.next_step_at THEN
            NEW.next_step_at := now();
        END IF;
    END IF;
"""
MOVING = before.MOVING + STEPPING
LADDERS = """
CREATE FUNCTION sla_rung_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sla_term t JOIN sla_policy p ON p.id = t.policy_id WHERE t.id = NEW.term_id AND p.decision <> '')
    THEN
        RAISE EXCEPTION 'term %: its policy is decided; draft a new version', NEW.term_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rung_stays BEFORE INSERT ON sla_rung FOR EACH ROW EXECUTE FUNCTION sla_rung_stays();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sla_rung FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON sla_rung FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""
UNDO = """
DROP TRIGGER never_emptied ON sla_rung;
DROP TRIGGER append_only ON sla_rung;
DROP FUNCTION sla_rung_stays() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0027_steps_of_a_ladder")]
    operations = [
        migrations.RunSQL(guard.format(moving=MOVING), guard.format(moving=before.MOVING)),
        migrations.RunSQL(LADDERS, UNDO),
    ]
