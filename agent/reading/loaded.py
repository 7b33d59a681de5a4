"""Two scores of a sentence beside the other articles of its event: how likely it holds what they leave out, and how loaded its words are.

Loaded words are not looked up in a list. They are rare verbs and adjectives, judged by how many of the articles at hand have them and
how the article's own use differs from its siblings' (log-odds with a prior, after Monroe, Colaresi and Quinn, "Fightin' Words", 2008),
verbs of saying that mean more than "said", scare quotes, and evaluative endings. A score ranks sentences to be read; it is no verdict.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.reading import Reading, ReadSentence
from agent.reading.cues import SPEECH, VERB_FORMS
from agent.reading.words import listed, words_of
from agent.terms import STOP, stem

EVALUATIVE = re.compile(r"\w{3,}(?:ful|less|ous|ists?|ism|istic|gate|ridden|monger|ish|esque|able|ible|some)")
ADVERB = re.compile(r"\w{3,}ly")
NO_ADVERBS = listed("only family early july daily reply supply")
PARTICIPLE = re.compile(r"\w{4,}(?:ed|ing)")
PLAIN_SAYING = listed("say tell report add note state ask write announce")
MODALS = listed("should must ought need would could might may can will shall cannot")
PERSONS = listed("he she his her they their")
BACKGROUND = listed("had been was were once years year last earlier previously ago long")
# Of the prior of the log-odds: so much of every word is taken to stand in both.
PRIOR = 0.1

UNSHARED = ("quoted", "unheard", "odds", "rarest", "digits", "persons", "adverbs", "evaluative", "modals", "article")
LOADED = ("rarest", "place", "rare_verb", "new_words", "strong_cues", "scare", "title", "quoted", "background")
# Logistic weights over standardised features (means and spreads below), L2 30, both classes weighing the same. Fitted on BASIL's 70 events
# of three articles (5,242 sentences; 796 have an informational, 297 a lexical span). Half of the events on the other half, three splits:
# AUC .66 for unshared, .70 for loaded. The features were
# chosen with all of them in view. Nothing here is tied to a word or an outlet of the set.
_UNSHARED = (
    (0.413, 0.3035, 0.409),
    (0.29, 0.5194, 0.2614),
    (-0.264, 1.6517, 0.778),
    (0.263, 4.5745, 0.8651),
    (-0.178, 0.023, 0.078),
    (0.159, 0.0284, 0.0406),
    (0.155, 0.2465, 0.4998),
    (0.161, 0.148, 0.4025),
    (-0.183, 0.2778, 0.5493),
    (-0.167, 3.3059, 0.405),
)
_LOADED = (
    (0.358, 4.5745, 0.8651),
    (-0.338, 0.5, 0.3006),
    (0.249, 1.6897, 1.804),
    (0.196, 0.6155, 0.5766),
    (0.18, 0.0586, 0.1112),
    (0.154, 0.0523, 0.2431),
    (0.254, 0.1564, 0.1843),
    (0.17, 0.3035, 0.409),
    (-0.121, 0.0814, 0.1396),
)


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Scores of a sentence, higher is likelier; `unshared` and `loaded` have their own scales."""

    unshared: float
    loaded: float


def emphases(readings: Sequence[Reading], background: Mapping[str, int], articles: int) -> list[list[Emphasis]]:
    """For each article of an event the scores of its sentences. `background` says in how many of `articles` articles a word's stem
    stands (`document_frequency`): without others than the event's, rare is what few of these have."""
    return [
        [
            Emphasis(_score(row, UNSHARED, _UNSHARED), _score(row, LOADED, _LOADED))
            for row in features(reading, [other for other in readings if other is not reading], background, articles)
        ]
        for reading in readings
    ]


def document_frequency(readings: Sequence[Reading]) -> Counter[str]:
    return Counter(word for reading in readings for word in {word for sentence in reading.sentences for word in _stems(sentence.text)})


