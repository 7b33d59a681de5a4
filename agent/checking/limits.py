"""What the quote limits: to a part, a group, a question, a rank; and what a sentence puts at the top of something by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.checking.credit import OF_SPEAKERS
from agent.checking.synonyms import SAME
from agent.checking.tokens import Token, after, before, keys, segment, tokens_of
from agent.reading.numbers import numbers
from agent.reading.words import DETERMINERS, PREPOSITIONS, listed
from vectorstore.sentence import sentence_spans

# Words that make somebody less, or once, what the word after them says. Those of one group stand for each other.
LESS_THAN = [
    listed(group)
    for group in (
        "deputy vice assistant", "former ex ex- previous once then previously formerly", "acting interim caretaker temporary temporarily",
        "alleged suspected accused allegedly", "would-be aspiring", "retired", "honorary", "shadow", "provisional preliminary",
        "proposed planned intended", "attempted", "potential possible prospective", "draft",
    )
]  # fmt: skip
TOP = listed("best worst first record unprecedented ever only last-ever biggest largest highest lowest")
NO_TOP = listed(
    "west interest arrest protest request guest forest harvest honest modest invest suggest contest test rest chest nest quest manifest "
    "conquest northwest southwest detest digest infest latest earliest closest nearest eldest youngest"
)
# What allows to say so: "never before", "a record".
EVER = listed("ever never history unprecedented")
MOSTLY = listed("most many some half several few part")
LIMITING = listed("some several few many partly most half certain various number numerous majority minority third quarter share proportion")
QUESTION = re.compile(
    r"\b(?:whether|if|question\w*|unclear|unknown|unsure|ask\w*|could|may|might|not\s+(?:say|said|clear|known)|depends?|consider\w*|look\w*\s+into"
    r"|examin\w*|investigat\w*|inquir\w*|declin\w*|refus\w*|vote|or\s+not|how\s+many|how\s+much)\b",
    re.IGNORECASE,
)
WHETHER = re.compile(
    r"\bwhether\b(?!\s+or\s+not\b)|\b(?:not|n['’]t)\s+(?:yet\s+)?(?:know|known|say|said|clear|established|sure)\s+(?:who|what|where|why|how|when|which)\b",
    re.IGNORECASE,
)
ONLY = listed("only just sole solely single alone but except no nobody none nothing limited exclusively")
BUT_NOT = re.compile(
    r"\b(?:in|for|among|at|on)\s+(?P<some>[\w-]+(?:\s[\w-]+)?)\s+but\s+not\s+(?:in|for|among|at|on)\s+(?P<others>[\w-]+(?:\s[\w-]+)?)",
    re.IGNORECASE,
)
MULTIPLE = re.compile(
    r"\b(?:twice|double|half|triple|(?:three|four|five|ten)\s+times|a\s+(?:third|quarter)\s+of)\s+(?:the|its|that|of|of\s+the)\s+(?=\S*\d)",
    re.IGNORECASE,
)
MULTIPLES = re.compile(r"\b(?:twice|double[ds]?|half|halve\w*|triple[ds]?|times|third|quarter)\b", re.IGNORECASE)
AMONG = re.compile(r"\b(?:among|amongst|of\s+those|for\s+those|in\s+those)\s+([^,;.]+)", re.IGNORECASE)
HEARD = re.compile(
    r"\b(?:jury|court|tribunal|inquest|hearing|inquiry|judge|jurors|magistrates|committee|panel)\s+(?:has\s+|have\s+|had\s+)?(?:heard|(?:was|were)\s+told)\b",
    re.IGNORECASE,
)
ON_WORD = re.compile(
    r"\b(?:heard|told|said|says?|saying|alleg\w+|claim\w*|according|accus\w+|prosecut\w+|evidence|testif\w+|court|jury|tribunal|inquest|hearing|"
    r"inquiry)\b",
    re.IGNORECASE,
)
MOST_OF_A_PHRASE = 4


def changed_limits(said: Sequence[Token], said_text: str, quoted: Sequence[Token], quoted_text: str) -> Iterator[str]:
    yield from _part(said, said_text, quoted, quoted_text)
    yield from _of_them(said, said_text, quoted)
    yield from _only(said, quoted)
    yield from _but_not(said, quoted_text)
    yield from _times(said_text, quoted_text)
    yield from _question(said, said_text, quoted_text)
    yield from _lessened(said, quoted)
    yield from _topped(said, quoted)
    yield from _group(said, said_text, quoted_text)
    yield from _heard(said, said_text, quoted_text)
    yield from _of_another(said, quoted)
    yield from _titles(said, quoted)


def _part(said: Sequence[Token], said_text: str, quoted: Sequence[Token], quoted_text: str) -> Iterator[str]:
    """ "Nine of the town's twelve wards" are not the town, nor the wards."""
    mine, words = {number.canonical for number in numbers(said_text)}, {token.lower for token in said}
    if words & LIMITING:
        return
    held = keys(said)
    for token in quoted[:-2]:
        if token.lower in MOSTLY and quoted[token.place + 1].lower == "of" and mine:
            counted = next((number.canonical for word in quoted[token.place + 2 : token.place + 4] for number in numbers(word.text)), None)
            if counted in mine:
                yield f'leaves out that the quote speaks of "{token.text}"'
                return
        value = next((number.canonical for number in numbers(token.text)), None)
        if value is None or quoted[token.place + 1].lower not in {"of", "in"} or (token.place and token.lower == "one" and "one" in words):
            continue
        whole = quoted[token.place + 2 : token.place + 3 + MOST_OF_A_PHRASE]
        of_a_number = next((number.canonical for number in numbers(whole[0].text)), None)
        if of_a_number and of_a_number in mine and value not in mine:
            yield f'leaves out that the quote speaks of "{token.text} of {whole[0].text}"'
            return
        if quoted[token.place + 1].lower == "in" or whole[0].lower not in {"the", "its", "their", "his", "her", "those"}:
            continue
        phrase: list[Token] = []
        for word in whole[1:]:
            if not word.content or word.clause != token.clause:
                break
            phrase.append(word)
        named = [word for word in phrase if not word.text[0].isdigit() and next(numbers(word.text), None) is None]
        several = len(named) < len(phrase) or (bool(named) and named[-1].lower.endswith("s"))
        owners = {word.key for word in named if quoted_text[word.end : word.end + 1] in {"'", "’"}}
        many = {word.key for word in said if word.lower.endswith("s")} | owners
        if several and value not in mine and keys(named) & held & many:
            yield f'leaves out that the quote speaks of "{token.text} of {" ".join(w.text for w in phrase)}"'
            return


def _of_them(said: Sequence[Token], said_text: str, quoted: Sequence[Token]) -> Iterator[str]:
    """ "Food was brought to three of them" is not to all."""
    mine, held = {number.canonical for number in numbers(said_text)}, keys(said)
    if {token.lower for token in said} & LIMITING:
        return
    for token in quoted[:-2]:
        value = next((number.canonical for number in numbers(token.text)), None)
        if (
            value is None
            or value in mine
            or [t.lower for t in quoted[token.place + 1 : token.place + 3]] not in (["of", "them"], ["of", "these"])
        ):
            continue
        told = before(quoted, token.place, 2) if token.place and quoted[token.place - 1].lower not in {",", "and"} else []
        if told and all(word.key in held for word in told):
            yield f'leaves out that the quote speaks of "{token.text} of them"'
            return


def _only(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "Only those with a garden have to pay", "its only lorry"."""
    words, held = {token.lower for token in said}, keys(said)
    if words & ONLY:
        return
    for token in quoted[:-1]:
        following = quoted[token.place + 1]
        if token.lower != "only" or _counts(following) or not following.content:
            continue
        lead = quoted[token.place - 1].lower if token.place else ","
        near = after(quoted, token.place, 2)
        if (lead in {",", "but", "and", "that"} or lead in DETERMINERS) and len(near) == 2 and keys(near) <= held:
            yield 'leaves out the quote\'s "only"'
            return


