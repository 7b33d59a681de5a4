"""Keys are kept out of logs, whoever writes them: an endpoint may say a key back, in its status line even, and clients log what it says."""

from __future__ import annotations

import logging
import traceback
from typing import Any

SHOWN = "[a key]"
# A word as short as this stands in every log; keys have 20 characters and more.
LEAST = 8

_secrets: set[str] = set()


def keep_from_logs(secret: str | None) -> None:
    """From here on no log record of this process has it, whichever logger makes the record."""
    if secret is None or len(secret) < LEAST:
        return
    if not _secrets:
        made_before = logging.getLogRecordFactory()

        def make(*given: Any, **named: Any) -> logging.LogRecord:
            return _redacted(made_before(*given, **named))

        logging.setLogRecordFactory(make)
    _secrets.add(secret)


def _redacted(record: logging.LogRecord) -> logging.LogRecord:
    try:
        said = record.getMessage()
    except (TypeError, ValueError):
        said = f"{record.msg} (what was to stand in it does not fit)"
    record.msg, record.args = _without(said), None
    if record.exc_info and record.exc_info[0]:
        # A formatter takes the text where there is one.
        record.exc_text = _without("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
    return record


def _without(text: str) -> str:
    for secret in _secrets:
        text = text.replace(secret, SHOWN)
    return text
