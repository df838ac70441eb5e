"""The demo: its stories are what the verbs would have made of them, on whatever day it is opened."""

from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import Unit, User
from accounts.personal_data import identity_checksum_holds
from complaints.models import Complainant, Complaint, Evidence, Handover, SavedView
from complaints.states import Status
from config.demo import causes, journeys, people, rules
from config.demo.book import Book
from config.demo.case import Case
from config.demo.tables import COLUMNS, Ids, Lines
from notifications.delivery import deliver
from notifications.models import Notification
from sla.models import Clock
from tests.config.telling import left_behind, through_the_rows, through_the_verbs

NOW = datetime(2026, 3, 20, 2, 30, tzinfo=UTC)
DAYS = [datetime(2026, month, day, hour, 17, tzinfo=UTC) for month, day, hour in
        ((1, 2, 1), (2, 20, 8), (3, 8, 23), (5, 1, 3), (10, 3, 14), (11, 21, 14), (12, 31, 16))]  # fmt: skip
FOUND_FROM = {"complaints", "sla", "notifications"}


@pytest.fixture(autouse=True)
def _evidence_apart(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path


@pytest.fixture
def institution(db: None) -> None:
    people.found(with_sign_ins=True)
    causes.fill()
    rules.adopt()


@pytest.mark.slow
def test_each_story_is_what_the_verbs_make_of_it(institution: None) -> None:
    book, ids, lines = Book(), Ids(50), Lines()
    for story, script in journeys.scripts(book, NOW):
        told = Case(script, f"TS20200101-{len(Complaint.objects.all()):06d}", book, ids, lines, uuid4())
        told.play(NOW)
        lines.copy()
        done = through_the_verbs(script, NOW)
        deliver(script.registered_at)
        assert left_behind(through_the_rows(told)) == left_behind(done), story["summary"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_on_any_day_something_is_late_and_something_is_due(institution: None, now: datetime) -> None:
    journeys.tell(now)
    found = Complaint.objects.all()
    assert set(found.values_list("status", flat=True)) == set(Status)
    assert (found.overdue(now).count(), found.due_within(now).count(), found.offered().count()) >= (4, 2, 3)
    assert Clock.objects.filter(breached_at__isnull=False, stopped_at__isnull=False).exists()
    assert not Clock.objects.unrecorded(now).exists()


def test_every_channel_kind_of_complainant_and_answer_is_there(institution: None) -> None:
    told = journeys.tell(NOW)
    assert told >= 60
    assert set(Complaint.objects.values_list("channel", flat=True)) >= set(Complaint.Channel) - {"other"}
    assert set(Complainant.objects.values_list("kind", flat=True)) == set(Complainant.Kind)
    assert set(Handover.objects.values_list("answer", flat=True)) >= {"", "accepted", "declined"}
    assert Notification.objects.unread().exists()


def test_evidence_lies_where_its_row_says(institution: None) -> None:
    journeys.tell(NOW)
    files = Evidence.objects.all()
    assert len(files) >= 4
    for file in files:
        content = file.path.read_bytes()
        assert (file.size, file.sha256) == (len(content), sha256(content).hexdigest())


def test_no_two_stories_are_alike_and_every_identity_number_holds(institution: None) -> None:
    journeys.tell(NOW)
    for field in ("narrative", "summary"):
        assert max(Counter(Complaint.objects.values_list(field, flat=True)).values()) == 1, field
    cards = [person.id_number for person in Complainant.objects.filter(id_type="id_card")]
    assert len(cards) > 20
    assert all(map(identity_checksum_holds, cards))


@pytest.mark.django_db
def test_the_command_founds_once() -> None:
    call_command("demo", verbosity=0)
    assert SavedView.objects.filter(user__username="supervisor").exists()
    before = (Unit.objects.count(), Complaint.objects.count())
    call_command("demo", verbosity=0)
    assert (Unit.objects.count(), Complaint.objects.count()) == before == (len(people.UNITS), 65)


@pytest.mark.django_db
def test_production_refuses_published_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUWEN_EMBEDDED", raising=False)
    monkeypatch.delenv("SHOUWEN_DEMO", raising=False)
    with pytest.raises(CommandError, match="SHOUWEN_DEMO"):
        call_command("demo")


def test_the_sign_ins_of_the_contract_work(institution: None) -> None:
    for username in [
        "frontdesk",
        "frontdesk2",
        "handler",
        "handler2",
        "supervisor",
        "compliance",
        "compliance2",
        "auditor",
        "admin",
    ]:
        answer = Client().post("/accounts/login/", {"login": username, "password": people.PASSWORD})
        assert answer.status_code == 302, username


def test_the_supervisor_sees_her_branch_only(institution: None) -> None:
    journeys.tell(NOW)
    with time_machine.travel(NOW, tick=False):
        seen = Complaint.objects.visible_to(User.objects.get(username="supervisor"))
        registered = set(seen.values_list("registered_unit__code", flat=True))
        assert {"E1", "E2"} <= registered
        assert not registered & {"W1", "W2"}


def test_every_column_is_told() -> None:
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for table, columns in COLUMNS.items():
        held: set[Any] = {field.column for field in tables[table]._meta.concrete_fields}
        assert held - {"history_id"} - set(columns) <= {"id"}, table
        assert set(columns) <= held, table
