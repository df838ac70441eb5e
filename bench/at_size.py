"""Everything that is measured while the database holds one number of complaints."""

import os
import time
from pathlib import Path
from typing import Any

from django.db import connection

from bench import asking, operations, processor, report
from bench.measuring import Measure
from bench.servers import Server, serving
from complaints.models import Complaint
from config.demo import bulk, people

EXPORTS = 5  # an export is long: so many are enough


def grown(size: int) -> list[dict[str, Any]]:
    """Seed up to `size` complaints; tells how fast, or nothing where there are so many already."""
    missing = size - Complaint.objects.count()
    if missing <= 0:
        return []
    began = time.monotonic()
    for _written in bulk.seed(missing, processes=min(2, os.cpu_count() or 1), random=size):
        pass
    spent = time.monotonic() - began
    bulk.analyze()
    return [{"size": size, "complaints": missing, "seconds": spent, "a_minute": missing / spent * 60}]


def measured(size: int, requests: int, folder: Path, result: dict[str, Any]) -> None:
    """Measure every operation and add what was found to `result`."""
    operations.prepare()
    asked = operations.operations()
    counted = [operation.queries() for operation in asked]
    connection.close()
    log = folder / "server.log"
    with serving("config.wsgi", log) as server, serving("bench.bare", log) as bare:
        askers = _askers(server)
        connection.close()
        server.note_database(os.environ["DATABASE_URL"])
        for operation, queries in zip(asked, counted, strict=True):
            many = requests if operation.flat else EXPORTS
            asker = askers["token"] if operation.posts else askers[operation.who]
            cost = Measure(server, bare, many).cost(operation.request(asker))
            result["rows"].append(report.row(operation, size, cost, queries))
        result["exports"].append({"size": size, **_exported(server, askers[asked[-1].who], asked[-1].paths[0])})


def _askers(server: Server) -> dict[str, asking.Asker]:
    askers = {
        name: asking.signed_in(server.port, name, people.PASSWORD) for name in (operations.WHOLE, operations.BRANCH)
    }
    askers["token"] = asking.Asker(server.port, {"Authorization": f"Token {operations.token()}"})
    return askers


def _exported(server: Server, asker: asking.Asker, path: str) -> dict[str, Any]:
    """One export once more, for its size, its pace and the worker's memory."""
    body, _headers, taken = asker.ask(path)
    rows = body.count(b"\r\n") - 1
    return {
        "rows": rows,
        "bytes": len(body),
        "rows_a_second": rows / taken * 1000,
        "memory_mb": processor.most_memory(server.worker),
    }
