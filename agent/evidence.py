"""The gate: a sentence leaves the program only if it is reported, computed or fixed, and proves it.

*Reported*: every cited key was shown, every quote is verbatim, every number, name and outlet of the sentence stands in what is
quoted, no hedge, attribution or negation is lost or added. *Computed*: its rule builds the same text from its inputs again.
*Fixed*: it is in the closed list. There is no fourth kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.checking.alignment import frames_of, pieces_of
from agent.checking.clauses import changed_clauses
from agent.checking.counted import changed_counted
from agent.checking.counts import changed_counts, parts_of, same_in_short
from agent.checking.credit import changed_credit, core_of
from agent.checking.force import changed_force
from agent.checking.limits import changed_limits
from agent.checking.negations import changed_negations
from agent.checking.outlets import parts_by_outlet
from agent.checking.relations import changed_relations
from agent.checking.roles import changed_roles, moved_objects
from agent.checking.synonyms import SAME
from agent.checking.tokens import Token, bearing, key, keys, tokens_of
from agent.checking.told import dropped_speaker
from agent.checking.verbs import changed_verbs
from agent.reading.grammar import parse
from agent.reading.names import names_in
from agent.reading.quantities import numbers_in
from agent.statement import Citation, Computed, Dropped, Evidence, Fixed, Ledger, Reported, Search, Statement
from agent.terms import terms
from agent.wording import COMPUTED, FIXED
from vectorstore.quotation import quotation_spans

# Share of a reported sentence's content words that must stand in its quotes. A sentence that says the same in other words
# falls to about .5 when it is sound; one that says something else is far below.
LEAST_COVERED = 0.6
# Words of a sentence. Rules look at words in pairs, and nobody reads a longer one; a quote word for word may be as long as it is.
LONGEST = 250
# Words of a report about a report: they need not stand in the quote.
REPORTING = frozenset(
    terms(
        "said says say told tell reported reports report wrote writes write according quoted quotes quote cited cites cite stated "
        "states added adds noted notes article articles outlet outlets headline described describes describe gave gives give given put "
        "puts named names assert asserts asserted statement claim claims claimed attributed attributes attribute paper "
        "published account version words word"
    )
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks against a sentence; nothing means that it passed."""

    reasons: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.reasons


def check(statement: Statement, ledger: Ledger, outlets: Sequence[str]) -> Verdict:
    """Whether a sentence may leave the program; `outlets` are the names of the outlets held."""
    if isinstance(statement, Fixed):
        return _verdict(*_check_fixed(statement))
    if isinstance(statement, Computed):
        return _verdict(*_check_computed(statement, ledger))
    return _verdict(*_check_reported(statement, ledger, outlets))


def _verdict(*reasons: str) -> Verdict:
    return Verdict(tuple(reason for reason in reasons if reason))


def _check_fixed(statement: Fixed) -> list[str]:
    return [] if FIXED.get(statement.name) == statement.text else ["not in the list of fixed sentences"]


def _check_computed(statement: Computed, ledger: Ledger) -> list[str]:
    rule = COMPUTED.get(statement.rule)
    if rule is None:
        return [f"no rule {statement.rule}"]
    try:
        rebuilt = rule(*statement.inputs)
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        return [f"its inputs do not fit the rule {statement.rule}: {error}"]
    reasons = [] if rebuilt == statement.text else [f"the rule {statement.rule} gives another text"]
    return reasons + [reason for citation in statement.citations for reason in citation_faults(citation, ledger)]


def citation_faults(citation: Citation, ledger: Ledger) -> list[str]:
    """What is wrong with a citation against what was shown: nothing for a sound one."""
    evidence = ledger.shown.get(citation.key)
    if evidence is None:
        return [f"cites {citation.key}, which was not shown"]
    if citation != Citation.of(evidence, citation.start, citation.end):
        return ["the quote is not the words at its place, or is credited to another article"]
    if not (evidence.start <= citation.start < citation.end <= evidence.end):
        return ["the quote lies outside the passage shown"]
    return []


