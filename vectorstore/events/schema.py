"""The tables of the events. Triggers note which articles are to be placed (anew), so that no kill and no way of writing can miss one."""

from __future__ import annotations

# No words of an article are kept here: when it is removed, its title is not left behind in an event.
SCHEMA = (
    """CREATE TABLE events (number INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE,
       title_from TEXT REFERENCES articles ON DELETE SET NULL,
       title_start INTEGER, title_end INTEGER)""",
    "CREATE INDEX events_title ON events (title_from)",
    "CREATE TABLE event_aliases (event_id TEXT PRIMARY KEY, event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE) WITHOUT ROWID",
    "CREATE INDEX event_aliases_event ON event_aliases (event)",
    """CREATE TABLE event_members (article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
       event INTEGER NOT NULL REFERENCES events) WITHOUT ROWID""",
    "CREATE INDEX event_members_event ON event_members (event)",
    """CREATE TABLE event_traits (article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, day INTEGER, outlet TEXT NOT NULL,
       weekdays INTEGER NOT NULL, terms BLOB NOT NULL, lead BLOB NOT NULL)""",
    "CREATE INDEX event_traits_day ON event_traits (day)",
    # Beside the traits, because it changes with every ingest and is small.
    "CREATE TABLE event_nearest (article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, likenesses BLOB NOT NULL)",
    "CREATE TABLE unplaced (article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE) WITHOUT ROWID",
    "INSERT INTO unplaced SELECT article_id FROM articles",
    """CREATE TRIGGER article_came AFTER INSERT ON articles BEGIN
       INSERT INTO unplaced SELECT new.article_id WHERE new.article_id NOT IN (SELECT article_id FROM unplaced); END""",
    """CREATE TRIGGER article_changed AFTER UPDATE OF text_id ON articles BEGIN
       INSERT INTO unplaced SELECT new.article_id WHERE new.article_id NOT IN (SELECT article_id FROM unplaced); END""",
    """CREATE TRIGGER metadata_changed AFTER UPDATE OF metadata ON versions BEGIN
       INSERT INTO unplaced SELECT new.article_id WHERE new.article_id NOT IN (SELECT article_id FROM unplaced); END""",
)
