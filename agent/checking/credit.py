"""On whose word: the speakers that a quote names for what a sentence takes from it, and those that the sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.checking.synonyms import SAME
from agent.checking.tokens import Token, after, bearing, inside, key, keys, tokens_of
from agent.reading import Attribution
from agent.reading.cues import ALSO_NOUNS, CLAUSE_VERBS, SAYING_NOUNS, VERB_FORMS, Form
from agent.reading.read import read
from agent.reading.words import PRONOUNS, listed, words_of
from vectorstore.article import Article
from vectorstore.sentence import sentence_spans

REPORTS = (
    r"(?:reports?|reported|says?|said|writes?|wrote|notes?|noted|states?|stated|adds?|added|describes?|described|tells?|told|puts?|has|quotes?"
    r"|quoted|cites?|cited|carries|carried|prints?|printed|publishe[sd]|gives?|gave)"
)
SPEAKING = (frozenset(CLAUSE_VERBS) - listed("continue point read sing pray post repeat")) | listed(
    "tell inform assure call describe accuse criticise criticize blame reject dismiss deny promise pledge vow urge ask order"
)
SAID = frozenset(map(key, listed("say tell add state write report according")))
ACTS = frozenset(
    map(
        key,
        listed(
            "reject dismiss order urge accuse blame find show decide learn discover refuse criticise praise demand ask call promise vow "
            "pledge instruct offer propose threaten welcome condemn oppose"
        ),
    )
)
# A description of a speaker that takes nothing away from the quote's own.
OF_SPEAKERS = frozenset(
    map(key, listed("unnamed anonymous unidentified spokesman spokeswoman spokesperson leader official source ceo operator owner"))
)
# How a sentence credits an article whose outlet is unknown.
UNKNOWN = ("An article of unknown outlet", "outlet unknown")
# Participles that give somebody's words; most others only tell what somebody does: "after calling on the crowd to leave".
SAYING = listed("saying adding citing quoting claiming arguing warning insisting stating telling writing alleging")
WRITING = listed("write writes wrote writing written")
ORDERING = listed("orders demands claims requests offers reports")
FINDING = listed("found find finds show shows showed shown read learned learn saw see know knew felt heard")
# "The gates were opened, as villagers allege."
AS_THEY_SAY = re.compile(r",\s+as\s+([^,;.]{3,60}?)\s+(?:alleges?|alleged|claims?|claimed|says?|said|insists?|argues?|argued|believes?)\b")
# Words between a speaker and a verb of saying.
NEAR = 6
ASIDE = listed("which while whereas although though but and")
NOBODY = PRONOUNS | listed("who that which whose")
THING = re.compile(r"(?:an?|its|their|no|\d[\d.,]*)\s(?!\w+\s(?:is|are|was|were|has|had|have|will)\b)")
# Words that give something on somebody's word and are no verb of saying.
CITING = listed("according citing quotes quoted quoting cites cited word account put puts")
# Documents that show or say something at the start of a sentence: "Satellite images seen by us show 14 vehicles".
_DOCUMENT = (
    r"(?P<source>(?:[Aa]n?\s|[Tt]he\s|[Ii]ts\s)?(?:[\w-]+\s){0,3}?(?:images?|reports?|reviews?|letters?|documents?|papers?|footage|videos?|photos?|pictures|records|accounts"
    r"|data|filings?|transcripts?|messages?|recordings?|audits?|surveys?|polls?|study|studies|figures|memo|e-?mails?|minutes)\b(?:\s\w+){0,5}?)\s+(?P<cue>shows?|showed|says?|said|suggests?|suggested|indicates?)"
)
# "Consumer groups put the number of those affected at 25,000; the airline spoke of 15,000."
PUT_AT = re.compile(
    r"(?:^|[;.]\s+|,\s+(?:but|and|while)\s+)(?P<source>[^;.,]{3,60}?)\s+(?:(?:had|has|have)\s+)?"
    r"(?P<cue>puts?\s+(?=[^;.,]{3,60}?\sat\s)|sp(?:oke|eaks?|oken)\s+of\s)(?P<content>[^;.]+)"
)
# "Two of them say he was on the phone."
SOME_SAY = re.compile(
    r"(?:^|[;:.,]\s+)(?P<source>(?:one|two|three|four|five|several|some|many|most|both|all|others)(?:\s+of\s+\w+)?)\s+"
    r"(?P<cue>say|said|told|claim|claimed|insist|insisted)\s(?P<content>[^;.]+)",
    re.IGNORECASE,
)
DOCUMENT_FIRST = re.compile(rf"^{_DOCUMENT}\s")
DOCUMENT_LAST = re.compile(rf",\s{_DOCUMENT}\s*(?:[.;]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credit:
    """Words that somebody answers for; `people` are the words of each of the sources named together, `content` the words, `cue`
    those by which he is said to have said them."""

    people: tuple[frozenset[str], ...]
    content: frozenset[str]
    clear: bool
    cue: frozenset[str] = frozenset()

    @property
    def source(self) -> frozenset[str]:
        return frozenset[str]().union(*self.people)


# How a sentence credits its outlet, and what stays of it. NAME is the outlet's, with its article and possessive.
_CREDITS = (
    (rf"NAME,?\s+(?:{REPORTS}\s*,?\s*)?citing\s+((?:[^,:;]|,(?=[^,]*,))+?)\s*[,:]\s*(?:{REPORTS}\s+)?(?:that\s+)?", r"according to \1, "),
    (rf"\b[Cc]iting\s+([^,:;]+),\s*NAME,?\s+{REPORTS}\s+(?:that\s+)?", r"according to \1, "),
    (r"NAME\s+(?:quotes?|quoted|cites?|cited)\s+([^:;“\"]+?)(?:,\s+)?\s+as\s+saying,?\s+(?:that\s+)?", r"\1 said that "),
    (r"NAME\s+(?:quotes?|quoted|cites?|cited)\s+([^:;“\"]+?)\s*:\s*(?=[“\"])", r"\1 said: "),
    (
        rf"NAME\s+{REPORTS}\s+(?:an?|the)\s+((?:\w+\s+)?)(?:claim|statement|remark|charge)\s+(?:by|of|from)\s+([^,;:]+?)\s+that\s+",
        r"\2 claimed \1that ",
    ),
    (r",?\s*(?:as\s+)?(?:quoted|cited)\s+(?:by|in)\s+NAME\s*,?", " "),
    (r"\s+(?:seen|obtained|reviewed|viewed)\s+by\s+NAME", ""),
    (r"\btold\s+NAME\s*:?", "said "),
    (r"\btold\s+reporters\s+(?=that)", "said "),
    (r"(?:^|(?<=[;,]))\s*[Aa]ccording\s+to\s+NAME\s*[,:]?", " "),
    (r",?\s*according\s+to\s+NAME", ""),
    (rf"[,;]\s*NAME\s+{REPORTS}(?=\s*[.;,]|\s*$)", ""),
    (rf"[,;]\s*{REPORTS}\s+NAME(?=\s*[.;,]|\s*$)", ""),
    (
        rf"(?<!by )(?<!of )(?<!to )(?<!with )(?:\b[Aa]rticles?\s+(?:of|by|in)\s+)?NAME\s*(?:,\s*)?(?:{REPORTS}\s+)(?:that\s+)?",
        " ",
    ),
    (r"NAME\s*:", " "),
    (r"NAME", " "),
)


def core_of(said: str, outlets: Sequence[str]) -> str:
    """The sentence without the credit to its own outlets: "Post, citing the police: x" is "according to the police, x"."""
    text = said
    for outlet in (*UNKNOWN, *sorted(outlets, key=len, reverse=True)):
        name = rf"(?<!\w)(?:[Tt]he\s+)?{re.escape(outlet)}(?!\w)(?:['’]s?(?!\w))?"
        if re.search(name, text):
            for pattern, instead in _CREDITS:
                text = re.sub(pattern.replace("NAME", name), instead, text)
    text = re.sub(r",\s*citing\b", ", according to", text)
    text = re.sub(r"\s*,\s*(?=[.;]|$)", "", text)
    text = re.sub(r"^\s*(?:and\s+)?(?:[,:;]\s*)?", "", re.sub(r"\s+", " ", text))
    return text[:1].upper() + text[1:]


def changed_credit(core: str, quotes: Sequence[str], outlets: Sequence[str]) -> Iterator[str]:
    said = list(credits_in(core, outlets))
    tokens = tokens_of(core)
    theirs = [credit for quote in quotes for credit in _taken(quote, keys(tokens), outlets)]
    quoted = [token for quote in quotes for token in tokens_of(quote)]
    unclaimed = [words for quote in quotes for words in _unclaimed(quote, outlets)]
    yield from _dropped(core, tokens, said, theirs, unclaimed)
    yield from _given_to_others(core, tokens, said, theirs, quoted, unclaimed, quotes)


def credits_in(text: str, outlets: Sequence[str]) -> Iterator[Credit]:
    """Who answers for which words, clause by clause; the words of one who is quoted within another's are his alone."""
    for clause in text.split(";"):
        yield from _credits(clause.strip(), outlets)


