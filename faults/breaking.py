"""The first run: many clocks that are due, and programs that are killed while they record them."""

from bench.due import fallen_due
from complaints.tasks import breaches
from faults import judging
from faults.report import Result
from faults.stage import Stage, say
from faults.watching import recorded


def run(stage: Stage, due: int) -> Result:
    """Let `due` clocks be recorded as broken, of which a tenth are the second of their case."""
    say(f"writing {due:,} clocks that are due")
    was_due = fallen_due(due, pairs=due // 10)
    result = Result(due, due - due // 10, len(stage.workers), stage.seed)
    stage.start()
    say("letting them go, and injecting")
    stage.trigger()
    stage.run(result, list(was_due), breaches, recorded)
    say("judging")
    stage.end(result)
    result.verdicts, result.broken = judging.verdicts(was_due), judging.broken_rows()
    return result
