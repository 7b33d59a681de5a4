"""Words of a sentence as they are compared, with their places and clauses, so that what stands beside what can be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.reading.words import listed, words_of
from agent.terms import STOP, stem
from vectorstore.sentence import Span, sentence_spans

# Verbs of the news whose past has another stem.
PAST = {
    form: lemma
    for lemma, forms in {
        "see": "saw seen", "fall": "fell fallen", "rise": "rose risen", "give": "gave given", "take": "took taken", "hold": "held",
        "leave": "left", "lose": "lost", "win": "won", "find": "found", "know": "knew known", "think": "thought", "bring": "brought",
        "break": "broke broken", "begin": "began begun", "sink": "sank sunk", "shoot": "shot", "fight": "fought", "send": "sent",
        "spend": "spent", "buy": "bought", "sell": "sold", "pay": "paid", "feel": "felt", "keep": "kept", "meet": "met", "lead": "led",
        "come": "came", "become": "became", "run": "ran", "drive": "drove driven", "write": "wrote written", "speak": "spoke spoken",
        "choose": "chose chosen", "grow": "grew grown", "throw": "threw thrown", "withdraw": "withdrew withdrawn", "build": "built",
        "strike": "struck stricken", "steal": "stole stolen", "catch": "caught", "teach": "taught", "seek": "sought", "hear": "heard",
        "make": "made", "burn": "burnt", "swear": "swore sworn", "tear": "tore torn", "freeze": "froze frozen", "hide": "hid hidden",
        "say": "said", "tell": "told", "flee": "fled", "fly": "flew flown", "stand": "stood", "sit": "sat", "draw": "drew drawn",
        "deal": "dealt", "forbid": "forbade forbidden", "shake": "shook shaken", "wear": "wore worn", "undergo": "underwent undergone",
        "understand": "understood", "mean": "meant", "sleep": "slept", "sweep": "swept", "shrink": "shrank shrunk", "repay": "repaid",
        "eat": "ate eaten", "go": "went gone", "get": "got gotten", "beat": "beaten", "ride": "rode ridden", "lay": "laid",
        "light": "lit", "wake": "woke woken", "blow": "blew blown", "overtake": "overtook overtaken", "forgive": "forgave forgiven",
        "lend": "lent", "override": "overrode overridden", "bear": "bore borne", "bite": "bit bitten", "bind": "bound", "breed": "bred",
        "creep": "crept", "dig": "dug", "drink": "drank drunk", "forget": "forgot forgotten", "hang": "hung", "leap": "leapt",
        "mistake": "mistook mistaken", "ring": "rang rung", "shine": "shone", "sing": "sang sung", "slide": "slid", "spin": "spun",
        "spring": "sprang sprung", "stick": "stuck", "swim": "swam swum", "swing": "swung", "weep": "wept", "arise": "arose arisen",
        "bend": "bent", "bleed": "bled", "foresee": "foresaw foreseen", "learn": "learnt", "mow": "mown", "prove": "proven",
        "rebuild": "rebuilt", "undo": "undid undone", "uphold": "upheld", "withhold": "withheld", "withstand": "withstood",
        "outgrow": "outgrew outgrown", "overcome": "overcame", "misread": "misread",
    }.items()
    for form in forms.split()
}  # fmt: skip
# Other words of another stem.
SAME_STEM = {
    "injured": "injury",
    "injures": "injury",
    "women": "woman",
    "men": "man",
    "children": "child",
    "people": "person",
    "persons": "person",
    "sued": "sue",
    "used": "use",
    "died": "die",
    "lied": "lie",
    "tied": "tie",
    "owed": "owe",
    "lying": "lie",
    "dying": "die",
    "tying": "tie",
}
CLAUSE_ENDS = listed("; . ! ? : — –")


def key(word: str) -> str:
    """The form in which two words are the same: "stopped", "stops" and "stop"; "sentence" and "sentenced"."""
    low = word.lower().replace("’", "'")
    found = stem(PAST.get(low) or SAME_STEM.get(low, low))
    if found == low and len(low) > 5 and low.endswith("ing"):
        found = low[:-3]  # "rising", which the stemmer leaves since little stays of it
    if len(found) == 4 and found.endswith("s") and not found.endswith(("ss", "us", "is")):
        found = found[:-1]
    found = (stem(found) if found.endswith("er") else found).rstrip("e")
    if len(found) > 3 and found[-1] == found[-2]:
        found = found[:-1]
    return found[:-1] + "y" if found.endswith("i") and len(found) > 3 else found


def root_of(word: str) -> str:
    """Less than `key`: "vote", "voted" and "votes" without their endings, "hurt" for "unhurt"."""
    return re.sub(r"(?:ed|es|ing|ings|s|e|ers?|y)$", "", re.sub(r"^un(?=\w{4})", "", word))


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `place`; `content` is false for function words and words of saying. `clause` counts up at ; : . and dashes."""

    start: int
    end: int
    text: str
    lower: str
    key: str
    place: int
    clause: int
    content: bool


