"""Which sentences of a page report something: not menus, captions, headings, appeals to subscribe or notices of the law."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from agent.reading import Reading, ReadSentence
from agent.terms import words
from vectorstore.sentence import LONGEST_SENTENCE, Span

# Phrases by which a page speaks of itself. Gathered from pages as a crawl leaves them; each is rare in reporting.
NOTICE = re.compile(
    r"\b(?:cookies? (?:on|policy|for|to)|use (?:of )?cookies|privacy policy|terms (?:of (?:use|service)|and conditions)|all rights reserved"
    r"|(?:sign|signing) up (?:for|here|to)\b|sign up\b.{0,20}\bfree|subscribe (?:to|here|now|today)|newsletter|unsubscribe"
    r"|your (?:inbox|browser|email|e-mail|subscription)"
    r"|(?:click|listen|read|watch|download|see|go|follow|shop|donate|apply|register) (?:here|more|now|below)\b|continue reading"
    r"|follow us|share this|email protected|download (?:the|our|\w+'s) app"
    r"|(?:getty|reuters|ap|afp) (?:images|photo)|photo(?:graph)? by|image (?:credit|source|by)|photo credit|file photo|copyright|©"
    r"|advertisement|sponsored (?:content|post)|recommended reading|related (?:articles|stories|content)|more from|also read|read also"
    r"|(?:financial|investment|trading|tax|legal) advice|for informational purposes|views expressed|views of the author"
    r"|errors (?:and|or) omissions"
    r"|be liable for|investment advis[oe]rs?|past performance|do your own (?:thorough )?research|make any investment decision"
    r"|contributed to this (?:report|story)|this (?:article|story|post|page) (?:was|has been|originally|appeared|is intended)"
    r"|with material from|is (?:a|the) (?:business |opinion )?columnist|can be reached at|scroll bar|curated by"
    r"|a version of this (?:story|article)"
    r"|appeared first on|originally published|comments? (?:section|are closed)|log in|javascript)",
    re.IGNORECASE,
)
# What a template left unfilled, a headline that is only linked, and a photographer's agency at the end of a caption.
TEMPLATE = re.compile(r"\{\{|\}\}|<%|%>")
LINKED = re.compile(r"^\W*(?:MORE|READ(?: MORE| NEXT)?|SEE(?: ALSO)?|WATCH|LISTEN|RELATED|ALSO|Related|Read more|See also|Watch)\s?:")
CREDITED = re.compile(r"\((?:[A-Z]{2,5}|[^()]{0,40}(?:Images?|Getty|Wire))\)$")
ADDRESS = re.compile(r"https?://|www\.|\b\S+@\S+\.\w|(?:^|\s)@\w+")
AUXILIARY = frozenset(
    "is are was were be been being am has have had do does did will would can could may might shall should must says said".split()
)
# Past forms that no ending shows.
IRREGULAR = frozenset(
    "told took made went came left rose fell hit saw got gave found held began set put cut shut kept led met paid ran sent spoke "
    "stood thought won wrote lost knew grew drew brought built bought broke became felt fought heard meant read sat sold spent "
    "struck swept tore threw understood woke wore slid sank shot burst blew caught chose drove ate flew forgot froze hid laid lay "
    "rang rode sang shook shone spread stole swore taught".split()
)
# A point after one of these ends no sentence where a name or a day follows.
SHORTENED = re.compile(
    r"\b(?:Gov|Govs|Sen|Sens|Rep|Reps|Rev|Gen|Lt|Col|Capt|Cmdr|Maj|Sgt|Adm|Supt|Dr|Mr|Mrs|Ms|Prof|Pres|St|vs"
    r"|Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.$"
)
# Words that lean on what stands before, and somebody meant without a name.
LEANING = re.compile(
    r"\b(?:also|too|however|though|meanwhile|then|later|instead|again|another|continued|added|the (?:former|latter))\b"
    r"|^\W*(?:yet|still|nor|indeed|moreover|besides)\b",
    re.IGNORECASE,
)
# The clock at the head of an entry of a live page, with or without the day: "9:24 p.m. —", "29 Oct 2023 02.15 GMT".
ENTRY = re.compile(
    r"^\W*(?:\d{1,2} [A-Z][a-z]{2,8} (?:\d{4} )?)?\d{1,2}[.:]\d\d(?:\s?[ap]\.?m\.?)?(?:\s(?:[A-Z]{2,4})\b)?(?:\s*[—–:|-]\s|\s(?=[A-Z]))"
)
INITIAL = re.compile(r"^\W*[A-Z]\.\s")  # "C. A. Ruste said", cut after the first
SUPPOSING = re.compile(r"^\W*in (?:that|this|which|either|such a) (?:case|event)\b", re.IGNORECASE)
EXCLAIMED = re.compile(r"!\W*$")
SOMEONE = re.compile(r"\b(?:he|she|they|him|his|her|their)\b", re.IGNORECASE)
SPEAKING = re.compile(r"\bI\b|\b(?:[Mm]y|me|[Yy]ou|[Yy]our|[Ww]e|[Oo]ur)\b")
MOSTLY = 0.7  # share of a sentence in quotation marks
CONTRACTED = re.compile(r"(?:n['’]t|['’](?:s|re|ve|ll|d|m))$")


def is_prose(sentence: ReadSentence) -> bool:
    return _is_prose(sentence.text)


@lru_cache(maxsize=16_384)  # every ledger asks it of every sentence
def _is_prose(text: str) -> bool:
    found = words(text)
    if len(found) < 3 or any(furniture.search(text) for furniture in (NOTICE, ADDRESS, TEMPLATE, LINKED, CREDITED)):
        return False
    ended = text.rstrip("\"'”’)» ]").endswith((".", "!", "?", "…", ",", ";"))
    if not ended and len(found) < 13:
        return False
    return has_verb(found)


def whole(reading: Reading) -> list[ReadSentence]:
    """The article's sentences, those joined that a point after a title, a month or a party's letters cut in two."""
    text, joined = reading.article.text, list[ReadSentence]()
    for sentence in reading.sentences:
        before = joined[-1] if joined else None
        if before is not None and _beside(before, sentence) and _goes_on(before.text, sentence.text):
            joined[-1] = _join(text, before, sentence)
        else:
            joined.append(sentence)
    return joined


def _beside(before: ReadSentence, after: ReadSentence) -> bool:
    return before.paragraph == after.paragraph and after.span.end - before.span.start <= LONGEST_SENTENCE


def _goes_on(before: str, after: str) -> bool:
    return after[:1].islower() or bool(SHORTENED.search(before) and re.match(r"[^\W_]", after))


def _join(text: str, first: ReadSentence, second: ReadSentence) -> ReadSentence:
    span = Span(first.span.start, second.span.end)
    return replace(
        first,
        span=span,
        text=text[span.start : span.end],
        quotations=first.quotations + second.quotations,
        scare_quotes=first.scare_quotes + second.scare_quotes,
        attributions=tuple(dict.fromkeys(first.attributions + second.attributions)),
        quantities=first.quantities + second.quantities,
        times=first.times + second.times,
        names=first.names + second.names,
        hedges=first.hedges + second.hedges,
        negations=first.negations + second.negations,
        stance=first.stance if second.stance == "asserts" else second.stance,
    )


def in_own_words(sentence: ReadSentence) -> str:
    """The sentence without what stands in quotation marks in it; as long as it was."""
    text, start = sentence.text, sentence.span.start
    for span in (*sentence.quotations, *sentence.scare_quotes):
        text = text[: span.start - start] + " " * (span.end - span.start) + text[span.end - start :]
    return text


def leans(sentence: ReadSentence) -> bool:
    """Whether a reader would miss what stands before: by a word such as "also", a pronoun before any name, an initial that may be a
    name's second; or it is a piece."""
    if is_piece(sentence) or INITIAL.match(sentence.text):
        return True
    first = SOMEONE.search(sentence.text)
    named = min((span.start - sentence.span.start for span in sentence.names), default=len(sentence.text))
    return bool(LEANING.search(sentence.text)) or (first is not None and first.start() < named)


