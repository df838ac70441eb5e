"""The benchmark works from end to end on a handful of complaints, and its parts say what they measure."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench import database, limits, processor, report
from bench.asking import Asker, UnexpectedAnswerError
from bench.bare import BYTES
from bench.measuring import Cost, Measure
from bench.operations import Operation
from bench.servers import serving

BASE_DIR = Path(__file__).resolve().parents[2]
OPERATION = Operation("queue page", "supervisor", ("/",), 45)


@pytest.mark.slow
def test_the_whole_benchmark_runs(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "bench",
        "--sizes",
        "60,120",
        "--requests",
        "10",
        "--breaches",
        "20",
        "--midnight",
        "30",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment["BENCH_RESULTS"] = str(tmp_path)
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr[-3000:]
    (file,) = tmp_path.glob("*.json")
    result = json.loads(file.read_text())
    assert {row["size"] for row in result["rows"]} == {60, 120}
    assert all(row["queries"] and row["web_ms"] > 0 and row["ratio"] > 1 for row in result["rows"])
    assert all(sweep["exactly_once"] and sweep["breaches"] == 20 for sweep in result["sweeps"])
    assert [(night["breaches"], night["exactly_once"]) for night in result["midnights"]] == [(30, True)]
    assert [export["rows"] >= 60 for export in result["exports"]] == [True, True]
    assert "x bare view" in done.stdout


def test_the_bare_view_is_served_and_its_time_is_seen(tmp_path: Path) -> None:
    with serving("bench.bare", tmp_path / "log", SECRET_KEY="x" * 50) as bare:
        body, headers, taken = Asker(bare.port).ask("/")
        assert (len(body), headers["X-Content-Type-Options"]) == (BYTES, "nosniff")
        assert 0 < taken < 10_000
        cost = Measure(bare, bare, 50).cost(lambda _number: Asker(bare.port).ask("/")[2])
        assert 0.5 < cost.ratio < 2
        with pytest.raises(UnexpectedAnswerError, match="404"):
            Asker(bare.port).ask("/nothing/")


def test_processor_time_is_work_not_waiting() -> None:
    before = processor.seconds(os.getpid())
    time.sleep(0.1)
    waited = processor.seconds(os.getpid()) - before
    sum(number * number for number in range(1_000_000))
    assert processor.seconds(os.getpid()) - before > 2 * waited


@pytest.mark.django_db
def test_bare_inserts_leave_nothing_behind() -> None:
    with database.created("shouwen_bench_trial") as address:
        insert = limits.bare_inserts(address, 40)
        again = limits.bare_inserts(address, 40)
    assert 0 < insert.median_ms <= insert.p95_ms
    assert again.a_second > 0


def test_a_target_is_met_or_missed_at_the_largest_size_only() -> None:
    costs = [Cost(10, 12, 8, 1, 0.4), Cost(13, 15, 20, 1, 0.4)]
    rows = report.judged([report.row(OPERATION, size, cost, 13) for size, cost in zip((10, 20), costs, strict=True)])
    assert [row["ratio"] for row in rows] == [20, 50]
    assert [row["cost_met"] for row in rows] == [None, False]
    assert [row["growth_met"] for row in rows] == [None, False]
