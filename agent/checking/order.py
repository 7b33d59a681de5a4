"""What came first: the words before and after "before", "after" and "followed"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.checking.tokens import Token, key, keys
from agent.reading.words import listed

BE = listed("is are was were be been being")
TIME_KEYS = frozenset(map(key, listed(
    "monday tuesday wednesday thursday friday saturday sunday day days hour hours minute minutes week weeks month months year years "
    "two three four five six seven eight nine ten"
)))  # fmt: skip
FOLLOW = key("followed")


def changed_order(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    """What the sentence puts first and what the quote puts first; without a word of time the quote is taken to tell in order."""
    mine, theirs = list(_sequences(said)), list(_sequences(quoted))
    if not mine:
        return
    if theirs:
        for earlier, later in mine:
            kept = max(len(earlier & first) + len(later & second) for first, second in theirs)
            turned = max(len(earlier & second) + len(later & first) for first, second in theirs)
            if turned > kept:
                yield "changes the order of events"
                return
        return
    earlier, later = mine[0]
    if any(token.lower in {"because", "since", "due"} for token in quoted):
        return  # what is told last came first
    places: dict[str, int] = {}
    for token in quoted:
        if token.content:
            places.setdefault(token.key, token.place)
    names = {token.key for token in quoted if token.text[0].isupper()}
    first_at = [places[word] for word in earlier - later - names if word in places]
    second_at = [places[word] for word in later - earlier - names if word in places]
    if first_at and second_at and sum(first_at) / len(first_at) > sum(second_at) / len(second_at):
        yield "changes the order of events"


def _sequences(tokens: Sequence[Token]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """For each "before", "after" or "followed" the words of what came first and of what came next."""
    for token in tokens:
        if token.lower not in {"before", "after"} and token.key != FOLLOW:
            continue
        if token.place + 1 == len(tokens) or tokens[token.place + 1].lower == ",":
            continue  # "a year before"
        sentence = [t for t in tokens if t.clause == token.clause]
        lead = [t for t in sentence if t.place < token.place and t.content]
        rest = [t for t in sentence if t.place > token.place]
        times = [t for t in lead if t.text[0].isdigit() or t.key in TIME_KEYS]
        if len(times) == len(lead) or not lead:
            # "After the vote, they left": what came first stands up to the comma.
            comma = next((t.place for t in rest if t.lower == ","), None)
            if comma is None or comma > token.place + 8:
                continue
            near, far = [t for t in rest if t.place < comma], [t for t in rest if t.place > comma]
        else:
            comma = next((t.place for t in rest if t.lower == ","), token.place + 9)
            another = next((t.place for t in rest if t.lower in {"before", "after"}), comma)
            near, far = [t for t in rest[:8] if t.place < min(comma, another)], _main(tokens, lead)
        one, other = keys(near) - TIME_KEYS, keys(far) - TIME_KEYS
        if not one or not other:
            continue
        if token.key == FOLLOW:
            passive = tokens[max(0, token.place - 1)].lower in BE
            yield (other, one) if passive else (one, other)
        else:
            yield (other, one) if token.lower == "before" else (one, other)


def _main(tokens: Sequence[Token], lead: Sequence[Token]) -> list[Token]:
    """What leads up to the first word of time: of that all that follow speak."""
    first = next((t.place for t in tokens if t.lower in {"before", "after"} and t.clause == lead[0].clause), len(tokens))
    return [t for t in lead if t.place < first] or list(lead)