def _but_not(said: Sequence[Token], quoted_text: str) -> Iterator[str]:
    """ "In women but not in men" is not without them."""
    held = keys(said)
    for found in BUT_NOT.finditer(quoted_text):
        lead = keys(tokens_of(re.split(r"[.;]", quoted_text[: found.start()])[-1]))
        if len(lead & held) >= 2 and not keys(tokens_of(found["some"])) & held and not keys(tokens_of(found["others"])) & held:
            yield f'leaves out the quote\'s "{found.group()}"'
            return


def _times(said_text: str, quoted_text: str) -> Iterator[str]:
    """ "Twice the 900m that were planned" is not 900m."""
    mine = {number.canonical for number in numbers(said_text)}
    for found in MULTIPLE.finditer(quoted_text):
        value = next((number.canonical for number in numbers(quoted_text[found.end() :][:20])), None)
        if value in mine and not MULTIPLES.search(said_text):
            yield f'leaves out the quote\'s "{found.group().strip()}"'
            return


def _question(said: Sequence[Token], said_text: str, quoted_text: str) -> Iterator[str]:
    """What the quote asks, or leaves open by "whether", told as a statement."""
    if QUESTION.search(said_text):
        return
    held = keys(said)
    for span in sentence_spans(quoted_text):
        sentence = quoted_text[span.start : span.end]
        asked = sentence if sentence.rstrip("”\"' ").endswith("?") else ""
        if found := WHETHER.search(sentence):
            asked = re.split(r"[;:]|,\s+(?:but|and|while)\s", sentence[found.end() :])[0]
        open_words = keys(tokens_of(asked))
        shared = open_words & held
        if len(shared) >= min(2, len(open_words)) and shared and 2 * len(shared) >= len(open_words):
            yield "tells as a statement what the quote leaves open"
            return


