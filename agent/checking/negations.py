"""What is denied: negations that a sentence adds, drops or moves."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from agent.checking.force import BE, NOT
from agent.checking.tokens import Token, after, before, key, keys
from agent.reading.words import listed

# Verbs that say little without what follows them: "does not expect a profit" denies the profit.
LIGHT = frozenset(map(key, listed("expect want plan intend believe think say know have get make take give be do")))
NOBODY = listed("none nobody nothing no-one nowhere")
# "Unhurt" is not hurt, where the other text has "hurt".
OPPOSITE = re.compile(r"(?:un|in|il|im|ir|dis|non)-?(?=\w{3})")
REFUSING = frozenset(map(key, listed("deny decline refuse reject dispute fail")))
NOUN_AFTER = listed("in a an the under no of beyond")
# What is withheld may be put in many ways: "gave no number", "did not say how many", "would not comment".
TELLING = frozenset(map(key, listed("say give comment answer respond disclose reply tell name specify explain")))
LOSING = frozenset(map(key, listed("lose lack miss fail empty vacant deny bar ban lost shut closed close suspend stop cease end")))
# Verbs that refuse something with this particle.
PARTICLES = {"out": frozenset({key("ruled")}), "down": frozenset({key("voted")})}
CONTRASTING = listed("rather instead")
DEPRIVING = listed("without able longer unable lacked")


def changed_negations(said: Sequence[Token], taken: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """`taken` are the words of the sentences that were taken from the quote; a denial may stand in any other ("It has not said which")."""
    # What stands against another thing on both sides is denied on neither: "rather than" here, "instead of" there.
    contrasts = any(token.lower in CONTRASTING for token in said) and any(token.lower in CONTRASTING for token in quoted)
    denied, theirs = list(_denials(said, keys(quoted), contrasts)), list(_denials(taken, keys(said), contrasts))
    anywhere = list(_denials(quoted, keys(said), contrasts))
    reach = frozenset[str]().union(*(wide for _, wide in anywhere))
    shared = _plain_keys(quoted)
    if _twice_denied(said) and not _twice_denied(quoted):
        yield "denies what the quote does not deny"
        return
    for near, wide in denied:
        if not _deprived(said, quoted) and (not anywhere or (near & shared and not wide & reach)):
            yield "denies what the quote does not deny"
            break
    own = frozenset[str]().union(*(wide for _, wide in denied))
    held = _plain_keys(said)
    # What is denied in passing, by ", which has no director", of something else.
    aside = frozenset[str]().union(
        *(keys(after(taken, t.place, 2)) for t in taken[1:] if t.lower in {"which", "who"} and taken[t.place - 1].lower == ",")
    )
    if not denied and any(not near and len(wide) > 2 and 3 * len(wide & held) >= 2 * len(wide) for near, wide in theirs):
        yield "leaves out the quote's negation"
        return
    for near, wide in theirs:
        if wide and near < wide and near <= aside and not (wide - near) & held:
            continue
        if any(token.key in LOSING for token in said) and any(token.lower == "without" for token in taken):
            continue
        if len(wide) > 1 and near <= LIGHT and not (wide - near) & held:
            continue
        if near and near <= held | _opposed(said) and not wide & own:
            yield "leaves out the quote's negation"
            break


def _deprived(said: Sequence[Token], quoted: Sequence[Token]) -> bool:
    """ "Without power" is what "lost power" says, "not able to use" what "shut" does."""
    return any(token.lower in DEPRIVING for token in said) and any(token.key in LOSING for token in quoted)


def _opposed(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(key(token.text[found.end() :]) for token in tokens if (found := OPPOSITE.match(token.lower)))


def _plain_keys(tokens: Sequence[Token]) -> frozenset[str]:
    return keys(tokens) | {"~told" for token in tokens if token.key in TELLING}


def _denials(tokens: Sequence[Token], other: frozenset[str], contrasts: bool) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """For each negation the nearest word that it turns round, and all words that it may reach."""
    for token in tokens:
        if token.lower == "without" and token.place + 1 < len(tokens) and tokens[token.place + 1].lower in {"it", "them", "this", "that"}:
            continue  # what would be, were it not for something
        if token.lower == "no" and token.place + 2 < len(tokens) and tokens[token.place + 2].lower == "but":
            continue  # "no team but Hollin"
        if token.lower == "nothing" and token.place + 1 < len(tokens) and tokens[token.place + 1].lower == "but":
            continue  # only
        if token.lower == "unless":
            yield frozenset(), keys(after(tokens, token.place, 4))
        opposite = OPPOSITE.match(token.lower)
        if opposite and token.key not in other and key(token.text[opposite.end() :]) in other:
            yield frozenset({key(token.text[opposite.end() :])}), frozenset({key(token.text[opposite.end() :])})
            continue
        hard = (
            token.lower in NOT
            or (not contrasts and _set_against(tokens, token))
            or token.lower.endswith("n't")
            or (token.lower == "no" and not _number(tokens, token))
        )
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
                withheld = (
                    frozenset({"~told"})
                    if any(t.key in TELLING for t in itertools.takewhile(lambda t: t.lower != ",", clause))
                    else frozenset[str]()
                )
                verb = after(tokens, token.place, 1)
                near = keys(verb) if verb and verb[0].lower.endswith("ed") else frozenset[str]()  # else it is who did not
                yield withheld or near, withheld or keys(clause)
            continue
        if token.lower == "no" and token.place + 1 < len(tokens) and tokens[token.place + 1].lower in {"one", "confidence"}:
            continue
        if _ruled_out(tokens, token) and not after(tokens, token.place, 1):
            yield frozenset(), keys(tokens)
            continue
        following, leading = after(tokens, token.place, 4), before(tokens, token.place, 1)
        object_of = tokens[token.place + 1].lower if token.place + 1 < len(tokens) else ""
        if token.key in REFUSING and object_of in {"it", "this", "that"} and (not following or _ends(tokens, token.place + 2)):
            yield frozenset({"~before"}), keys(tokens)  # what was said before
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


def _ends(tokens: Sequence[Token], place: int) -> bool:
    return place >= len(tokens) or tokens[place].lower in {",", "and", "but", "while"} or tokens[place].clause != tokens[place - 1].clause


def _passive(tokens: Sequence[Token], token: Token) -> bool:
    return any(t.lower in BE for t in tokens[max(0, token.place - 3) : token.place] if t.clause == token.clause)


def _ruled_out(tokens: Sequence[Token], token: Token) -> bool:
    """ "Ruled out", "voted down"."""
    verbs = PARTICLES.get(token.lower, frozenset())
    return bool(verbs) and any(other.key in verbs for other in tokens[max(0, token.place - 2) : token.place])


def _set_against(tokens: Sequence[Token], token: Token) -> bool:
    """ "The sponsor rather than the orchestra" is "the sponsor, not the orchestra"."""
    following = tokens[token.place + 1].lower if token.place + 1 < len(tokens) else ""
    return token.lower == "rather" and following == "than"


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