def is_piece(sentence: ReadSentence) -> bool:
    """Whether it is no whole statement: a bracket that it opens or closes alone, an entry of a live page, an exclamation of the page's,
    what holds in a case that stands before it."""
    text = sentence.text
    if any(pattern.match(text) for pattern in (ENTRY, SUPPOSING)):
        return True
    alone = any(text.count(opening) != text.count(closing) for opening, closing in ("()", "[]"))
    return alone or (EXCLAIMED.search(text) is not None and not sentence.quotations)


def speaks(sentence: ReadSentence) -> bool:
    """Whether somebody speaks of himself or to a reader outside quotation marks: the page, or a letter or speech set off in another way."""
    return bool(SPEAKING.search(in_own_words(sentence)))


def is_bare_quotation(sentence: ReadSentence) -> bool:
    """Words of somebody who is not named in the sentence itself: they cannot stand alone."""
    quoted = sum(span.end - span.start for span in sentence.quotations)
    named = any(sentence.span.start <= one.cue.start < sentence.span.end for one in sentence.attributions)
    return quoted > MOSTLY * len(sentence.text) and not named


def has_verb(found: Sequence[str]) -> bool:
    """Whether some word looks like a verb; wrong on the safe side, as plural nouns do too."""
    return any(
        word in AUXILIARY or word in IRREGULAR or CONTRACTED.search(word) or (len(word) > 3 and word.endswith(("ed", "s", "ing")))
        for word in found
    )


def repeated(readings: Sequence[Reading]) -> frozenset[tuple[str | None, str]]:
    """Sentences that one outlet has on three or more pages: (outlet, sentence)."""
    pages = Counter(
        (reading.article.outlet.value, text) for reading in readings for text in {sentence.text for sentence in reading.sentences}
    )
    return frozenset(key for key, number in pages.items() if number > 2 and key[0] is not None)
