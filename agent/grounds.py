"""Why an answer says what it says: for every sentence the rule it follows, what was measured with the limits, and the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agent.answerability import LEAST_FOUND as LEAST_IN_PASSAGE
from agent.answerability import Weighed
from agent.extractive import LEAST_FOUND, LEAST_OWN, Candidate
from agent.statement import Citation, Computed, Reported, Statement
from agent.tables import Why
from agent.wording import computed, fixed


@dataclass(frozen=True, slots=True)
class Explained:
    """A statement of an answer and why it was made."""

    statement: Statement
    why: Why


@dataclass(slots=True)
class Grounds:
    """What the reader measured on the way to its answer: of what was found as a whole, and of the sentences it chose from."""

    weighed: Weighed | None = None
    chosen: list[Candidate] = field(default_factory=list)
    of_talk: bool = False


def explained(statements: Sequence[Statement], grounds: Grounds, *, of_model: bool) -> tuple[Explained, ...]:
    """In the order of the answer."""
    return tuple(Explained(one, _why(one, grounds, of_model=of_model)) for one in statements)


def _why(statement: Statement, grounds: Grounds, *, of_model: bool) -> Why:
    sentences = () if statement.kind == "fixed" else tuple(Reported(one.quote, (one,)) for one in dict.fromkeys(statement.citations))
    if statement.kind == "fixed" and statement.name in ("values_differ", "values_differ_in_time"):
        return Why(fixed("why_built"))
    if statement.kind == "fixed" or (statement.kind == "computed" and not statement.citations):
        weighed = statement.kind == "fixed"
        return Why(fixed("why_weighed" if weighed else "why_counted"), tuple(_of_all(grounds)) if weighed else (), sentences)
    if of_model:
        return Why(fixed("why_of_model"), (), sentences)
    scores = [score for one in statement.citations for score in _of_sentence(one, grounds.chosen)]
    rule = "why_sentence" if statement.kind == "reported" else "why_built"
    return Why(fixed(rule), tuple(dict.fromkeys(scores)), sentences)


def _of_all(grounds: Grounds) -> Iterator[Computed]:
    """Of the passages found, taken together and part by part."""
    if grounds.weighed is None:
        return
    if grounds.of_talk:
        yield computed("score", "searched first", "the articles on what the question before was about", "")
    yield computed("score", "weight of what was found", f"{grounds.weighed.score:.2f}", "0")
    for part in grounds.weighed.parts:
        name = f"“{part.part.words}”"
        yield computed("score", f"{name}, its words in one passage", f"{part.words:.2f}", f"{LEAST_IN_PASSAGE}")
        yield computed("score", f"{name}, its words in one sentence", f"{part.said:.2f}", "")
        yield computed("score", f"{name}, likeness of the nearest sentence", f"{part.likeness:.2f}", "")


def _of_sentence(citation: Citation, chosen: Sequence[Candidate]) -> Iterator[Computed]:
    for item in chosen:
        span = item.sentence.span
        if item.article.article_id == citation.article_id and citation.start <= span.start and span.end <= citation.end:
            yield computed("score", "the question's words in the sentence", f"{item.own:.2f}", f"{LEAST_OWN}")
            yield computed("score", "the same, with what stands around it", f"{item.found:.2f}", f"{LEAST_FOUND}")
            yield computed("score", "the same, in its article", f"{item.whole:.2f}", "")
            yield computed("score", "all that makes it an answer", f"{item.score:.2f}", "")
            kinds = [("a number of what is counted", item.counted), ("said by whom the question names", item.spoken)]
            yield from (computed("score", name, "yes", "") for name, so in kinds if so)
            return
