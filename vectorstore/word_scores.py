"""How well one word fits each passage: BM25 as FTS5 computes it, to the last bit, for a tenth of what FTS5's own function takes.

That function looks up the length of each passage that holds the word and hands over row by row. Here the lengths are read once, the places
of a word come out of FTS5's index as one value, and the formula runs over all of them together. Nothing is stored: SQLite stays the truth.
"""

from __future__ import annotations

import math
import sqlite3
import weakref

import numpy as np
from numpy.typing import NDArray

from vectorstore.database import Database
from vectorstore.embed import without_surrogates
from vectorstore.schema import TOKENIZER, phrase

# As in FTS5's bm25(): fixed there, and the weights of its columns are all 1.
K1, B, LEAST_RARITY = 1.2, 0.75, 1e-6
# The numbers of the passages that hold a word, and the word's score in each.
NumbersAndScores = tuple[NDArray[np.int64], NDArray[np.float64]]


class Tokens:
    """Words as the lexicon's tokenizer writes them down."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._db.close)
        self._db.execute(f"CREATE VIRTUAL TABLE words USING fts5 (word, tokenize = '{TOKENIZER}')")
        self._db.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab (words, instance)")

    def of(self, word: str) -> list[str]:
        """In order; none of a word without a letter or digit."""
        self._db.execute("BEGIN")
        try:
            self._db.execute("INSERT INTO words VALUES (?)", (without_surrogates(word),))
            return [str(row[0]) for row in self._db.execute("SELECT term FROM tokens ORDER BY offset")]
        finally:
            self._db.execute("ROLLBACK")


class WordScores:
    """Of the passages of all versions in one lexicon. Make it outside a transaction; call `forget` when the catalog has changed."""

    def __init__(self, database: Database):
        self._db = database
        self._tokens = Tokens()
        # Of this connection alone, and gone with it.
        self._db.rows("CREATE VIRTUAL TABLE IF NOT EXISTS temp.places USING fts5vocab (main, lexicon, instance)")
        self.forget()

    def forget(self) -> None:
        self._lengths: NDArray[np.float64] | None = None
        self._passages = 0

    def of(self, word: str) -> NumbersAndScores:
        """Higher is better."""
        tokens = self._tokens.of(word)
        if len(tokens) != 1:  # such as "4,500", which FTS5 takes for two tokens in a row
            rows = self._db.rows("SELECT rowid, -bm25(lexicon) FROM lexicon WHERE lexicon MATCH ?", (phrase(word),))
            return np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.float64)
        # One value, because a Python object for each of thousands of rows would take longer than all the rest.
        (places,) = self._db.rows("SELECT group_concat(doc) FROM temp.places WHERE term = ?", (tokens[0],))[0]
        if places is None:
            return np.zeros(0, np.int64), np.zeros(0, np.float64)
        return self._scored(np.fromstring(places, np.int64, sep=","))

    def _scored(self, places: NDArray[np.int64]) -> NumbersAndScores:
        """`places` has a passage's number once for each time that the word stands there, in order."""
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        numbers = places[starts]
        often = np.diff(starts, append=len(places)).astype(np.float64)
        weights = self._lengths if self._lengths is not None else self._read_lengths()
        holders = len(numbers)
        rarity = math.log((self._passages - holders + 0.5) / (holders + 0.5))
        return numbers, (rarity if rarity > 0 else LEAST_RARITY) * ((often * (K1 + 1.0)) / (often + weights[numbers]))

    def _read_lengths(self) -> NDArray[np.float64]:
        """By passage number, what the formula makes of its length in tokens."""
        rows = self._db.rows("SELECT id, sz FROM lexicon_docsize ORDER BY id")
        numbers = np.array([row[0] for row in rows], np.int64)
        columns = whole_numbers(b"".join(row[1] for row in rows))
        tokens = columns.reshape(len(rows), -1).sum(axis=1).astype(np.float64) if rows else np.zeros(0)
        self._passages = len(rows)
        self._lengths = np.zeros(int(numbers.max(initial=0)) + 1)
        mean = float(tokens.sum()) / max(1, len(rows))
        self._lengths[numbers] = K1 * (1 - B + B * tokens / mean)
        return self._lengths


def whole_numbers(content: bytes) -> NDArray[np.int64]:
    """SQLite's varints one after the other, decoded: seven bits a byte, the highest first, and the last byte is below 128. Those of nine
    bytes, which differ, are beyond any length of a text."""
    held = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(held < 0x80)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    found = held[ends].astype(np.int64)
    for back in range(1, int((ends - starts).max(initial=0)) + 1):
        longer = np.flatnonzero(ends - starts >= back)
        found[longer] += (held[ends[longer] - back] & 0x7F).astype(np.int64) << (7 * back)
    return found
