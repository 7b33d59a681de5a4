"""Finds a model's quote in the words that it was shown, and turns its sentences into citations or into reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.statement import Citation, Dropped, Ledger, Reported

# A model may write a mark or a blank in another way; nothing else. Each mark stands for exactly one other.
SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
# Zero-width characters and the soft hyphen: no reader sees them, and models leave them out.
UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
QUOTES = "\"'"
LINK = re.compile(r"https?://|www\.|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/|!?\[[^\]]*\]\([^)]*\)|<[a-z/!]", re.IGNORECASE)
LONGEST_REASON = 120


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence that a model proposes, with (evidence key, quote) pairs. Nothing about it has been checked."""

    text: str
    citations: tuple[tuple[str, str], ...]


def to_reported(sentence: DraftSentence, ledger: Ledger) -> Reported | Dropped:
    """The sentence with true citations, if every key was shown and every quote stands in its evidence.

    Whether the sentence says no more than its quotes is for `agent.evidence.check` to decide.
    """
    text = " ".join(sentence.text.split())
    citations: dict[Citation, None] = {}
    reasons = [] if sentence.citations else ["it has no citation"]
    for name, quote in sentence.citations:
        key = name.strip().strip("[]")
        evidence = ledger.shown.get(key)
        if evidence is None:
            reasons.append(f"the key {_short(name)} was not shown")
            continue
        span = locate(quote, evidence.text)
        if span is None:
            reasons.append(f"the quote {_short(quote)} does not stand word for word in {key}")
            continue
        citations[Citation.of(evidence, evidence.start + span[0], evidence.start + span[1])] = None
    quoted = "\n".join(citation.quote for citation in citations)
    if any(match.group() not in quoted for match in LINK.finditer(text)):
        reasons.append("it has a link or formatting of its own")
    return Dropped(text, tuple(dict.fromkeys(reasons))) if reasons else Reported(text, tuple(citations))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 3] + "..."}"'


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote stands in the text: offsets of the first place that has its words, whole words only.

    White space and the kind of quotation marks, apostrophes and dashes may differ, and marks around the quote may be the
    model's own.
    """
    wanted, _ = _folded(quote)
    wanted = wanted.strip()
    folded, offsets = _folded(text)
    for candidate in dict.fromkeys([wanted, wanted.strip(QUOTES).strip()]):
        start = folded.find(candidate) if any(map(str.isalnum, candidate)) else -1
        while start >= 0:
            end = start + len(candidate)
            if _whole(folded, start, end):
                return offsets[start], offsets[end - 1] + 1
            start = folded.find(candidate, start + 1)
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with one spelling of marks and blanks, and where each of its characters stands in the original."""
    kept: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text.translate(SAME)):
        if character in UNSEEN:
            continue
        if character.isspace():
            # After "<" and "[" a blank may be ours: agent.tools.harmless puts it there.
            if kept and kept[-1] in " <[":
                continue
            character = " "
        kept.append(character)
        offsets.append(offset)
    return "".join(kept), offsets


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a cut here goes through no word and no number: "1" does not stand in "11", nor in "1,100" or "2.1"."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return False
    if before[-1].isalnum() and after[0].isalnum():
        return True
    inside_number = before[-1].isdigit() and after[0] in ".,:" and after[1:].isdigit()
    return inside_number or (before[-1] in ".,:" and before[:-1].isdigit() and after[0].isdigit())
