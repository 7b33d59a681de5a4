"""How articles describe the same person: the words before the name, set off beside it, or said of it with "is"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from agent.comparing.claims import Comparison
from agent.comparing.counterparts import QUOTATION_MARKS, THIN
from agent.comparing.people import PEOPLE, for_people
from agent.reading.cast import GROUPS
from agent.reading.grammar import Grammar
from agent.reading.names import HONORIFICS, TITLES
from agent.reading.words import listed
from agent.terms import terms, words
from vectorstore.sentence import Span

POLITE = listed("mr mrs ms miss dr")
# An office alone describes nobody.
BARE_TITLES = HONORIFICS | listed(
    "president minister senator representative governor congressman congresswoman former late prime captain colonel sergeant general "
    "major lieutenant constable inspector superintendent judge officer justice chief current then the"
)
NOUNS = ("NN", "NNP")  # in the singular: one name, one person
BEING = listed("is was remains became 's")
# What follows these in a description is another statement: "who was born in Varn".
STATEMENTS = ("relcl", "acl", "advcl", "appos", "parataxis")
SPELT = {
    "gov": "governor", "sen": "senator", "rep": "representative", "lawmaker": "representative", "ceo": "chief executive",
    "cto": "chief technology officer", "cfo": "chief financial officer", "coo": "chief operating officer",
    "chairman": "chair", "chairwoman": "chair", "chairperson": "chair", "attorney": "lawyer", "cofounder": "founder",
    "co-founder": "founder", "spokeswoman": "spokesman", "spokesperson": "spokesman", "prof": "professor", "actress": "actor",
}  # fmt: skip
OF_ADJECTIVES = ("al", "ed", "ing", "ous", "ive", "ful", "less", "ary")  # with a capital where the sentence begins
HOUSE_STYLE = GROUPS | listed("gop former state party then current")
MOST = 2  # descriptions of a person in an article; the first, as they introduce


@dataclass(frozen=True, slots=True)
class Named:
    """A name outside quotation marks: its words in lower case, the last without "Jr.", and its tokens. `given` is "" for a lone name."""

    given: str
    family: str
    tokens: range


def descriptions(comparison: Comparison) -> dict[str, list[tuple[int, Span]]]:
    """Family names with (article, description) of the bearer, in order; those that two or more articles describe.

    Where several people of the event share a family name, only what stands beside a full name counts, and the key is the full name.
    """
    named = [_names(comparison, number) for number in range(len(comparison.sentences))]
    given: dict[str, set[str]] = defaultdict(set)
    for one in (name for names in named for name in names if name.given):
        given[one.family].add(one.given)
    found: dict[str, dict[int, list[Span]]] = {}
    people: set[str] = set()
    for number, names in enumerate(named):
        article = comparison.sentences[number].article
        text = comparison.readings[article].article.text
        for name in names:
            key = name.family if len(given[name.family]) < 2 else f"{name.given} {name.family}"
            if not given[name.family] or (len(given[name.family]) > 1 and not name.given):
                continue
            full = {token for other in names if other.given for token in other.tokens}
            for tokens, person in _described(comparison.grammar[number], name.tokens, full):
                span = comparison.grammar[number].span(tokens, comparison.sentences[number].sentence.span.start)
                if not _quoted(comparison, number, span):
                    people |= {key} if person else set()
                    _add(text, found.setdefault(key, {}).setdefault(article, []), span)
    return {
        key: [(article, span) for article, spans in sorted(by_article.items()) for span in spans[:MOST]]
        for key, by_article in found.items()
        if key in people and len(by_article) > 1
    }


def _add(text: str, spans: list[Span], span: Span) -> None:
    """Of two descriptions one of which says all that the other does, the fuller stays."""
    said = frozenset(terms(text[span.start : span.end]))
    if not any(said <= frozenset(terms(text[known.start : known.end])) for known in spans):
        spans[:] = [known for known in spans if not frozenset(terms(text[known.start : known.end])) <= said]
        spans.append(span)


def _quoted(comparison: Comparison, number: int, span: Span) -> bool:
    return any(quote.start < span.end and span.start < quote.end for quote in comparison.sentences[number].sentence.quotations)


def _names(comparison: Comparison, number: int) -> list[Named]:
    sentence, grammar = comparison.sentences[number].sentence, comparison.grammar[number]
    found = []
    for name in sentence.names:
        if not any(quote.start <= name.start < quote.end for quote in sentence.quotations):
            start, end = name.start - sentence.span.start, name.end - sentence.span.start
            parts = re.findall(r"[^\W\d_][\w’'-]*", sentence.text[start:end].lower())
            younger = f" {parts.pop()}" if parts and parts[-1] in {"jr", "sr"} else ""
            tokens = grammar.between(start, end)
            if parts and tokens and len(parts[-1]) > 2 and parts[-1] not in GROUPS:
                found.append(Named(parts[0] + younger if len(parts) > 1 else "", parts[-1], tokens))
    return found


def _described(grammar: Grammar, name: range, full: Set[int]) -> Iterator[tuple[range, bool]]:
    """Tokens that describe the bearer of the name, and whether their noun is a word for people. `full` are the tokens of all full names."""
    before = _before(grammar, name)
    if before:
        yield before
    nouns: list[int] = []
    for number in name:
        token = grammar.tokens[number]
        nouns += [child for child in grammar.children(number) if grammar.tokens[child].relation == "appos" and child >= name.stop]
        if token.relation == "appos" and token.head < name.start:
            nouns.append(token.head)
        if token.relation == "nsubj" and grammar.tokens[token.head].lower in BEING:
            beside = [(grammar.tokens[one].relation, one) for one in grammar.children(token.head)]
            if not any(relation == "neg" for relation, _ in beside):
                nouns += [one for relation, one in beside if relation == "attr" and for_people(grammar.tokens[one].lower)]
    for noun in nouns:
        if noun not in full:
            yield from _phrase(grammar, noun, name)


def _before(grammar: Grammar, name: range) -> tuple[range, bool] | None:
    """The words of the name's own noun phrase before it: "Free Varn host", "the shaken". With the name, where they have no noun."""
    phrase = next((one for one in grammar.phrases if one.start < name.start < one.end and one.noun >= name.start), None)
    if phrase is None:
        return None
    tokens = _trimmed(grammar, range(phrase.start, name.start))
    said = [grammar.tokens[number] for number in tokens]
    if not said or _unclear(grammar, tokens) or _bare(grammar, tokens):
        return None
    last = said[-1]
    if for_people(last.lower) and last.tag in NOUNS:
        return tokens, True
    plain = (
        last.kind == "ADJ"
        and said[0].lower in ("a", "an", "the")
        and phrase.end <= name.stop
        and not any(one.text[0].isdigit() for one in said)
    )
    return (range(phrase.start, name.stop), False) if plain else None


