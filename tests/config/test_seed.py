"""Complaints in bulk: as many as asked for, each as the verbs would have left it, and found again."""

import json
from contextlib import nullcontext
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.db.models import Count, F, Max, Q
from django.utils import timezone
from psycopg2.errors import BadCopyFileFormat

from accounts.models import Membership, Unit, User
from complaints.intake import Intake, register
from complaints.models import CaseEvent, Complaint, Escalation
from complaints.states import ENDED, Status
from complaints.tasks import due_clocks, stepping_clocks
from config.demo import bulk, causes, grammar, people, rules
from config.demo.book import Book
from config.demo.case import Case
from config.demo.lives import Lives
from config.demo.tables import COLUMNS, Ids, Lines, written
from notifications.delivery import deliver
from sla.models import Clock
from tests.config.telling import left_behind, through_the_rows, through_the_verbs

LIVES = 40
OFTEN = {Status.RESPONDED, Status.INVESTIGATING, Status.CLOSED, Status.WITHDRAWN}


@pytest.fixture
def institution(db: None) -> None:
    people.found(with_sign_ins=False)
    causes.fill()
    rules.adopt()


def _all_hold() -> None:
    """Foreign keys and the deferred trigger are checked now, not at the end of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.slow
def test_a_life_in_bulk_is_what_the_verbs_make_of_it(institution: None) -> None:
    now = timezone.now()
    book, ids, lines = Book(), Ids(50), Lines()
    lives = Lives(book, Random(7), now)
    for number in range(LIVES):
        registered_at = now - timedelta(hours=5 + 16 * number, minutes=number)
        script, theme = lives.script(registered_at, ends=number % 3 > 0, rare=False)
        script.repeat_of = None
        told = Case(script, f"TS20200101-{number:06d}", book, ids, lines, uuid4())
        told.play(now)
        lines.copy()
        lives.remember(told.id, script, theme)
        done = through_the_verbs(script, now)
        deliver(registered_at)
        assert left_behind(through_the_rows(told)) == left_behind(done), script
    _all_hold()


@pytest.mark.django_db
def test_seed_adds_what_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed", "700", "--days", "90", "--processes", "1", "--json")
    answer = json.loads(capsys.readouterr().out)
    _all_hold()
    assert answer["complaints"] == Complaint.objects.count() == 700
    ended = Complaint.objects.filter(status__in=ENDED).count()
    assert 0.94 <= ended / 700 <= 0.96
    assert set(Complaint.objects.values_list("channel", flat=True)) == set(Complaint.Channel)
    assert set(Complaint.objects.values_list("status", flat=True)) >= OFTEN


def test_each_chain_holds_and_ends_at_its_head(institution: None) -> None:
    list(bulk.seed(150, days=40, random=2))
    for complaint in Complaint.objects.prefetch_related("events"):
        head = b""
        for event in sorted(complaint.events.all(), key=lambda event: event.seq):
            event.complaint = complaint
            head = event.digest(head)
            assert bytes(event.hash) == head
        assert (bytes(complaint.history_head), complaint.history_seq) == (head, complaint.events.count())


def test_both_histories_count_the_same_deeds(institution: None) -> None:
    list(bulk.seed(150, days=40, random=3))
    told = CaseEvent.objects.exclude(verb="breach").values("complaint").annotate(n=Count("id"))
    kept = Complaint.history.values("id").annotate(n=Count("history_id"))
    assert dict(told.values_list("complaint", "n")) == dict(kept.values_list("id", "n"))


def test_breaches_are_recorded_and_escalated_once(institution: None) -> None:
    list(bulk.seed(400, days=60, random=4))
    now = timezone.now()
    assert not Clock.objects.unrecorded(now).filter(due_at__lt=now - timedelta(minutes=1)).exists()
    broken = Clock.objects.filter(breached_at__isnull=False)
    assert broken.exists()
    assert set(broken.values_list("id", flat=True)) == set(
        Escalation.objects.filter(step=1).values_list("clock", flat=True)
    )


def test_a_case_that_nobody_swept_is_left_to_the_sweep(institution: None) -> None:
    book, ids, lines = Book(), Ids(5), Lines()
    now = timezone.now()
    script, _theme = Lives(book, Random(1), now).script(now - timedelta(days=2), ends=False, rare=False)
    script.steps = []
    case = Case(script, "TS20200101-000001", book, ids, lines, uuid4())
    case.play(now, swept=False)
    lines.copy()
    assert [key for handful in stepping_clocks() for key in handful][:1] == [
        Clock.objects.get(complaint=case.id, target="response").pk
    ]
    assert list(due_clocks()) == [[clock.pk for clock in Clock.objects.filter(complaint=case.id, target="response")]]


def test_the_strictest_running_clock_stands_on_each_complaint(institution: None) -> None:
    list(bulk.seed(300, days=40, random=5))
    running = Q(clocks__stopped_at=None)
    assert not Complaint.objects.filter(running, due_at=None).exists()
    assert not Complaint.objects.filter(running, clocks__due_at__lt=F("due_at")).exists()


def test_numbers_go_on_where_the_day_has_come_to(institution: None) -> None:
    clerk, unit = User.objects.get(username="frontdesk"), Unit.objects.get(code="E1")
    first = register(Intake(channel="visit", unit=unit, summary="排队"), actor=clerk)
    list(bulk.seed(300, days=5, random=6))
    list(bulk.seed(300, days=5, random=6))
    last = register(Intake(channel="visit", unit=unit, summary="又排队"), actor=clerk)
    assert Complaint.objects.values("reference").distinct().count() == 602
    today = Complaint.objects.filter(reference__startswith=first.reference[:10])
    assert last.reference == today.aggregate(last=Max("reference"))["last"]


def test_ids_and_numbers_are_drawn_not_guessed(institution: None) -> None:
    """Whoever registers while a batch is being written is given other ids."""
    ids, clerk = Ids(5), User.objects.get(username="frontdesk")
    drawn = ids.next("complaints_complaint")
    made = register(Intake(channel="visit", unit=Unit.objects.get(code="E1"), summary="排队"), actor=clerk)
    assert made.pk not in {drawn, *(ids.next("complaints_complaint") for _ in range(4))}


def test_the_rare_word_is_as_rare_as_said(institution: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "RARE_EVERY", 150)
    list(bulk.seed(300, days=40, random=7))
    everything = Complaint.objects.visible_to(User.objects.system())
    assert everything.search(grammar.RARE).count() == 2
    for word in grammar.FREQUENT:
        assert everything.search(word).count() > 15


def test_the_same_number_tells_the_same_lives(institution: None) -> None:
    list(bulk.seed(40, days=20, random=8))
    list(bulk.seed(40, days=20, random=8))
    told = Complaint.objects.order_by("id").values_list("summary", "narrative", "channel")
    assert list(told[:40]) == list(told[40:])


def test_a_batch_holds_no_more_than_its_share() -> None:
    planned = bulk.per_day(20_000, 30, Random(1), datetime(2026, 3, 20).date())  # noqa: DTZ001
    assert sum(number for _day, number, _in_hand in planned) == 20_000
    assert sum(in_hand for _day, _number, in_hand in planned) == 1_000
    assert all(in_hand <= number for _day, number, in_hand in planned)


@pytest.mark.django_db
def test_somebody_must_be_there_to_handle_them() -> None:
    Unit.objects.create(code="HO", name="总行", kind="institution")
    with pytest.raises(CommandError, match="front desk or handler"):
        call_command("seed", "5")


def test_no_rule_no_promise(institution: None) -> None:
    """Before 2020 no deadline policy is in force; nothing is guessed, as in registering."""
    with pytest.raises(CommandError, match="No deadline policy"):
        call_command("seed", "40", "--days", "7300", "--processes", "1")


def test_one_department_is_institution_enough(db: None) -> None:
    unit = Unit.objects.create(code="HO", name="总行", kind="institution")
    person = User.objects.create(username="solo", name="独苗")
    Membership.objects.create(user=person, unit=unit, role="handler", from_on=people.SINCE)
    assert list(bulk.seed(60, days=30, random=3)) == [60]
    _all_hold()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [["0"], ["5", "--days", "0"], ["5", "--processes", "0"]])
def test_absurd_requests_are_refused(wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("seed", *wrong)
    assert not Complaint.objects.exists()


def test_half_a_batch_is_no_batch(institution: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = dict(COLUMNS)
    monkeypatch.setattr("config.demo.tables.COLUMNS", real | {"complaints_outcome": ("id",)})
    with pytest.raises(BadCopyFileFormat):
        list(bulk.seed(50, days=30, random=9))
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("fails", [False, True])
def test_the_search_index_is_left_as_it_was(institution: None, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    def options() -> list[str] | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'complaint_pieces'")
            (found,) = cursor.fetchone()
        return found  # type: ignore[no-any-return]

    before = options()
    if fails:
        monkeypatch.setattr("config.demo.tables.COLUMNS", dict(COLUMNS) | {"complaints_outcome": ("id",)})
    with pytest.raises(BadCopyFileFormat) if fails else nullcontext():
        for _written in bulk.seed(50, days=30, random=9):
            assert options() == ["fastupdate=on"]
    assert options() == before == ["fastupdate=off"]


@pytest.mark.parametrize(
    ("value", "said"),
    [("a\tb\\c\nd", "a\\tb\\\\c\\nd"), (None, "\\N"), (b"\x00\xff", "\\\\x00ff"), (True, "t"), (7, "7"), ("", "")],
)
def test_values_are_written_as_copy_reads_them(value: object, said: str) -> None:
    assert written(value) == said


def test_the_database_still_refuses(institution: None) -> None:
    """No guard was put aside for speed."""
    book, ids, lines = Book(), Ids(5), Lines()
    now = timezone.now()
    script, _theme = Lives(book, Random(1), now).script(now - timedelta(days=9), ends=True, rare=False)
    case = Case(script, "TS20200101-000001", book, ids, lines, uuid4())
    case.head = b"forged"
    case.play(now)
    lines.of["complaints_caseevent"].pop()
    lines.copy()
    with pytest.raises(IntegrityError):
        _all_hold()
