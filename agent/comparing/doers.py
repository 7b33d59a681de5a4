"""Who the words of a sentence make the doer: "troops killed four", "four were killed by troops", "four were killed", "four died".

Only verbs of what is done to people and things are looked at, in groups that one act may be worded by. A list of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.comparing.sameness import Compared
from agent.reading.words import DETERMINERS, PRONOUNS, Word, listed, words_of
from vectorstore.sentence import Span

Doer = Literal["subject", "after by", "nobody"]

# For each act the verbs that somebody does to somebody (base, past, participle), and those that merely happen to one.
ACTS: dict[str, tuple[str, str]] = {
    "killing": ("kill killed murder murdered slay slew slain assassinate assassinated massacre massacred execute executed",
                "die dies died perish perished"),
    "shooting": ("shoot shot gun gunned", ""),
    "injuring": ("injure injured wound wounded hurt maim maimed beat beaten stab stabbed", ""),
    "arresting": ("arrest arrested detain detained jail jailed imprison imprisoned seize seized", ""),
    "destroying": ("destroy destroyed wreck wrecked demolish demolished flatten flattened raze razed gut gutted ruin ruined",
                   "collapse collapsed crumble crumbled"),
    "striking": ("hit bomb bombed shell shelled bombard bombarded ram rammed strike struck attack attacked", "sink sinks sank sunk"),
    "clearing": ("clear cleared evict evicted expel expelled remove removed disperse dispersed drag dragged", "leave left"),
    "dismissing": ("fire fired sack sacked dismiss dismissed oust ousted axe axed", "resign resigned quit"),
    "closing": ("close closed shut ban banned block blocked", ""),
    "burning": ("burn burned burnt torch torched ignite ignited", ""),
    "displacing": ("displace displaced uproot uprooted deport deported", "flee fled"),
}  # fmt: skip
DONE = {verb: act for act, (done, _) in ACTS.items() for verb in done.split()}
HAPPENS = {verb: act for act, (_, happens) in ACTS.items() for verb in happens.split()}
THIRD = {f"{verb}s": act for verb, act in DONE.items() if not verb.endswith(("ed", "en", "ot", "t", "wn", "in"))}
BE = listed("is are was were be been being am 's 're get got gets getting")
HAVE = listed("has have had having 've")
BETWEEN = listed("not also reportedly allegedly apparently then later since already all both fatally badly seriously slightly critically")
# An active verb has what it is done to right after it.
OBJECT_STARTS = DETERMINERS | listed(
    "at about more least some nearly almost over dozens hundreds thousands scores people one two three four five six seven eight nine ten "
    "eleven twelve him her them us me himself herself themselves civilians protesters workers passengers police soldiers"
)
CLAUSE_ENDS = listed("and but or when while as after before because which who that where whereas if")
REACH = 9  # words after a participle within which "by" names the doer
LONGEST_SUBJECT = 6  # words of a doer that are shown
# After "by" these are a time, a place or a means, and nobody who does anything.
NO_DOER = re.compile(
    r"(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|noon|midnight|morning|evening|night|then|now|accident|mistake|law|hand|phone"
    r"|far|half|a third|some measure|the (?:end|time|side|river|road|sea))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deed:
    """`act` is the key of ACTS; `span` the verb with its doer, in the article; `verb` the verb as written."""

    act: str
    verb: str
    doer: Doer
    span: Span


def deeds_in(one: Compared) -> Iterator[Deed]:
    """What the sentence says was done, in its own words: quotations are somebody else's."""
    sentence = one.sentence
    offset = sentence.span.start
    tokens = [
        word for word in words_of(sentence.text) if not any(quote.start <= offset + word.start < quote.end for quote in sentence.quotations)
    ]
    for place, word in enumerate(tokens):
        lower = word.lower
        if not word.is_word or word.capitalised:
            continue
        if lower in HAPPENS and _is_finite(tokens, place):
            yield Deed(HAPPENS[lower], word.text, "nobody", Span(offset + word.start, offset + word.end))
        act = DONE.get(lower) or THIRD.get(lower)
        if act and (deed := _deed(tokens, place, act, offset)):
            yield deed


def _deed(tokens: list[Word], place: int, act: str, offset: int) -> Deed | None:
    word = tokens[place]
    before = place - 1
    while before >= 0 and (tokens[before].lower in BETWEEN or tokens[before].lower.endswith("ly")):
        before -= 1
    passive = before >= 0 and tokens[before].lower in BE
    participle = word.lower.endswith(("ed", "en", "n", "t")) and word.lower not in THIRD
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    active = (
        following is not None and not passive and (following.lower in OBJECT_STARTS or following.capitalised or following.text[0].isdigit())
    )
    if active and not (participle and following is not None and following.lower in listed("at about over more")):
        doer = _subject(tokens, before)
        return Deed(act, word.text, "subject", Span(offset + tokens[doer].start, offset + word.end)) if doer is not None else None
    if not participle or (not passive and before >= 0 and tokens[before].lower in HAVE):
        return None
    # "The four killed in the blast" and "were killed": nobody is made the doer, unless "by" names one.
    reduced = not passive and (following is None or following.lower in listed("in by on at when during after . , and"))
    if not passive and not reduced:
        return None
    by = _by(tokens, place)
    if by is not None:
        return Deed(act, word.text, "after by", Span(offset + word.start, offset + tokens[by].end))
    start = tokens[before].start if passive else word.start
    return Deed(act, word.text, "nobody", Span(offset + start, offset + word.end))


def _is_finite(tokens: list[Word], place: int) -> bool:
    """Whether a verb such as "left" or "died" is the sentence's and no adjective: a noun or a pronoun stands before it."""
    before = tokens[place - 1] if place else None
    return before is not None and before.is_word and before.lower not in DETERMINERS | BE | HAVE | listed("to of")


def _subject(tokens: list[Word], last: int) -> int | None:
    """The first word of the noun phrase that ends at `last`; None for a pronoun that stands for nobody, or none."""
    while last >= 0 and tokens[last].lower in HAVE | listed("to will would could may might did"):
        last -= 1
    if last < 0 or not tokens[last].is_word or tokens[last].lower in CLAUSE_ENDS | listed("it there to of in on at not"):
        return None
    start = last
    while start > 0 and last - start < LONGEST_SUBJECT - 1:
        word = tokens[start - 1]
        if not word.is_word or word.lower in CLAUSE_ENDS | BE | HAVE or word.lower in listed("in on at from with by for said says"):
            break
        start -= 1
        if word.lower in DETERMINERS:
            break
    # "One of them hit": whoever that is, the words here do not say.
    return None if tokens[start].lower in PRONOUNS else start


def _by(tokens: list[Word], place: int) -> int | None:
    """The last word shown of the doer after "by"."""
    for at in range(place + 1, min(place + REACH, len(tokens) - 1)):
        word = tokens[at]
        if not word.is_word or word.lower in CLAUSE_ENDS:
            return None
        if word.lower == "by":
            rest = " ".join(token.text for token in tokens[at + 1 : at + 4])
            if NO_DOER.match(rest) or tokens[at + 1].lower.endswith("ing"):
                return None
            end = at + 1
            while end + 1 < len(tokens) and end - at < LONGEST_SUBJECT and tokens[end + 1].is_word:
                if tokens[end + 1].lower in CLAUSE_ENDS | listed("in on at from with for was were"):
                    break
                end += 1
            return end
    return None
