"""The model as a reader: it searches, proposes sentences, and mends those that the gate refuses. One object, one question."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware.types import InputAgentState
from langchain.agents.structured_output import ToolStrategy
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.errors import GraphRecursionError
from langsmith.run_helpers import tracing_context
from pydantic import BaseModel, Field, ValidationError

from agent.model import Budget, Cancelled, Limits, ModelUnavailable, Usage
from agent.quote import DraftSentence
from agent.statement import Dropped, Evidence, Ledger
from agent.tools import Coverage, Shown, coverage_tools, held, passages
from prompts import Prompt

POLL_SECONDS = 0.05
EARLIER_TURNS = 6
LONGEST_TURN = 1_500
LONGEST_PROBLEM = 600


class AnswerCitation(BaseModel):
    key: str = Field(max_length=80, description="The key of a passage that was shown, such as e1a2b3c.")
    quote: str = Field(max_length=2_000, description="Words copied from that passage, character by character.")


class AnswerSentence(BaseModel):
    text: str = Field(min_length=1, max_length=1_000, description="What an outlet reports, naming the outlet.")
    citations: list[AnswerCitation] = Field(max_length=12, description="The words that carry the sentence.")


class DraftAnswer(BaseModel):
    """The answer to the question, once the coverage has been searched. Call it alone, and once."""

    sentences: list[AnswerSentence] = Field(max_length=20, description="The answer; empty if not_found.")
    not_found: bool = Field(default=False, description="True if nothing that was shown answers the question.")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model proposes; `usage` is that of the question so far. No sentences: it found no answer."""

    sentences: tuple[DraftSentence, ...]
    usage: Usage


