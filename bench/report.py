"""One table for people, one JSON file for programs."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.measuring import Cost
from bench.operations import Operation

FOLDER = Path(os.environ.get("BENCH_RESULTS") or Path(__file__).resolve().parent / "results")
GROWTH = 1.2  # how far a median at the largest size may lie above the one at the smallest


def row(operation: Operation, size: int, cost: Cost, queries: int) -> dict[str, Any]:
    """One line of the results."""
    return {
        "operation": operation.name, "who": operation.who, "size": size, "queries": queries, "target": operation.target,
        "flat": operation.flat, "ratio": cost.ratio, **asdict(cost),
    }  # fmt: skip


def judged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row with how its median has grown since the smallest size, and whether its targets are met."""
    first = {row["operation"]: row for row in reversed(rows)}
    largest = max(row["size"] for row in rows)
    for row in rows:
        row["growth"] = row["median_ms"] / first[row["operation"]]["median_ms"]
        row["cpu_growth"] = _cpu(row) / _cpu(first[row["operation"]])
        row["queries_grow"] = row["flat"] and row["queries"] > first[row["operation"]]["queries"]
        counts = row["size"] == largest
        row["cost_met"] = row["ratio"] <= row["target"] if counts and row["target"] else None
        row["growth_met"] = row["growth"] <= GROWTH if counts and row["flat"] and row["growth"] != 1 else None
    return rows


def _cpu(row: dict[str, Any]) -> float:
    return float(row["web_ms"] + row["database_ms"])


def table(result: dict[str, Any]) -> str:
    """The results as a Markdown table, with what has to be known to read it."""
    lines = [
        "| operation | complaints | queries | median ms | p95 ms | web CPU ms | database CPU ms | x bare view | target |"
        " median / smallest size | CPU / smallest size |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row) for row in result["rows"]]
    lines += ["", *_beside(result)]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    target = f"{row['target']:g}{_mark(row['cost_met'])}" if row["target"] else "-"
    return (
        f"| {row['operation']} | {row['size']:,} | {row['queries']}{' (grew)' if row['queries_grow'] else ''} |"
        f" {row['median_ms']:.1f} | {row['p95_ms']:.1f} | {row['web_ms']:.2f} | {row['database_ms']:.2f} |"
        f" {row['ratio']:.1f} | {target} | {row['growth']:.2f}{_mark(row['growth_met'])} |"
        f" {row['cpu_growth']:.2f} |"
    )


def _mark(met: bool | None) -> str:
    return "" if met is None else " met" if met else " MISSED"


def _beside(result: dict[str, Any]) -> Iterable[str]:
    """What the same run measured beside the requests."""
    for insert in result["inserts"]:
        yield (
            f"- Bare PostgreSQL insert at {insert['size']:,}: median {insert['median_ms']:.2f} ms,"
            f" p95 {insert['p95_ms']:.2f} ms, {insert['a_second']:,.0f} a second."
        )
    for sweep in result["sweeps"]:
        yield (
            f"- Sweep of {sweep['breaches']:,} simultaneous breaches at {sweep['size']:,}: {sweep['seconds']:.1f} s,"
            f" {sweep['a_second']:,.0f} a second, {sweep['median_ms']:.2f} ms and {sweep['queries']:.1f} queries each"
            f" ({sweep['web_ms']:.2f} ms CPU), {sweep['inserts']:.1f} bare inserts;"
            f" {'each recorded exactly once' if sweep['exactly_once'] else 'NOT EXACTLY ONCE'}."
        )
    for night in result["midnights"]:
        yield (
            f"- {night['breaches']:,} breaches in the same minute at {night['size']:,}, by the ordinary worker:"
            f" {night['seconds']:.0f} s, {night['a_second']:,.0f} a second, {night['inserts']:.1f} bare inserts each;"
            f" {'each recorded exactly once' if night['exactly_once'] else 'NOT EXACTLY ONCE'}. The queue page meanwhile took"
            f" {night['busy_ms']:.0f} ms (p95 {night['busy_p95_ms']:.0f}), {night['busy_ratio']:.1f} x its"
            f" {night['idle_ms']:.0f} ms at rest."
        )
    for export in result["exports"]:
        yield (
            f"- Register export at {export['size']:,}: {export['rows']:,} rows, {export['bytes'] / 1e6:.1f} MB,"
            f" {export['rows_a_second']:,.0f} rows a second, {export['memory_mb']:.0f} MB in the worker at the most."
        )
    for seed in result["seeds"]:
        yield f"- Seeding to {seed['size']:,}: {seed['a_minute']:,.0f} complaints a minute."
    yield (
        f"- {result['machine']['processor']}, known loop {result['machine']['loop_seconds']:.2f} s,"
        f" load {result['machine']['load']:.1f} at the start; Python {result['machine']['python']},"
        f" PostgreSQL {result['machine']['postgres']}."
    )
    bare = [row["bare_ms"] for row in result["rows"]]
    yield (
        f"- The bare view took {min(bare):.2f} to {max(bare):.2f} ms of CPU."
        " gunicorn, one sync worker, no keep-alive, one client; x bare view = web CPU over that of a bare view"
        " measured in turns with it. Queries include the session's and the reader's."
    )


def kept(result: dict[str, Any]) -> Path:
    """Write the results to a file named for the moment."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return path
