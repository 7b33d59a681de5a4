from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.embed import Embedder
from vectorstore.passage import LONGEST_PASSAGE, cut

anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=600)
prose = st.lists(
    st.sampled_from(["Fire", "shut", "the terminal.", "Police said", "“no”", "4.5", "\n\n", "…", "über", "x" * 50]), max_size=300
)
texts = st.one_of(anything, prose.map(" ".join), st.text(alphabet="ab. \n", max_size=3000))


def check(text: str, embedder: Embedder, budget: int) -> None:
    passages = cut(text, "t", embedder.count_tokens, budget)
    end = 0
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert text[passage.start : passage.end] == passage.text
        assert 0 < len(passage.text) <= LONGEST_PASSAGE
        assert not text[end : passage.start].strip()
        assert passage.start >= end
        end = passage.end
    assert not text[end:].strip()
    for passage, count in zip(passages, embedder.count_tokens([passage.text for passage in passages]), strict=True):
        assert count <= budget or len(passage.text) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_passages_are_the_text_within_the_budget_and_leave_nothing_out(words: Embedder, text: str) -> None:
    check(text, words, 20)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_the_same_with_the_tokenizer_that_users_have(minilm: Embedder, text: str) -> None:
    check(text, minilm, 30)


@pytest.mark.parametrize("text", ["x" * 50_000, "x " * 20_000, "." * 30_000, "\n" * 9_000 + "end", "<|endoftext|>" * 900, "[SEP] " * 900])
def test_texts_without_sentences(minilm: Embedder, text: str) -> None:
    check(text, minilm, 254)


def test_whole_sentences_stay_whole(words: Embedder) -> None:
    text = "Fire shut the ferry terminal. No one died. The coastguard counted four hurt.\n\nThe port opens on Monday."
    assert [passage.text for passage in cut(text, "t", words.count_tokens, 10)] == [
        "Fire shut the ferry terminal. No one died.",
        "The coastguard counted four hurt.",
        "The port opens on Monday.",
    ]


def test_an_empty_text_has_no_passages(words: Embedder) -> None:
    assert cut("", "t", words.count_tokens, 10) == cut(" \n ", "t", words.count_tokens, 10) == []


def test_ids_hang_on_text_and_place_and_not_on_the_words_alone(words: Embedder) -> None:
    ids = {passage.passage_id for name in ("a", "b") for passage in cut("One. " * 40, name, words.count_tokens, 10)}
    assert len(ids) == 2 * len(cut("One. " * 40, "a", words.count_tokens, 10))