class ModelReader:
    """Not for use by two threads. The library is used, and `on_piece` called, only in the thread that calls a method.

    `on_piece` is called for each piece of a reply, as a sign of life: its words are kept back until they have been checked.
    `cancelled` is asked often; Ctrl-C works as well. Every method raises ModelUnavailable or Cancelled.
    """

    def __init__(
        self,
        model: BaseChatModel,
        library: Coverage,
        ledger: Ledger,
        *,
        budget: Budget | None = None,
        on_piece: Callable[[], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        tracing: bool = False,
    ):
        self._model, self._library, self._ledger = model, library, ledger
        self._budget = budget or Budget()
        self._on_piece = on_piece
        self._cancelled = cancelled
        self._tracing = tracing
        self._searches_before = len(ledger.searches)
        self._system, self._with_tools = "", True
        self._messages: list[AnyMessage] = []
        self._told: set[str] = set()

    @property
    def usage(self) -> Usage:
        """What the question has cost so far, also after a failure."""
        return self._budget.usage

    def propose(self, question: str, history: Sequence[tuple[str, str]] = ()) -> Draft:
        """A first draft. `history` are earlier questions of the conversation with their answers, the oldest first."""
        limits = {"model_calls": str(self._budget.model_calls), "tool_calls": str(self._budget.tool_calls)}
        self._system, self._with_tools = Prompt.load("answer_system").render(**limits), True
        turns = "\n".join(_turn(asked, answered) for asked, answered in history[-EARLIER_TURNS:])
        earlier = Prompt.load("earlier").render(turns=turns) if turns else ""
        known = held(self._library.outlets())
        asked = Prompt.load("answer_question").render(held=known, earlier=earlier, question=question.strip())
        return self._converse([HumanMessage(asked)])

    def brief(self, event: str, evidence: Iterable[Evidence]) -> Draft:
        """The opening of a brief on an event, from passages chosen by the caller and without tools."""
        self._system, self._with_tools = Prompt.load("brief_system").render(), False
        shown = self._ledger.show(evidence)
        asked = Prompt.load("brief_event").render(event=" ".join(event.split()), passages=passages(shown))
        return self._converse([HumanMessage(asked)])

    def repair(self, draft: Draft, dropped: Sequence[Dropped]) -> Draft:
        """The whole answer again, after the model was told which sentences of `draft` failed, and why."""
        if not self._messages:
            raise ValueError("there is no draft to repair: call propose or brief first")
        places = {" ".join(sentence.text.split()): number for number, sentence in enumerate(draft.sentences, 1)}
        failures = "\n".join(f"{places.get(failed.text, '-')}. {failed.text}\n   Wrong: {'; '.join(failed.reasons)}." for failed in dropped)
        return self._converse([*self._messages, HumanMessage(Prompt.load("repair").render(failures=failures))])

    def _converse(self, messages: list[AnyMessage]) -> Draft:
        """Runs the agent until it gives an answer that can be read. Each kind of mistake is pointed out once."""
        while True:
            state = self._run(messages)
            self._messages = messages = state["messages"]
            answer, problem = _answer_of(state)
            if answer is None and isinstance(messages[-1], ToolMessage):
                continue  # LangChain ends a run after a mistaken DraftAnswer beside another call; the model has been told
            if answer is None:
                messages = self._tell("mend_format", "The model's answer could not be read.", problem=problem)
            elif self._with_tools and len(self._ledger.searches) == self._searches_before:
                messages = self._tell("search_first", "The model answered without searching the coverage.")
            else:
                return Draft(() if answer.not_found else _sentences(answer), self.usage)

    def _tell(self, prompt: str, reason: str, **values: str) -> list[AnyMessage]:
        if prompt in self._told:
            raise ModelUnavailable(reason)
        self._told.add(prompt)
        return [*self._messages, HumanMessage(Prompt.load(prompt).render(**values))]

    def _mend(self, error: Exception) -> str:
        """What LangChain tells a model whose DraftAnswer does not have the right form."""
        cause = getattr(getattr(error, "source", None), "__cause__", None)
        problem = _problem(cause) if isinstance(cause, ValidationError) else "DraftAnswer was called more than once"
        return str(self._tell("mend_format", "The model's answer could not be read.", problem=problem)[-1].content)

    def _run(self, messages: list[AnyMessage]) -> dict[str, Any]:
        """One run of the agent in a thread of its own, while this one serves the library, shows signs of life and keeps the time.

        A call that hangs can so be left behind at once: the thread ends with its own time limit, and can reach nothing more.
        """
        line = _Line()
        tools = coverage_tools(self._library, self._ledger, line.in_caller) if self._with_tools else []
        pieces = _Pieces(line)
        limits = Limits(self._budget, lambda: line.closed or self._cancelled())
        thread = threading.Thread(
            target=line.work, args=(lambda: self._invoke(messages, tools, limits, pieces),), name="rashomon-model", daemon=True
        )
        thread.start()
        try:
            while True:
                if self._cancelled():
                    raise Cancelled
                self._budget.check_time()
                if line.serve(self._on_piece):
                    return line.result()
        finally:
            line.closed = True

    def _invoke(self, messages: list[AnyMessage], tools: list[BaseTool], limits: Limits, pieces: _Pieces) -> dict[str, Any]:
        agent = create_agent(
            self._model,
            tools,
            system_prompt=self._system,
            middleware=[limits],
            response_format=ToolStrategy(DraftAnswer, tool_message_content="Received.", handle_errors=self._mend),
        )
        # Two steps a turn, the model and its tools, and a few that LangGraph takes for itself.
        steps = 2 * self._budget.model_calls + 4
        config = RunnableConfig(recursion_limit=steps, callbacks=[pieces])
        with tracing_context(enabled=self._tracing):
            try:
                return dict(agent.invoke(InputAgentState(messages=[*messages]), config))
            except GraphRecursionError:
                raise ModelUnavailable(f"The model came to no answer within {self._budget.model_calls} turns.") from None


class _Line:
    """Between the thread of the agent and the thread that owns the library."""

    def __init__(self) -> None:
        self.closed = False
        self._inbox: queue.SimpleQueue[bool | tuple[Callable[[], Shown], Future[Shown]] | None] = queue.SimpleQueue()
        self._outcome: Future[dict[str, Any]] = Future()

    def work(self, run: Callable[[], dict[str, Any]]) -> None:
        """The body of the agent's thread."""
        try:
            self._outcome.set_result(run())
        except BaseException as error:
            self._outcome.set_exception(error)
        self._inbox.put(None)

    def say(self) -> None:
        self._inbox.put(True)

    def in_caller(self, work: Callable[[], Shown]) -> Shown:
        """Waits for the other thread to do this work. Raises Cancelled once that thread listens no more."""
        done: Future[Shown] = Future()
        self._inbox.put((work, done))
        while not self.closed:
            try:
                return done.result(timeout=POLL_SECONDS)
            except NotYet:
                continue
        raise Cancelled

    def serve(self, on_piece: Callable[[], None] | None) -> bool:
        """Does what has been asked for. True once the agent has ended. What the work raises, this raises."""
        try:
            item = self._inbox.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return False
        if isinstance(item, bool):
            if on_piece:
                on_piece()
        elif item is not None:
            work, done = item
            done.set_result(work())
        return item is None

    def result(self) -> dict[str, Any]:
        return self._outcome.result()


class _Pieces(BaseCallbackHandler):
    """Hears each piece of a reply, and ends the request in the middle of one that nobody waits for any more."""

    raise_error = True  # else LangChain only logs that the request is to end

    def __init__(self, line: _Line) -> None:
        self._line = line

    def on_llm_new_token(self, *_: Any, **__: Any) -> None:
        if self._line.closed:
            raise Cancelled
        self._line.say()


def _answer_of(state: dict[str, Any]) -> tuple[DraftAnswer | None, str]:
    """The answer of a run, or what is wrong with it. A model without tool calls may write the JSON as its text."""
    answer = state.get("structured_response")
    if isinstance(answer, DraftAnswer):
        return answer, ""
    replies = [message for message in state["messages"] if isinstance(message, AIMessage)]
    if not replies or replies[-1].invalid_tool_calls:
        return None, "the arguments of the tool call were not valid JSON"
    text = replies[-1].text
    start = text.find("{")
    if start < 0:
        return None, "it was not a call of DraftAnswer"
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
        return DraftAnswer.model_validate(found), ""
    except ValidationError as error:
        return None, _problem(error)
    except (ValueError, RecursionError):  # also a number of more digits than Python reads
        return None, "it was not valid JSON"


def _problem(error: ValidationError) -> str:
    """What does not fit, without the values: they are the model's own, and long."""
    found = (f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors(include_url=False))
    return "; ".join(found)[:LONGEST_PROBLEM]


def _sentences(answer: DraftAnswer) -> tuple[DraftSentence, ...]:
    return tuple(
        DraftSentence(sentence.text, tuple((citation.key, citation.quote) for citation in sentence.citations))
        for sentence in answer.sentences
    )


def _turn(asked: str, answered: str) -> str:
    lines = [f"question: {' '.join(asked.split())[:LONGEST_TURN]}", *answered[:LONGEST_TURN].splitlines()]
    return "\n".join(f"| {line}" for line in lines)
