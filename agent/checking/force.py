"""How surely and in what sense: hedges, intentions, negations, and verbs of saying that mean more than "said"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from agent.checking.tokens import PAST, Token, after, before, key, keys, tokens_of
from agent.reading.hedges import hedge_spans
from agent.reading.numbers import numbers
from agent.reading.words import listed
from vectorstore.sentence import sentence_spans

# Words that leave open whether something is so or will be, by what they leave open. One may stand for another of its kind.
OPEN = {
    "intention": listed("plan intend intention hope want aim seek propose proposal consider expect mean due scheduled"),
    "advice": listed("should ought urge demand call recommend must"),
    "estimate": listed("estimate about some around roughly nearly almost approximately"),
}
OPEN_KEYS = {kind: frozenset(key(word) for word in words) for kind, words in OPEN.items()}
UNCERTAIN = frozenset(map(key, listed("believe think suspect suppose assume allege claim suggest reportedly allegedly")))
# Words of the quote that allow a stronger one, and those that make a "must" of what is ordered.
ALLOWED = {
    key(word): frozenset(map(key, by.split()))
    for word, by in {
        "discover": "find detect spot notice", "show": "figure data statistic",
        "reject": "refuse turn dismiss decline", "predict": "expect", "forecast": "expect", "detain": "hold custody",
        "blame": "fault cause", "jail": "sentence prison", "imprison": "sentence prison",
    }.items()
}  # fmt: skip
OBLIGED = frozenset(map(key, listed("order oblige require need force compel instruct duty")))
# Verbs that say little without what follows them: "does not expect a profit" denies the profit.
LIGHT = frozenset(map(key, listed("expect want plan intend believe think say know have get make take give be do")))
BELIEVING = frozenset(map(key, listed("believe think suspect suppose assume suggest fear")))
ALLEGED = listed("claim claims allegation allegations suspicion suspicions rumour rumours rumor rumors theory theories")
CONDITION = re.compile(r"\b(?:if|unless|provided|as\s+long\s+as)\b", re.IGNORECASE)
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
NOBODY = listed("none nobody nothing no-one nowhere")
# "Declined to comment" and "did not comment" are one; a charge is rejected, denied or disputed.
# Verbs after which "will" is no more than they say: "she promises that it will stay".
FORWARD = frozenset(map(key, listed("expect hope plan intend promise vow pledge fear threaten predict forecast warn swear offer")))
APPROXIMATE = listed("nearly almost roughly approximately around barely virtually about some over under least most up more less estimated")
ROUNDING = listed("nearly almost roughly approximately barely virtually")
# "Unhurt" is not hurt, where the other text has "hurt".
OPPOSITE = re.compile(r"(?:un|in|il|im|ir|dis|non)-?(?=\w{3})")
REFUSING = frozenset(map(key, listed("deny decline refuse reject dispute fail")))
NOUN_AFTER = listed("in a an the under no of beyond")
# What is withheld may be put in many ways: "gave no number", "did not say how many", "would not comment".
TELLING = frozenset(map(key, listed("say give comment answer respond disclose reply tell name specify explain")))


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
    if not hedge_spans(said_text):
        yield from _surer(said, quoted)
    yield from _negations(said, quoted)
    yield from _stronger(said, quoted)


def _dropped(said: Sequence[Token], said_text: str, quoted: Sequence[Token], quoted_text: str) -> Iterator[str]:
    """A hedge or an intention of the quote, beside words that the sentence has too, of which the sentence has none."""
    held = keys(said)
    hedged = bool(hedge_spans(said_text)) or any(token.key in UNCERTAIN for token in said)
    for span in hedge_spans(quoted_text):
        place = max((token.place for token in quoted if token.start < span.end), default=0)
        near = after(quoted, place, 2) or before(quoted, place, 3)
        if not hedged and any(token.key in held for token in near):
            yield f'leaves out the quote\'s hedge "{quoted_text[span.start : span.end]}"'
    if not hedged and not any(token.key in POSSIBLE for token in said):
        for token in quoted:
            conditional = token.place and quoted[token.place - 1].lower in {"if", "as"}
            if token.key in POSSIBLE and not conditional and any(near.key in held for near in before(quoted, token.place, 2)):
                yield f'leaves out the quote\'s "{token.text}"'
    for kind, words in OPEN_KEYS.items():
        if kind == "estimate" or any(token.key in words for token in said):
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
    for token in quoted:
        following = quoted[token.place + 1].lower if token.place + 1 < len(quoted) else ""
        open_to = token.key in BELIEVING and not any(t.lower in NOT for t in quoted[max(0, token.place - 2) : token.place])
        ascribed = token.key == key("attributed") and following == "to"
        if not (open_to or ascribed or (token.lower in ALLEGED and following == "that")):
            continue
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
            if len(keys(said) & keys(tokens_of(main))) >= 3 and not UNCONDITIONAL.search(main):
                yield f'leaves out the quote\'s "{found.group()}"'
                return
    what = WHAT_THEY_SAY.search(quoted_text)
    if what and not re.search(r"\b(?:says?|said|so-called|describ\w+|claim\w*|alleg\w+|purport\w*)\b", said_text, re.IGNORECASE):
        following = keys(tokens_of(" ".join(quoted_text[what.end() :].split()[:4])))
        if following & keys(said):
            yield f'leaves out the quote\'s "{what.group()}"'


# After these what follows "to" was done: "began to burn".
DOING = frozenset(map(key, listed("manage begin continue start help use come go force allow able have")))


def _surer(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """A verb that the sentence has as done, or as coming, and the quote everywhere only as planned, asked for or open."""
    for token in said:
        mine = _settled(said, token)
        if mine is None or not token.content or token.text[0].isupper():
            continue
        theirs = [_settled(quoted, other) for other in quoted if other.key == token.key]
        if theirs and all(other is not None and other < mine for other in theirs):
            yield f'has "{token.text}" as surer than the quote'
            return


def _settled(tokens: Sequence[Token], token: Token) -> int | None:
    """2 for what was done, 1 for what is to come or wanted, 0 for what may be; None where no form of the verb tells."""
    for place in range(token.place - 1, max(-1, token.place - 5), -1):
        word = tokens[place]
        if word.lower == "," or word.clause != token.clause or word.lower in {"that", "and", "but", "who", "which"}:
            break
        if word.lower in {"whether", "if", "may", "might", "could", "can"}:
            return 0
        if word.lower in FUTURE | {"should"} or (word.lower == "be" and place == token.place - 1):
            return 1
        if word.lower == "to" and place + 1 in {token.place, token.place - 1, token.place - 2}:
            leading = before(tokens, place, 1)
            opened = any(t.lower in {"whether", "if"} for t in tokens[max(0, place - 1) : place])
            following = tokens[place + 1]
            if following.place != token.place and following.lower not in BE | {"have"}:
                continue
            return 0 if opened else None if leading and leading[0].key in DOING else 1
    return 2 if token.lower.endswith("ed") or token.lower in PAST else None


def _rounded(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """ "Nearly half" is not half."""
    held, mine = {token.key for token in said}, {token.lower for token in said}
    for token, following in itertools.pairwise(quoted):
        if token.lower in ROUNDING and following.key in held and not mine & APPROXIMATE:
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
        if group and not token.text[0].isupper() and not (group | ALLOWED.get(token.key, frozenset())) & held:
            yield f'says "{token.text}", which is more than the quote says'


def _negations(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    denied, theirs = list(_denials(said, keys(quoted))), list(_denials(quoted, keys(said)))
    reach = frozenset[str]().union(*(wide for _, wide in theirs))
    shared = _plain_keys(quoted)
    if _twice_denied(said) and not _twice_denied(quoted):
        yield "denies what the quote does not deny"
        return
    for near, wide in denied:
        if not theirs or (near & shared and not wide & reach):
            yield "denies what the quote does not deny"
            break
    own = frozenset[str]().union(*(wide for _, wide in denied))
    held = _plain_keys(said)
    for near, wide in theirs:
        if len(wide) > 1 and near <= LIGHT and not (wide - near) & held:
            continue
        if near and near <= held | _opposed(said) and not wide & own:
            yield "leaves out the quote's negation"
            break


def _opposed(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(key(token.text[found.end() :]) for token in tokens if (found := OPPOSITE.match(token.lower)))


def _plain_keys(tokens: Sequence[Token]) -> frozenset[str]:
    return keys(tokens) | {"~told" for token in tokens if token.key in TELLING}


def _denials(tokens: Sequence[Token], other: frozenset[str]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """For each negation the nearest word that it turns round, and all words that it may reach."""
    for token in tokens:
        if token.lower == "unless":
            yield frozenset(), keys(after(tokens, token.place, 4))
        opposite = OPPOSITE.match(token.lower)
        if opposite and token.key not in other and key(token.text[opposite.end() :]) in other:
            yield frozenset({key(token.text[opposite.end() :])}), frozenset({key(token.text[opposite.end() :])})
            continue
        hard = token.lower in NOT or token.lower.endswith("n't") or (token.lower == "no" and not _number(tokens, token))
        nobody = token.lower in NOBODY or (token.lower == "one" and token.place and tokens[token.place - 1].lower == "no")
        refusing = token.key in REFUSING and token.content and not (token.place and tokens[token.place - 1].lower in NOUN_AFTER)
        if not (hard or nobody or refusing or _ruled_out(tokens, token)):
            continue
        if (refusing or _ruled_out(tokens, token)) and _passive(tokens, token):
            subject = [t for t in before(tokens, token.place, 5) if t.key != key("ruled")]
            yield keys(subject[:1]), keys(subject)
            continue
        if token.lower in {"neither", "nor"}:
            if token.lower == "neither":
                clause = [t for t in tokens if t.clause == token.clause and t.place > token.place]
                withheld = frozenset({"~told"}) if any(t.key in TELLING for t in clause) else frozenset[str]()
                verb = after(tokens, token.place, 1)
                near = keys(verb) if verb and verb[0].lower.endswith("ed") else frozenset[str]()  # else it is who did not
                yield withheld or near, withheld or keys(clause)
            continue
        if token.lower == "no" and token.place + 1 < len(tokens) and tokens[token.place + 1].lower in {"one", "confidence"}:
            continue
        if _ruled_out(tokens, token) and not after(tokens, token.place, 1):
            yield frozenset(), keys(tokens)
            continue
        following, leading = after(tokens, token.place, 3), before(tokens, token.place, 1)
        object_of = tokens[token.place + 1].lower if token.place + 1 < len(tokens) else ""
        if token.key in REFUSING and object_of in {"it", "this", "that"} and not following:
            yield frozenset(), keys(tokens)  # what was said before
            continue
        ahead = itertools.takewhile(lambda t: t.lower != ",", tokens[token.place + 1 : token.place + 4])
        told = next((t for t in ahead if t.key in TELLING), None)
        telling = told is not None and (not following or told.place <= following[0].place)
        if telling:
            yield frozenset({"~told"}), frozenset({"~told"}) | keys(following)
            continue
        gave = any(t.key in TELLING for t in tokens[max(0, token.place - 1) : token.place])
        if nobody and leading and not _opens(tokens, token):
            yield keys(leading), keys(leading) | keys(following)
            continue
        reached = (
            [t for t in following if not any(b.lower in {",", "but"} for b in tokens[token.place : t.place])] or leading or following[:1]
        )
        yield keys(reached[:1]), keys(reached) | ({"~told"} if gave else frozenset())


def _passive(tokens: Sequence[Token], token: Token) -> bool:
    return any(t.lower in BE for t in tokens[max(0, token.place - 3) : token.place] if t.clause == token.clause)


def _ruled_out(tokens: Sequence[Token], token: Token) -> bool:
    return token.lower == "out" and any(other.key == key("ruled") for other in tokens[max(0, token.place - 2) : token.place])


def _twice_denied(tokens: Sequence[Token]) -> bool:
    """Whether a refusal is denied: "has not ruled out", "did not deny"."""
    places = [t.place for t in tokens if (t.key in REFUSING and t.content) or t.key == key("ruled")]
    return any(tokens[i].lower in NOT or tokens[i].lower.endswith("n't") for place in places for i in range(max(0, place - 2), place))


def _opens(tokens: Sequence[Token], token: Token) -> bool:
    """Whether "nobody" is the subject: what precedes is no verb of its clause."""
    previous = tokens[token.place - 1] if token.place else None
    return previous is None or previous.clause != token.clause or previous.lower in {"that", "and", "but", ",", "no", "said", "says"}


def _number(tokens: Sequence[Token], token: Token) -> bool:
    return token.place + 1 < len(tokens) and tokens[token.place + 1].text[0].isdigit()
