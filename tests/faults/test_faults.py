"""The whole fault suite on a small number: it injects what it says, and nothing is lost or doubled."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_whole_suite_runs_small(tmp_path: Path) -> None:
    size = ["--due", "300", "--open", "1200", "--workers", "2", "--kills", "3", "--seed", "5"]
    command = [sys.executable, "-m", "faults", *size]
    done = subprocess.run(
        command, cwd=BASE_DIR, env=os.environ | {"FAULTS_RESULTS": str(tmp_path)}, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    for injected in (
        "| a worker killed (-9) and started again | 3 |",
        "| a beat killed (-9) and started again | 1 |",
        "| PostgreSQL killed (-9) and started again | 1 |",
        "| Valkey emptied (FLUSHALL) | 1 |",
        "verify_history finds 0 broken rows",
    ):
        assert done.stdout.count(injected) == 2, injected
    assert "| breaches, dated at the deadline | 300 | 300 | 0 | 0 | 0 |" in done.stdout
    # of 270 answers a warning, and the breach of 300 clocks; of thirty late letters six steps of both clocks beside those
    assert "| steps of ladders | 750 | 750 | 0 | 0 | 0 |" in done.stdout
    assert "| warn events | 330 | 330 | 0 | 0 | 0 |" in done.stdout
    assert "| dates by the new version | 1,320 | 1,320 | 0 | 0 | 0 |" in done.stdout
    assert "| recompute events, with both dates | 1,200 | 1,200 | 0 | 0 | 0 |" in done.stdout
    (file,) = tmp_path.glob("*.json")
    result = json.loads(file.read_text())
    assert result["passed"]
    assert result["injected"] == result["planned"]
    assert result["breaches_a_second"] > 0
    calendar = result["calendar"]
    assert calendar["passed"]
    assert (calendar["moved"], calendar["kept_dates"], calendar["total"]) == (1_200, 120, 1_320)
    assert calendar["progress"][0][1] < calendar["progress"][-1][1] == 1_320
