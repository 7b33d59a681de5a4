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
LEAD_WORDS = 250
LEAD_CHARACTERS = 6 * LEAD_WORDS
TITLE_WEIGHT = 3
# An event's coverage goes on for days; a gap longer than this starts another one.
LONGEST_GAP_DAYS = 14
# Share of the likeness that comes from vectors, and the mean likeness to an event's articles from which one joins it.
# Calibrated on the basil articles (70 events) with the sample's two tuning events as a check; see docs/measured.md.
DENSE_SHARE = 0.5
JOIN_FROM = 0.38


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
    groups: list[list[int]] = []
    for number, article in enumerate(articles):
        best, best_score = None, JOIN_FROM
        for group in groups:
            if not _near(article, [articles[other] for other in group]):
                continue
            score = float(np.mean(likeness[number, group]))
            if score >= best_score:
                best, best_score = group, score
        if best is None:
            groups.append([number])
        else:
            best.append(number)
    events = [_event([articles[number] for number in group], likeness[np.ix_(group, group)]) for group in groups]
    return sorted(events, key=lambda event: (-len(event.outlets), -len(event.article_ids), event.event_id))


def _near(article: Article, group: Sequence[Article]) -> bool:
    days = [other.day for other in group if other.day]
    return article.day is None or not days or min(abs((article.day - day).days) for day in days) <= LONGEST_GAP_DAYS


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
