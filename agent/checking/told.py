"""What the quote has only on somebody's word, by the parse: a verb that hangs on "said" there and on nothing in the sentence.

agent/checking/credit.py reads attributions off the words and knows pronouns and speeches that go on; this one sees what is nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.checking.alignment import Frame, Thing
from agent.checking.credit import SPEAKING
from agent.reading.cues import VERB_FORMS
from agent.reading.predications import DOES

# Words that give something on somebody's word without a verb of saying.
ON_WORD = re.compile(
    r"\b(?:according|citing|alleg\w+|claim\w*|reportedly|accus\w+|complain\w*|words?|accounts?|told)\b|[“\"]", re.IGNORECASE
)


def dropped_speaker(core: str, said: Sequence[Frame], quoted: Sequence[Frame]) -> Iterator[str]:
    told: dict[int, Thing] = {}
    for frame in quoted:
        speakers = [thing for thing, _ in frame.filled(DOES)] if _speaks(frame) else []
        told.update((id(thing), speakers[0]) for thing, _ in frame.filled("that") if speakers)
    on_word = {frame.head.key: told[id(frame.head)] for frame in quoted if id(frame.head) in told}
    on_word = {verb: speaker for verb, speaker in on_word.items() if all(f.head.key != verb or id(f.head) in told for f in quoted)}
    if ON_WORD.search(core) or any(_speaks(frame) and frame.head.key not in on_word for frame in said):
        return
    for frame in said:
        if frame.head.verb and frame.head.key in on_word:
            yield f"states as fact what the quote has on the word of: {on_word[frame.head.key].text}"
            return


def _speaks(frame: Frame) -> bool:
    return frame.head.verb and VERB_FORMS.get(frame.head.text.lower(), ("",))[0] in SPEAKING