@lru_cache(maxsize=512)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Words and commas in order. Numbers are content, in the form in which they are written."""
    found: list[Token] = []
    clause = 0
    for word in words_of(text):
        if word.text in CLAUSE_ENDS:
            clause += not text[word.start - 1 : word.end + 1].replace(word.text, "").isdigit()  # 5:34 is one
        elif word.is_word or word.text in ",%":
            content = (word.is_word and word.lower not in STOP and len(word.text) > 1) or word.text[0].isdigit()
            found.append(Token(word.start, word.end, word.text, word.lower, key(word.text), len(found), clause, content))
    return tuple(found)


def after(tokens: Sequence[Token], place: int, count: int) -> list[Token]:
    """Up to so many content words that follow in the same clause."""
    return _near(tokens, range(place + 1, len(tokens)), tokens[place].clause, count)


def before(tokens: Sequence[Token], place: int, count: int) -> list[Token]:
    """Up to so many content words that lead up to a place in the same clause, the nearest first."""
    return _near(tokens, range(place - 1, -1, -1), tokens[place].clause, count)


def _near(tokens: Sequence[Token], places: range, clause: int, count: int) -> list[Token]:
    found: list[Token] = []
    for place in places:
        if len(found) == count or tokens[place].clause != clause:
            break
        if tokens[place].content:
            found.append(tokens[place])
    return found


def segment(tokens: Sequence[Token], place: int) -> list[Token]:
    """The words around a place up to the next comma, "and" or "but" on both sides."""
    first, last = place, place
    while first > 0 and not _divides(tokens, first - 1, place):
        first -= 1
    while last + 1 < len(tokens) and not _divides(tokens, last + 1, place):
        last += 1
    return list(tokens[first : last + 1])


def _divides(tokens: Sequence[Token], other: int, place: int) -> bool:
    return tokens[other].lower in {",", "and", "but", "while"} or tokens[other].clause != tokens[place].clause


def keys(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.key for token in tokens if token.content)


def at(tokens: Sequence[Token], start: int) -> int:
    """The place of the first token that starts at this offset or after it."""
    return next((token.place for token in tokens if token.start >= start), len(tokens) - 1)


def inside(tokens: Sequence[Token], spans: Sequence[tuple[int, int]]) -> Iterator[Token]:
    return (token for token in tokens if any(start <= token.start < end for start, end in spans))


def bearing(said: frozenset[str], text: str) -> list[Span]:
    """The sentences of a quote that a sentence takes something from: each has at least two of its words, or a quarter of its own,
    that no better sentence has. What the others hedge, deny or attribute was not taken."""
    found: list[Span] = []
    left = dict.fromkeys(sentence_spans(text))
    wanted = said
    while left:
        held = {span: keys(tokens_of(text[span.start : span.end])) for span in left}
        best = max(held, key=lambda span: (len(held[span] & wanted), -span.start))
        new = held[best] & wanted
        if found and len(new) < min(2, max(1, len(held[best]) // 4)):
            break
        found.append(best)
        wanted -= new
        del left[best]
        if not wanted:
            break
    return sorted(found)