def _taken(quote: str, said: frozenset[str], outlets: Sequence[str]) -> Iterator[Credit]:
    """Who answers for the words of the quote that the sentence takes; the quote is read whole, since a speech may go on."""
    if len(spans := bearing(said, quote)) == len(sentence_spans(quote)):
        yield from credits_in(quote, outlets)
    else:
        yield from _credits(quote, outlets, spans)


def _credits(text: str, outlets: Sequence[str], within: Sequence[tuple[int, int]] | None = None) -> Iterator[Credit]:
    tokens = tokens_of(text) if within is None else tuple(inside(tokens_of(text), within))
    ours = frozenset(key(word.text) for outlet in outlets for word in words_of(outlet))
    found = [one for one in dict.fromkeys(a for s in read(Article(text)).sentences for a in s.attributions) if _speaks(text, one)]
    first, last = (None, None) if found else (DOCUMENT_FIRST.search(text), DOCUMENT_LAST.search(text))
    if shown := first or last:
        document = keys(tokens_of(shown["source"])) - ours
        rest = [token for token in tokens if (token.start >= shown.end() if first else token.start < shown.start())]
        yield Credit((document,), keys(rest), bool(document))
    for put in (*PUT_AT.finditer(text), *SOME_SAY.finditer(text)):
        if not any(put.start("source") <= one.cue.start <= put.start("content") for one in found):
            told = [token for token in tokens if put.start("content") <= token.start < put.end()]
            named = keys(tokens_of(put["source"])) - ours
            yield Credit((named,), keys(told) - named, bool(named), keys(tokens_of(put["cue"])))
    for one in found:
        source = text[_start_of(text, one.source.start) : one.source.end]
        nested = [span for other in found if _within(other, one) for span in (other.source, other.cue, *other.content)]
        sources = [re.split(r",?\s+(?:who|which)\s", piece)[0] for piece in re.split(r"\s+and\s+(?=the\s|[A-Z])", source)]
        people = tuple(
            part for piece in sources if (part := keys(tokens_of(_head(piece))) - (ours if _names(piece, outlets) else frozenset()))
        )
        pronoun = len(source.split()) == 1 and source.lower() in NOBODY
        if _names(source, outlets) and not any(people):
            continue  # the outlet's own word
        if one.speaker and len(people) < 2:
            people = (frozenset[str]().union(*people) | keys(tokens_of(one.speaker)),)
        others = {token.place for token in inside(tokens, nested)}
        told = [token for token in inside(tokens, one.content) if token.place not in others]
        if people or pronoun:
            cue = frozenset(word.key for word in tokens_of(text[one.cue.start : one.cue.end]))
            clear = bool(people) and (not pronoun or bool(one.speaker))
            yield Credit(people, keys(told) - frozenset[str]().union(*people), clear, cue)


