"""Where in an article a sentence stands: which paragraph of how many, how much of the text comes before it, and whether the headline
says it too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from agent.reading import Reading
from agent.terms import terms, words
from vectorstore.sentence import Span, paragraph_spans

Part = Literal["headline", "lede", "body"]
# Share of a headline's words that must stand in the sentence before the headline is said to hold it, and how many at least. A headline
# names two or three things of the event anyway; set by reading the sample's headlines, where half of the words was right in 9 of 10.
IN_HEADLINE, LEAST_WORDS = 0.6, 3
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
# And this share of the sentence's own words in the headline: one that says much more is not what the headline says.
OF_SENTENCE = 0.3


@dataclass(frozen=True, slots=True)
class Placement:
    """`paragraph` counts from 1 to `paragraphs`; `before` is the share of the article's words that come first, in percent; `words` how
    many words the sentences have of the article's `of_words`."""

    part: Part
    paragraph: int
    paragraphs: int
    before: int
    words: int
    of_words: int


def placement_of(reading: Reading, spans: tuple[Span, ...]) -> Placement:
    """Of the first of these sentences; the words are those of all of them. ValueError without a span."""
    if not spans:
        raise ValueError("a placement is that of at least one sentence")
    text = reading.article.text
    first = min(spans)
    paragraphs = paragraph_spans(text)
    number = sum(1 for paragraph in paragraphs if paragraph.start <= first.start)
    all_words = max(1, len(words(text)))
    before = round(100 * len(words(text[: first.start])) / all_words)
    said = sum(len(words(text[span.start : span.end])) for span in spans)
    part: Part = "headline" if in_headline(reading, spans) else "lede" if number == 1 else "body"
    return Placement(part, max(1, number), max(1, len(paragraphs)), before, said, all_words)


def in_headline(reading: Reading, spans: tuple[Span, ...]) -> bool:
    """Whether most of the headline's words stand in these sentences, and all of its figures."""
    title = set(terms(reading.article.title.value or ""))
    text = reading.article.text
    said = {term for span in spans for term in terms(text[span.start : span.end])}
    figures = {figure for span in spans for figure in FIGURE.findall(text[span.start : span.end])}
    if not figures.issuperset(FIGURE.findall(reading.article.title.value or "")):
        return False
    held = title & said
    return len(held) >= LEAST_WORDS and len(held) >= IN_HEADLINE * len(title) and len(held) >= OF_SENTENCE * len(said)
