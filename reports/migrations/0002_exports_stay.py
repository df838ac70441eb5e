"""What was taken out stays on record: the database refuses to change, remove or empty it."""

from django.db import migrations

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_export
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON reports_export
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""
DROP = """
DROP TRIGGER append_only ON reports_export;
DROP TRIGGER never_emptied ON reports_export;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_exports"), ("complaints", "0003_guards")]
    operations = [migrations.RunSQL(GUARD, DROP)]
