"""How surely and in what sense: hedges, intentions, negations, and verbs of saying that mean more than "said"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from agent.checking.tokens import PAST, Token, after, before, key, keys, root_of, tokens_of
from agent.reading.hedges import hedge_spans
from agent.reading.numbers import numbers
from agent.reading.words import listed
from vectorstore.sentence import sentence_spans

# Words that leave open whether something is so or will be, by what they leave open. One may stand for another of its kind.
OPEN = {
    "intention": listed("plan intend intention hope want wish desire aim seek propose proposal consider expect mean due scheduled"),
    "advice": listed("should ought urge demand call recommend must"),
    "estimate": listed("estimate about some around roughly nearly almost approximately"),
}
OPEN_KEYS = {kind: frozenset(key(word) for word in words) for kind, words in OPEN.items()}
UNCERTAIN = frozenset(map(key, listed("believe think suspect suppose assume allege claim suggest reportedly allegedly")))
# Words of the quote that allow a stronger one, and those that make a "must" of what is ordered.
ALLOWED = {
    key(word): frozenset(map(key, by.split()))
    for word, by in {
        "discover": "find detect spot notice",
        "show": "figure data statistic document report survey study image footage record review poll according",
        "reject": "refuse turn dismiss decline", "predict": "expect", "forecast": "expect", "detain": "hold custody",
        "blame": "fault cause because due", "jail": "sentence prison", "imprison": "sentence prison",
    }.items()
}  # fmt: skip
OBLIGED = frozenset(map(key, listed("order oblige require need force compel instruct duty")))
BELIEVING = frozenset(map(key, listed("believe think suspect suppose assume suggest fear")))
UNABLE = frozenset(map(key, listed("fail failed unable not without")))
DENIED = re.compile(r"\bcould\s?(?:not|n['’]t)\b", re.IGNORECASE)
HAVE_TO = re.compile(r"\b(?:has|have|had|needs?|needed|obliged|required|forced|ordered)\s+to\b", re.IGNORECASE)
STILL_OPEN = re.compile(
    r"\b(?:can(?:not|['’]t)|could\s+not|couldn['’]t|did\s+not|has\s+not|have\s+not|not)\s+(?:be\s+|been\s+)?rul(?:e|ed)\s+out\b"
    r"|\bremains?\s+(?:unclear|uncertain|to\s+be\s+seen)\b|\bno\s+guarantee\b|\byet\s+to\s+be\s+(?:confirmed|decided|determined)\b",
    re.IGNORECASE,
)
ATTRIBUTING = listed("says say said saying according told tells")
DESCRIBING = frozenset(map(key, listed("describe call deny dismiss reject dispute oppose condemn")))
ALLEGED = listed("claim claims allegation allegations suspicion suspicions rumour rumours rumor rumors theory theories")
CONDITION = re.compile(
    r"\b(?:if|unless|provided|as\s+long\s+as|subject\s+to|depend(?:s|ing|ed)?\s+on|hing(?:es|ing|ed)\s+on|hangs?\s+on|conditional|on\s+condition)\b",
    re.IGNORECASE,
)
# "Asked if", "as if", "even if" make nothing depend on it.
UNCONDITIONAL = re.compile(
    r"\b(?:could|would|might)\s+have\b|\b(?:ask(?:ed|s)?|know|knew|see|clear|wonder(?:ed|s)?|say|as|even|only|decide)\s*$", re.IGNORECASE
)
WHAT_THEY_SAY = re.compile(
    r"\bwhat\s+(?:he|she|it|they|the\s+\w+)\s+(?:says?|said|calls?|called|describes?|described|claims?|claimed)\b", re.IGNORECASE
)
PROMISING = frozenset(map(key, listed("promise pledge vow offer threaten propose")))
BE = listed("is are was were be been being")
CERTAIN = listed("will must shall certainly definitely undoubtedly inevitably won't")
FUTURE = CERTAIN | listed("would 'll")
TO_COME = re.compile(r"\b(?:is|are|was|were|be)\s+(?:to|due|set|scheduled|going)\b", re.IGNORECASE)
POSSIBLE = frozenset(map(key, listed("possible possibility")))
UNVERIFIED = re.compile(
    r"\b(?:could|can|has|have|had|were|was|is|are)\s?n[o'’]t\s+(?:yet\s+)?(?:be(?:en)?\s+)?(?:independently\s+)?(?:verified|confirmed)"
    r"|\bunverified\b|\bunconfirmed\b|\bno\s+independent\s+(?:confirmation|evidence)",
    re.IGNORECASE,
)
# Verbs that say how something was said, or that it is so. Each stands only for another of its group.
STRONGER = [
    frozenset(map(key, group.split()))
    for group in (
        "confirm verify corroborate", "admit concede acknowledge confess", "reveal disclose expose uncover", "prove demonstrate establish",
        "show indicate", "know", "refute disprove rebut debunk", "deny reject dispute", "boast brag gloat", "insist",
        "vow pledge promise swear", "threaten", "warn", "demand", "accuse blame", "condemn denounce slam blast", "dismiss", "mock ridicule",
        "predict forecast", "fear", "lie", "arrest detain", "charge indict", "convict", "jail imprison", "murder assassinate",
        "massacre slaughter",
        "torture", "steal loot rob", "attack assault", "execute", "sabotage", "flee escape", "order", "discover", "guarantee assure",
    )
]  # fmt: skip
NOT = listed("not never cannot without nor neither no hardly")
# "Declined to comment" and "did not comment" are one; a charge is rejected, denied or disputed.
# Verbs after which "will" is no more than they say: "she promises that it will stay".
FORWARD = frozenset(map(key, listed("expect hope plan intend promise vow pledge fear threaten predict forecast warn swear offer")))
APPROXIMATE = listed("nearly almost roughly approximately around barely virtually about some over under least most up more less estimated")
FRACTIONS = listed("half third quarter twice double thirds quarters")
ROUNDING = listed("nearly almost roughly approximately barely virtually")


def changed_force(said: Sequence[Token], said_text: str, quoted: Sequence[Token], quoted_text: str) -> Iterator[str]:
    yield from _dropped(said, said_text, quoted, quoted_text)
    yield from _rounded(said, quoted)
    yield from _unverified(said, said_text, quoted_text)
    if not TO_COME.search(quoted_text):
        yield from _certain(said, quoted)
    yield from _believed(said, said_text, quoted)
    yield from _bounded(said, quoted)
    yield from _promised(said, quoted)
    yield from _conditional(said, said_text, quoted_text)
    if not any(not DENIED.search(said_text[span.start : span.end + 4]) for span in hedge_spans(said_text)):
        yield from _surer(said, quoted)
    yield from _stronger(said, quoted)


def _dropped(said: Sequence[Token], said_text: str, quoted: Sequence[Token], quoted_text: str) -> Iterator[str]:
    """A hedge or an intention of the quote, beside words that the sentence has too, of which the sentence has none."""
    held = keys(said)
    hedged = bool(hedge_spans(said_text)) or any(token.key in UNCERTAIN or token.lower == "whether" for token in said)
    for span in sentence_spans(quoted_text):
        sentence = quoted_text[span.start : span.end]
        open_still = None if hedged or STILL_OPEN.search(said_text) else STILL_OPEN.search(sentence)
        if open_still and len(held & keys(tokens_of(sentence))) >= 2:
            yield f'leaves out the quote\'s "{open_still.group()}"'
    for span in hedge_spans(quoted_text):
        place = max((token.place for token in quoted if token.start < span.end), default=0)
        near = after(quoted, place, 2) or before(quoted, place, 3)
        unable = DENIED.search(quoted_text[span.start : span.end + 4]) and any(token.key in UNABLE for token in said)
        if not hedged and not unable and any(token.key in held for token in near):
            yield f'leaves out the quote\'s hedge "{quoted_text[span.start : span.end]}"'
    if not hedged and not any(token.key in POSSIBLE for token in said):
        for token in quoted:
            conditional = token.place and quoted[token.place - 1].lower in {"if", "as"}
            if token.key in POSSIBLE and not conditional and any(near.key in held for near in before(quoted, token.place, 2)):
                yield f'leaves out the quote\'s "{token.text}"'
    for kind, words in OPEN_KEYS.items():
        if kind == "estimate" or any(token.key in words for token in said) or (kind == "advice" and HAVE_TO.search(said_text)):
            continue
        for token in quoted:
            near = after(quoted, token.place, 1)
            verb = (kind == "advice" and _asks(quoted, token)) or (token.place + 1 < len(quoted) and quoted[token.place + 1].lower == "to")
            if token.key in words and verb and near and near[0].key in held:
                yield f'leaves out the quote\'s "{token.text}"'


def _asks(tokens: Sequence[Token], token: Token) -> bool:
    """Whether "call" is a call for something: to call a thing a name is none."""
    following = tokens[token.place + 1].lower if token.place + 1 < len(tokens) else ""
    return token.key != key("call") or following in {"for", "on", "upon", "to"}


def _believed(said: Sequence[Token], said_text: str, quoted: Sequence[Token]) -> Iterator[str]:
    """What somebody only believes or claims, or what is only ascribed, and what the sentence has without that reserve."""
    if hedge_spans(said_text) or any(token.key in UNCERTAIN | BELIEVING | {key("attributed")} or token.lower in ALLEGED for token in said):
        return
    held = keys(said)
    attributed = any(token.lower in ATTRIBUTING for token in said)
    for token in quoted:
        following = quoted[token.place + 1].lower if token.place + 1 < len(quoted) else ""
        open_to = token.key in BELIEVING and not any(t.lower in NOT for t in quoted[max(0, token.place - 2) : token.place])
        ascribed = token.key == key("attributed") and following == "to"
        lead = quoted[token.place - 1].lower if token.place else ""
        alleged = token.lower in ALLEGED and following == "that"
        if not (open_to or ascribed or alleged):
            continue
        related = {word.key for word in quoted[token.place + 2 : token.place + 10]} & DESCRIBING
        if attributed and ((alleged and related) or (open_to and lead in {"i", "we"})):
            continue  # "I think it failed": she said that it had failed
        near = after(quoted, token.place, 2)
        if (near and all(word.key in held for word in near)) or (
            ascribed and any(word.key in held for word in after(quoted, token.place, 3))
        ):
            yield f'leaves out the quote\'s "{token.text}"'
            return


def _bounded(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "Until at least April" is not until April. Numbers are the business of agent/checking/counts.py."""
    held, mine = keys(said), {token.lower for token in said}
    for token in quoted:
        following = after(quoted, token.place, 1)
        if token.lower in {"least", "most"} and token.place and quoted[token.place - 1].lower == "at" and following:
            close = following[0].place == token.place + 1 and next(numbers(following[0].text), None) is None
            if close and following[0].key in held and not mine & {"least", "most", "minimum", "maximum", "earliest", "latest", "not"}:
                yield f'leaves out the quote\'s "at {token.text}"'
                return


