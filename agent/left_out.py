"""What is said of a model's sentences that did not pass: how many, and why, in words of ours.

Not the sentences: they are what the gate keeps in, a link, a secret or an instruction among them. Reasons name words of theirs too, so
each is given by its kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.statement import Dropped
from agent.wording import count

# By how a reason begins or what it says; the first that fits.
KINDS = (
    (re.compile("no citation|was not shown|outside the passage"), "no source that was shown"),
    (re.compile("^the quote|quotation marks"), "a quote that is not word for word"),
    (re.compile("kept secret|its instructions"), "what a model is not to repeat"),
    (
        re.compile("^names |^cites |credited to another article|another one has|letters that"),
        "another outlet than the one quoted, or a name in disguise",
    ),
    (re.compile("link or formatting"), "a link or formatting of its own"),
    (re.compile("^the number|^the time|counts$|how the quote puts it$|^gives "), "a number or time that its quote does not have"),
    (re.compile("^the name"), "a name that its quote does not have"),
    (re.compile("credits|on the word of"), "another speaker than its quote has"),
)
OTHER = "something else than its quote says"


def kinds(dropped: Dropped) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_kind(reason) for reason in dropped.reasons))


def _kind(reason: str) -> str:
    return next((kind for pattern, kind in KINDS if pattern.search(reason)), OTHER)


def left_out(dropped: Sequence[Dropped]) -> list[str]:
    """A line, or none where nothing was dropped."""
    if not dropped:
        return []
    why = "; ".join(dict.fromkeys(kind for one in dropped for kind in kinds(one)))
    return [f"left out: {count(len(dropped), 'sentence')} that did not pass the check ({why})"]
