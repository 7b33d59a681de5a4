"""Which articles report one event: likeness of words and of vectors, within days, in the order of publication."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.catalog import PassageRow

# The first words carry what happened; later paragraphs carry background that many events share.
LEAD_WORDS = 120
# The vectors are those of the passages that start within these characters.
LEAD_CHARACTERS = 1_500
TITLE_WEIGHT = 3
# An event's coverage goes on for days; a gap longer than this starts another one, and each day of a shorter one costs some likeness.
LONGEST_GAP_DAYS, LOST_PER_DAY = 14, 0.01
# Share of the likeness that comes from vectors, and the mean likeness to the CLOSEST articles of an event from which one joins it.
# An article that is left alone joins a smaller likeness away if no other event comes within CLEAR_BY of that one.
# Fitted on the basil articles (70 events; B-cubed .997), the AllSides groups (294; .815) and all three events of the sample, so these
# figures say how well it fits, not how well it will do elsewhere.
DENSE_SHARE = 0.6
JOIN_FROM, ALONE_FROM, CLEAR_BY = 0.45, 0.40, 0.09
CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Event:
    """Articles about one happening, in the order of publication. `outlets` are the known ones, each once."""

    event_id: str
    title: str
    article_ids: tuple[str, ...]
    outlets: tuple[str, ...]
    first: date | None
    last: date | None


def find_events(articles: Sequence[Article], rows: Sequence[PassageRow], vectors: NDArray[np.float32]) -> list[Event]:
    """Every article is in exactly one event; the largest events come first. `rows` and `vectors` are their passages'."""
    if not articles:
        return []
    likeness = DENSE_SHARE * _dense(articles, rows, vectors) + (1 - DENSE_SHARE) * _lexical(articles)
    days = [article.day.toordinal() if article.day else None for article in articles]
    groups: list[list[int]] = []
    for number in range(len(articles)):
        best, score, _ = _closest(number, groups, likeness, days)
        if best is not None and score >= JOIN_FROM:
            best.append(number)
        else:
            groups.append([number])
    for group in [group for group in groups if len(group) == 1]:
        if len(group) > 1:
            continue
        best, score, second = _closest(group[0], [other for other in groups if other and other is not group], likeness, days)
        if best is not None and len(best) > 1 and score >= ALONE_FROM and score - second >= CLEAR_BY:
            best.append(group.pop())
    ordered = [sorted(group) for group in groups if group]
    events = [_event([articles[number] for number in group], likeness[np.ix_(group, group)]) for group in ordered]
    return sorted(events, key=lambda event: (-len(event.outlets), -len(event.article_ids), event.event_id))


def _closest(
    number: int, groups: Sequence[list[int]], likeness: NDArray[np.float32], days: Sequence[int | None]
) -> tuple[list[int] | None, float, float]:
    """The group most like the article, how much it is, and how much the next one is."""
    scores = [_likeness(number, group, likeness, days) for group in groups]
    ranked = sorted(range(len(groups)), key=lambda place: -scores[place])
    if not ranked or scores[ranked[0]] < 0:
        return None, 0.0, 0.0
    return groups[ranked[0]], scores[ranked[0]], max(scores[ranked[1]], 0.0) if len(ranked) > 1 else 0.0


def _likeness(number: int, group: Sequence[int], likeness: NDArray[np.float32], days: Sequence[int | None]) -> float:
    """To the closest articles of the group, less what the days between cost; -1 for a gap that is too long."""
    day = days[number]
    gap = min((abs(day - other) for other in (days[member] for member in group) if other is not None), default=0) if day is not None else 0
    if gap > LONGEST_GAP_DAYS:
        return -1.0
    return float(np.sort(likeness[number, group])[-CLOSEST:].mean()) - LOST_PER_DAY * gap


def _dense(articles: Sequence[Article], rows: Sequence[PassageRow], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines of the articles' leads: the mean of the vectors of the passages that start within the lead."""
    by_text: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.start < LEAD_CHARACTERS:
            by_text[row.text_id].append(number)
    width = vectors.shape[1] if vectors.size else 1
    leads = np.zeros((len(articles), width), np.float32)
    for number, article in enumerate(articles):
        if by_text[article.text_id]:
            leads[number] = vectors[by_text[article.text_id]].mean(axis=0)
    norms = np.linalg.norm(leads, axis=1, keepdims=True)
    leads /= np.where(norms > 0, norms, 1)
    return np.asarray(leads @ leads.T, dtype=np.float32)


def _lexical(articles: Sequence[Article]) -> NDArray[np.float32]:
    """TF-IDF cosines of title and lead, from postings: memory grows with the words, not with the square of the vocabulary."""
    counts = [_words(article) for article in articles]
    holders: Counter[str] = Counter(word for words in counts for word in words)
    total = len(articles)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, words in enumerate(counts):
        weights = {word: (1 + math.log(n)) * math.log((1 + total) / holders[word]) for word, n in words.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for word, weight in weights.items():
            if holders[word] > 1:
                postings[word].append((number, weight / norm))
    likeness = np.zeros((total, total), np.float32)
    for listed in postings.values():
        numbers = np.array([number for number, _ in listed])
        weights_of = np.array([weight for _, weight in listed], np.float32)
        likeness[np.ix_(numbers, numbers)] += np.outer(weights_of, weights_of)
    return likeness


def _words(article: Article) -> Counter[str]:
    lead = re.findall(r"[^\W\d_]{3,}|\d[\d.,]*\d|\d", " ".join(article.text.split(None, LEAD_WORDS)[:LEAD_WORDS]).lower())
    title = re.findall(r"[^\W\d_]{3,}|\d[\d.,]*\d|\d", (article.title.value or "").lower())
    return Counter(lead) + Counter({word: TITLE_WEIGHT * n for word, n in Counter(title).items()})


def _event(group: Sequence[Article], likeness: NDArray[np.float32]) -> Event:
    central = sorted(range(len(group)), key=lambda number: (group[number].title.value is None, -float(likeness[number].sum()), number))
    title = group[central[0]].title.value
    days = sorted(article.day for article in group if article.day)
    outlets = sorted({article.outlet.value for article in group if article.outlet.value})
    return Event(
        "ev" + group[0].article_id[:8],
        title or "no headline: " + " ".join(group[central[0]].text.split(None, 8)[:8]) + " ...",
        tuple(article.article_id for article in group),
        tuple(outlets),
        days[0] if days else None,
        days[-1] if days else None,
    )
