"""Whether two quotations are one, printed in different words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from agent.reading.names import TITLES
from agent.terms import WORD, words

LEAST_QUOTED = 5  # words that two versions of one quotation must share, in order
ONE_NAME = 0.5  # share of the letters, in order, that two spellings of a name have in common; two names of an event seldom have so many
# In what people say, two versions of a quotation have fewer pairs of equal words than so many for each word: 2 or 3 for one of 100 words.
# Of words said again and again there are far more, and the time grows with them.
MOST_PAIRS = 8
ELLIPSIS = re.compile(r"\.\.\.|…|\[|\]")
PASSED_OVER = TITLES | {"that"}
AT_AN_END = re.compile(r"^[\s\"“”‘’']*(?:\.\.\.|…)\s*|\s*(?:\.\.\.|…)[\s\"“”‘’'.]*$")


def different_wording(first: str, second: str) -> tuple[str, str] | None:
    """The differing words with the words around them, verbatim, if two quotations are versions of one and differ in the middle."""
    # Words left out at an end change nothing in between.
    first, second = AT_AN_END.sub("", first), AT_AN_END.sub("", second)
    if ELLIPSIS.search(first) or ELLIPSIS.search(second):
        return None
    one, other = ([word.replace("’", "'") for word in words(text)] for text in (first, second))
    held = Counter(other)
    pairs = sum(number * held[word] for word, number in Counter(one).items())
    if not LEAST_QUOTED <= pairs <= MOST_PAIRS * max(len(one), len(other)):
        return None
    blocks = [block for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks() if block.size > 1]
    shared = sum(block.size for block in blocks)
    if len(blocks) < 2 or shared < LEAST_QUOTED or shared < 0.5 * min(len(one), len(other)):
        return None
    a, b = (blocks[0].a, blocks[-1].a + blocks[-1].size), (blocks[0].b, blocks[-1].b + blocks[-1].size)
    if shared < 0.65 * max(a[1] - a[0], b[1] - b[0]):
        return None
    # A title put before a name, or "that", is no other wording.
    telling = [[word for word in found if word not in PASSED_OVER] for found in (one[slice(*a)], other[slice(*b)])]
    if _spelt(telling[0]) == _spelt(telling[1]) or _only_names_spelt(_verbatim(first, *a), _verbatim(second, *b)):
        return None
    return _verbatim(first, *a), _verbatim(second, *b)


def _only_names_spelt(first: str, second: str) -> bool:
    """Whether only names differ, and each is a spelling of the other: "Muammar Qaddafi", "Moammar Gadhafi"."""
    one, other = ([match[0] for match in WORD.finditer(text)] for text in (first, second))
    matcher = SequenceMatcher(None, [word.lower() for word in one], [word.lower() for word in other], autojunk=False)
    changed = [(one[a:b], other[c:d]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]
    return all(
        mine
        and theirs
        and all(word[0].isupper() or len(word) < 3 for word in (*mine, *theirs))
        and SequenceMatcher(None, "".join(mine).lower(), "".join(theirs).lower()).ratio() >= ONE_NAME
        for mine, theirs in changed
    )


def _spelt(found: Sequence[str]) -> str:
    """Without what is a matter of house style: full stops, hyphens and blanks."""
    return re.sub(r"[\W_]", "", "".join(found))


def _verbatim(text: str, first: int, end: int) -> str:
    """The text from word number `first` up to word number `end`."""
    found = list(WORD.finditer(text))
    return text[found[first].start() : found[end - 1].end()]
