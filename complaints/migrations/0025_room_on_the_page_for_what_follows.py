"""Half of each page of complaints is left for what happens to them.

Every deed writes the row anew, if only with the head of its case history. A new version on the same page needs no entry in any
index while no indexed column changes. Of the 0.66 ms that a breach cost the database at 100,000 complaints, 0.36 ms went into this
row, nearly all of it into the index of the search; 0.03 ms are left. What was written before stays as it is until the table is
written anew (VACUUM FULL).
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("complaints", "0024_what_is_unanswered_is_counted_from_an_index")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE complaints_complaint SET (fillfactor = 50)",
            "ALTER TABLE complaints_complaint RESET (fillfactor)",
        ),
    ]
