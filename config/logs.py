"""Logs: one JSON object a line on standard error, for machines to read. What is logged names rows, never people."""

from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(allow=("status_code", "task_id", "task_name")),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.format_exc_info,
]


def configuration(level: str) -> dict[str, Any]:
    """For Django's LOGGING. The formatter escapes line breaks and control characters, so no text can forge a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.EventRenamer("message"),
                    structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},  # Django's own handlers write for a console
            "django.request": {"level": "ERROR"},  # a 404 is no news; the access log has it
            "django.security.DisallowedHost": {"level": "ERROR"},
            "axes": {"level": "ERROR"},  # its warnings carry user names and addresses; the table has them
        },
    }
