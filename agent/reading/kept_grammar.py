"""Grammar that was found once, kept beside a library: a second look at its articles loads no parser, which takes two seconds.

A file of its own, which may vanish at any time: it holds no words, only where they begin and end and how they hang together, under
digests of their sentences. `rashomon remove` throws it away.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from agent.reading.grammar import LONGEST, NOTHING, Grammar, NounPhrase, Token, parse
from vectorstore.folder import GRAMMAR_KEPT
from vectorstore.model_files import GRAMMAR

Parse = Callable[[Sequence[str]], tuple[Grammar, ...]]

# Raised whenever what is written, or what agent/reading/grammar.py reads off a sentence, changes.
FORMAT = 1
# Sentences kept, the last ones written: some 3,000 articles, 50 MB (530 bytes a sentence of recession_story).
MOST = 100_000
# Seconds to wait for another process that writes. It is no loss if nothing can be kept.
PATIENCE = 0.5
# SQLite takes 32,766 values in one question, older ones 999.
AT_ONCE = 500
SEAL = 8  # bytes

TABLE = "CREATE TABLE IF NOT EXISTS grammar (number INTEGER PRIMARY KEY, sentence BLOB UNIQUE NOT NULL, found BLOB NOT NULL)"


class KeptGrammar:
    """`parse` for the articles of one library: sentences that were parsed before are read from its folder; the others are parsed, and
    kept there. With no folder, or one that can't be written, nothing is kept. Raises what `parse` raises."""

    def __init__(self, folder: Path | None, parser: Parse = parse):
        self._file = folder / GRAMMAR_KEPT if folder is not None else None
        self._parser = parser

    def __call__(self, sentences: Sequence[str]) -> tuple[Grammar, ...]:
        if self._file is None:
            return self._parser(sentences)
        keys = {text: _key(text) for text in sentences if 0 < len(text) <= LONGEST}
        found = self._read(keys)
        unknown = [text for text in keys if text not in found]
        # Asked for nothing else: a parser that is not needed is not loaded.
        parsed = dict(zip(unknown, self._parser(unknown), strict=True)) if unknown else {}
        self._write((keys[text], grammar) for text, grammar in parsed.items())
        found |= parsed
        return tuple(found.get(text, NOTHING) for text in sentences)

    def _read(self, keys: dict[str, bytes]) -> dict[str, Grammar]:
        held: dict[bytes, object] = {}

        def read(database: sqlite3.Connection) -> None:
            wanted = list(keys.values())
            for start in range(0, len(wanted), AT_ONCE):
                some = wanted[start : start + AT_ONCE]
                asked = f"SELECT sentence, found FROM grammar WHERE sentence IN ({', '.join('?' * len(some))})"
                held.update(database.execute(asked, some))

        self._open(read)
        found = ((text, _unpacked(text, key, held[key])) for text, key in keys.items() if key in held)
        return {text: grammar for text, grammar in found if grammar is not None}

    def _write(self, parsed: Iterable[tuple[bytes, Grammar]]) -> None:
        rows = [(key, _packed(key, grammar)) for key, grammar in parsed]

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.execute(TABLE)
                database.executemany("INSERT OR REPLACE INTO grammar (sentence, found) VALUES (?, ?)", rows)
                database.execute("DELETE FROM grammar WHERE number <= (SELECT max(number) FROM grammar) - ?", (MOST,))

        if rows:
            self._open(write)

    def _open(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Does it with the file. One that is damaged is thrown away, and what can't be read or written in it is as if it were not kept."""
        assert self._file is not None
        try:
            with closing(sqlite3.connect(self._file, timeout=PATIENCE)) as database:
                # A file that a power cut spoils is seen to be spoilt, and made anew.
                database.execute("PRAGMA synchronous = OFF")
                work(database)
        except sqlite3.OperationalError:
            pass  # no room, no permission, in use, or no table yet
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # the second where the name of the table is damaged
            with suppress(OSError):
                self._file.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _form() -> str:
    """Another one for each parser and each form of what is kept."""
    return f"{FORMAT}\n{GRAMMAR.sha256}\n{version('spacy')}"


def _key(text: str) -> bytes:
    return hashlib.sha256(f"{_form()}\n{text}".encode("utf-8", "surrogatepass")).digest()


def _packed(key: bytes, grammar: Grammar) -> bytes:
    tokens = [(one.start, one.end, one.kind, one.tag, one.relation, one.head) for one in grammar.tokens]
    phrases = [(one.start, one.end, one.noun) for one in grammar.phrases]
    content = zlib.compress(json.dumps((tokens, phrases), separators=(",", ":")).encode(), 1)
    return _seal(key, content) + content


def _unpacked(text: str, key: bytes, kept: object) -> Grammar | None:
    """None if it is not as it was written for this sentence."""
    if not isinstance(kept, bytes):
        return None
    seal, content = kept[:SEAL], kept[SEAL:]
    if seal != _seal(key, content):
        return None
    tokens, phrases = json.loads(zlib.decompress(content))
    return Grammar(
        tuple(Token(start, end, text[start:end], kind, tag, relation, head) for start, end, kind, tag, relation, head in tokens),
        tuple(NounPhrase(*phrase) for phrase in phrases),
    )


def _seal(key: bytes, content: bytes) -> bytes:
    return hashlib.sha256(key + content).digest()[:SEAL]