def _lessened(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "The deputy mayor" is not the mayor, "a planned bridge" no bridge."""
    words = {token.lower for token in said}
    for group in LESS_THAN:
        if group & words:
            continue
        bare = {quoted[token.place + 1].key for token in quoted[:-1] if token.lower in group and quoted[token.place + 1].content}
        bare -= {token.key for token in quoted if token.place and quoted[token.place - 1].lower not in group and token.key in bare}
        for token in said:
            if token.key in bare and token.content:
                yield f'leaves out the quote\'s "{sorted(group & {word.lower for word in quoted})[0]}"'
                return


def _topped(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    theirs, held = {token.lower for token in quoted}, {token.key for token in quoted}
    for token in said:
        top = token.lower in TOP or (token.lower.endswith("est") and len(token.lower) > 5 and token.lower not in NO_TOP)
        if token.lower == "most" and token.place + 1 < len(said):
            following = said[token.place + 1]
            the = token.place > 0 and said[token.place - 1].lower in {"the", "its", "their"}
            top = following.content and (the or not following.lower.endswith("s")) and "most" not in theirs
        if not top or token.lower in theirs or (token.content and token.key in held):
            continue
        if token.lower == "ever" and EVER & theirs:
            continue
        if token.lower == "first" and {"1st", "once", "before", "debut", "initial", "initially", "never"} & theirs:
            continue
        if token.lower == "only" and {"just", "alone", "sole", "single", "one", "except", "other", "no"} & theirs:
            continue
        yield f'says "{token.text}", which the quote does not'
        return


def _group(said: Sequence[Token], said_text: str, quoted_text: str) -> Iterator[str]:
    """A figure that holds "among people over 70" and is given for all."""
    held, mine = keys(said), {number.canonical for number in numbers(said_text)}
    for span in sentence_spans(quoted_text):
        sentence = quoted_text[span.start : span.end]
        for found in AMONG.finditer(sentence):
            lead = re.split(r"[,;]", sentence[: found.start()])[-1]
            limited = re.split(r"\s(?:by|from|to|was|were|is|are|had|has|have|fell|rose)\s", found[1])[0]
            group = keys(tokens_of(limited)) - keys(tokens_of(lead))
            figures = {number.canonical for number in numbers(sentence)} - {number.canonical for number in numbers(limited)}
            if group and not group & held and figures & mine and keys(tokens_of(lead)) & held:
                yield f'leaves out the quote\'s "{found.group()[:40].strip()}"'
                return


def _heard(said: Sequence[Token], said_text: str, quoted_text: str) -> Iterator[str]:
    """What a court was told is somebody's word."""
    if ON_WORD.search(said_text):
        return
    for span in sentence_spans(quoted_text):
        sentence = quoted_text[span.start : span.end]
        if (found := HEARD.search(sentence)) and len(keys(said) & keys(tokens_of(sentence.replace(found.group(), " ")))) >= 2:
            yield f'states as fact what the quote has as said: "{found.group()}"'
            return


def _of_another(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "Housing chief" for a finance chief, with housing elsewhere."""
    places: dict[str, list[Token]] = {}
    for token in quoted:
        places.setdefault(token.key, []).append(token)
    for token in said[:-1]:
        head = said[token.place + 1]
        if not (
            token.lower.isalpha()
            and head.lower.isalpha()
            and token.content
            and head.content
            and token.text[0].islower()
            and head.text[0].islower()
        ):
            continue
        if token.key not in places or head.key not in places or token.lower.endswith(("ed", "ly")) or _counts(token):
            continue
        if token.clause != head.clause or (token.lower.endswith("ing") and token.lower not in {other.lower for other in quoted}):
            continue
        leads = [quoted[other.place - 1] for other in places[head.key] if other.place and quoted[other.place - 1].clause == other.clause]
        if len(leads) < len(places[head.key]) or not all(lead.content and lead.text[0].islower() and not _counts(lead) for lead in leads):
            continue
        if any(token.key in keys(segment(quoted, other.place)) for other in places[head.key]):
            continue
        yield f'"{token.text} {head.text}" is not what the quote speaks of'
        return


def _titles(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "The doctor, Jens Wold" for "the cook, Jens Wold"."""
    held = {token.key for token in quoted}
    for token, name in _titled(said):
        theirs = [other for other, whom in _titled(quoted) if whom == name]
        known = token.key in held or SAME.get(token.key, frozenset()) & held or any(_shares(token.lower, other.lower) for other in quoted)
        if theirs and not known and token.key not in OF_SPEAKERS:
            yield f'calls {name} "{token.text}", which the quote does not'
            return


def _titled(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """A noun right before a name, or before a comma and a name, with the name's first word."""
    for token in tokens[:-2]:
        if (
            not token.content
            or not token.text.isalpha()
            or token.lower.endswith(("ed", "ly"))
            or token.lower in PREPOSITIONS
            or (token.place and not token.text[0].islower())
        ):
            continue
        following = tokens[token.place + 1 : token.place + 3]
        if following[0].lower == ",":
            following = following[1:]
        if following and following[0].text[0].isupper() and following[0].clause == token.clause:
            yield token, following[0].text


def _shares(one: str, other: str) -> bool:
    return len(one) > 3 and len(other) > 3 and (one in other or other in one or one[:5] == other[:5])


def _counts(token: Token) -> bool:
    return token.text[0].isdigit() or next(numbers(token.text), None) is not None
