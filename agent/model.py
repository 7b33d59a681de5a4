"""The chat model from Settings, its limits, and every way in which it can fail in one human sentence.

The only file that names a provider.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import httpx2
import openai
from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ExtendedModelResponse
from langchain_core.exceptions import ContextOverflowError
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command
from langsmith.run_helpers import tracing_context
from pydantic import SecretStr

from agent.answered_calls import answered, name_calls
from agent.settings import Settings
from agent.stream import Compressed, TooLong, hold_to_limits, with_parts, within_limit, without_calls
from vectorstore.redaction import keep_from_logs

# Named here, so that no other variable of the environment can send a question somewhere else.
OPENAI = "https://api.openai.com/v1"
RETRIES = 1
CONNECT_SECONDS = 10.0
# A question, and so a reply, may take as long as this many times the time without a word from the endpoint.
CALLS_IN_TIME = 4
# Characters of a reply that holds a plan or an order of passages; a model that repeats itself writes more.
LONGEST_REPLY = 20_000
LONGER = "The model's reply was longer than any that was asked for."
# Variables that make LangChain post prompts and passages to a third party.
TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
# What a client raises for a reply that is not of the chat completions API: each seen with an endpoint that sends something else.
NOT_A_REPLY = (ValueError, TypeError, KeyError, IndexError, AttributeError)


class ModelUnavailable(Exception):
    """No answer can be had from the model. `reason` is one sentence for people, without key or address."""

    exit_code = 3

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Cancelled(Exception):
    """The user has stopped the answer."""


class WebPage(Exception):
    """The endpoint answered with a page for people."""


# All that a request to an endpoint may end with.
FAILURES = (openai.OpenAIError, httpx2.HTTPError, WebPage, TooLong, Compressed, *NOT_A_REPLY)


def chat_model(settings: Settings, transport: httpx2.BaseTransport | None = None) -> BaseChatModel:
    """The model that the settings name; `transport` takes the place of the network (agent/replay.py).

    Turns off LangSmith in this process unless the settings want tracing. Raises ModelUnavailable if model or key is missing.
    """
    if settings.model is None:
        raise ModelUnavailable("No model is configured; RASHOMON_MODEL names one.")
    if settings.api_key is None and settings.base_url is None:
        raise ModelUnavailable("OPENAI_API_KEY is not set.")
    if not settings.tracing:
        os.environ.update(dict.fromkeys(TRACING, "false"))
    keep_from_logs(settings.api_key)
    timeout = httpx2.Timeout(settings.timeout, connect=min(CONNECT_SECONDS, settings.timeout))
    return _Chat(
        model=settings.model,
        api_key=SecretStr(settings.api_key or "none"),  # a local endpoint asks for no key, but the client does
        base_url=settings.base_url or OPENAI,
        http_client=httpx2.Client(
            transport=transport,
            timeout=timeout,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [partial(_receive, seconds=CALLS_IN_TIME * settings.timeout)]},
        ),
        timeout=settings.timeout,
        max_retries=RETRIES if transport is None else 0,
        streaming=True,
        stream_usage=True,
        use_responses_api=False,
        openai_proxy=None,
    )


class _Chat(ChatOpenAI):
    """Keeps what ChatOpenAI drops from a stream: that the model refused. A reply without end is broken off."""

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        pieces = cast("Generator[ChatGenerationChunk]", super()._stream(*args, **kwargs))
        with closing(pieces):  # and with them the connection, whoever keeps the exception
            yield from within_limit(pieces)

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        choice, *others = chunk.get("choices") or [{}]
        delta, parts = without_calls(choice.get("delta") or {})
        held = {**chunk, "choices": [{**choice, "delta": delta}, *others]} if choice.get("delta") else chunk
        converted = super()._convert_chunk_to_generation_chunk(held, default_chunk_class, base_generation_info)
        if converted is not None and isinstance(converted.message, AIMessageChunk):
            with_parts(converted.message, parts)
            if delta.get("refusal"):
                converted.message.additional_kwargs["refusal"] = delta["refusal"]
        return converted


def _receive(response: httpx2.Response, seconds: float) -> None:
    hold_to_limits(response, seconds)
    if response.is_success and "html" in response.headers.get("content-type", ""):
        raise WebPage


def unavailable(error: BaseException) -> ModelUnavailable:
    """The failure of an endpoint as one sentence. Nothing of its own text is repeated: that may hold the key."""
    causes = list(_causes(error))
    return next((cause for cause in causes if isinstance(cause, ModelUnavailable)), None) or ModelUnavailable(_reason(causes))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _reason(causes: list[BaseException]) -> str:
    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if among(WebPage):
        return "The model endpoint sent a web page instead of a reply; a network may want a login first."
    if among(TooLong):
        return LONGER
    if among(Compressed):
        return "The model endpoint sent a compressed reply, which was not asked for and has no limit."
    if among(openai.APITimeoutError, httpx2.TimeoutException):
        return "The model endpoint did not answer in time."
    if among(ContextOverflowError):
        return "The question and its passages are longer than the model can read."
    statuses = [cause.status_code for cause in causes if isinstance(cause, openai.APIStatusError)]
    if statuses:
        return _status_reason(statuses[0])
    if among(httpx2.ConnectError):
        return "The model endpoint cannot be reached."
    if among(openai.APIConnectionError, httpx2.TransportError):
        return "The connection to the model endpoint broke off."
    if among(openai.APIError):
        return "The model endpoint reported a failure in the middle of its reply."
    return "The model endpoint sent something that is not a reply of the chat completions API."


def _status_reason(status: int) -> str:
    reasons = {
        401: "The model endpoint refused the key (status 401); check OPENAI_API_KEY.",
        403: "The model endpoint does not allow this with this key (status 403).",
        404: "The model endpoint knows no such model or address (status 404); check RASHOMON_MODEL and OPENAI_BASE_URL.",
        429: "The model endpoint takes no more requests for now, or the quota is used up (status 429).",
    }
    if status >= 500:
        return f"The model endpoint failed (status {status})."
    return reasons.get(status, f"The model endpoint did not accept the request (status {status}).")


def check_complete(message: AIMessage) -> None:
    """Raises ModelUnavailable unless the reply is whole: only `stop` and `tool_calls` are ends of a whole reply."""
    finish = message.response_metadata.get("finish_reason")
    if message.additional_kwargs.get("refusal"):
        raise ModelUnavailable("The model refused to answer.")
    if finish == "length":
        raise ModelUnavailable("The model's reply was cut off at its length limit.")
    if finish == "content_filter":
        raise ModelUnavailable("The model's reply was stopped by the endpoint's content filter.")
    if finish not in ("stop", "tool_calls"):
        raise ModelUnavailable("The model's reply broke off before its end.")
    if not message.tool_calls and not message.invalid_tool_calls and not message.text.strip():
        raise ModelUnavailable("The model's reply was empty.")


def one_reply(model: BaseChatModel, system: str, asked: str, budget: Budget, tracing: bool = False) -> str:
    """What a model without tools says to one message. Raises ModelUnavailable, also for a reply that is not whole."""
    budget.check_time()
    budget.take_model_call()
    messages: list[BaseMessage] = [SystemMessage(system), HumanMessage(asked)]
    pieces: list[AIMessageChunk] = []
    length = 0
    try:
        with tracing_context(enabled=tracing):
            for piece in model.stream(messages):
                if isinstance(piece, AIMessageChunk):
                    pieces.append(piece)
                    length += len(piece.text)
                if length > LONGEST_REPLY:
                    raise ModelUnavailable(LONGER)
                budget.check_time()
        # All at once: one by one, each piece would have what came before it read again.
        whole = pieces[0] + pieces[1:] if pieces else None
    except FAILURES as error:
        raise unavailable(error) from None
    if whole is None:
        raise ModelUnavailable("The model's reply was empty.")
    budget.count(whole)
    check_complete(whole)
    return whole.text


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost so far. Tokens are None where the endpoint does not count them."""

    model_calls: int
    tool_calls: int
    input_tokens: int | None
    output_tokens: int | None
    seconds: float


