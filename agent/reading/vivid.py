"""Words that do more than report: that judge, heighten, belittle or doubt. A list of ours, of words of the language and no names.

It marks words for a reader to look at where they stand. It says nothing of the article or of who wrote it, and counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.reading import Reading, ReadSentence
from agent.reading.cues import VERB_FORMS
from agent.reading.words import in_order, words_of
from agent.terms import stem
from vectorstore.sentence import Span

_WORDS = in_order(
    # what is done, more strongly than it need be said
    "slam rip lash bash trash savage skewer hammer pummel batter torpedo cripple devastate ravage plunge plummet "
    "soar skyrocket rage stun shock jolt rattle panic flee scurry scramble claw cling grovel cave "
    "brag boast gloat sneer mock ridicule taunt smear vilify demonize pander dodge evade peddle tout hype rig hijack "
    "orchestrate concoct fabricate whitewash stonewall muzzle bully browbeat coerce strongarm meddle scheme collude "
    "bungle botch squander bloat snatch swarm rampage terrorize haunt plague embolden galvanize defy flout "
    "thumb snub humiliate embarrass vow trumpet crow gush fawn rubber-stamp steamroll railroad backpedal flip-flop waffle "
    # things, by names that judge them
    "scandal fiasco debacle disaster catastrophe nightmare chaos turmoil mayhem bloodbath carnage slaughter horror fury "
    "outrage backlash firestorm uproar meltdown frenzy hysteria circus spectacle charade farce sham hoax scam ploy stunt gimmick "
    "cover-up witch-hunt crackdown onslaught ambush retribution vendetta revenge betrayal treason treachery "
    "regime henchman crony thug mob goon rabble hordes extremist zealot fanatic firebrand hardliner ideologue demagogue "
    "lackey puppet stooge shill elite fat-cat loophole giveaway handout boondoggle quagmire inferno fireball rhetoric propaganda "
    "myth falsehood smokescreen hypocrisy arrogance greed cowardice heroine martyr savior patriot traitor villain bogeyman "
    "maestro juggernaut darling trailblazer "
    # what judges or heightens
    "brutal savage vicious ruthless heartless callous cruel barbaric heinous horrific horrifying gruesome grisly ghastly appalling "
    "shocking stunning staggering jaw-dropping explosive bombshell blistering scathing stinging searing withering fiery fierce furious "
    "bitter ugly nasty toxic poisonous incendiary inflammatory divisive polarizing controversial notorious infamous disgraced embattled "
    "beleaguered besieged hapless hopeless desperate reckless irresponsible shameful shameless disgraceful outrageous egregious "
    "preposterous absurd ludicrous ridiculous laughable bizarre weird crazy insane delusional paranoid hysterical hypocritical cynical "
    "corrupt crooked sleazy shady murky sinister ominous chilling terrifying terrified frightening dire grim bleak tragic "
    "heartbreaking harrowing gut-wrenching dramatic  massive monstrous mammoth monumental historic unprecedented landmark "
    "stark blatant flagrant brazen glaring naked rabid rampant draconian tyrannical heavy-handed extreme far-fetched dubious spurious "
    "bogus phony fake flimsy baseless groundless discredited debunked bombastic combative defiant belligerent brash blunt abrasive "
    "pugnacious thuggish bloodthirsty murderous merciless relentless dazzling brilliant heroic courageous brave valiant beloved "
    "innocent helpless hapless vulnerable downtrodden proud glorious triumphant disastrous catastrophic calamitous devastating "
    "crippling botched bungled so-called self-styled self-proclaimed self-described would-be supposed ostensible purported "
    "hard-line hardline far-right far-left ultra-conservative leftist rightist militant woke disgruntled stubborn petulant "
    # how, by adverbs that judge, heighten or belittle
    "sharply bluntly bitterly fiercely furiously angrily harshly brutally savagely viciously ruthlessly wildly grossly blatantly "
    "flagrantly brazenly shamelessly outright merely simply clearly obviously undeniably unquestionably "
    "predictably inexplicably conveniently curiously ironically tellingly notably remarkably astonishingly shockingly stunningly "
    "dramatically drastically desperately hopelessly recklessly needlessly senselessly tragically sadly unfortunately thankfully "
    "mercifully triumphantly proudly defiantly famously notoriously suddenly abruptly hastily frantically "
    "supposedly ostensibly allegedly purportedly"
)  # fmt: skip
# An adverb is meant as it stands: "clear" judges nothing where "clearly" does.
AS_WRITTEN = frozenset(word for word in _WORDS if "-" in word or word.endswith("ly"))
VIVID = frozenset(stem(word) for word in _WORDS if word not in AS_WRITTEN)
# Cues that doubt or presume where "said" would do.
TELLING = frozenset("claim insist purport profess boast brag admit concede confess".split())


def vivid_words(sentence: ReadSentence) -> Iterator[Span]:
    """Where such words stand outside quotation marks."""
    start = sentence.span.start
    quoted = (*sentence.quotations, *sentence.scare_quotes)
    for word in words_of(sentence.text):
        place = start + word.start
        if not word.is_word or word.capitalised or any(part.start <= place < part.end for part in quoted):
            continue
        lower = word.lower.replace("‐", "-").replace("‑", "-")
        if lower in AS_WRITTEN or (not lower.endswith("ly") and stem(lower) in VIVID):
            yield Span(place, start + word.end)


def telling_cues(reading: Reading, sentence: ReadSentence) -> Iterator[Span]:
    """Verbs of saying in the sentence of TELLING, where somebody's word is attributed by them."""
    text = reading.article.text
    for one in sentence.attributions:
        for word in words_of(text, *one.cue):
            lemma = VERB_FORMS[word.lower][0] if word.lower in VERB_FORMS else ""
            if lemma in TELLING and sentence.span.start <= word.start < sentence.span.end:
                yield Span(word.start, word.end)
