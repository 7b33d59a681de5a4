"""Scores a plan's parts on the passages in scope, and merges them so that no part, outlet or article drowns another."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from vectorstore.article_rank import to_one
from vectorstore.catalog import PassageRow, Printed
from vectorstore.held import aligned, first_outlets, of_outlets, of_texts
from vectorstore.near_copy import near_copies
from vectorstore.plan import SearchPlan
from vectorstore.search import Choice, Hit, best_first, by_turns

# Beside words that count 1 for the best passage in scope: weight of the cosine, of the whole question's words and of its cosine, and of
# being published on a day that the part names. Chosen on two thirds of MultiHop-RAG's questions and confirmed on the third that was put
# aside before (docs/measured.md); .2 to .5, .4 to .7, .4 to .7 and .6 to 1.3 find nearly as much.
MEANING, WHOLE, WHOLE_MEANING, DATED = 0.4, 0.6, 0.5, 0.8
# Beside the same: weight of a passage's best sentence, for the part and for the whole question, among the best passages of each part.
# .4 to .9 and .2 to .4 find nearly as much, and so do the 50 best passages.
SENTENCE, WHOLE_SENTENCE, READ = 0.6, 0.3, 20
# Of a result, this share goes to the best passages whatever part they are of; then each part and each outlet named gets its best
# ones (one for every five passages of the result).
FREE_SHARE, RESULT_PER_TURN = 0.4, 5
# One text may give at most this many of a result: a question about one article has its pieces there. Chosen like the weights; 3 and 5 find
# a little less.
PER_TEXT = 4
# Near copies are looked for among so many times the passages asked for, the best ones.
COMPARED = 3
# Beside the same: weight of an outlet that the part names. What names none beside parts that do is mostly what is asked of the reports
# ("do they agree?") and not what one of them says. Chosen in the same way; .1 to .25 find nearly as much.
NAMED = 0.15
# Beside the same: weight of a headline that the question quotes. Not calibrated: as much as the best words in scope.
TITLED = 1.0

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grade:
    """Why a passage was chosen: the number of the part it is best for, and what its score is made of (they add up to it)."""

    part: int
    words: float
    meaning: float
    whole: float
    dated: float
    sentence: float
    titled: float
    named: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """A passage found for a plan."""

    hit: Hit
    grade: Grade


@dataclass(frozen=True, slots=True)
class Scores:
    """Of every part (a row) for every passage (a column). Outside a part's scope the score is -inf."""

    total: Matrix
    words: Matrix
    meaning: Matrix
    whole: Matrix
    dated: Matrix
    sentence: Matrix
    titled: Matrix
    named: Matrix

    def grade(self, column: int) -> Grade:
        part = int(self.total[:, column].argmax())
        parts = (self.words, self.meaning, self.whole, self.dated, self.sentence, self.titled, self.named)
        return Grade(part, *(round(float(one[part, column]), 4) for one in parts))


def score(
    plan: SearchPlan,
    rows: Sequence[PassageRow],
    vectors: Matrix,
    queries: Matrix,
    lexical: Sequence[Mapping[str, float]],
    printed: Mapping[str, Sequence[Printed]],
    on_days: Sequence[frozenset[str]],
    quoted: frozenset[str] = frozenset(),
) -> Scores:
    """`queries` and `lexical` are of the whole question first and then of each part; `printed` are the articles that print a
    text, `on_days` for each part the texts of the days it names, `quoted` those whose headline the question quotes or is."""
    # Row by row, so that a cosine doesn't depend on which other passages are scored with it.
    weights = np.array([WHOLE_MEANING, *([MEANING] * len(plan.parts))], np.float32)
    cosines = weights[:, None] * np.einsum("ij,qj->qi", vectors, queries)
    found = np.array([aligned(scores, rows) for scores in lexical], np.float32)
    found = found.reshape(len(lexical), len(rows))
    whole = WHOLE * to_one(found[0]) + cosines[0]
    shape = (len(plan.parts), len(rows))
    words, dated, inside = np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.ones(shape, bool)
    for number, part in enumerate(plan.parts):
        if part.outlets:
            inside[number] = of_outlets(part.outlets, rows, printed)
        if on_days[number]:
            dated[number] = DATED * of_texts(on_days[number], rows)
        words[number] = to_one(np.where(inside[number], found[number + 1], 0.0))
    titled = (TITLED * of_texts(quoted, rows) if quoted else np.zeros(len(rows))).astype(np.float32)
    of_named = np.array([[NAMED * bool(part.outlets)] for part in plan.parts], np.float32)
    total = np.where(inside, words + cosines[1:] + whole + dated + titled + of_named, -np.inf).round(5)
    of_whole, of_titled, named = (np.broadcast_to(one, shape) for one in (whole, titled, of_named))
    return Scores(total, words, cosines[1:], of_whole, dated, np.zeros(shape, np.float32), of_titled, named)