class Budget:
    """What one question may cost, repairs included. The clock starts with the first model call."""

    def __init__(self, model_calls: int = 8, tool_calls: int = 12, seconds: float = 240.0):
        self.model_calls, self.tool_calls, self.seconds = model_calls, tool_calls, seconds
        self._lock = threading.Lock()  # tools of one turn run side by side
        self._asked = self._used = 0
        self._tokens: list[tuple[int, int]] = []
        self._started: float | None = None

    @property
    def model_calls_left(self) -> int:
        return self.model_calls - self._asked

    @property
    def seconds_left(self) -> float:
        return self.seconds - self._elapsed()

    def _elapsed(self) -> float:
        return 0.0 if self._started is None else time.monotonic() - self._started

    def take_model_call(self) -> None:
        """Raises ModelUnavailable if there is none left."""
        with self._lock:
            if self._asked >= self.model_calls:
                raise ModelUnavailable(f"The model came to no answer within {self.model_calls} turns.")
            self._asked += 1
            self._started = self._started or time.monotonic()

    def take_tool_call(self) -> bool:
        with self._lock:
            if self._used >= self.tool_calls:
                return False
            self._used += 1
            return True

    def count(self, message: AIMessage) -> None:
        if message.usage_metadata:
            self._tokens.append((message.usage_metadata["input_tokens"], message.usage_metadata["output_tokens"]))

    def check_time(self) -> None:
        """Raises ModelUnavailable if the time is over."""
        if self.seconds_left <= 0:
            raise ModelUnavailable(f"The model came to no answer within {self.seconds:g} seconds.")

    @property
    def usage(self) -> Usage:
        counted = bool(self._tokens)
        return Usage(
            self._asked,
            self._used,
            sum(read for read, _ in self._tokens) if counted else None,
            sum(written for _, written in self._tokens) if counted else None,
            round(self._elapsed(), 3),
        )


class Limits(AgentMiddleware[AgentState[Any], None, Any]):
    """Holds an agent to its budget, and lets no failed or incomplete reply through.

    One object counts over the first draft and its repairs; LangChain's own limits count each run of an agent anew. From the
    moment that only `reserve` model calls are left, the model is offered no tool but the answer.
    """

    def __init__(self, budget: Budget, cancelled: Callable[[], bool], reserve: int = 2):
        super().__init__()
        self._budget, self._cancelled, self._reserve = budget, cancelled, reserve

    def wrap_model_call(
        self, request: ModelRequest[None], handler: Callable[[ModelRequest[None]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage | ExtendedModelResponse[Any]:
        self._check()
        self._budget.take_model_call()
        if self._budget.model_calls_left <= self._reserve:
            request = request.override(tools=[])
        request = request.override(messages=answered(request.messages))
        try:
            response = handler(request)
        except FAILURES as error:
            raise unavailable(error) from None
        for message in response.result:
            if isinstance(message, AIMessage):
                self._budget.count(message)
                check_complete(message)
                name_calls(message, len(request.messages))
        return response

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        self._check()
        if not self._budget.take_tool_call():
            refusal = "No more tool calls for this question. Answer now with DraftAnswer, from what you were shown."
            call = request.tool_call
            return ToolMessage(refusal, name=call["name"], tool_call_id=call["id"], status="error")
        return handler(request)

    def _check(self) -> None:
        if self._cancelled():
            raise Cancelled
        self._budget.check_time()
