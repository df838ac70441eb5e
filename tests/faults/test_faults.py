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
    command = [sys.executable, "-m", "faults", "--due", "300", "--workers", "2", "--kills", "3", "--seed", "5"]
    done = subprocess.run(
        command, cwd=BASE_DIR, env=os.environ | {"FAULTS_RESULTS": str(tmp_path)}, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert "| a worker killed (-9) and started again | 3 |" in done.stdout
    assert "| PostgreSQL killed (-9) and started again | 1 |" in done.stdout
    assert "| Valkey emptied (FLUSHALL) | 1 |" in done.stdout
    assert "| breaches, dated at the deadline | 300 | 300 | 0 | 0 | 0 |" in done.stdout
    # of 270 answers a warning, and the breach of 300 clocks; of thirty late letters six steps of both clocks beside those
    assert "| steps of ladders | 750 | 750 | 0 | 0 | 0 |" in done.stdout
    assert "| warn events | 330 | 330 | 0 | 0 | 0 |" in done.stdout
    assert "verify_history finds 0 broken rows" in done.stdout
    (file,) = tmp_path.glob("*.json")
    result = json.loads(file.read_text())
    assert result["passed"]
    assert result["injected"] == result["planned"]
    assert result["breaches_a_second"] > 0
