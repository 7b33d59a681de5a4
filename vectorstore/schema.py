"""The tables of the catalog, and how an older library comes to have them."""

from __future__ import annotations

from vectorstore.events.schema import SCHEMA as EVENTS
from vectorstore.quarantine import MIGRATION as QUARANTINE

# How the lexicon cuts a text into words.
TOKENIZER = "porter unicode61 remove_diacritics 2"


def phrase(words: str) -> str:
    """These words in a row, as the lexicon is asked for them: whatever FTS5 reads as more than a word ("NEAR", "title:", "fire*") is
    a word. What ends its reading early, a NUL, is a blank to its tokenizer as well."""
    return '"' + words.replace("\0", " ").replace('"', '""') + '"'


# MIGRATIONS[n] leads from format n to n + 1; a library that was written once is never asked to start again.
MIGRATIONS = (
    (
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE texts (text_id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE articles (article_id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, text_id TEXT NOT NULL REFERENCES texts)
           WITHOUT ROWID""",
        "CREATE INDEX articles_text ON articles (text_id)",
        """CREATE TABLE versions (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles,
           text_id TEXT NOT NULL REFERENCES texts, metadata TEXT NOT NULL, outlet TEXT, published TEXT, ingested_at TEXT NOT NULL,
           path TEXT NOT NULL, line INTEGER, UNIQUE (article_id, text_id))""",
        "CREATE INDEX versions_text ON versions (text_id)",
        "CREATE TABLE vectors (vector_key TEXT PRIMARY KEY, vector BLOB NOT NULL)",
        # No foreign key to vectors: while a library is re-indexed both the old and the new ones are held.
        """CREATE TABLE passages (number INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, text_id TEXT NOT NULL REFERENCES texts,
           ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, vector_key TEXT NOT NULL)""",
        "CREATE INDEX passages_text ON passages (text_id, ordinal)",
        f"CREATE VIRTUAL TABLE lexicon USING fts5 (title, outlet_and_day, body, tokenize = '{TOKENIZER}')",
        "CREATE TABLE journal (number INTEGER PRIMARY KEY, at TEXT NOT NULL, step TEXT NOT NULL, detail TEXT NOT NULL)",
        "CREATE TABLE rejected (path TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, at TEXT NOT NULL)",
        "CREATE UNIQUE INDEX rejected_place ON rejected (path, ifnull(line, 0))",
    ),
    EVENTS,
    (
        # With the text beside its key in one tree, a page led to four others, and every look-up read a page of each of seven levels.
        "CREATE TABLE texts_by_row (text_id TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL)",
        "INSERT INTO texts_by_row SELECT text_id, text FROM texts",
        "DROP TABLE texts",
        "ALTER TABLE texts_by_row RENAME TO texts",
        # Whether an article speaks to its reader: all are placed anew with that known. Events keep their ids.
        "ALTER TABLE event_traits ADD COLUMN to_reader INTEGER NOT NULL DEFAULT 0",
        "DELETE FROM event_traits",
        "DELETE FROM event_nearest",
        "DELETE FROM unplaced",
        "INSERT INTO unplaced SELECT article_id FROM articles",
    ),
    QUARANTINE,
)
