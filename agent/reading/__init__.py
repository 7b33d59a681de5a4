"""What one article says: its sentences, who is quoted, quantities, dates, names and hedges, each with its offsets.

Nothing here compares articles, and nothing needs a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vectorstore.article import Article
from vectorstore.sentence import Span

Stance = Literal["asserts", "attributes", "hedges", "denies"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have said something. All spans are in the article's text.

    `source` is the source as the sentence names it ("the Pentagon chief", "he"); `speaker` is the fullest name of the same
    person or body found in the article, and `speaker_span` where it stands; both None when it is not clear.
    `direct` is true when the content, or a part of it, stands in quotation marks.
    """

    source: Span
    cue: Span
    content: tuple[Span, ...]
    direct: bool
    speaker: str | None = None
    speaker_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: "more than 5,000 American soldiers" is 5000 of "american soldier", modifier ">".

    `value` is None for words such as "hundreds" or "dozens", whose `unit` is still known. `modifier` is one of
    "" "~" ">" "<" (about, more than or at least, fewer than or up to).
    """

    span: Span
    value: float | None
    text: str
    unit: str
    modifier: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """An expression of time: `text` as written; `iso` a day, month or year ("2025-03-14", "2025-03") where it can be resolved."""

    span: Span
    text: str
    iso: str | None = None


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """`article.text[span.start:span.end] == text`. `paragraph` counts from 0.

    `attributions` are those whose cue or content touches the sentence, so one may be listed with several sentences.
    `quotations` are speech, cut at the sentence's ends; titles of works are neither in them nor in `scare_quotes`.
    `stance` is that of the whole sentence; agent.reading.stance.stance_towards gives it for some of its words.
    """

    span: Span
    text: str
    paragraph: int
    quotations: tuple[Span, ...]
    scare_quotes: tuple[Span, ...]
    attributions: tuple[Attribution, ...]
    quantities: tuple[Quantity, ...]
    times: tuple[Time, ...]
    names: tuple[Span, ...]
    hedges: tuple[Span, ...]
    negations: tuple[Span, ...]
    stance: Stance


@dataclass(frozen=True, slots=True)
class Reading:
    article: Article
    sentences: tuple[ReadSentence, ...]