def features(reading: Reading, siblings: Sequence[Reading], background: Mapping[str, int], articles: int) -> list[dict[str, float]]:
    """By name, for each sentence."""
    own = Counter(word for sentence in reading.sentences for word in _stems(sentence.text))
    theirs = Counter(word for other in siblings for sentence in other.sentences for word in _stems(sentence.text))
    sentences = [set(_stems(sentence.text)) for one in (reading, *siblings) for sentence in one.sentences]
    held = Counter(word for words in sentences for word in words)
    idf = {word: math.log((len(sentences) + 1) / (count + 0.5)) for word, count in held.items()}
    title = frozenset(_stems(reading.article.title.value or ""))
    total, other_total = sum(own.values()) + 1, sum(theirs.values()) + 1
    odds = {word: math.log((count + PRIOR) / total) - math.log((theirs[word] + PRIOR) / other_total) for word, count in own.items()}
    rarity = {word: math.log(max(articles, 1) / max(1, background.get(word, 1))) for word in own}
    count = len(reading.sentences)
    return [
        _features(sentence, number / max(1, count - 1), count, idf, theirs, odds, rarity, title)
        for number, sentence in enumerate(reading.sentences)
    ]


def _features(
    sentence: ReadSentence,
    place: float,
    count: int,
    idf: Mapping[str, float],
    theirs: Mapping[str, int],
    odds: Mapping[str, float],
    rarity: Mapping[str, float],
    title: frozenset[str],
) -> dict[str, float]:
    start = sentence.span.start
    words = [word for word in words_of(sentence.text) if word.is_word]
    lower = [word.lower for word in words]
    length = len(words) + 1
    stems = set(_stems(sentence.text))
    quoted = [(span.start - start, span.end - start) for span in sentence.quotations]
    voice = [word.lower for word in words if word.text.islower() and not any(a <= word.start < b for a, b in quoted)]
    voice = [word for word in voice if word not in STOP and len(word) > 3]
    weight = sum(idf.get(word, 0.0) for word in stems) + 1e-6
    cues = [VERB_FORMS[word][0] for word in lower if word in VERB_FORMS]
    return {
        "quoted": sum(b - a for a, b in quoted) / max(1, len(sentence.text)),
        "unheard": sum(idf.get(word, 0.0) for word in stems if not theirs.get(word)) / weight,
        "odds": sum(odds.get(word, 0.0) for word in stems) / max(1, len(stems)),
        "rarest": max((rarity.get(word, 0.0) for word in stems), default=0.0),
        "digits": sum(character.isdigit() for character in sentence.text) / length,
        "persons": sum(word in PERSONS for word in lower) / length,
        "adverbs": sum(bool(ADVERB.fullmatch(word)) and word not in NO_ADVERBS for word in lower),
        "evaluative": sum(bool(EVALUATIVE.fullmatch(word)) for word in lower),
        "modals": sum(word in MODALS for word in lower),
        "article": math.log(max(1, count)),
        "place": place,
        "rare_verb": max((rarity.get(stem(word), 0.0) for word in voice if PARTICIPLE.fullmatch(word)), default=0.0),
        "new_words": len({stem(word) for word in voice if not theirs.get(stem(word))}) / math.sqrt(length),
        "strong_cues": sum(cue in SPEECH and cue not in PLAIN_SAYING for cue in cues) / math.sqrt(length),
        "scare": len(sentence.scare_quotes),
        "title": len(stems & title) / max(1, len(title)),
        "background": sum(word in BACKGROUND for word in lower) / math.sqrt(length),
    }


def _stems(text: str) -> list[str]:
    lower = (word.lower for word in words_of(text) if word.is_word)
    return [stem(word) for word in lower if word not in STOP and len(word) > 1]


def _score(row: Mapping[str, float], names: Sequence[str], weights: Sequence[tuple[float, float, float]]) -> float:
    return sum(weight * (row[name] - mean) / spread for name, (weight, mean, spread) in zip(names, weights, strict=True))
