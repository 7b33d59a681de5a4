"""Why a text is no JSON, said for whoever has to mend it."""

from __future__ import annotations

import json
import sys


def json_fault(error: ValueError | RecursionError, *, lines: bool = True) -> str:
    """Of what `json.loads` raises. `lines` tells whether the text has more lines than the one that the caller names."""
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, character {error.colno}" if lines else f"character {error.pos + 1}"
        return f"{error.msg} at {place}"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start + 1}; save it as UTF-8"
    if isinstance(error, RecursionError):
        return "objects or lists within each other, too deep to be read; write it flat"
    if "integer string conversion" in str(error):
        return f"a number of over {sys.get_int_max_str_digits():,} digits; shorten it, or put it in quotation marks"
    return str(error)[:120]
