"""Number expressions in digits and in words: "5,000", "five thousand", "$500 million", "8.5 %", "dozens"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.reading.words import in_order
from vectorstore.sentence import Span

_UNITS = in_order(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_ORDINALS = in_order(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth"
)
UNITS = {word: value for value, word in enumerate(_UNITS)}
ORDINALS = {word: value for value, word in enumerate(_ORDINALS, 1)}
TENS = {word: 10 * n for n, word in enumerate(in_order("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
SHORT_SCALES = {"k": 1_000, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "trn": 10**12}
VAGUE = in_order("dozens scores hundreds thousands millions billions trillions")
CURRENCIES = {"dollar": "$", "euro": "€", "pound": "£", "yen": "¥", "rupee": "₹", "crown": "", "yuan": "", "rouble": ""}
# More digits than any count has; their value is not computed, they are compared as written.
LONGEST_NUMBER = 30

_SIMPLE = "|".join([*TENS, *sorted(UNITS, key=len, reverse=True)])
_SCALE = "|".join(SCALES)
_WORD_NUMBER = rf"(?:{_SIMPLE}|(?:an?|half\s+a)\s+(?:{_SCALE}))(?:(?:[\s-]+|\s+and\s+)(?:{_SIMPLE}|{_SCALE}))*"
# A capital letter and a hyphen before digits make a name ("Covid-19"); a letter without one does too ("G20").
NUMBER = re.compile(
    rf"""
    (?<![\w.,]) (?<![^\W\d_]['’])
    (?:
      (?P<currency>(?:US|AU|HK|NZ|A|C)?\$|£|€|¥|₹)?\s?
      (?P<digits>\d{{1,3}}(?:[,\u00a0\u2009\u202f]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)
      (?:\s?-?(?P<scale>{_SCALE})\b|\s?(?P<short>mln|mn|bn|trn|tn|m|k|b)(?![\w²³/]))?
      (?P<percent>\s?(?:%|‰|-?per\s?cent\b|-?percentage\s+points?\b|pc\b))?
      (?P<ordinal>(?<=\d)(?:st|nd|rd|th)\b)?
      (?P<decade>(?<=\d)['’]?s\b)?
    |
      (?P<ordinal_word>(?:(?:{"|".join(TENS)})-)?(?:{"|".join(ORDINALS)}))\b
    |
      (?P<words>{_WORD_NUMBER})\b (?P<word_percent>\s?(?:%|-?per\s?cent\b|-?percentage\s+points?\b))?
    |
      (?P<some>(?:several|some|few|many|a\s+few)\s+(?P<some_scale>dozen|hundred|thousand|million|billion))\b
    |
      (?P<vague>(?:(?:tens|dozens|scores|hundreds)\s+of\s+(?:thousands|millions|billions)|{"|".join(VAGUE)}
        |(?:a\s+)?handful|(?:a\s+)?couple))\b
    |
      (?P<half>half)\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
DENOMINATIONS = re.compile(r"\s+(?:US\s+|American\s+)?(dollar|euro|pound)s?\b", re.IGNORECASE)
# "one" is a number only before what it counts.
NOT_COUNTED_AFTER_ONE = re.compile(
    r"(?:\s+(?:of|another|who|that|which|can|could|should|would|must|may|might|is|was|has|had|in\s+which|by\s+one)\b|['’]s\b|\s*[.,;:!?)]|\s*$)",
    re.IGNORECASE,
)
NOT_COUNTED_BEFORE_ONE = re.compile(
    r"\b(?:no|any|every|some|each|this|that|the|which|another|good|only|last|first|next|old|new|young|right|wrong|big|small)[\s-]+$",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """`value` is None for "dozens", whose `vague` is then the word; `symbol` is a currency's, "%" or ""."""

    span: Span
    value: float | None
    canonical: str
    symbol: str = ""
    vague: str = ""
    kind: str = "cardinal"


def numbers(text: str, start: int = 0, end: int | None = None) -> Iterator[Number]:
    """Every number expression between two offsets, in order, dates and times included."""
    for match in NUMBER.finditer(text, start, len(text) if end is None else end):
        number = _digits(text, match) if match["digits"] else _words(text, match)
        if number:
            yield number


def _digits(text: str, match: re.Match[str]) -> Number | None:
    if re.search(r"\b[A-Z]\w*-$", text[max(0, match.start() - 20) : match.start()]) and not match["currency"]:
        return None
    written = re.sub(r"[,\u00a0\u2009\u202f]", "", match["digits"])
    scale = SCALES.get((match["scale"] or "").lower()) or SHORT_SCALES.get((match["short"] or "").lower()) or 1
    symbol = (match["currency"] or "")[-1:]
    if match["percent"]:
        symbol = "%"
    kind = "ordinal" if match["ordinal"] else "decade" if match["decade"] else "cardinal"
    span = Span(match.start() + len(match.group()) - len(match.group().lstrip()), match.end())
    return _number(text, span, written, scale, symbol, kind)


def _number(text: str, span: Span, written: str, scale: int, symbol: str, kind: str) -> Number:
    whole, _, fraction = written.partition(".")
    if len(written) > LONGEST_NUMBER:
        return Number(span, None, written, symbol, kind=kind)
    fraction = fraction.rstrip("0")
    scaled = int((whole or "0") + fraction) * scale
    canonical = str(scaled)
    if fraction:
        padded = canonical.zfill(len(fraction) + 1)
        canonical = (padded[: -len(fraction)] + "." + padded[-len(fraction) :]).rstrip("0").rstrip(".")
    if not symbol and (named := DENOMINATIONS.match(text, span.end)):
        symbol = CURRENCIES[named[1].lower()]
    return Number(span, float(canonical), canonical + ("th" if kind == "ordinal" else ""), symbol, kind=kind)


def _words(text: str, match: re.Match[str]) -> Number | None:
    span = Span(*match.span())
    if match["words"]:
        if match["words"].lower() == "one" and (
            NOT_COUNTED_AFTER_ONE.match(text, span.end) or NOT_COUNTED_BEFORE_ONE.search(text[max(0, span.start - 12) : span.start])
        ):
            return None
        value = spelled(match["words"])
        canonical = str(int(value)) if value == int(value) else str(value)
        return _number(text, span, canonical, 1, "%" if match["word_percent"] else "", "cardinal")
    if match["some"]:
        return Number(span, None, match["some_scale"].lower() + "s", vague=match["some"].lower())
    if match["vague"]:
        vague = " ".join(match["vague"].lower().split())
        return Number(span, None, vague.removeprefix("a "), vague=vague)
    if match["half"]:
        return Number(span, None, "half", vague="half", kind="fraction")
    tens, _, unit = match["ordinal_word"].lower().rpartition("-")
    return Number(span, float(TENS.get(tens, 0) + ORDINALS[unit]), f"{TENS.get(tens, 0) + ORDINALS[unit]}th", kind="ordinal")


def spelled(words: str) -> float:
    """The value of a number in words ("two hundred and five thousand" is 205000)."""
    total, group = 0.0, 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in UNITS:
            group += UNITS[word]
        elif word in TENS:
            group += TENS[word]
        elif word == "half":
            group = 0.5
        elif word in {"a", "an"}:
            group = group or 1
        elif word in {"hundred", "dozen"}:
            group = (group or 1) * SCALES[word]
        elif word in SCALES:
            total, group = total + (group or 1) * SCALES[word], 0.0
    return total + group
