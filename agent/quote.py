"""Finds a model's quote in the words that it was shown, and turns its sentences into citations or into reasons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from agent.evidence import REPORTING
from agent.reading.quantities import numbers_in
from agent.statement import Citation, Dropped, Ledger, Reported
from agent.terms import terms
from agent.unsaid import held_back

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
# Whatever a terminal, a browser or a renderer may take for an address or for markup, up to the next blank.
LINK = re.compile(
    r"[^\s\"«»“”()]*(?:[\w-][.。．｡][^\W\d_]{2,}|//|\\\\|@|[a-z]:[^\s\d]|:\d{2,5}/|!?\[[^\]]*\]\(|<[a-z/!])[^\s\"«»“”]*", re.IGNORECASE
)
LONGEST_REASON = 120
# Of the words beside an outlet's name, those that its quotes need not have: as many as in the gate, and "reports" or "said" alone.
FEW, MOST_MISSING = 3, 0.4


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence that a model proposes, with (evidence key, quote) pairs. Nothing about it has been checked."""

    text: str
    citations: tuple[tuple[str, str], ...]


def to_reported(sentence: DraftSentence, ledger: Ledger, system: str = "", secrets: Collection[str] = ()) -> Reported | Dropped:
    """The sentence with true citations, if every key was shown and every quote stands in its evidence, and it holds neither a secret
    nor what the model was told in `system`.

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
    if any(match.group().strip(".,;:!?()") not in quoted for match in LINK.finditer(text)):
        reasons.append("it has a link or formatting of its own")
    names = " ".join(citation.outlet or "" for citation in citations)
    if strange := [character for character in text if _is_strange(character) and character not in quoted and character not in names]:
        reasons.append(f"it has letters that its quotes do not have: {' '.join(f'U+{ord(one):04X}' for one in dict.fromkeys(strange))}")
    reasons += _exchanged(text, tuple(citations))
    reasons += held_back(text, quoted, system, secrets)
    return Dropped(text, tuple(dict.fromkeys(reasons))) if reasons else Reported(text, tuple(citations))


def _is_strange(character: str) -> bool:
    """One that looks like another or like nothing. A name that is written with it is read as that name and is not found as such."""
    return not character.isascii() and unicodedata.category(character)[0] in "LMCN"


def _exchanged(text: str, citations: Sequence[Citation]) -> list[str]:
    """A sentence on several outlets gives each its own: what follows a name, or what goes before it, is in the words of that outlet."""
    quotes: dict[str, str] = {}
    for citation in citations:
        if citation.outlet:
            quotes[citation.outlet] = f"{quotes.get(citation.outlet, '')}\n{citation.quote}"
    pieces = re.split(f"({'|'.join(map(re.escape, sorted(quotes, key=len, reverse=True)))})", text) if len(quotes) > 1 else []
    names, between = pieces[1::2], pieces[::2]
    if len(set(names)) < 2:
        return []
    following = [(names[0], between[0]), *zip(names, between[1:], strict=True)]
    before = [*zip(names, between[:-1], strict=True), (names[-1], between[-1])]
    # A colon opens what follows, so what goes before the name is not its own there.
    readings = (following,) if any(said.lstrip().startswith(":") for said in between[1:]) else (following, before)
    if any(all(_bears(name, said, quotes) for name, said in pairs) for pairs in readings):
        return []
    return ["credits to one outlet what another one has: give each a sentence of its own"]


def _bears(name: str, said: str, quotes: Mapping[str, str]) -> bool:
    """Whether these words can be the outlet's own. Of a word or two nothing can be said ("A and B report", "A, like B"), unless they
    are another's."""
    wanted, held = [term for term in terms(said) if term not in REPORTING], set(terms(quotes[name]))
    missing = [term for term in wanted if term not in held]
    others = {term for other, quote in quotes.items() if other != name for term in terms(quote)}
    few = len(missing) < FEW and not (missing == wanted and others & set(missing))
    return numbers_in(said) <= numbers_in(quotes[name]) and (few or len(missing) <= MOST_MISSING * len(wanted))


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
