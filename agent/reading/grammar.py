"""Grammar of sentences: parts of speech, what depends on what, and noun phrases; spaCy's small English pipeline.

Honnibal et al., spaCy: Industrial-strength Natural Language Processing in Python (2020), doi:10.5281/zenodo.1212303. The pipeline's files
are read from a data wheel after their hashes were compared with a pin (vectorstore/model_files.py); nothing in the wheel is imported.
It makes mistakes as any parser does (about one relation in ten on news): where it decides what is printed, the words stand beside it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

from vectorstore.model_files import GRAMMAR, verified_folder
from vectorstore.sentence import LONGEST_SENTENCE, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

HYPHENS = ("-", "‐", "‑")
LONGEST = LONGEST_SENTENCE  # characters that are parsed; of more, which are several sentences, the grammar would cost and say nothing
# Parts of the pipeline that nothing here asks for; without them a sentence takes less than half the time.
UNUSED = ("senter", "ner", "lemmatizer")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign. `start` and `end` are offsets in the sentence; `head` the number of the token it depends on, its own at the root.

    `kind` is a universal part of speech ("NOUN", "VERB", "PROPN"), `tag` that of the Penn treebank ("NNS", "PRP$"), `relation` a ClearNLP
    dependency ("nsubj", "nsubjpass", "dobj", "appos", "conj").
    """

    start: int
    end: int
    text: str
    kind: str
    tag: str
    relation: str
    head: int

    @property
    def lower(self) -> str:
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun with all before it that belongs to it: "the shaken fire chief". Numbers of tokens; `end` is the one after the last."""

    start: int
    end: int
    noun: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """What was found in one sentence; empty for one that is too long or has no words."""

    tokens: tuple[Token, ...]
    phrases: tuple[NounPhrase, ...]

    def children(self, token: int) -> tuple[int, ...]:
        """Numbers of the tokens that depend on it, in order."""
        return tuple(number for number, one in enumerate(self.tokens) if one.head == token and number != token)

    def subtree(self, token: int) -> range:
        """From the first to the last token that depends on it, itself included."""
        held, waiting = [token], [token]
        while waiting:
            below = self.children(waiting.pop())
            held += below
            waiting += below
        return range(min(held), max(held) + 1)

    def between(self, start: int, end: int) -> range:
        """Numbers of the tokens that touch these offsets of the sentence."""
        inside = [number for number, token in enumerate(self.tokens) if token.start < end and start < token.end]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def whole_words(self, tokens: range) -> range:
        """Those tokens, at least one, with the rest of a word that a hyphen at either end cuts: "founder" of "co-founder"."""
        start, stop = tokens.start, tokens.stop
        while start > 0 and (self._hyphen(start) or self._hyphen(start - 1)):
            start -= 1
        while stop < len(self.tokens) and (self._hyphen(stop) or self._hyphen(stop - 1)):
            stop += 1
        return range(start, stop)

    def _hyphen(self, number: int) -> bool:
        """Whether this token is a hyphen between two others without a blank."""
        if not 0 < number < len(self.tokens) - 1:
            return False
        before, sign, after = self.tokens[number - 1 : number + 2]
        return sign.text in HYPHENS and before.end == sign.start and sign.end == after.start

    def span(self, tokens: range, offset: int = 0) -> Span:
        """Where these tokens, at least one, stand; `offset` is where the sentence begins."""
        return Span(offset + self.tokens[tokens[0]].start, offset + self.tokens[tokens[-1]].end)


NOTHING = Grammar((), ())
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
KEPT = 20_000  # sentences whose grammar stays in memory, some 100 MB at most: a second look at an event need not parse it again
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


_LOADING = Lock()
# spaCy imports its command line with itself: downloads, projects, a second web client, more than a third of the time that it takes.
COMMAND_LINE = ("spacy.cli", "spacy.cli.info")


def _pipeline() -> Language:
    with _LOADING:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Language:
    with _without_command_line():
        from spacy.util import load_model_from_path  # a second: only where it is needed

    return load_model_from_path(verified_folder(GRAMMAR), exclude=UNUSED)


@contextmanager
def _without_command_line() -> Iterator[None]:
    """Empty modules in the place of spaCy's command line while spaCy is imported; whoever wants it afterwards imports the real one."""
    if "spacy" in sys.modules:
        yield
        return
    empty = {name: ModuleType(name) for name in COMMAND_LINE}
    empty["spacy.cli"].__path__ = []
    empty["spacy.cli.info"].__dict__["info"] = None
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in COMMAND_LINE:
            sys.modules.pop(name, None)


def _whole(pipeline: Language, text: str) -> Doc:
    """The words of the text with no boundary of a sentence among them, which the parser would else set as it likes."""
    # spaCy cannot keep half a surrogate pair; the stand-in has the same length.
    doc = pipeline.make_doc(LONE_SURROGATE.sub("\ufffd", text))
    for token in doc[1:]:
        token.is_sent_start = False
    return doc


def _grammar(text: str, doc: Doc) -> Grammar:
    tokens = tuple(
        Token(
            token.idx,
            token.idx + len(token.text),
            text[token.idx : token.idx + len(token.text)],
            token.pos_,
            token.tag_,
            token.dep_,
            token.head.i,
        )
        for token in doc
    )
    return Grammar(tokens, tuple(NounPhrase(chunk.start, chunk.end, chunk.root.i) for chunk in doc.noun_chunks))
