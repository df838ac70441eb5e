"""A call-back and its history stay as they were recorded."""

from django.db import migrations

TABLES = ("complaints_callback", "complaints_historicalcallback")
STAY = "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""
    for table in TABLES
)
DROP = "".join(f"DROP TRIGGER append_only ON {table}; DROP TRIGGER never_emptied ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0016_call_backs")]
    operations = [migrations.RunSQL(STAY, DROP)]