def _promised(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "Promised talks" are not talks."""
    if any(token.key in PROMISING or token.key in FORWARD or token.lower in FUTURE for token in said):
        return
    held = keys(said)
    for token in quoted:
        following = quoted[token.place + 1] if token.place + 1 < len(quoted) else None
        done = token.lower.endswith("ed") or token.lower.endswith("s")
        if token.key in PROMISING and done and following is not None and following.content and following.key in held:
            yield f'leaves out the quote\'s "{token.text}"'
            return


def _conditional(said: Sequence[Token], said_text: str, quoted_text: str) -> Iterator[str]:
    """What holds only if something else does, and what an article gives only as "what it says are" such things."""
    if not CONDITION.search(said_text):
        for found in CONDITION.finditer(quoted_text):
            main = re.split(r"[.;:!?]", quoted_text[: found.start()])[-1]
            least = 3 if found.group().lower() in {"if", "unless", "provided"} else 2
            if len(keys(said) & keys(tokens_of(main))) >= least and not UNCONDITIONAL.search(main):
                yield f'leaves out the quote\'s "{found.group()}"'
                return
    what = WHAT_THEY_SAY.search(quoted_text)
    if what and not re.search(r"\b(?:says?|said|so-called|describ\w+|claim\w*|alleg\w+|purport\w*)\b", said_text, re.IGNORECASE):
        following = keys(tokens_of(" ".join(quoted_text[what.end() :].split()[:4])))
        if following & keys(said):
            yield f'leaves out the quote\'s "{what.group()}"'


# After these what follows "to" was done: "began to burn".
DOING = frozenset(map(key, listed("manage begin continue start help use come go force allow able have")))


NOT_DONE = re.compile(r"\b(?:short of|instead of|rather than|refrain\w* from|avoid\w*|prevented from|threat of|barred from)$")
PLACING = listed("beneath under below in at off on near between above behind within outside")
AWAITED = frozenset(map(key, listed("expect expected forecast predict plan planned promise threaten")))
LOOMING = frozenset(map(key, listed("face risk threat threaten avoid fear avert prevent possible")))
OPENING = frozenset[str]().union(
    *OPEN_KEYS.values(),
    map(
        key,
        listed(
            "decide agree vote offer promise threaten refuse ask tell order try attempt fail pledge set able likely ready prepare move bid "
            "right power permission apply application pressure duty chance effort need have decision agreement pledge offer threat request "
            "order demand attempt vow wait fight campaign invite persuade warn encourage require expect instruct command petition appeal "
            "willing keen eager reluctant possible impossible free unable reserve authorise authorize allow enable deal way mandate option"
        ),
    ),
)


def _surer(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """A verb that the sentence has as done, or as coming, and the quote everywhere only as planned, asked for or open."""
    for token in said:
        mine = _settled(said, token)
        if mine is None or not token.content or token.text[0].isupper():
            continue
        theirs = [
            _settled(quoted, other)
            for other in quoted
            if other.key == token.key or (not token.lower.startswith("un") and root_of(other.lower) == root_of(token.lower))
        ]
        if not theirs and mine == 2 and any(_looming(quoted, other, token) for other in quoted):
            yield f'has "{token.text}" as done, which the quote does not'
            return
        if mine == 2 and theirs and all(other is None for other in theirs):
            nouns = [other for other in quoted if other.key == token.key]
            if nouns and all(any(t.key in AWAITED for t in before(quoted, other.place, 1)) for other in nouns):
                yield f'has "{token.text}" as done, which the quote does not'
                return
        if theirs and all(other is not None and other < mine for other in theirs):
            yield f'has "{token.text}" as surer than the quote'
            return


def _looming(tokens: Sequence[Token], noun: Token, verb: Token) -> bool:
    """ "Face closure" is not closed."""
    alike = noun.content and noun.lower[:4] == verb.lower[:4] and len(verb.lower) > 4
    return alike and any(token.key in LOOMING for token in before(tokens, noun.place, 1))


def _settled(tokens: Sequence[Token], token: Token) -> int | None:
    """2 for what was done, 1 for what is to come or wanted, 0 for what may be; None where no form of the verb tells."""
    if token.lower.endswith("ing") and NOT_DONE.search(" ".join(t.lower for t in tokens[max(0, token.place - 3) : token.place])):
        return 0
    for place in range(token.place - 1, max(-1, token.place - 5), -1):
        word = tokens[place]
        if word.lower == "," or word.clause != token.clause or word.lower in {"that", "and", "but", "who", "which"}:
            break
        if word.lower == "unless":
            return None
        if word.lower in {"whether", "if", "may", "might", "could", "can"}:
            return 0
        if word.lower in FUTURE | {"should"} or (word.lower == "be" and place == token.place - 1):
            return 1
        if word.lower == "to" and place + 1 in {token.place, token.place - 1, token.place - 2}:
            leading = before(tokens, place, 1)
            if leading and leading[0].key == key("fail"):
                return 0
            if not _leads_to(tokens, place):
                return None  # "scored twice to earn a draw", "took an hour to clear him"
            opened = any(t.lower in {"whether", "if"} for t in tokens[max(0, place - 1) : place])
            following = tokens[place + 1]
            joined = tokens[token.place - 1].lower in {"or", "and"} and following.place == token.place - 2
            if following.place != token.place and following.lower not in BE | {"have"} and not joined:
                continue
            if following.lower == "have":
                return None  # "was found to have claimed"
            return 0 if opened else None if leading and leading[0].key in DOING else 1
    return 2 if token.lower.endswith("ed") or token.lower in PAST else None


def _leads_to(tokens: Sequence[Token], place: int) -> bool:
    """Whether what stands before "to" leaves open what follows: "asked the judge to", "was to", "the right to"."""
    lead = tokens[place - 1] if place else None
    if any(t.lower in {"has", "have", "had"} for t in tokens[max(0, place - 5) : place]):
        return True  # "has until May to decide"
    return lead is None or lead.lower in BE | {"and", "or", "not", ","} or any(t.key in OPENING for t in before(tokens, place, 4))


def _rounded(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "Nearly half" is not half."""
    held, mine = {token.key for token in said}, {token.lower for token in said}
    for token, following in itertools.pairwise(quoted):
        bounding = token.lower in {"than", "over", "under"} and following.lower in FRACTIONS
        if (token.lower in ROUNDING or bounding) and following.key in held and not mine & APPROXIMATE:
            yield f'leaves out the quote\'s "{token.text}"'


def _unverified(said: Sequence[Token], said_text: str, quoted_text: str) -> Iterator[str]:
    """ "... which could not be verified" is said of the whole sentence that it stands in."""
    for span in sentence_spans(quoted_text):
        sentence = quoted_text[span.start : span.end]
        found = UNVERIFIED.search(sentence)
        if found and not UNVERIFIED.search(said_text) and len(keys(said) & keys(tokens_of(sentence))) >= 2:
            yield f'leaves out the quote\'s "{found.group()}"'


def _certain(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    if not any(token.lower in FUTURE or token.lower.endswith("'ll") for token in quoted):
        shared = keys(quoted)
        if any(token.key in FORWARD and token.key in shared for token in said):
            return
        for token in said:
            if token.lower == "must" and any(other.key in OBLIGED for other in quoted):
                continue
            told_now = {other.key for other in quoted if other.lower.endswith("s") and other.lower != other.key}
            if token.lower == "will" and any(near.key in told_now for near in after(said, token.place, 1)):
                continue  # "she starts in the new year"
            if token.lower in CERTAIN and any(near.key in shared for near in after(said, token.place, 2)):
                yield f'says "{token.text}", which the quote does not'


def _stronger(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    held = {token.key for token in quoted}
    for token in said:
        group = next((group for group in STRONGER if token.key in group), None)
        if (
            token.key == key("prove")
            and (token.place + 1 < len(said))
            and said[token.place + 1].lower not in {"that", "the", "a", "an", "his", "her"}
        ):
            continue  # "proved effective" was effective
        lead, following = (said[i].lower if 0 <= i < len(said) else "" for i in (token.place - 1, token.place + 1))
        if (token.key == key("lie") and following in PLACING) or (token.lower == "charge" and lead in {"the", "a", "that"}):
            continue  # "lies beneath", "rejects the charge"
        if group and not token.text[0].isupper() and not (group | ALLOWED.get(token.key, frozenset())) & held:
            yield f'says "{token.text}", which is more than the quote says'
