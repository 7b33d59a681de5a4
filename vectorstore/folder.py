"""What a library's folder holds."""

from __future__ import annotations

CATALOG, LOCK, INDEXES = "catalog.sqlite3", "writer.lock", "index"
# What agent/reading found in the sentences, so as not to look again. It may vanish at any time, is in no backup, and goes with any removal.
GRAMMAR_KEPT = "grammar.sqlite3"
