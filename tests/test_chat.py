"""The chat as whole transcripts: lines in, lines out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.chat import Session, converse
from agent.settings import Settings
from vectorstore.library import Library


@pytest.fixture
def talk(sample_library: Path) -> Callable[..., list[str]]:
    """Runs a conversation over the sample library; a line that is an exception is raised where it would be read."""

    def run(*lines: str | BaseException) -> list[str]:
        written: list[str] = []
        session = Session(Settings(library=sample_library), lambda: Library.open(sample_library), written.append)
        coming: Iterator[str | BaseException] = iter(lines)

        def read_line() -> str:
            line = next(coming, EOFError())
            if isinstance(line, BaseException):
                raise line
            return line

        converse(session, read_line)
        return written

    return run


def test_a_question_its_sources_and_a_source_in_its_article(talk: Callable[..., list[str]]) -> None:
    said = talk("How many people were killed in the granary explosion, according to Veshland Tribune?", "/sources", "/show 1", "/quit")
    text = "\n".join(said)
    assert "Veshland Tribune" in text
    assert any(line.startswith("[1] Veshland Tribune") for line in said)
    shown = next(line for line in said if ">>" in line)
    assert "<<" in shown
    assert any("paragraph" in line for line in said)


def test_a_follow_up_is_read_with_the_question_before_it(talk: Callable[..., list[str]]) -> None:
    said = talk("What was the toll of the granary explosion?", "and what did Free Torvany say?")
    answers = "\n".join(said).split("searched:")
    assert "Six people are dead at Northquay" in answers[1]
    assert "read with the question before it: What was the toll" in answers[1]


def test_why_tells_what_each_sentence_of_the_last_answer_rests_on(talk: Callable[..., list[str]]) -> None:
    said = talk("/why", "How many people were killed in the granary explosion, according to Veshland Tribune?", "/why")
    assert said[0] == "nothing has been asked yet"
    why = "\n".join(said[said.index(next(line for line in said if "searched:" in line)) + 1 :])
    assert why.startswith("1  ")
    assert "rule: A sentence is quoted if" in why
    assert "the question's words in the sentence: " in why
    assert "words:\n     Veshland Tribune, 2025-03-" in why
    assert "characters " in why


def test_why_tells_what_a_refusal_rests_on(talk: Callable[..., list[str]]) -> None:
    why = "\n".join(talk("Who won the football world cup?", "/WHY"))
    assert "rule: Whether anything found answers is weighed" in why
    assert "weight of what was found: -" in why


def test_words_that_are_meant_as_commands_are_taken_so(talk: Callable[..., list[str]]) -> None:
    said = talk("help", "/soruces", "/ show", "quit", "never read")
    assert said[0].startswith("Type a question.")
    assert "/why" in said[0]
    assert said[1:] == ["no command /soruces; did you mean /sources? /help lists them", "no command /; /help lists them"]


def test_commands_explain_themselves_and_wrong_ones_do_no_harm(talk: Callable[..., list[str]]) -> None:
    said = talk("/help", "", "/nonsense", "/show 1", "/sources", "/show x", "/brief")
    assert "/show N" in said[0]
    assert said[1] == "no command /nonsense; /help lists them"
    assert said[2] == "the last answer quotes nothing"
    assert said[3] == "nothing has been asked yet"
    assert said[4] == "the last answer quotes nothing"
    assert "/brief WORDS" in said[5]


def test_outlets_and_a_brief_on_the_last_question(talk: Callable[..., list[str]]) -> None:
    said = talk("/outlets", "What happened to the crew of the Maren Lind?", "/brief")
    assert any(line.startswith("Pellwire: ") for line in said)
    assert any("Maren Lind" in line or "trawler" in line.lower() for line in said[-1].splitlines()[:3])


def test_ctrl_c_at_the_prompt_and_during_an_answer_keeps_the_session(
    talk: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import agent.asker

    real, calls = agent.asker.ask, []

    def interrupted_once(*args: object, **kwargs: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(agent.asker, "ask", interrupted_once)
    said = talk(KeyboardInterrupt(), "Who owns the granary in Hald?", "Who owns the granary in Hald?", "/sources")
    assert said[0] == "stopped; the answer is not kept"
    assert any("searched:" in line for line in said[1:])


def test_a_missing_library_is_one_sentence_and_not_the_end(tmp_path: Path) -> None:
    written: list[str] = []
    lines = iter(["Who was hurt?", "/quit"])
    session = Session(Settings(library=tmp_path / "none"), lambda: Library.open(tmp_path / "none"), written.append)
    converse(session, lambda: next(lines))
    assert len(written) == 1
    assert "rashomon ingest" in written[0]