def _head(source: str) -> str:
    """Without whose it is: "the mayor's coach" is the coach, not the mayor."""
    return re.sub(r"[\w-]+['’]s?\s+(?=\w)", " ", source) or source


def _start_of(text: str, start: int) -> int:
    """Where a source begins whose noun stands before a preposition: "a report leaked to this newspaper"."""
    lead = re.search(r"(?:^|[.;,]\s+)([^.;,]{3,50}\s(?:to|by|of|from|in|at)\s)$", text[:start])
    return lead.start(1) if lead else start


def _within(inner: Attribution, outer: Attribution) -> bool:
    """Whether an attribution is a part of what another one reports."""
    reported = any(part.start <= inner.cue.start < part.end for part in outer.content)
    return inner != outer and reported and not any(part.start <= outer.cue.start < part.end for part in inner.content)


def _speaks(text: str, one: Attribution) -> bool:
    cue = text[one.cue.start : one.cue.end].lower()
    if cue in WRITING and re.match(r"\s+(?:off|down|up|in|out)\b", text[one.cue.end :]):
        return False  # loans are written off
    if cue in ORDERING and re.match(r"\s*(?:for|of|from)\b", text[one.cue.end :]):
        return False  # "orders for tools fell"
    if cue in FINDING and not one.direct and not re.match(r"\s*(?:that|how|whether|why|what|no|evidence)\b", text[one.cue.end :]):
        return False  # "found dead", "shows a van"
    if cue.startswith("report") and not one.direct and THING.match(text, one.content[0].start if one.content else one.cue.end):
        return False  # a company reports a loss, a hospital a case
    words = cue.split()
    if cue != "according to" and any(word.endswith("ing") and word not in SAYING for word in words):
        return False
    return cue == "according to" or bool({VERB_FORMS[word][0] for word in re.findall(r"[\w']+", cue) if word in VERB_FORMS} & SPEAKING)


def _names(piece: str, outlets: Sequence[str]) -> bool:
    return any(outlet.lower() in piece.lower() for outlet in outlets)