def worth_reading(scores: Scores, limit: int) -> list[int]:
    """The columns whose sentences are to be read: the best of each part."""
    count = max(READ, 2 * limit)
    return sorted({column for total in scores.total for column in islice(best_first(total), count)})


def with_sentences(scores: Scores, columns: Sequence[int], best: Matrix) -> Scores:
    """Adds what the best sentences say: `best` has the whole question's row first and then each part's, a column for each of `columns`."""
    inside = scores.total[:, columns] > -np.inf
    found = np.stack([to_one(row) for row in np.where(inside, best[1:], 0.0).astype(np.float32)])
    sentence = np.zeros_like(scores.total)
    sentence[:, columns] = np.where(inside, SENTENCE * found + WHOLE_SENTENCE * to_one(best[0]), 0.0)
    return replace(scores, total=(scores.total + sentence).round(5), sentence=sentence)


def copied(
    plan: SearchPlan,
    rows: Sequence[PassageRow],
    scores: Scores,
    printed: Mapping[str, Sequence[Printed]],
    columns: Sequence[int],
    texts: Sequence[str],
    vectors: Matrix,
    limit: int,
) -> dict[int, int]:
    """Which of the `columns` is a near copy of which better one. `texts` and `vectors` are those of the columns. An outlet's own later
    report is no copy of its earlier one, and what an outlet prints that is named is no copy at all."""
    best = scores.total[:, columns].max(axis=0)
    order = np.argsort(-best, kind="stable")[: COMPARED * limit].tolist()
    found = near_copies([texts[place] for place in order], [rows[columns[place]].text_id for place in order], vectors[order])
    pairs = {columns[order[copy]]: columns[order[of]] for copy, of in found.items()}
    outlets = {column: {one.outlet for one in printed[rows[column].text_id]} for column in {*pairs, *pairs.values()}}
    return {copy: of for copy, of in pairs.items() if not outlets[copy] & (outlets[of] | plan.outlets)}


def choose(
    plan: SearchPlan,
    rows: Sequence[PassageRow],
    scores: Scores,
    printed: Mapping[str, Sequence[Printed]],
    limit: int,
    copies: Mapping[int, int] = MappingProxyType({}),
) -> list[tuple[Grade, Choice]]:
    """The best first. Parts and outlets take turns for their share; a text gives at most four passages. Of `copies` (column to column)
    only the original is chosen, and counts as printed by those that print the copy."""
    best = scores.total.max(axis=0)
    if copies:
        best[list(copies)] = -np.inf
        scores = replace(scores, total=scores.total.copy())
        scores.total[:, list(copies)] = -np.inf
    prints = {column: list(printed[rows[column].text_id]) for column in copies.values()}
    for copy, column in copies.items():
        prints[column] += [one for one in printed[rows[copy].text_id] if one not in prints[column]]
    if plan.spread:
        outlets = first_outlets(printed)
        chosen = by_turns(_each(best_first(best), rows), lambda column: printed[rows[column].text_id][0].outlet, outlets, limit)
    else:
        free = _first(best_first(best), rows, math.ceil(FREE_SHARE * limit))
        chosen = _first(chain(free, _turns(plan, rows, scores, best, printed, limit), best_first(best)), rows, limit)
        chosen.sort(key=lambda column: (-best[column], rows[column].passage_id))
    return [
        (
            scores.grade(column),
            Choice(round(float(best[column]), 5), rows[column], tuple(prints.get(column, printed[rows[column].text_id]))),
        )
        for column in chosen
    ]


def _turns(
    plan: SearchPlan, rows: Sequence[PassageRow], scores: Scores, best: Matrix, printed: Mapping[str, Sequence[Printed]], limit: int
) -> list[int]:
    """The first of each part and of each outlet named, then the second of each, and so on."""
    if len(plan.parts) < 2 and len(plan.outlets) < 2:
        return []
    turns = max(1, limit // RESULT_PER_TURN)
    lists = [_first(best_first(total), rows, turns) for total in scores.total]
    for outlet in sorted(plan.outlets):
        lists.append(_first(best_first(np.where(of_outlets({outlet}, rows, printed), best, -np.inf)), rows, turns))
    return [ranked[turn] for turn in range(turns) for ranked in lists if turn < len(ranked)]


def _first(columns: Iterable[int], rows: Sequence[PassageRow], count: int) -> list[int]:
    """The first `count`, each once and at most four of a text."""
    return list(islice(_each(columns, rows), count))


def _each(columns: Iterable[int], rows: Sequence[PassageRow]) -> Iterator[int]:
    taken: Counter[str] = Counter()
    seen: set[int] = set()
    for column in columns:
        text = rows[column].text_id
        if column not in seen and taken[text] < PER_TEXT:
            taken[text] += 1
            seen.add(column)
            yield column
