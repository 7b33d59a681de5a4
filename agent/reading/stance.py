"""How an article stands to what a sentence of it says: on its own word, on somebody's word, with reserve, or as a denial."""

from __future__ import annotations

from collections.abc import Sequence

from agent.reading import Attribution, ReadSentence, Stance
from agent.reading.cues import PHRASAL, SAYING_NOUNS, VERB_FORMS
from agent.reading.words import listed, words_of
from vectorstore.sentence import Span

DENYING = listed("deny refute rebut")
# These deny only what has been said: "rejected the allegations", but not "rejected the offer".
DENYING_WORDS = listed("reject dispute dismiss")
# These tell what somebody does, wants or stands for, and not what he says is so: "announced that he will run", "opposes the bill".
PERFORMING = listed(
    "announce agree decide refuse decline plead oppose support favor favour back endorse prefer want intend plan seek aim offer resolve"
)
# With these the subject is spoken of and does not speak: "he is expected to announce".
OF_THE_SUBJECT = listed("expected likely able forced supposed")
# "Did not respond to questions" is no word of his; "continues to defend" is not, unless words are quoted.
ANSWERING, NEGATED = listed("respond reply comment address discuss answer"), listed("not never n't didn't don't doesn't")
SAID = SAYING_NOUNS | listed("report reports rumour rumours rumor rumors notion idea account accounts criticism")
# Share of the words in question that must stand inside what somebody is said to have said. Measured on the contrast benchmark with
# the words that a gold claim's articles share: .4 gives an accuracy of .71, .5 of .75, .6 of .76, .7 of .79 (without words .62, the
# commonest stance alone .57).
INSIDE = 0.7
# How many characters a hedge reaches forward.
REACH = 80


def stance_of(text: str, spoken: Sequence[Attribution], others: Sequence[Attribution], hedges: Sequence[Span], sentence: Span) -> Stance:
    """The stance of a whole sentence: denies, if it reports a denial; else attributes, if speech is in it; else hedges; else asserts.

    `spoken` are the attributions with a cue of speech, `others` those of thought or intention; `hedges` are outside quotations.
    """
    for one in (*spoken, *others):
        if sentence.start <= one.cue.start < sentence.end and _denies(text, one):
            return "denies"
    if spoken or any(one.direct for one in others):
        return "attributes"
    return "hedges" if hedges else "asserts"


def stance_towards(sentence: ReadSentence, words: Sequence[Span]) -> Stance:
    """The stance of a sentence towards some of its words (offsets in the article).

    "The mayor, elected in May, said the bridge was unsafe" attributes "unsafe" and asserts "elected in May". Without words it
    is the stance of the whole sentence.
    """
    if not words or sentence.stance == "asserts":
        return sentence.stance
    # Who says it, and the verb, are no part of what is said: two articles that quote one speaker share his name and office.
    framing = [part for one in sentence.attributions for part in (one.cue, one.source)]
    counted = [word for word in words if not any(part.start <= word.start < part.end for part in framing)]
    if not counted and any(one.source.start <= word.start < one.source.end for word in words for one in sentence.attributions):
        return "asserts"  # what is told of the source
    told = [part for one in sentence.attributions if tells(sentence, one) for part in one.content]
    inside = sum(any(part.start <= word.start < part.end for part in told) for word in counted)
    if sentence.stance == "hedges":
        near = sum(any(0 <= word.start - hedge.start <= REACH for hedge in sentence.hedges) for word in words)
        return "hedges" if near > INSIDE * len(words) else "asserts"
    return sentence.stance if not counted or inside > INSIDE * len(counted) else "asserts"


def tells(sentence: ReadSentence, one: Attribution) -> bool:
    """Whether the attribution gives what somebody says is so, and not what he does or wants."""
    start = sentence.span.start
    if one.cue.start < start:
        return True
    cue = Span(one.cue.start - start, one.cue.end - start)
    said = {word.lower for word in words_of(sentence.text, *cue)}
    verbs = _verbs(sentence.text, cue)
    silent = bool(verbs & ANSWERING and said & NEGATED)
    return not (verbs & PERFORMING or said & OF_THE_SUBJECT or silent or ("continue" in verbs and not one.direct))


def _verbs(text: str, cue: Span) -> set[str]:
    found = list[str]()
    for word in words_of(text, *cue):
        if word.lower in VERB_FORMS and not (found and word.lower in PHRASAL.get(found[-1], ())):  # the "back" of "shot back" is no verb
            found.append(VERB_FORMS[word.lower][0])
    return set(found)


def _denies(text: str, one: Attribution) -> bool:
    lemmas = _verbs(text, one.cue)
    if lemmas & DENYING:
        return True
    return bool(lemmas & DENYING_WORDS) and any(word.lower in SAID for part in one.content for word in words_of(text, *part))
