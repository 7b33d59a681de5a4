"""What came first, what was more, why, and of how many: relations that words can keep while they are turned round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.checking.clauses import NO_REASON
from agent.checking.order import changed_order
from agent.checking.tokens import Token, after, before, key, keys
from agent.reading.words import listed

CAUSE = re.compile(
    r"\b(?:because(?!\s+of\s+(?:which|whom))|due\s+to|owing\s+to|thanks\s+to|caus(?:e|es|ed|ing)|led\s+to|leads?\s+to|leading\s+to|result(?:s|ed|ing)?\s+(?:from|in)|the\s+result\s+of"
    r"|as\s+a\s+result|so\s+that|therefore|prompt(?:s|ed|ing)|trigger(?:s|ed|ing)?|spark(?:s|ed|ing)|provok(?:es|ed|ing)|blam(?:e|es|ed|ing)"
    r"|why|reason|explain(?:s|ed)?|in\s+response\s+to|in\s+retaliation|forc(?:es|ed|ing)|thus|hence|in\s+order\s+to|for\s+[a-z]{3,}ing)\b",
    re.IGNORECASE,
)
ALL = listed("all every each always everyone everybody everything entire entirely whole only both completely fully exclusively")
SOME = {
    "some": "some several few certain", "several": "several some few various", "few": "few some", "many": "many lots",
    "most": "most majority",
    "half": "half", "part": "part partly some", "one": "one a an", "largely": "largely mostly most", "partly": "partly part some",
}  # fmt: skip
OPPOSITES = [
    (frozenset(map(key, one.split())), frozenset(map(key, other.split())))
    for one, other in (
        (
            "rise rose increase grow gain climb raise jump surge soar",
            "fall fell decrease drop decline shrink cut lower sink lose lost shed slip slide plunge tumble",
        ),
        ("up", "down"), ("higher high highest", "lower low lowest"), ("larger large largest bigger big biggest", "smaller small smallest"),
        ("faster fast fastest quickly", "slower slow slowest slowly"),
        ("before", "after"), ("early earlier", "late later"), ("first", "last"), ("win won survive", "lose lost"),
        ("accept approve agree", "reject refuse deny"),
        ("open reopen", "close shut"), ("start begin", "stop end"), ("better good best", "worse bad worst"), ("richer rich", "poorer poor"),
        ("support back", "oppose"), ("arrive", "leave depart"), ("enter", "leave"), ("buy", "sell"),
        ("older old oldest", "younger young youngest"),
        ("longer long longest", "shorter short shortest"), ("strong stronger strongest", "weak weaker weakest"),
        ("safe", "unsafe dangerous"), ("guilty", "innocent"),
        ("allow permit", "ban forbid prohibit"), ("majority", "minority"), ("double doubled", "halve halved"), ("inside", "outside"),
        ("north", "south"), ("east", "west"),
        ("import", "export"), ("borrow", "lend"), ("hire", "fire dismiss"), ("legal", "illegal"), ("true", "false"), ("alive", "dead"),
        ("expand", "reduce"), ("necessary", "unnecessary"), ("warmer hot warm", "colder cold"), ("cheaper cheap", "expensive dearer"),
    )
]  # fmt: skip
# Words between a quantifier and what it limits: "most of the workers who walked out in Lissen after the announcement returned".
REACH = 15
LESS, MORE = listed("less fewer"), listed("more")
BE = listed("is are was were be been being")
# Which way a figure goes; a verb of one way needs a word of the same way.
RISING = frozenset(
    map(key, listed("rise increase grow gain climb raise jump surge soar add more up higher above dearer expand extend double"))
)
FALLING = frozenset(
    map(key, listed("fall decrease drop decline shrink cut lower shed slip slide plunge tumble reduce less fewer down below cheaper halve"))
)


def changed_relations(said: Sequence[Token], said_text: str, quoted: Sequence[Token], quoted_text: str) -> Iterator[str]:
    yield from _causes(said_text, quoted_text)
    yield from _widened(said, quoted)
    yield from _compared(said, quoted)
    yield from changed_order(said, quoted)


def _causes(said_text: str, quoted_text: str) -> Iterator[str]:
    added = CAUSE.search(NO_REASON.sub(" ", said_text))
    if added and not CAUSE.search(NO_REASON.sub(" ", quoted_text)):
        yield f'adds a cause: "{added.group()}"'


def _widened(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    theirs = {token.lower for token in quoted}
    for token in said:
        if token.lower in ALL and not (
            {"all", "every", "each", "nobody", "none"} & theirs if token.lower in {"all", "every", "each"} else token.lower in theirs
        ):
            yield f'widens the quote: "{token.text}"'
            return
    for token in quoted[:-3]:
        # "One in five sees a cut"
        of_all = quoted[token.place + 1].lower in {"in", "of"} and _is_number(token) and _is_number(quoted[token.place + 2])
        if of_all and quoted[token.place + 3].key in {t.key for t in said} and not any(_is_number(t) for t in said):
            yield f'leaves out that the quote speaks of "{token.text} {quoted[token.place + 1].text} {quoted[token.place + 2].text}"'
            return
    for token in quoted:
        kept = SOME.get(token.lower) if not token.place or quoted[token.place - 1].lower not in {"as", "how", "so", "too"} else None
        near = after(quoted, token.place, 2)
        if (
            token.lower == "part"
            and token.place
            and quoted[token.place - 1].lower in BE | {"be", "take", "took", "taken", "taking", "plays", "played"}
        ):
            continue
        if token.lower == "half" and any(word.lower == "0.5" for word in said):
            continue
        if not kept or not near or near[0].place - token.place > 3 or near[0].text[0].isdigit():
            continue
        if token.lower == "one" and quoted[min(token.place + 1, len(quoted) - 1)].lower != "of":
            continue
        heads = {word.key for word in near if word.place - near[0].place <= 1}
        mine = [word for word in said if word.key in heads and word.content]
        limits = set(kept.split()) | ({word for word in SOME if token.lower == "part"})
        if mine and not any(_limited(said, word, limits) for word in mine):
            yield f'leaves out that the quote speaks of "{token.text}"'
            return


def _limited(said: Sequence[Token], word: Token, limits: set[str]) -> bool:
    return any(token.lower in limits for token in said[max(0, word.place - REACH) : word.place])


def _compared(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    mine, theirs = {token.key for token in said}, {token.key for token in quoted}
    words, others = {token.lower for token in said}, {token.lower for token in quoted}
    flips = 0
    for one, other in [*OPPOSITES, (frozenset(LESS), frozenset(MORE))]:
        held, held_there = mine | words, theirs | others
        for here, there in ((one, other), (other, one)):
            if here & held - held_there and there & held_there - held:
                flips += 1
    if _compared_otherwise(said, quoted):
        yield "turns the quote's comparison round"
        return
    swapped = _than_swapped(said, quoted)
    if swapped is None:
        if flips and not ({"before", "after"} & words and {"before", "after"} & others and flips == 1):
            yield "says the opposite of the quote"
        changes = any(t.key in RISING | FALLING for t in quoted)
        if any(t.lower == "than" and _compares(said, t) for t in said) and "than" not in others and not changes:
            yield "compares what the quote does not compare"
    elif swapped is not bool(flips):
        yield "turns the quote's comparison round"


def _compares(tokens: Sequence[Token], than: Token) -> bool:
    """ "Rather than" tells two things apart and compares none, "more than 60" sets a limit."""
    return not _number_follows(tokens, than) and not (than.place and tokens[than.place - 1].lower in {"rather", "other"})


def _is_number(token: Token) -> bool:
    return token.text[0].isdigit() or token.key in NUMBERISH or token.lower == "one"


def _number_follows(tokens: Sequence[Token], token: Token) -> bool:
    return any(t.text[0].isdigit() or t.key in NUMBERISH for t in tokens[token.place + 1 : token.place + 3])


NUMBERISH = frozenset(
    map(key, listed("two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million half"))
)


def _compared_otherwise(said: Sequence[Token], quoted: Sequence[Token]) -> bool:
    """ "More than the second but fewer than the first" where the quote has it the other way."""
    mine, theirs = list(_directions(said)), list(_directions(quoted))
    if len(mine) < 2 or len(theirs) < 2:
        return False
    return any((more, thing) not in theirs and (not more, thing) in theirs for more, thing in mine)


def _directions(tokens: Sequence[Token]) -> Iterator[tuple[bool, str]]:
    """Of each "more than x" and "less than x": which, and x."""
    for token in tokens:
        if token.lower != "than":
            continue
        lead = {t.lower for t in tokens[max(0, token.place - 3) : token.place]}
        thing = after(tokens, token.place, 1)
        if thing and lead & (MORE | LESS):
            yield bool(lead & MORE), thing[0].key


def _than_swapped(said: Sequence[Token], quoted: Sequence[Token]) -> bool | None:
    """Whether the sides of "than" have changed places; None where one of the two has no such word or nothing tells."""
    for mine in (token for token in said if token.lower == "than"):
        for theirs in (token for token in quoted if token.lower == "than"):
            right, right_there = keys(after(said, mine.place, 3)), keys(after(quoted, theirs.place, 3))
            left, left_there = keys(before(said, mine.place, 12)), keys(before(quoted, theirs.place, 12))
            if not right or not right_there:
                continue
            if (right - left) & (left_there - right_there) and (right_there - left_there) & (left - right):
                return True
            if right & right_there:
                return False
    return None
