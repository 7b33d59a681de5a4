"""How the findings of a comparison are worded: the templates of computed sentences, and for each kind of finding the rule it follows."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.rules import count, listed, percent, rule, some_of
from vectorstore.article import in_marks

REASONS: dict[str, str] = {
    "why_agreed": (
        "Called agreed if enough independent origins have a sentence that states the same: sentences are linked by the words that "
        "answer to each other in them, and each must bear out the figures, the names and enough of the words, as done or yet to "
        "come, as denied or not."
    ),
    "why_shared": "Shown side by side because the sentences probably state the same; the link is too weak to call it agreed.",
    "why_disputed": (
        "Called disputed if sentences that state the same thing give other figures, times or days for it, in like words around the "
        "value. A later value in one outlet or one text, with nobody giving the old one since, is an update."
    ),
    "why_quoted": "Two sentences that state the same thing hold one quotation in different words.",
    "why_named": (
        "Words of one list of choices, or descriptions of one person, used by articles of independent origins in sentences that "
        "state the same thing."
    ),
    "why_scare": "Words in quotation marks that quote nobody, where an article of another origin uses them without the marks.",
    "why_words": (
        "Log-odds of a word in this outlet against all others with an informative Dirichlet prior, after Monroe, Colaresi and Quinn, "
        "“Fightin' Words”. Words in quotation marks and names are not counted, and what several outlets print alike is no outlet's own."
    ),
    "why_voice": "Words in quotation marks with a clear speaker are counted; a text that several outlets print counts once.",
    "why_heard": (
        "Speakers with twelve quoted words or more in one outlet, whose name was searched letter by letter in the texts of all others."
    ),
    "why_types": (
        "The type of a source is read from the words beside its name: its office, what is set off by commas, what it speaks for. "
        "One that no word tells is unknown."
    ),
    "why_drift": (
        "How each article stands to what the sentences share, by its attributions, hedges and denials: on its own word, on "
        "somebody's word, with reserve, or as a denial."
    ),
    "why_doers": (
        "In sentences that state the same thing, the verb of what was done and whom its form makes the doer: the subject, a name "
        "after “by”, or nobody."
    ),
    "why_placed": (
        "Where the first sentence that makes the claim stands in each article, and whether most words of the headline stand in it."
    ),
    "why_order": (
        "Articles that make the claim in the order of their times of publication. Those without a known time are left out, and days "
        "without an hour stand for the whole day."
    ),
    "why_only": "A sentence with something to check in it, to which no sentence of another origin comes near.",
    "why_silent": (
        "A claim that enough articles make, and an outlet none of whose sentences comes near one that makes it; nor is a text held "
        "that shares its origin with one that does."
    ),
    "why_copies": "Runs of words outside quotation marks that the texts share, and credit lines.",
    "why_loaded": (
        "Words of a list of ours that judge, heighten, belittle or doubt, outside quotation marks, that most other origins do not use "
        "here. They are shown to be judged where they stand."
    ),
    "why_headlines": "The headlines as they were given with the articles; they are no part of the texts.",
    "no_dates_no_order": "Too few articles that make a claim have a known time, so who was first is not said.",
}


@rule
def agreement(names: tuple[str, ...], origins: int, asserts: int, attributes: int, hedges: int, denies: int) -> str:
    """Who states it; of their articles so many assert, attribute, hedge or deny it. Where all do it one way that is no assertion, that is
    said; else the matrix tells it of each."""
    ways = {"": asserts, "; each on somebody's word": attributes, "; each with reserve": hedges, "; each denies it": denies}
    one_way = next((how for how, number in ways.items() if number == sum(ways.values())), "")
    verb = "say" if asserts == sum(ways.values()) else "report"
    return f"so {verb} {holders(names, origins)} ({count(origins, 'origin')}{one_way})"


def holders(names: tuple[str, ...], origins: int) -> str:
    """The outlets, or that they are not known; there is always more than one of them."""
    return "outlets not known" if names == ("an outlet not known",) and origins > 1 else some_of(names)


@rule
def perhaps(names: tuple[str, ...], origins: int) -> str:
    """Who has a sentence that may state the same; the words of each stand below."""
    return f"perhaps shared by {holders(names, origins)} ({count(origins, 'origin')})"


@rule
def same_words(names: tuple[str, ...], origins: int) -> str:
    """Who prints the sentence in the same words."""
    return f"in the same words in {holders(names, origins)} ({count(origins, 'origin')})"


UNSURE = " These may be different things."


@rule
def disputed(relation: str, question: str, *sides: tuple[str, ...]) -> str:
    """Each side is a value, on whose word ("" if on the article's own) and the outlets that give it, in the order of publication where it
    is known."""
    sources = {side[1] for side in sides}
    same = next(iter(sources)) if len(sources) == 1 and len(sides) > 1 else ""
    said = [
        f"“{value}” in {some_of(outlets)}{f' (on the word of {source})' if source and not same else ''}"
        for value, source, *outlets in sides
    ]
    joined = "; later ".join(said) if relation == "update" else "; ".join(said)
    each = f" Each on the word of {same}." if same else ""
    return f"{question}: {joined}.{each}{UNSURE if relation == 'scope' else ''}"


@rule
def quoted_differently(first: str, first_outlet: str, second: str, second_outlet: str) -> str:
    return f"quoted as “{first}” in {first_outlet}, as “{second}” in {second_outlet}"


@rule
def named(subject: str, *labels: tuple[str, ...]) -> str:
    """Each label is the words and the outlets that use them."""
    return f"{subject}: " + "; ".join(f"“{label[0]}” in {some_of(label[1:])}" for label in labels)


@rule
def scare_quoted(words: str, outlets: tuple[str, ...], others: tuple[str, ...]) -> str:
    """`others` use the words without the marks."""
    return f"{words} stands in scare quotes in {some_of(outlets)}, without them in {some_of(others)}"


@rule
def used_more(outlet: str, of_words: int, *words: tuple[str, ...]) -> str:
    """Each word with how often the outlet uses it and how often all others together do."""
    each = [f"“{word}” ({mine}, elsewhere {theirs})" for word, mine, theirs in words]
    return f"{outlet} uses much more than the others, in {of_words:,} of its own words: {', '.join(each)}"


@rule
def voice(speaker: str, kind: str, words: int, all_words: int, outlets: tuple[str, ...]) -> str:
    """Words quoted of a speaker out of all words quoted of speakers that are clear; copies counted once. `kind` is "unknown" if no word
    tells what source it is."""
    who = speaker if kind == "unknown" else f"{speaker} ({kind})"
    return f"{who}: {words} of {count(all_words, 'quoted word')} ({percent(words, all_words)}), in {some_of(outlets)}"


@rule
def name_absent(outlet: str, articles: int) -> str:
    """`outlet` is one or several in whose texts the name was searched letter by letter."""
    return f"the name was not found in the {count(articles, 'article')} of {outlet} held here"


@rule
def shares_of_types(all_words: int, *types: tuple[str, str]) -> str:
    """Each type of source with the words quoted of it; copies counted once."""
    ordered = sorted(types, key=lambda one: one[0] == "unknown")
    each = [f"{'type unknown' if kind == 'unknown' else kind} {percent(int(words), all_words)}" for kind, words in ordered]
    return f"Of {count(all_words, 'quoted word')} with a clear speaker: {', '.join(each)}"


@rule
def only_heard(kind: str, outlets: tuple[str, ...], silent: int) -> str:
    """`silent` other outlets quote others, and nobody who is known to be of this type."""
    return f"{kind}: quoted in {some_of(outlets)}; among the speakers of the {count(silent, 'other outlet')} none is known to be one"


@rule
def heard_in_one(*sides: tuple[str, ...]) -> str:
    """Each side is an outlet and the speakers whom it alone quotes; their names were searched letter by letter in all others."""
    return f"Named and quoted in one outlet only: {'; '.join(f'{some_of(names)} in {outlet}' for outlet, *names in sides)}"


FIRST_BY = {
    "credit": ", credited to {author}",
    "not held": ", credited to {author}, whose text is not held",
    "time": ", first in {author} by the times given",
}


@rule
def copies(first: str, others: tuple[str, ...], least: int, most: int, author: str, basis: str) -> str:
    """`others` print the text of `first`; `least` and `most` are the lowest and highest share of equal word runs in percent. `author` is
    who seems to have written it, "" if that is not known, and `basis` how that is known: one of FIRST_BY."""
    share = f"{least} %" if least == most else f"{least} to {most} %"
    known = FIRST_BY[basis].format(author=author) if author else "; which was first is not known"
    return f"{listed((first, *others))} print or rewrite one text ({share} of word runs the same): one origin{known}"


@rule
def drift(*sides: tuple[str, ...]) -> str:
    """Each side is a stance, on whose word ("" where nobody is named or several are) and the outlets."""
    how = {"asserts": "as fact in", "attributes": "as somebody's word in", "hedges": "with reserve in", "denies": "as denied in"}
    each = []
    for stance, source, *outlets in sides:
        said = f"on the word of {source} in" if source and stance == "attributes" else how[stance]
        each.append(f"{said} {some_of(outlets)}")
    return "; ".join(each)


@rule
def doers(*sides: tuple[str, ...]) -> str:
    """Each side is the words, whom they make the doer (one of "subject", "after by", "nobody") and the outlets."""
    whom = {"subject": "which names a doer", "after by": "which names one after “by”", "nobody": "which names no doer"}
    return "; ".join(f"“{words}”, {whom[doer]}, in {some_of(outlets)}" for words, doer, *outlets in sides)


@rule
def placed(*places: tuple[str, ...]) -> str:
    """Each place is the part ("headline", "lede", "body"), the paragraph, of how many, and the outlets."""
    each = []
    for part, paragraph, paragraphs, *outlets in places:
        where = {"headline": "in the headline of", "lede": "in the first paragraph of"}.get(part)
        each.append(f"{where or f'in paragraph {paragraph} of {paragraphs} in'} {some_of(outlets)}")
    return "; ".join(each)


@rule
def order(*entries: tuple[str, str, str]) -> str:
    """Each entry is what became of the claim, the outlet, and the time of publication, in the order of time."""
    verbs = {
        "first": "earliest here in",
        "followed": "then",
        "changed": "with other figures before in",
        "dropped": "not in the later version of",
    }
    return "; ".join(f"{verbs[what]} {outlet} ({when})" for what, outlet, when in entries)


NOT_YET = "it was not out yet"


@rule
def public(maker: str, made: str, outlet: str, last: str) -> str:
    """When the claim was first published and when the silent outlet last was; "" for a time that is not known."""
    if not made or not last:
        lacking = "no article that makes it has a known time" if not made else f"no article of {outlet} has a known time"
        return f"whether it was out when {outlet} printed is not known: {lacking}"
    hours = "T" in made and "T" in last
    if (moment_of(made) <= moment_of(last)) if hours else made[:10] < last[:10]:
        return f"it was out: {maker} had it {_when(made)}, the last article of {outlet} held here is of {_when(last)}"
    if made[:10] == last[:10] and not hours:
        return f"whether it was out when {outlet} printed is not known: both are of {made[:10]}, and an hour is missing"
    return f"{NOT_YET}: {maker} had it first {_when(made)}, the last article of {outlet} held here is of {_when(last)}"


def moment_of(published: str) -> datetime:
    """A time without an offset counts as UTC; a day is its first moment."""
    when = datetime.fromisoformat(published)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _when(moment: str) -> str:
    return moment[:16].replace("T", " ")


@rule
def near_miss(shared: tuple[str, ...], lacking: tuple[str, ...]) -> str:
    """Words of the claim that the passage has and that it lacks."""
    has = f"has “{'”, “'.join(shared)}”" if shared else "has none of its words"
    return f"{has}, but not “{'”, “'.join(lacking)}”" if lacking else has


@rule
def look_at(outlet: str, words: tuple[str, ...]) -> str:
    return f"{outlet}: “{'”, “'.join(words)}”"


@rule
def headline(outlet: str, title: str) -> str:
    return f"{outlet}: {in_marks(title) if title else 'no headline'}"


@rule
def score(name: str, value: str, limit: str) -> str:
    """`limit` is what was asked, "" if nothing was."""
    return f"{name}: {value}{f' ({limit} asked)' if limit else ''}"