def _check_reported(statement: Reported, ledger: Ledger, outlets: Sequence[str]) -> list[str]:
    if not statement.citations:
        return ["no citation"]
    faults = [fault for citation in statement.citations for fault in citation_faults(citation, ledger)]
    if faults:
        return faults
    if [citation.quote for citation in statement.citations] == [statement.text]:
        return []  # the outlet's own words, whole and nothing else
    quoted = " … ".join(citation.quote for citation in statement.citations)
    credited = {citation.outlet for citation in statement.citations if citation.outlet}
    # The outlet's own name is the credit, not a claim; what is left must be borne out by the quotes.
    said = statement.text
    for outlet in sorted(credited, key=len, reverse=True):
        said = re.sub(rf"(?<!\w)(?:the )?{re.escape(outlet)}(?!\w)", " ", said, flags=re.IGNORECASE)
    return [
        *_wrong_outlet(said, quoted, outlets),
        *_unnamed(statement.text, sorted(credited)),
        *_not_verbatim(said, quoted),
        *(
            f"the number {number} is not in the quote"
            for number in sorted(numbers_in(said) - numbers_in(quoted) - same_in_short(said, quoted))
        ),
        *(f'the name "{name}" is not in the quote' for name in names_in(said) if not numbers_in(name) and not _has_name(quoted, name)),
        *_changed_by_outlet(statement, sorted(credited)),
        *_uncovered(said, quoted),
    ]


def _wrong_outlet(said: str, quoted: str, outlets: Sequence[str]) -> list[str]:
    named = [outlet for outlet in outlets if re.search(rf"(?<!\w){re.escape(outlet)}(?!\w)", said, re.IGNORECASE)]
    # Run together or with a hyphen it is read as the same name.
    letters, theirs = _letters(said), _letters(quoted)
    joined = [outlet for outlet in outlets if outlet not in named and " " in outlet and _letters(outlet) in letters]
    return [
        *(f"names {outlet}, which is not the outlet cited" for outlet in named if outlet.lower() not in quoted.lower()),
        *(f"names {outlet}, which is not the outlet cited" for outlet in joined if _letters(outlet) not in theirs),
    ]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _unnamed(text: str, credited: Sequence[str]) -> list[str]:
    """Outlets that are cited for a sentence that names only another one."""
    named = [outlet for outlet in credited if re.search(rf"(?<!\w){re.escape(outlet)}(?!\w)", text, re.IGNORECASE)]
    return [f"cites {outlet} and does not name it" for outlet in credited if named and outlet not in named]


def plain(text: str) -> str:
    """The text with typographic marks and runs of blanks made equal, to compare wording; lengths change."""
    marks = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})
    return re.sub(r"\s+", " ", text.translate(marks)).strip()


def _not_verbatim(said: str, quoted: str) -> list[str]:
    for span in quotation_spans(said):
        words = plain(said[span.start : span.end]).strip("\"' .,;:")
        if words and words.lower() not in plain(quoted).lower():
            return [f"puts words in quotation marks that are not in the quote: {words[:60]}"]
    return []


def _has_name(quoted: str, name: str) -> bool:
    """Every word of the name stands in the quotes."""
    held = set(re.findall(r"\w+", quoted.lower()))
    wanted = (word for word in re.findall(r"\w+", name.lower()) if len(word) > 1 and word not in ("the", "of", "and"))
    # "Velia" stands in "Velian".
    return all(
        word in held or (len(word) > 3 and any(f"{word}{end}" in held for end in ("n", "an", "ian", "ese", "ish", "i"))) for word in wanted
    )


def _changed_by_outlet(statement: Reported, credited: Sequence[str]) -> list[str]:
    """Each outlet's part of the sentence is held against that outlet's quotes."""
    parts = parts_by_outlet(statement.text, credited)
    if parts is None:
        return _changed(statement.text, [citation.quote for citation in statement.citations], credited)
    reasons: list[str] = []
    for outlet, part in parts.items():
        own = [citation.quote for citation in statement.citations if citation.outlet == outlet]
        others = [citation.quote for citation in statement.citations if citation.outlet != outlet]
        reasons += _changed(part, own, [outlet])
        told = keys(tokens_of(core_of(part, [outlet])))
        foreign = (told & keys(tokens_of(" … ".join(others)))) - keys(tokens_of(" … ".join(own)))
        named = {key(word) for name in names_in(core_of(part, [outlet])) for word in name.split()} & foreign
        if named or (len(foreign) >= 2 and 3 * len(foreign) >= len(told)):
            reasons.append(f"gives to {outlet} what another article says: {', '.join(sorted(named or foreign))}")
    return list(dict.fromkeys(reasons))


