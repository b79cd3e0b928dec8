"""How the log looks: lines of text, or one JSON object a line."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Literal, TypeAlias

import orjson

Format: TypeAlias = Literal["text", "json"]


class JsonLines(logging.Formatter):
    """One object a record: time, level, logger, and the facts of a request or else the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, in which every control character is escaped."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        facts = getattr(record, "facts", None)
        entry |= {"message": record.getMessage()} if facts is None else facts
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(entry, default=str).decode()


def configure(level: str, form: Format) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else text)
    logging.basicConfig(level=level.upper(), handlers=[handler])
