"""What a library's folder holds."""

from __future__ import annotations

CATALOG, LOCK, INDEXES = "catalog.sqlite3", "writer.lock", "index"
