"""Grammar of sentences: lemmas, parts of speech, who does what to whom, noun phrases and kinds of names; spaCy's small English pipeline.

Honnibal et al., spaCy: Industrial-strength Natural Language Processing in Python (2020), doi:10.5281/zenodo.1212303. The pipeline's files
are read from a data wheel after their hashes were compared with a pin (vectorstore/model_files.py); nothing in the wheel is imported.
It makes mistakes as any parser does (about one relation in ten on news): use it to rank and to compare, and never as the only ground for
a sentence that is printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from vectorstore.model_files import GRAMMAR, verified_folder
from vectorstore.sentence import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

LONGEST = 2_000  # characters of a sentence that is parsed; a longer one is a table or a list, and its grammar would cost and say nothing


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a sign. `start` and `end` are offsets in the sentence; `head` is the number of the word it depends on, its own at the root.

    `tag` is a universal part of speech ("NOUN", "VERB", "PROPN"), `relation` a ClearNLP dependency ("nsubj", "nsubjpass", "dobj",
    "agent", "neg"), `kind` that of the name it belongs to as OntoNotes has it ("PERSON", "ORG", "GPE", "DATE"), else "".
    """

    start: int
    end: int
    text: str
    lemma: str
    tag: str
    relation: str
    head: int
    kind: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase without what hangs on it: "the shaken fire chief". `head` is the number of its noun."""

    span: Span
    head: int


@dataclass(frozen=True, slots=True)
class Name:
    """A named person, body, place, day or amount; `kind` as in Word."""

    span: Span
    kind: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """What was found in one sentence; all empty for one that is too long or has no words."""

    words: tuple[Word, ...]
    phrases: tuple[Phrase, ...]
    names: tuple[Name, ...]

    def children(self, word: int) -> tuple[int, ...]:
        """Numbers of the words that depend on it, in order."""
        return tuple(number for number, one in enumerate(self.words) if one.head == word and number != word)

    def with_relation(self, word: int, *relations: str) -> tuple[int, ...]:
        return tuple(number for number in self.children(word) if self.words[number].relation in relations)

    def subtree(self, word: int) -> Span:
        """From the first to the last character of all that depends on the word, itself included."""
        held, waiting = [word], [word]
        while waiting:
            below = self.children(waiting.pop())
            held += below
            waiting += below
        return Span(min(self.words[one].start for one in held), max(self.words[one].end for one in held))


NOTHING = Grammar((), (), ())


LONE_SURROGATE = re.compile("[\ud800-\udfff]")
KEPT = 20_000  # sentences whose grammar stays in memory, some 100 MB at most; several rooms ask for the same ones in turn
_kept: dict[str, Grammar] = {}


def parse(sentences: Sequence[str]) -> tuple[Grammar, ...]:
    """The grammar of each sentence, taken as one sentence however it is punctuated.

    Raises ModelMissing or ModelAltered (vectorstore/model_files.py).
    """
    found = {text: _kept[text] for text in sentences if text in _kept}
    unknown = [text for text in dict.fromkeys(sentences) if text not in found and 0 < len(text) <= LONGEST]
    if unknown:
        pipeline = _pipeline()
        docs = pipeline.pipe(_whole(pipeline, text) for text in unknown)
        found.update((text, _grammar(text, doc)) for text, doc in zip(unknown, docs, strict=True))
        if len(_kept) + len(unknown) > KEPT:
            _kept.clear()
        _kept.update((text, found[text]) for text in unknown[:KEPT])
    return tuple(found.get(text, NOTHING) for text in sentences)


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    from spacy.util import load_model_from_path

    return load_model_from_path(verified_folder(GRAMMAR), exclude=["senter"])


def _whole(pipeline: Language, text: str) -> Doc:
    """The words of the text with no boundary of a sentence among them, which the parser would else set as it likes."""
    # spaCy cannot keep half a surrogate pair; the stand-in has the same length.
    doc = pipeline.make_doc(LONE_SURROGATE.sub("\ufffd", text))
    for token in doc[1:]:
        token.is_sent_start = False
    return doc


def _grammar(text: str, doc: Doc) -> Grammar:
    words = tuple(
        Word(
            token.idx,
            token.idx + len(token.text),
            text[token.idx : token.idx + len(token.text)],
            token.lemma_.lower(),
            token.pos_,
            token.dep_,
            token.head.i,
            token.ent_type_,
        )
        for token in doc
    )
    phrases = tuple(Phrase(Span(chunk.start_char, chunk.end_char), chunk.root.i) for chunk in doc.noun_chunks)
    names = tuple(Name(Span(name.start_char, name.end_char), name.label_) for name in doc.ents)
    return Grammar(words, phrases, names)
