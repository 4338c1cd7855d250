"""Logs: standard error, one JSON object a line, no personal data, nothing that could forge a line."""

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

# The only extra fields that are written. Identifiers, never names, addresses, answers or tokens.
FIELDS = ("request_id", "actor_id", "action", "object_id", "status", "duration_ms", "task", "promise_id", "reason")


class JsonLine(logging.Formatter):
    """One event as one line of JSON. json.dumps escapes control characters, so that no text can start a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        event: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        event |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps(event, default=str)


def logging_settings(level: str = "INFO") -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig` (gunicorn takes it too)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "config.logging.JsonLine"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": level, "handlers": [], "propagate": True},
            "gunicorn.access": {"level": level, "handlers": [], "propagate": True},
            # These tell at length about every font and every turn of the clock; what matters is in our own events.
            "fontTools": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "alembic.runtime.plugins": {"level": "WARNING"},
        },
    }


def configure(level: str = "INFO") -> None:
    """Send the process's logs to standard error as JSON lines."""
    logging.config.dictConfig(logging_settings(level))