def _phrase(grammar: Grammar, noun: int, name: range) -> Iterator[tuple[range, bool]]:
    """A noun with what belongs to it, up to the first further statement or the name."""
    start, end = grammar.subtree(noun)[0], noun + 1
    for child in grammar.children(noun):
        token = grammar.tokens[child]
        if child < noun or token.relation == "cc":
            continue
        others = token.relation == "conj" and token.tag not in NOUNS
        if token.relation in STATEMENTS or others or (token.relation == "punct" and token.text != ","):
            break
        if token.relation in ("prep", "conj"):
            whole = grammar.subtree(child)
            stop = (grammar.subtree(one)[0] for one in whole if grammar.tokens[one].relation in STATEMENTS)
            end = max(end, min(stop, default=whole.stop))
            if end < whole.stop:
                break
    tokens = _trimmed(grammar, range(start, end))
    if noun not in tokens or (tokens.start < name.stop and name.start < tokens.stop):
        return
    head = grammar.tokens[noun]
    # A capital may begin a name that ends like a word for people: "Brockman", "November".
    person = for_people(head.lower) and (head.tag != "NNP" or head.lower.strip(".") in PEOPLE | TITLES)
    # "A target of activists" says who somebody is, "a letter" beside a name does not.
    image = head.tag == "NN" and head.lower not in THIN and any(grammar.tokens[child].lower == "of" for child in grammar.children(noun))
    if head.tag in NOUNS and (person or image) and not _unclear(grammar, tokens) and not _bare(grammar, tokens):
        yield tokens, person


def _bare(grammar: Grammar, tokens: range) -> bool:
    """Whether it is an office alone, or one noun that the reader is thought to know: "the President", "the leader"."""
    said = [grammar.tokens[number] for number in tokens if grammar.tokens[number].kind not in ("DET", "PUNCT")]
    titles = all(word in BARE_TITLES for one in said for word in words(one.text))
    return titles or (len(said) < 2 and grammar.tokens[tokens[0]].lower == "the")


def _trimmed(grammar: Grammar, tokens: range) -> range:
    """Without marks at either end, and without "and" or "of" at its end; a word that a hyphen would cut is whole."""
    kinds = [grammar.tokens[number].kind for number in tokens]
    start, end = 0, len(kinds)
    while end > start and kinds[end - 1] in ("PUNCT", "CCONJ", "ADP", "SPACE", "PART"):
        end -= 1
    while start < end and kinds[start] in ("PUNCT", "CCONJ", "SPACE", "ADV"):
        start += 1
    if start >= end:
        return tokens[:0]
    whole = grammar.whole_words(tokens[start:end])
    first = whole.start
    while tokens.start + start > whole.start and first and grammar.tokens[first - 1].kind in ("DET", "ADJ"):
        first -= 1  # what belongs to the part before the hyphen
    return range(first, whole.stop)


def _unclear(grammar: Grammar, tokens: range) -> bool:
    """Whether the words need others to be understood ("his wife"), are a number, or are cut at a courtesy title."""
    first, last = grammar.tokens[tokens[0]], grammar.tokens[tokens[-1]]
    said = [grammar.tokens[number] for number in tokens]
    return (
        first.tag in ("PRP$", "WP$", "PRP", "WP", "WDT", "CD")
        or first.text == "-"
        or last.lower.strip(".") in POLITE
        or any(one.kind == "NUM" for one in said[-1:])
        or any("\n" in one.text or one.text in QUOTATION_MARKS for one in said)
    )


def telling(text: str) -> frozenset[str]:
    """The terms of a description that may set it apart: two spellings of an office are one, and a party, a place or a body named beside it
    is house style: "Varn Gov.", "the Republican governor"."""
    found = set[str]()
    for place, word in enumerate(re.findall(r"[^\W_][\w’'-]*", text)):
        lower = word.lower().removesuffix("’s").removesuffix("'s")
        if lower in SPELT or lower.removesuffix("s") in SPELT:
            found.update(terms(SPELT.get(lower) or SPELT[lower.removesuffix("s")]))
        elif lower not in HOUSE_STYLE and (
            word.islower() or "-" in word or lower in PEOPLE | TITLES or (place == 0 and lower.endswith(OF_ADJECTIVES))
        ):
            found.update(terms(word))
    return frozenset(found)


def differ(said: Mapping[int, Sequence[Set[str]]]) -> bool:
    """Whether descriptions (their terms, by article) of two articles say different things, and not one merely more."""
    return any(
        not (one <= other or other <= one)
        for article, mine in said.items()
        for another, theirs in said.items()
        if article < another
        for one in mine
        for other in theirs
    )
