"""Several processes write at once: nothing collides, and one that dies is noticed."""

import os
import signal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from complaints.models import CaseEvent, Complaint
from config.demo import bulk, causes, people
from tests.committed import db  # noqa: F401 - the processes must see what is committed


@pytest.fixture
def institution(db: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    people.found(with_sign_ins=False)
    causes.fill()
    monkeypatch.setattr(bulk, "BATCH", 60)


def test_two_processes_write_as_one_would(institution: None) -> None:
    assert list(bulk.seed(200, days=20, processes=2, random=1)) == [60, 120, 180, 200]
    assert Complaint.objects.values("reference").distinct().count() == 200
    assert CaseEvent.objects.filter(verb="register").count() == 200


def test_a_writer_that_is_killed_ends_the_run(institution: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = bulk.Batcher.write

    def dying(self: bulk.Batcher, batch: list[bulk.Stretch]) -> int:
        if batch[0].first >= 120:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, batch)

    monkeypatch.setattr(bulk.Batcher, "write", dying)
    with pytest.raises(CommandError, match="Whole batches"):
        call_command("seed", "200", "--days", "20", "--processes", "2", "--random", "1", verbosity=0)
    assert Complaint.objects.count() in {0, 60, 120}
    monkeypatch.setattr(bulk.Batcher, "write", real)
    assert list(bulk.seed(60, days=20, processes=1, random=2)) == [60]  # the lock was given back


def test_a_writer_that_cannot_begin_ends_the_run(institution: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_self: Any, _options: bulk.Options) -> None:
        raise LookupError("no book")

    monkeypatch.setattr(bulk.Batcher, "__init__", failing)
    with pytest.raises(CommandError, match="ended"):
        call_command("seed", "200", "--days", "20", "--processes", "2", verbosity=0)
    assert not Complaint.objects.exists()
