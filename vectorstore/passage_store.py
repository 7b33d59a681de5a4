"""The part of the catalog that is searched: passages, their vectors and the lexicon. They belong to texts, not to articles."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.chronology import day_in_words
from vectorstore.database import Database, Value
from vectorstore.passage import Passage
from vectorstore.schema import phrase

# Vectors read at a time.
STEP = 5_000


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A stored passage: which text it is of, and where."""

    passage_id: str
    text_id: str
    start: int
    end: int


class PassageStore:
    """Base of the catalog; everything happens in the transaction that is open."""

    _db: Database

    def clear_passages(self) -> None:
        """Forgets the passages, not their vectors: before all of them are made anew."""
        self._db.write("DELETE FROM lexicon")
        self._db.write("DELETE FROM passages")

    def remove_passages(self, text_ids: Collection[str]) -> tuple[int, list[bytes]]:
        """Those of texts that nobody prints any more. Returns their number, and the vectors that went with them."""
        of_them = "SELECT number FROM passages WHERE text_id IN (SELECT value FROM json_each(?))"
        texts = json.dumps(sorted(text_ids))
        keys = "SELECT DISTINCT vector_key FROM passages WHERE text_id IN (SELECT value FROM json_each(?))"
        used = json.dumps([row[0] for row in self._db.rows(keys, (texts,))])
        self._db.write(f"DELETE FROM lexicon WHERE rowid IN ({of_them})", (texts,))
        passages, _ = self._db.write(f"DELETE FROM passages WHERE number IN ({of_them})", (texts,))
        unused = "vector_key IN (SELECT value FROM json_each(?)) AND vector_key NOT IN (SELECT vector_key FROM passages)"
        vectors = [bytes(row[0]) for row in self._db.rows(f"SELECT vector FROM vectors WHERE {unused}", (used,))]
        self._db.write(f"DELETE FROM vectors WHERE {unused}", (used,))
        return passages, vectors

    def vector_starts(self, size: int) -> list[bytes]:
        """The first bytes of every vector held."""
        return [bytes(row[0]) for row in self._db.rows("SELECT substr(vector, 1, ?) FROM vectors", (size,))]

    def drop_unused_vectors(self) -> None:
        self._db.write("DELETE FROM vectors WHERE vector_key NOT IN (SELECT vector_key FROM passages)")

    def missing_vectors(self, wanted: dict[str, str]) -> dict[str, str]:
        """Those of the texts by vector key that have no vector yet."""
        query = "SELECT vector_key FROM vectors WHERE vector_key IN (SELECT value FROM json_each(?))"
        known = {row[0] for row in self._db.rows(query, (json.dumps(list(wanted)),))}
        return {key: text for key, text in wanted.items() if key not in known}

    def put_vectors(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        rows = ((key, vector.astype("<f4").tobytes()) for key, vector in zip(keys, vectors, strict=True))
        self._db.write_all("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def put_passages(self, passages: Sequence[Passage], vector_keys: Sequence[str]) -> None:
        """The passages of one text, after the articles that print it were stored."""
        if not passages:
            return
        heading = self._heading(passages[0].text_id)
        for passage, key in zip(passages, vector_keys, strict=True):
            changed, number = self._db.write(
                "INSERT OR IGNORE INTO passages (passage_id, text_id, ordinal, start, end, vector_key) VALUES (?, ?, ?, ?, ?, ?)",
                (passage.passage_id, passage.text_id, passage.ordinal, passage.start, passage.end, key),
            )
            if changed:
                self._db.write(
                    "INSERT INTO lexicon (rowid, title, outlet_and_day, body) VALUES (?, ?, ?, ?)", (number, *heading, passage.text)
                )

    def retitle(self, text_id: str) -> None:
        """Brings what helps to find a text's passages up to date: the headlines, outlets and days under which it was printed."""
        heading = self._heading(text_id)
        passages = "SELECT number FROM passages WHERE text_id = ?"
        stored = self._db.rows(f"SELECT title, outlet_and_day FROM lexicon WHERE rowid IN ({passages}) LIMIT 1", (text_id,))
        if stored and stored[0] != heading:
            self._db.write(f"UPDATE lexicon SET title = ?, outlet_and_day = ? WHERE rowid IN ({passages})", (*heading, text_id))

    def _heading(self, text_id: str) -> tuple[str, str]:
        rows = self._db.rows("SELECT metadata, outlet, published FROM versions WHERE text_id = ? ORDER BY article_id", (text_id,))
        titles = dict.fromkeys(json.loads(row[0]).get("title", {}).get("value", "") for row in rows)
        places = dict.fromkeys(" ".join(filter(None, (row[1], day_in_words(row[2])))) for row in rows)
        return " / ".join(filter(None, titles)), " / ".join(filter(None, places))

    def last_passage(self) -> int:
        """The number of the newest passage. Numbers grow; they start again when all passages are made anew."""
        return int(self._db.rows("SELECT ifnull(max(number), 0) FROM passages")[0][0])

    def passage_count(self) -> int:
        """Of all versions."""
        return int(self._db.rows("SELECT count(*) FROM passages")[0][0])

    def passage_ids(self, until: int) -> list[str]:
        """Of the passages with numbers up to this one, in the order of their numbers."""
        return [str(row[0]) for row in self._db.rows("SELECT passage_id FROM passages WHERE number <= ? ORDER BY number", (until,))]

    def number_before(self, number: int) -> int:
        """So that `passages_between` it and this number has the last passage with a number up to it."""
        return int(self._db.rows("SELECT ifnull(max(number), 1) - 1 FROM passages WHERE number <= ?", (number,))[0][0])

    def passages_between(self, after: int, until: int) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """The passages with numbers in (after, until] and their vectors, row by row."""
        return self._with_vectors("number > ? AND number <= ? ORDER BY number", (after, until))

    def passages_of(
        self, text_ids: Collection[str] | None = None, *, start_below: int | None = None
    ) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """The passages of these texts (of all current versions if None) and their vectors, in the order of their ids."""
        below = "" if start_below is None else f"AND start < {int(start_below)} "
        if text_ids is None:
            return self._with_vectors(f"text_id IN (SELECT text_id FROM articles) {below}ORDER BY passage_id", ())
        return self._with_vectors(
            f"text_id IN (SELECT value FROM json_each(?)) {below}ORDER BY passage_id", (json.dumps(sorted(text_ids)),)
        )

    def current_passages(self) -> tuple[list[PassageRow], NDArray[np.int64], NDArray[np.float32]]:
        """The passages of all current versions in the order of their ids, their numbers, and their vectors row by row."""
        query = (
            "SELECT passage_id, text_id, start, end, number, vector_key FROM passages "
            "WHERE text_id IN (SELECT text_id FROM articles) AND vector_key IN (SELECT vector_key FROM vectors) ORDER BY passage_id"
        )
        rows: list[PassageRow] = []
        numbers: list[int] = []
        first: dict[str, int] = {}
        equal: list[tuple[int, int]] = []
        texts: dict[str, str] = {}
        for place, (passage_id, text_id, start, end, number, key) in enumerate(self._db.rows(query)):
            rows.append(PassageRow(passage_id, texts.setdefault(text_id, text_id), start, end))
            numbers.append(number)
            if first.setdefault(key, place) != place:
                equal.append((place, first[key]))
        vectors = self._vectors_at(first, len(rows))
        if equal:
            places, before = np.array(equal, np.intp).T
            vectors[places] = vectors[before]
        return rows, np.array(numbers, np.int64), vectors

    def _vectors_at(self, places: Mapping[str, int], count: int) -> NDArray[np.float32]:
        """So many rows, with the vectors of these keys in these places. Read in the order in which they lie in the file, in steps so that
        they are not held twice: asked for by key, each is a search of its own."""
        vectors = np.zeros((0, 0), np.float32)
        last, query = -1, "SELECT rowid, vector_key, vector FROM vectors WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while found := self._db.rows(query, (last, STEP)):
            last = found[-1][0]
            wanted = [(places[key], vector) for _, key, vector in found if key in places]
            if wanted:
                part = np.frombuffer(b"".join(vector for _, vector in wanted), dtype="<f4").reshape(len(wanted), -1)
                if not len(vectors):
                    vectors = np.zeros((count, part.shape[1]), np.float32)
                vectors[[place for place, _ in wanted]] = part
        return vectors

    def _with_vectors(self, condition: str, values: Sequence[Value]) -> tuple[list[PassageRow], NDArray[np.float32]]:
        query = f"SELECT passage_id, text_id, start, end, vector FROM passages JOIN vectors USING (vector_key) WHERE {condition}"
        rows = self._db.rows(query, values)
        vectors = np.frombuffer(b"".join(row[4] for row in rows), dtype="<f4").astype(np.float32, copy=False)
        return [PassageRow(*row[:4]) for row in rows], vectors.reshape(len(rows), -1) if rows else np.zeros((0, 0), np.float32)

    def lexical(self, terms: Sequence[str], limit: int, text_ids: Collection[str] | None = None) -> dict[str, float]:
        """BM25 score by passage id, of at most `limit` passages that hold any of the terms. Higher is better."""
        if not terms:
            return {}
        scope = "SELECT text_id FROM articles" if text_ids is None else "SELECT value FROM json_each(?)"
        rows = self._db.rows(
            "SELECT p.passage_id, -bm25(lexicon) AS score FROM lexicon JOIN passages p ON p.number = lexicon.rowid "
            f"WHERE lexicon MATCH ? AND p.text_id IN ({scope}) ORDER BY score DESC, p.passage_id LIMIT ?",
            (" OR ".join(map(phrase, terms)), *([] if text_ids is None else [json.dumps(sorted(text_ids))]), limit),
        )
        return {str(passage_id): float(score) for passage_id, score in rows}

    def texts_titled(self, words: str) -> frozenset[str]:
        """The texts that were printed under a headline with these words in a row."""
        tokens = re.findall(r"\w+", words)
        if not tokens:
            return frozenset()
        query = "SELECT DISTINCT p.text_id FROM lexicon JOIN passages p ON p.number = lexicon.rowid WHERE lexicon MATCH ?"
        return frozenset(str(row[0]) for row in self._db.rows(query, (f"title : {phrase(' '.join(tokens))}",)))

    def holders(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands."""
        query = "SELECT count(*) FROM lexicon WHERE lexicon MATCH ?"
        return {term: int(self._db.rows(query, (phrase(term),))[0][0]) for term in terms}
