"""Who was who, and might do what, when: the histories of people and units are never rewritten, thinned or emptied."""

from django.db import migrations

HISTORIES = ["unit", "user", "membership", "apitoken"]


def guard(name):
    return f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_historical{name}
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON accounts_historical{name}
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""


def drop(name):
    return f"""
DROP TRIGGER append_only ON accounts_historical{name};
DROP TRIGGER never_emptied ON accounts_historical{name};
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_one_institution"), ("complaints", "0003_guards")]
    operations = [migrations.RunSQL("".join(map(guard, HISTORIES)), "".join(map(drop, HISTORIES)))]
