"""The chat: one loop, with input and output injected, so that a whole conversation can be tested as a transcript."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

from agent.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.asker import Answer
    from agent.statement import Citation
    from vectorstore.library import Library

HELP = """\
Type a question. Ctrl-C stops an answer, Ctrl-D or /quit ends the chat.
/sources         the articles that the last answer quotes
/show N          source N of the last answer in its article
/why             what each sentence of the last answer rests on: its rule, what was measured, its words
/brief [WORDS]   the brief on the event that the words, or the last question, choose
/outlets         the outlets held
/quit            end"""

COMMANDS = ("/help", "/sources", "/show", "/why", "/brief", "/outlets", "/quit")
# What is typed for these without a stroke is no question.
BARE = ("help", "quit", "exit")
WORKING = "·"

ReadLine = Callable[[], str]
Write = Callable[[str], None]


@dataclass(slots=True)
class Session:
    """One conversation over one library. `write` gets whole lines; `stream` gets a mark for each piece of a model's draft, and none of its
    words: they have not been checked yet."""

    settings: Settings
    open_library: Callable[[], Library]
    write: Write
    stream: Write | None = None
    open_model: Callable[[Settings], BaseChatModel] | None = None
    answer: Answer | None = None
    history: list[tuple[str, str]] = field(default_factory=list)
    _library: Library | None = None
    _resources: ExitStack = field(default_factory=ExitStack)

    @property
    def library(self) -> Library:
        """Opened with the first question, so that the prompt is there at once."""
        if self._library is None:
            self._library = self._resources.enter_context(self.open_library())
        return self._library

    def close(self) -> None:
        self._resources.close()

    def handle(self, line: str) -> bool:
        """Does what a line asks for; False ends the conversation."""
        command, _, rest = line.strip().partition(" ")
        if line.strip().lower() in BARE:
            command = f"/{line.strip().lower()}"
        if command.startswith("/"):
            command = command.lower()
        if command in ("/quit", "/exit", "/q"):
            return False
        if command == "":
            return True
        if not command.startswith("/"):
            self.ask(line.strip())
        elif command == "/help":
            self.write(HELP)
        elif command == "/sources":
            self.sources()
        elif command == "/why":
            self.why()
        elif command == "/show":
            self.show(rest.strip())
        elif command == "/brief":
            self.brief(rest.strip())
        elif command == "/outlets":
            self.outlets()
        else:
            meant = get_close_matches(command, COMMANDS, 1)
            self.write(f"no command {command}; {f'did you mean {meant[0]}? ' if meant else ''}/help lists them")
        return True

    def ask(self, question: str) -> None:
        from agent.asker import ask
        from agent.render.answer import answer_lines

        answer = ask(
            question,
            self.library,
            self.settings,
            history=self.history,
            on_piece=self._working if self.stream else None,
            open_model=self.open_model,
        )
        if self.stream and self.settings.model:
            self.stream("\n")
        for line in answer_lines(answer):
            self.write(line)
        self.answer = answer
        self.history.append((question, " ".join(statement.text for statement in answer.statements)))

    def _working(self) -> None:
        if self.stream:
            self.stream(WORKING)

    def _cited(self) -> list[Citation]:
        from agent.render.answer import citations_of

        return citations_of(self.answer) if self.answer else []

    def sources(self) -> None:
        from agent.render.answer import source_line

        cited = self._cited()
        for number, citation in enumerate(cited, 1):
            self.write(source_line(number, citation))
        if not cited:
            self.write("the last answer quotes nothing" if self.answer else "nothing has been asked yet")

    def why(self) -> None:
        from agent.render.answer import answer_why_lines

        if self.answer is None:
            self.write("nothing has been asked yet")
        for line in answer_why_lines(self.answer) if self.answer else ():
            self.write(line)

    def show(self, number: str) -> None:
        from agent.render.context import context_lines

        cited = self._cited()
        # Not every digit is one to Python's int, nor any number of them.
        if not re.fullmatch(r"[0-9]{1,6}", number) or not 1 <= int(number) <= len(cited):
            self.write(f"/show takes a number from 1 to {len(cited)}" if cited else "the last answer quotes nothing")
            return
        citation = cited[int(number) - 1]
        for line in context_lines(self.library.article(citation.article_id), citation):
            self.write(line)

    def brief(self, words: str) -> None:
        from agent.render.brief_markdown import brief_markdown
        from agent.subject import NoSubject, brief_on, subject_in

        words = words or (self.history[-1][0] if self.history else "")
        if not words:
            self.write("/brief WORDS: name the event, or ask something first")
            return
        try:
            subject = subject_in(self.library, words)
        except NoSubject as error:
            self.write(str(error))
            return
        for note in subject.notes:
            self.write(note)
        self.write(brief_markdown(brief_on(subject, self.library, self.settings, self.open_model)))

    def outlets(self) -> None:
        from agent.render.outlets import outlet_lines

        for line in outlet_lines(self.library.outlets(), self.library.registry):
            self.write(line)


def converse(session: Session, read_line: ReadLine) -> None:
    """Reads lines until /quit or the end of input. Ctrl-C stops the answer and keeps the session."""
    try:
        while True:
            try:
                line = read_line()
            except EOFError:
                return
            except KeyboardInterrupt:
                continue
            try:
                if not session.handle(line):
                    return
            except KeyboardInterrupt:
                session.write("stopped; the answer is not kept")
            except Exception as error:
                # What is ours to explain keeps the session; a defect ends it.
                if not hasattr(error, "exit_code"):
                    raise
                session.write(str(error))
    finally:
        session.close()


def start(settings: Settings, open_library: Callable[[], Library]) -> None:
    """The chat on this terminal, or over piped lines."""
    from agent.render.escape import terminal

    def write(text: str) -> None:
        sys.stdout.write(terminal(text) + "\n")
        sys.stdout.flush()

    def stream(text: str) -> None:
        sys.stdout.write(terminal(text))
        sys.stdout.flush()

    session = Session(settings, open_library, write, stream if settings.model and sys.stdout.isatty() else None)
    if not sys.stdin.isatty():
        converse(session, lambda: _piped_line(sys.stdin.readline()))
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory

    prompt: PromptSession[str] = PromptSession(history=InMemoryHistory())
    # The libraries behind an answer take seconds to load: they do so while the first question is typed.
    threading.Thread(target=_warm_up, daemon=True).start()
    write(f"library {settings.library} · {settings.model or 'extractive reader'} · /help")
    converse(session, lambda: prompt.prompt("> "))


def _piped_line(line: str) -> str:
    if not line:
        raise EOFError
    return line


def _warm_up() -> None:
    for module in ("agent.asker", "vectorstore.index", "onnxruntime", "tokenizers"):
        import_module(module)
