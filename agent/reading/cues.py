"""Verbs and phrases by which an article gives words, thoughts or intentions to somebody, in all their forms."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from agent.reading.words import in_order, listed


class Takes(Enum):
    """What follows a cue: a clause or a quotation; first the person told; a thing or person; "to" and a verb."""

    CLAUSE = "clause"
    RECIPIENT = "recipient"
    OBJECT = "object"
    INFINITIVE = "infinitive"


class Form(Enum):
    BASE = "base"
    THIRD = "third"
    PAST = "past"
    ING = "ing"


CLAUSE_VERBS = in_order(
    "say add note claim argue announce report explain suggest acknowledge insist conclude declare state write tweet reveal "
    "admit concede predict estimate stress emphasize emphasise reiterate recall respond reply contend allege assert "
    "maintain observe remark quip joke complain lament boast testify confirm deny indicate imply hint caution counter "
    "retort exclaim shout chant yell bawl roar bark thunder mutter whisper think believe feel hope fear worry guess suspect "
    "doubt know realize realise understand find show continue post speculate muse reason opine proclaim profess vouch "
    "signal disclose clarify specify point reckon surmise interject intone recount relate repeat agree disagree object "
    "protest plead theorize theorise posit hypothesize bemoan grumble gripe scoff deadpan snap scream cry sing recite "
    "preach pray pronounce attest swear affirm reaffirm reassert rejoin volunteer venture wonder assume presume anticipate "
    "expect forecast foresee consider decide learn discover determine calculate project warn ask read"
)
RECIPIENT_VERBS = in_order(
    "tell inform assure remind notify advise instruct order urge beg implore persuade convince encourage lecture "
    "brief beseech exhort question press"
)
OBJECT_VERBS = in_order(
    "criticize criticise praise endorse support oppose condemn denounce attack blast slam mock ridicule dismiss reject "
    "defend describe call accuse blame cite quote mention discuss address express voice reference back thank applaud "
    "commend laud hail salute welcome decry deride disparage rebuke chide scold lambast lambaste assail bash rip castigate "
    "deplore disavow disown repudiate refute rebut dispute challenge contest question propose recommend demand request "
    "favor favour advocate tout promote champion echo outline portray characterize characterise label brand dub term liken "
    "depict credit fault vilify malign insult taunt congratulate admire distrust dislike prefer want view regret vow "
    "promise threaten pledge offer invoke bemoan celebrate stress warn predict announce acknowledge repeat pitch cheer "
    "protest affirm admit deny signal explain reiterate condone"
)
INFINITIVE_VERBS = in_order(
    "promise pledge vow refuse decline threaten offer want hope intend agree decide expect seek aim plan swear volunteer claim "
    "resolve propose demand ask prefer wish mean plot prepare"
)
# With the words that make them cues.
PHRASAL = {
    "call": listed("for on upon"),
    "point": listed("to out toward"),
    "talk": listed("about of up"),
    "speak": listed("about of out against for"),
    "refer": listed("to"),
    "respond": listed("to"),
    "reply": listed("to"),
    "complain": listed("about of"),
    "comment": listed("on about that"),
    "object": listed("to"),
    "insist": listed("on upon"),
    "warn": listed("of about against"),
    "boast": listed("of about"),
    "brag": listed("of about"),
    "joke": listed("about"),
    "allude": listed("to"),
    "speculate": listed("about on"),
    "rail": listed("against at about"),
    "argue": listed("for against about"),
    "lash": listed("out"),
    "push": listed("for back"),
    "worry": listed("about over"),
    "care": listed("about"),
    "wonder": listed("about"),
    "think": listed("about of"),
    "ask": listed("about for whether if"),
    "dream": listed("of about"),
    "agree": listed("with on to"),
    "disagree": listed("with on about"),
    "apologize": listed("for to"),
    "apologise": listed("for to"),
    "campaign": listed("for against on"),
    "advocate": listed("for"),
    "appeal": listed("to for"),
    "elaborate": listed("on"),
    "weigh": listed("in"),
    "chime": listed("in"),
    "go": listed("on"),
    "hint": listed("at that"),
    "testify": listed("about to"),
    "tweet": listed("about"),
    "write": listed("about of"),
    "hit": listed("back out"),
    "fire": listed("back"),
    "shoot": listed("back"),
    "focus": listed("on"),
    "vote": listed("for against"),
    "plead": listed("for with guilty not"),
}
DOUBLING = listed("admit quip rebut plan slam regret commit refer concur rip dub plot blab nod snap tap beg brag rebut")
IRREGULAR = {
    "say": ("says", "said", "said"), "tell": ("tells", "told", "told"), "write": ("writes", "wrote", "written"),
    "think": ("thinks", "thought", "thought"), "know": ("knows", "knew", "known"), "find": ("finds", "found", "found"),
    "show": ("shows", "showed", "shown"), "see": ("sees", "saw", "seen"), "swear": ("swears", "swore", "sworn"),
    "speak": ("speaks", "spoke", "spoken"), "feel": ("feels", "felt", "felt"), "read": ("reads", "read", "read"),
    "understand": ("understands", "understood", "understood"), "mean": ("means", "meant", "meant"),
    "foresee": ("foresees", "foresaw", "foreseen"), "go": ("goes", "went", "gone"), "seek": ("seeks", "sought", "sought"),
    "sing": ("sings", "sang", "sung"), "hit": ("hits", "hit", "hit"), "shoot": ("shoots", "shot", "shot"),
    "beseech": ("beseeches", "besought", "besought"), "forecast": ("forecasts", "forecast", "forecast"),
    "put": ("puts", "put", "put"),
}  # fmt: skip
# Of these the noun is as common as the verb, or the word has another frequent sense: only with a clear subject before it.
ALSO_NOUNS = listed(
    "claim report state post rule show point note project address question challenge contest support attack back "
    "plan need hope fear worry doubt call rip second promise pledge vow demand request offer like love hate respect "
    "honor honour trust credit fault blame label brand term detail view echo order brief press signal pitch issue "
    "favor favour read cry reason find project estimate forecast guess voice joke protest cheer reference float raise "
    "focus vote campaign object appeal lecture welcome advocate wonder comment talk insult match answer quote respect aim"
)
# What only speech does: near one of these, quotation marks hold speech, and a sentence with one attributes.
SPEECH = frozenset(CLAUSE_VERBS) - listed(
    "think believe feel hope fear worry guess suspect doubt know realize realise understand find show assume presume anticipate "
    "expect consider decide learn discover determine sing pray rule signal project foresee reason read"
) | listed("tell inform assure remind call describe accuse quote ask urge")

# What documents do; at the end of a sentence the clause before it is what they show: "he was warned, a letter shows".
SHOWING = listed("show find suggest indicate reveal read")


def _third(lemma: str) -> str:
    if lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        return lemma + "es"
    return lemma[:-1] + "ies" if lemma.endswith("y") and lemma[-2] not in "aeou" else lemma + "s"


def _stem(lemma: str) -> str:
    return lemma + lemma[-1] if lemma in DOUBLING else lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma


def forms(lemma: str) -> Iterator[tuple[str, Form]]:
    yield lemma, Form.BASE
    yield _stem(lemma) + "ing", Form.ING
    if lemma in IRREGULAR:
        third, past, participle = IRREGULAR[lemma]
        yield third, Form.THIRD
        yield past, Form.PAST
        yield participle, Form.PAST
        return
    yield _third(lemma), Form.THIRD
    yield (lemma[:-1] + "ied" if lemma.endswith("y") and lemma[-2] not in "aeou" else _stem(lemma) + "ed"), Form.PAST


def _index() -> dict[str, tuple[str, Form]]:
    found: dict[str, tuple[str, Form]] = {}
    for lemma in (*CLAUSE_VERBS, *RECIPIENT_VERBS, *OBJECT_VERBS, *INFINITIVE_VERBS, *PHRASAL):
        for form, kind in forms(lemma):
            # Where one spelling has two readings ("read", "forecast"), the past is the reporting one.
            if form not in found or kind is Form.PAST:
                found[form] = (lemma, kind)
    return found


VERB_FORMS = _index()
TAKES: dict[str, frozenset[Takes]] = {
    lemma: frozenset(
        kind
        for kind, verbs in (
            (Takes.CLAUSE, CLAUSE_VERBS),
            (Takes.RECIPIENT, RECIPIENT_VERBS),
            (Takes.OBJECT, OBJECT_VERBS),
            (Takes.INFINITIVE, INFINITIVE_VERBS),
        )
        if lemma in verbs
    )
    for lemma in (*CLAUSE_VERBS, *RECIPIENT_VERBS, *OBJECT_VERBS, *INFINITIVE_VERBS, *PHRASAL)
}
# Nouns that stand for what somebody said: "his claim that", "a statement saying".
SAYING_NOUNS = listed(
    "claim claims statement statements assertion assertions belief view suggestion suggestions accusation accusations allegation "
    "allegations argument promise pledge vow warning warnings announcement assurance assurances complaint complaints contention "
    "insistence declaration admission acknowledgment acknowledgement prediction fear fears hope hopes concern concerns charge "
    "charges conviction conclusion opinion sense decision demand demands denial remark remarks comment comments"
)