def _dropped(
    core: str, tokens: Sequence[Token], said: Sequence[Credit], theirs: Sequence[Credit], unclaimed: Sequence[frozenset[str]]
) -> Iterator[str]:
    """Speakers of the quote whose words the sentence takes without naming them."""
    held = keys(tokens) - frozenset[str]().union(*(one.source for one in said))
    for credit in theirs:
        taken = credit.content & held
        if len(taken) < min(2, len(credit.content)) or not taken:
            continue
        # The same words may stand in another speaker's content, or in the article's own.
        if any(other is not credit and len(other.content & held) > len(taken) for other in theirs):
            continue
        if any(taken <= words for words in unclaimed):
            continue
        # "Rejected the call" is an act of its own: who is named as doing it is named. So is who "has not ruled out" what "by" him was not.
        here = {token.key for token in tokens}
        done_by = any(token.lower == "by" and keys(after(tokens, token.place, 2)) & credit.source for token in tokens)
        if credit.source & here and (done_by or credit.cue & ACTS or (credit.cue - SAID) & here):
            continue
        if not credit.clear and (credit.cue - SAID) & here:
            continue
        if not credit.clear:
            if not said and not any(_cites(core, tokens, token, credit.source) for token in tokens):
                yield "states as fact what the quote attributes to somebody"
            continue
        if any(not one.clear or one.source & credit.source for one in said) or _beside_cue(core, tokens, credit.source):
            continue
        yield f"states as fact what the quote has on the word of: {_words(credit.source)}" if not said else "credits it to another speaker"
        return


def _unclaimed(quote: str, outlets: Sequence[str]) -> Iterator[frozenset[str]]:
    """For each sentence the words that nobody is said to have said: who is named among them may answer for them."""
    claimed = frozenset[str]().union(*(credit.content for credit in credits_in(quote, outlets)))
    for span in sentence_spans(quote):
        yield keys(tokens_of(quote[span.start : span.end])) - claimed


def _given_to_others(
    core: str,
    tokens: Sequence[Token],
    said: Sequence[Credit],
    theirs: Sequence[Credit],
    quoted: Sequence[Token],
    unclaimed: Sequence[frozenset[str]],
    quotes: Sequence[str],
) -> Iterator[str]:
    names = {token.key for token in quoted}
    asides = frozenset[str]().union(*(keys(tokens_of(found[1])) for quote in quotes for found in AS_THEY_SAY.finditer(quote)))
    named = frozenset[str]().union(*(credit.source for credit in said))
    everything = keys(quoted)
    for credit in said:
        for person in credit.people if credit.clear else ():
            unknown = {word for word in person - names - OF_SPEAKERS if not _named_otherwise(word, names)}
            if unknown:
                yield f"credits it to a speaker whom the quote does not name: {_words(unknown)}"
                return
            own = frozenset[str]().union(*(one.content | one.source for one in theirs if person & one.source or not one.clear))
            own = own.union(*(words for words in unclaimed if person & words), everything if person & asides else ())
            taken = (credit.content & everything) - credit.source - _beside_the_point(tokens, credit)
            foreign = taken - own
            # Where it is not clear how far each one's words go, another who is named may answer for them.
            foreign -= frozenset[str]().union(
                *(one.content for one in theirs if one.clear and not one.source & named and _beside_cue(core, tokens, one.source))
            )
            if taken and (foreign == taken or (len(foreign) >= 2 and 4 * len(foreign) > len(taken))):
                yield f"credits to {_words(person)} what the quote does not"
                return


def _named_otherwise(word: str, names: Iterable[str]) -> bool:
    held = frozenset(names)
    return bool(SAME.get(word, frozenset()) & held) or (len(word) > 3 and any(word in other for other in held))


def _beside_the_point(tokens: Sequence[Token], credit: Credit) -> frozenset[str]:
    """Words after ", which" or ", while", which are no longer his: "she said it would not pay, which opponents doubt"."""
    cut = next((t.place for t in tokens[1:] if t.lower in ASIDE and tokens[t.place - 1].lower == ","), None)
    if cut is None or not any(token.key in credit.content for token in tokens[:cut]):
        return frozenset()
    return keys(tokens[cut:]) - keys(tokens[:cut])


def _words(some: Iterable[str]) -> str:
    return " ".join(sorted(some))


def _beside_cue(core: str, tokens: Sequence[Token], source: frozenset[str]) -> bool:
    """Whether a word of the source stands near a verb of saying that no attribution was found for."""
    places = [token.place for token in tokens if _cites(core, tokens, token, source)]
    return any(token.key in source and abs(token.place - place) <= NEAR for token in tokens for place in places)


def _cites(core: str, tokens: Sequence[Token], token: Token, source: frozenset[str]) -> bool:
    if token.lower in CITING or (
        token.lower in SAYING_NOUNS and any(t.key in source for t in tokens[max(0, token.place - 3) : token.place])
    ):
        return True
    lemma, form = VERB_FORMS.get(token.lower, ("", Form.BASE))
    if lemma not in SPEAKING:
        return False
    before = tokens[token.place - 1] if token.place else None
    led = before is not None and before.key in source and core[before.end : token.start].isspace()
    return led or form is not Form.BASE or lemma not in ALSO_NOUNS
