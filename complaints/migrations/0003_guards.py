"""What no program may do, the database refuses: rewrite history, move a complaint past the door, change the first responder.

Also the reference numbers, from a sequence, and finer statistics for the search column (docs/decisions/0003, 0005).
"""

from django.db import migrations

APPEND_ONLY = ["complaints_caseevent", "complaints_note"]
HISTORIES = ["complaint", "complainant", "message", "handover", "finding", "outcome", "cause", "product"]
NEVER_DELETED = ["complaint", "complainant", "message", "handover", "escalation", "finding", "outcome", "evidence"]

FUNCTIONS = """
CREATE FUNCTION shouwen_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

-- A complaint changes only together with an event of its history, and some of it never changes at all.
CREATE FUNCTION complaints_through_the_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.first_responder_id IS DISTINCT FROM OLD.first_responder_id OR NEW.reference IS DISTINCT FROM OLD.reference
        OR NEW.registered_at IS DISTINCT FROM OLD.registered_at OR NEW.complainant_id IS DISTINCT FROM OLD.complainant_id
    THEN
        RAISE EXCEPTION 'complaint %: first responder, reference, registration and complainant are set once', OLD.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.history_seq <= OLD.history_seq THEN
        RAISE EXCEPTION 'complaint % changes only through a verb: no event was recorded', OLD.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION complaints_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.narrative IS DISTINCT FROM OLD.narrative THEN
        RAISE EXCEPTION 'complaint %: the customer''s words are never rewritten', OLD.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- At commit the complaint's head is an event that exists.
CREATE FUNCTION complaints_head_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM complaints_caseevent e
        WHERE e.complaint_id = NEW.id AND e.seq = NEW.history_seq AND e.hash = NEW.history_head
    ) THEN
        RAISE EXCEPTION 'complaint %: event % is not in its history', NEW.reference, NEW.history_seq
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE SEQUENCE complaints_number;
CREATE TABLE complaints_numberday (day date PRIMARY KEY, base bigint NOT NULL);

-- The next number of a day. Only the first registration of a day writes here; all others draw from the sequence alone.
CREATE FUNCTION complaints_next_number(on_day date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first_of_day bigint;
BEGIN
    SELECT base INTO first_of_day FROM complaints_numberday WHERE day = on_day;
    IF NOT FOUND THEN
        INSERT INTO complaints_numberday (day, base) VALUES (on_day, nextval('complaints_number'))
            ON CONFLICT (day) DO NOTHING;
        SELECT base INTO first_of_day FROM complaints_numberday WHERE day = on_day;
    END IF;
    RETURN nextval('complaints_number') - first_of_day;
END $$;
"""

DROP = """
DROP TRIGGER IF EXISTS through_the_door ON complaints_complaint;
DROP TRIGGER IF EXISTS words_stay ON complaints_complaint;
DROP TRIGGER IF EXISTS head_is_recorded ON complaints_complaint;
DROP FUNCTION complaints_next_number(date);
DROP TABLE complaints_numberday;
DROP SEQUENCE complaints_number;
DROP FUNCTION complaints_head_is_recorded();
DROP FUNCTION complaints_words_stay();
DROP FUNCTION complaints_through_the_door();
DROP FUNCTION shouwen_append_only() CASCADE;
"""

DOOR = """
CREATE TRIGGER through_the_door BEFORE UPDATE ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION complaints_through_the_door();
CREATE TRIGGER words_stay BEFORE UPDATE OF narrative ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION complaints_words_stay();
CREATE CONSTRAINT TRIGGER head_is_recorded AFTER INSERT OR UPDATE ON complaints_complaint
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION complaints_head_is_recorded();
ALTER TABLE complaints_complaint ALTER COLUMN pieces SET STATISTICS 3000;
"""


def append_only(table, events="UPDATE OR DELETE"):
    return (
        f"CREATE TRIGGER append_only BEFORE {events} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();"
        f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();"
    )


GUARDS = (
    [append_only(table) for table in APPEND_ONLY]
    + [append_only(f"complaints_historical{name}") for name in HISTORIES]
    + [append_only(f"complaints_{name}", "DELETE") for name in NEVER_DELETED]
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_its_relations")]
    operations = [migrations.RunSQL(FUNCTIONS + DOOR + "\n".join(GUARDS), DROP)]