def _changed(said: str, quotes: Sequence[str], credited: Sequence[str]) -> list[str]:
    """What the sentence turns into something else, though its words are the quote's."""
    core = core_of(said, credited)
    if _retold(core, quotes):
        return []
    mine = tokens_of(core)
    if len(mine) > LONGEST:
        return [f"has {len(mine)} words, too many to be held against a quote"]
    sentences = _taken(mine, quotes)
    taken = " … ".join(sentences)
    # Whole sentences of a quote need no parser: nothing can stand to anything else than it does there.
    parsed = not _copied(core, [core_of(quote, credited) for quote in quotes])
    told = frames_of(core) if parsed else ()
    heard = [frame for sentence in sentences for frame in frames_of(sentence)] if parsed else []
    theirs, everything = tokens_of(taken), tokens_of(" … ".join(quotes))
    return [
        *changed_force(mine, core, theirs, taken),
        *changed_negations(mine, theirs, everything),
        *changed_verbs(mine, everything),
        *changed_limits(mine, core, theirs, taken),
        *changed_counts(mine, core, theirs, taken),
        *changed_relations(mine, core, theirs, taken),
        *changed_roles(told, heard),
        *moved_objects(told, heard),
        *dropped_speaker(core, told, heard),
        *changed_counted(told, heard, mine, parts_of(everything)),
        *changed_clauses(core, taken),
        *changed_credit(core, quotes, credited),
    ]


def _taken(mine: Sequence[Token], quotes: Sequence[str]) -> list[str]:
    """The sentences of the quotes that the words were taken from."""
    return [quote[span.start : span.end] for quote in quotes for span in bearing(keys(mine), quote)]


def _parse_ahead(statements: Sequence[Statement]) -> None:
    """The grammar of all that will be held against each other, in one go: one by one it takes twice as long."""
    texts: list[str] = []
    for statement in statements:
        if isinstance(statement, Reported) and [citation.quote for citation in statement.citations] != [statement.text]:
            quotes = [citation.quote for citation in statement.citations]
            credited = sorted({citation.outlet for citation in statement.citations if citation.outlet})
            core = core_of(statement.text, credited)
            words = tokens_of(core)
            if len(words) <= LONGEST and not _copied(core, [core_of(quote, credited) for quote in quotes]):
                texts += [core, *_taken(words, quotes)]
    if len(texts) > 1:
        parse([piece for text in texts for piece in pieces_of(text)])


def _retold(core: str, quotes: Sequence[str]) -> bool:
    """Whether the sentence is its one quote, word for word."""
    return len(quotes) == 1 and _copied(core, quotes)


def _copied(core: str, quotes: Sequence[str]) -> bool:
    """Whether the sentence is one of its quotes, word for word."""
    return _bare(core) in map(_bare, quotes)


def _bare(text: str) -> str:
    return re.sub(r"[^\w]+", " ", plain(text)).strip().lower()


def _uncovered(said: str, quoted: str) -> list[str]:
    wanted = [term for term in terms(said) if term not in REPORTING]
    held = set(terms(quoted)) | numbers_in(quoted) | keys(tokens_of(quoted))
    if not wanted:
        return []
    missing = [term for term in wanted if not ({term, key(term)} | SAME.get(key(term), frozenset())) & held]
    covered = 1 - len(missing) / len(wanted)
    return [] if covered >= LEAST_COVERED else [f"says more than the quote: {', '.join(dict.fromkeys(missing))}"]


def gate(statements: Sequence[Statement], ledger: Ledger, outlets: Sequence[str]) -> tuple[tuple[Statement, ...], tuple[Dropped, ...]]:
    """The sentences that pass, in order, and those that don't, with the reasons."""
    _parse_ahead(statements)
    passed: list[Statement] = []
    dropped: list[Dropped] = []
    for statement in statements:
        verdict = check(statement, ledger, outlets)
        if verdict.passed:
            passed.append(statement)
        else:
            dropped.append(Dropped(statement.text, verdict.reasons))
    return tuple(passed), tuple(dropped)


# The values stand in agent/statement.py; most callers need them together with the gate.
__all__ = [
    "Citation", "Computed", "Dropped", "Evidence", "Fixed", "Ledger", "Reported", "Search", "Statement", "Verdict",
    "check", "citation_faults", "gate", "plain",
]  # fmt: skip
