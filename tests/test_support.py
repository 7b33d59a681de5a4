"""How well a text is borne out by a document, and what is loaded in a sentence beside its siblings."""

from __future__ import annotations

import numpy as np
import pytest

from agent.reading.loaded import document_frequency, emphases, features
from agent.reading.read import read
from agent.support import FEATURES, WEIGHTS, Document, sentences_of, support
from vectorstore.article import Article
from vectorstore.minilm import MiniLM

TEXT = (
    "The river Orle rose over its banks at Vennick on Tuesday night. Forty cellars were flooded, the town hall said. "
    "The fire brigade pumped water out of two schools until dawn. Nobody was hurt."
)


def test_what_the_document_says_is_supported_more_than_what_it_does_not(minilm: MiniLM) -> None:
    document = Document(TEXT, minilm.states)
    said = support("Forty cellars were flooded at Vennick.", document)
    assert said > support("Ninety cellars were flooded at Vennick.", document)
    assert said > support("The mayor of Tarn resigned over a lost bridge.", document)


def test_other_words_for_the_same_are_supported_more_than_other_things(minilm: MiniLM) -> None:
    document = Document(TEXT, minilm.states)
    assert support("Firefighters drained two schools until morning.", document) > support("Pupils painted two schools until May.", document)


def test_one_wrong_sentence_makes_a_text_worse(minilm: MiniLM) -> None:
    document = Document(TEXT, minilm.states)
    assert support("Nobody was hurt.", document) > support("Nobody was hurt. The queen sold her horses to a circus.", document)


def test_sentences_of_tokenised_text_are_told_apart() -> None:
    assert sentences_of("the river rose . forty cellars were flooded . `` it rained , '' he said .") == [
        "the river rose .", "forty cellars were flooded .", "`` it rained , '' he said .",
    ]  # fmt: skip
    assert sentences_of("The fire at the U.S. embassy is out. Nobody was hurt.") == [
        "The fire at the U.S. embassy is out.",
        "Nobody was hurt.",
    ]


@pytest.mark.parametrize(
    ("claim", "text"), [("", TEXT), ("Forty.", ""), ("...", TEXT), ("“ ”", "“ ”"), ("the of", TEXT), ("a " * 500, TEXT)]
)
def test_odd_texts_have_a_score(minilm: MiniLM, claim: str, text: str) -> None:
    document = Document(text, minilm.states)
    assert document.features(claim).shape == (len(FEATURES),)
    assert np.isfinite(support(claim, document))


PLAIN = "The mayor opened the bridge on Friday. It cost 3 million crowns, she said."
LOADED = "The mayor opened the bridge on Friday. The preening mayor gleefully trumpeted a 'triumph' of hopeless vanity."


def test_a_loaded_sentence_scores_above_a_plain_one_in_its_place() -> None:
    readings = [read(Article(text)) for text in (PLAIN, LOADED, PLAIN + " Rain fell.")]
    found = emphases(readings, document_frequency(readings), 3)
    assert [len(one) for one in found] == [2, 2, 3]
    assert found[1][1].loaded > found[0][1].loaded
    assert found[1][1].unshared > found[1][0].unshared


def test_one_article_alone_and_an_empty_one_do_no_harm() -> None:
    alone = read(Article(PLAIN))
    assert len(emphases([alone], document_frequency([alone]), 1)[0]) == 2
    empty = read(Article(""))
    assert emphases([empty, alone], {}, 0)[0] == []
    assert features(empty, [], {}, 0) == []


def test_every_feature_has_a_weight() -> None:
    assert len(WEIGHTS) == len(FEATURES)
