"""Log lines: one JSON object each, whatever is in them."""

import json
import logging

import pytest
import structlog

from config import logs


def line_of(message: str, *arguments: object, exception: BaseException | None = None) -> str:
    formatter = logs.configuration("INFO")["formatters"]["json"]
    processor = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
    )
    told = (type(exception), exception, exception.__traceback__) if exception else None
    record = logging.LogRecord("complaints.tasks", logging.ERROR, "tasks.py", 1, message, arguments, told)
    return processor.format(record)


@pytest.mark.parametrize("text", ['two\nlines {"level": "info"}', "\x1b[31mred", "投诉 𠮷", 'quote " and \\'])
def test_no_text_can_forge_a_line(text: str) -> None:
    line = line_of("read %s", text)
    assert json.loads(line)["message"] == f"read {text}"
    assert line.isprintable()


def test_a_line_says_when_where_and_how_bad() -> None:
    told = json.loads(line_of("sweep failed", exception=ValueError("no clock")))
    assert told["level"] == "error"
    assert told["logger"] == "complaints.tasks"
    assert told["at"].endswith("Z")
    assert "ValueError: no clock" in told["exception"]
