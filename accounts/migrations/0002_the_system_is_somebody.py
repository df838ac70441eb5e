"""The system gets a row, so that whatever it does has an actor."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("accounts", "User").objects.get_or_create(
        username="system", defaults={"name": "系统", "password": make_password(None)}
    )


def remove(apps, schema_editor):
    apps.get_model("accounts", "User").objects.filter(username="system").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_and_units")]
    operations = [migrations.RunPython(add, remove)]
