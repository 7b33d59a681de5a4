"""Names by their capitals: which capitalised words of a text name somebody or something, and which only start a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from agent.reading.words import (
    DAY_ABBREVIATIONS,
    DAYS,
    DETERMINERS,
    FUNCTION_WORDS,
    MONTHS,
    PRONOUNS,
    Word,
    listed,
    words_of,
)
from vectorstore.sentence import Span, sentence_spans

HONORIFICS = listed("mr mrs ms miss dr prof sir lord lady dame madam mx rev fr sgt lt col gen capt cpl maj adm cmdr sen gov rep hon")
TITLES = HONORIFICS | listed(
    "president vice-president vice deputy prime minister premier chancellor secretary senator governor congressman congresswoman "
    "congressperson representative mayor councillor councilman councilwoman judge justice attorney prosecutor ambassador envoy "
    "general colonel major captain lieutenant sergeant corporal admiral commander commissioner chief officer constable sheriff "
    "detective inspector superintendent professor doctor reverend pastor bishop archbishop cardinal pope rabbi imam ayatollah "
    "sheikh king queen prince princess duke duchess emperor sultan emir baron baroness chairman chairwoman chairperson chair "
    "director ceo cfo coach speaker leader spokesman spokeswoman spokesperson editor reporter correspondent analyst economist "
    "author professor superintendent undersecretary administrator whip treasurer coordinator manager strategist aide candidate "
    "nominee assistant former then-president ex-president acting skipper boss shopkeeper farmer teacher lawyer barrister actor actress "
    "singer historian activist campaigner veteran businessman businesswoman billionaire lawmaker steward foreman pilot curator"
)
# A title before "of" or after another name is the tail of an office ("Secretary of State"), which is no name of a person.
OFFICES = listed(
    "state defense defence treasury interior foreign affairs homeland health education energy finance justice labor labour "
    "commerce security"
)
CONNECTORS = listed("of de del della di da van von der den bin ibn al el la le du dos das ter ten y &")
# What "of" goes on from: "Bank of England", not "Mosul of Daesh".
BODIES = listed(
    "bank house ministry department university college school institute council court commission church republic kingdom state "
    "states city town bay gulf isle cape mount lake strait sea board bureau office agency league union association federation "
    "confederation society organisation organization committee parliament assembly congress chamber centre center museum library "
    "academy army band brotherhood cathedral duchy emirate empire friends guild hall heart hospital knights lords commons party "
    "people port province region school statue sultanate tower temple territory voice world declaration treaty act bill battle day"
)
SHORTENED = HONORIFICS | listed("st mt ft jr sr")
BEFORE_MONTHS = listed("in last next since until by from of early late mid this every")
NATIONAL_SUFFIXES = ("ish", "ese", "ian", "ean", "can", "ani", "aqi", "ch", "ean")
# Ordinary words that often stand first in a sentence or question, beside the closed classes.
COMMON_FIRST = listed(
    "according asked speaking officials official police authorities residents protesters people witnesses experts critics supporters "
    "opponents lawmakers researchers scientists doctors rescuers firefighters investigators prosecutors lawyers voters workers "
    "analysts economists investors shares prices sales stocks markets men women children students teachers parents families "
    "neighbours neighbors reporters journalists sources soldiers troops militants rebels fighters refugees migrants civilians "
    "dozens hundreds thousands millions scores tens one two three four five six seven eight nine ten eleven twelve twenty thirty "
    "forty fifty sixty seventy eighty ninety hundred half part much little less least given based compared despite including amid "
    "add added adding say says said tell tells told list name show shows explain describe compare summarise summarize find give "
    "please write ask answer report reports reported ignore let please thanks thank yes ok okay well oh sorry hello hi hey "
    "new old big small good bad great early late long short high low young next last previous former current local national "
    "international federal global public private foreign united state government governments president minister senator governor "
    "mayor judge court fire water power rain snow storm floods flooding traffic trains schools hospitals banks companies "
    "firms news story stories article articles outlet outlets paper papers picture pictures photo photos video image breaking "
    "update updated correction exclusive opinion analysis editorial watch read click see look take make get go come keep put "
    "nearly roughly approximately additionally moreover furthermore similarly likewise consequently accordingly surely "
    "unfortunately fortunately interestingly importantly notably specifically particularly especially generally normally usually "
    "typically officially following using having being getting making taking looking asking saying calling citing noting "
    "whatever whoever whichever however regardless contrary due thanks owing prior subsequent rather asked pressed questioned "
    "work working life death war peace money time times day days week weeks month months year years morning evening night "
    "nothing none no-one questions question evidence data figures results numbers polls poll study studies research campaign "
    "rescue emergency crews crew ministers members leaders politicians"
)
# A plural that opens a sentence is a name only before a verb in the singular ("Brussels says").
SINGULAR_VERBS = listed("says said has is was will would does did wants 's")
COMMON_ENDINGS = ("ly", "ing", "tion", "tions", "ness", "ment", "ments", "ities", "ists", "ers", "ors")
NOT_NAMES = (
    frozenset(DAYS)
    | frozenset(MONTHS) - {"may", "march"}
    | frozenset(DAY_ABBREVIATIONS) - {"sun"}
    | listed("i i'm i've i'd i'll ok am pm gmt bst est edt pst utc cet p.m. a.m. jan feb apr jun jul aug sep sept oct nov dec")
)
# Months that are also given names: "Jan Brewer", "June Carter".
GIVEN_MONTHS = listed("jan april june august")
SENTENCE_OPENERS = "“‘\"'«„([*-–—•:"


def names_in(text: str) -> list[str]:
    """The names of a short text, in order, each once: "What did Amnesty say about Raqqah?" has Amnesty and Raqqah."""
    return list(dict.fromkeys(text[span.start : span.end] for span in name_spans(text)))


@lru_cache(maxsize=256)
def name_spans(text: str) -> tuple[Span, ...]:
    """Names in order, without a possessive 's, titles before them left out; `text` decides about its sentences' first words."""
    sentences = sentence_spans(text)
    tokens = [list(words_of(text, sentence.start, sentence.end)) for sentence in sentences]
    lower = {word.text for words in tokens for word in words if word.text.islower()}
    shouted = [_shouted(words) for words in tokens]
    inside = {
        word.text
        for words, loud in zip(tokens, shouted, strict=True)
        if not loud
        for i, word in enumerate(words)
        if word.capitalised and not _opens(words, i)
    }
    found: list[Span] = []
    for words, loud in zip(tokens, shouted, strict=True):
        flags = [_is_name(words, i, lower, inside, loud) for i in range(len(words))]
        found.extend(_runs(words, flags))
    return tuple(found)


def _opens(words: Sequence[Word], i: int) -> bool:
    """Whether a capital at `i` may be due to its place: first in the sentence or in a quotation or after a colon."""
    if i > 1 and words[i - 1].text == "." and len(words[i - 2].text) == 1 and words[i - 2].capitalised:
        return False  # an initial: "John D. Rowling"
    return i == 0 or (not words[i - 1].is_word and words[i - 1].text in SENTENCE_OPENERS + ".!?…")


def _shouted(words: Sequence[Word]) -> bool:
    """Whether capitals say nothing here: a headline in title case or in capitals."""
    long = [word for word in words if word.is_word and word.text[0].isalpha() and word.lower not in FUNCTION_WORDS]
    return len(long) >= 5 and sum(not word.capitalised for word in long) <= len(long) // 8


def _is_name(words: Sequence[Word], i: int, lower: set[str], inside: set[str], loud: bool) -> bool:
    word = words[i]
    if not word.is_word or word.text[0].isdigit() or not any(character.isupper() for character in word.text):
        return False
    if word.lower in GIVEN_MONTHS and not _is_month(words, i):
        return _capitals_follow(words, i, 1)
    if _is_initial(words, i):
        return True
    if word.lower in NOT_NAMES or (word.lower in {"march", "may"} and _is_month(words, i)):
        return False
    if word.text == "US":
        return True
    if word.lower.split("'")[0] in FUNCTION_WORDS:
        return word.text.isupper() and word.lower == "who" and not _opens(words, i) and not loud
    if loud:
        unknown = word.lower not in lower | COMMON_FIRST | TITLES and not word.lower.endswith(COMMON_ENDINGS)
        return word.text in inside or unknown
    if not _opens(words, i):
        return True
    if word.lower in lower or word.lower in COMMON_FIRST:
        # "Fire" is a word, "Fire Brigades Union" a name.
        return (word.text in inside and _capitals_follow(words, i, 1)) or _capitals_follow(words, i, 2)
    if word.text.isupper() and len(word.text) > 1:
        return True
    if word.text in inside or _capitals_follow(words, i, 1):
        return True
    plural = word.lower.isalpha() and word.lower.endswith("s") and not word.lower.endswith(("ss", "us", "is"))
    return not word.lower.endswith(COMMON_ENDINGS) and (not plural or (i + 1 < len(words) and words[i + 1].lower in SINGULAR_VERBS))


def _is_initial(words: Sequence[Word], i: int) -> bool:
    """Whether "A" or "I" is the middle initial of a name, as in "John A. Boehner", and no word."""
    return (
        words[i].text in {"A", "I"}
        and 0 < i < len(words) - 2
        and words[i - 1].capitalised
        and words[i - 1].lower not in FUNCTION_WORDS
        and words[i + 1].text == "."
        and words[i + 2].capitalised
    )


def _capitals_follow(words: Sequence[Word], i: int, count: int) -> bool:
    following = words[i + 1 : i + 1 + count]
    return len(following) == count and all(word.capitalised and word.lower not in NOT_NAMES for word in following)


def _is_month(words: Sequence[Word], i: int) -> bool:
    """Whether "March" or "May" here is a month (or the verb that opens a question), by the words beside it."""
    before = words[i - 1] if i else None
    after = words[i + 1] if i + 1 < len(words) else None
    if before and (before.text.isdigit() or before.lower in BEFORE_MONTHS):
        return True
    if after and (after.text.isdigit() or (before is None and after.lower in DETERMINERS | PRONOUNS)):
        return True
    return before is None and after is None


def _runs(words: Sequence[Word], flags: Sequence[bool]) -> Iterator[Span]:
    i = 0
    while i < len(words):
        if not flags[i]:
            i += 1
            continue
        end = i
        while (following := _extended(words, flags, end)) > end:
            end = following
        yield from _without_titles(words[i : end + 1])
        i = end + 1


def _extended(words: Sequence[Word], flags: Sequence[bool], last: int) -> int:
    """The index of the next word of the name that has reached `last`, or `last` itself."""
    i = last + 1
    if i < len(words) and words[i].text == "." and (len(words[last].text) == 1 or words[last].lower in SHORTENED):
        i += 1
    if i >= len(words):
        return last
    if flags[i]:
        return i
    if i > last + 1 or words[i].lower not in CONNECTORS:
        return last
    if words[i].lower == "of" and not (words[last].lower in BODIES or words[last].lower in TITLES):
        return last
    j = i + 1
    if j < len(words) and words[j].lower in {"the", "la", "los", "der"}:
        j += 1
    return j if j < len(words) and flags[j] else last


def _without_titles(run: Sequence[Word]) -> Iterator[Span]:
    """The parts of a capitalised run that name: "US Defense Secretary Ashton Carter" has "US" and "Ashton Carter"."""
    last_title = max((i for i, word in enumerate(run) if word.lower in TITLES), default=-1)
    if last_title < 0:
        yield Span(run[0].start, run[-1].end)
        return
    after = run[last_title + 1 :]
    after = after[1:] if after and after[0].text == "." else after
    if after and after[0].lower == "of":
        office = [i for i, word in enumerate(after) if word.lower in OFFICES]
        after = after[office[-1] + 1 :] if office else after[1:]
    before = [word for word in run[:last_title] if word.lower not in TITLES | OFFICES | {"of", "the", "and", "."}]
    if before and before[0] is run[0] and (before[0].text.isupper() or before[0].lower.endswith(NATIONAL_SUFFIXES) or not after):
        yield Span(before[0].start, before[0].end)
    if after:
        yield Span(after[0].start, after[-1].end)
