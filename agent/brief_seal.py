"""What is written about a brief's file without reading one: its name and version, the citations in it, and its seal.

Apart from agent/brief_file.py, whose schema takes a fifth of a second to import. VERSION is raised with every change after which an older
reader would misread a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

NAME, VERSION = "rashomon brief", 1


def citations_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every citation in plain values, wherever it stands."""
    if isinstance(value, dict):
        if "quote" in value:
            yield value
        value = tuple(value.values())
    for inner in value if isinstance(value, list | tuple) else ():
        yield from citations_in(inner)


def seal(data: dict[str, Any]) -> str:
    """sha256 over the file's values without the seal, written as JSON with sorted keys, no blanks, and ASCII alone."""
    body = {name: value for name, value in data.items() if name != "seal"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()
