"""The first run: many clocks that are due, and programs that are killed while they record them."""

from django.utils import timezone

from bench.due import fallen_due
from complaints.tasks import breaches, steps
from faults import judging
from faults.report import Result
from faults.stage import Stage, say
from faults.watching import recorded


def run(stage: Stage, due: int) -> Result:
    """Let `due` clocks be recorded as broken, of which a tenth are the second of their case."""
    say(f"writing {due:,} clocks that are due")
    was_due = fallen_due(due, pairs=due // 10)
    others = judging.other_steps(was_due, timezone.now())
    result = Result(due, due - due // 10, len(stage.workers), stage.seed)
    stage.start()
    say("letting them go, and injecting")
    stage.trigger()
    stage.run(result, list(was_due), (breaches, steps), recorded)
    say("judging")
    stage.end(result)
    result.verdicts, result.broken = judging.verdicts(was_due, others), judging.broken_rows()
    return result
