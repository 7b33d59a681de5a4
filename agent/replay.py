"""Models without a network: one that plays a script, and a transport that records what an endpoint answered and plays it again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx2
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field, SkipValidation

from agent.model import ModelUnavailable
from agent.stream import with_parts, within_limit

PIECE = 24
LONGEST_SHOWN = 160

Reply = AIMessage | Callable[[list[BaseMessage]], AIMessage]


class NotRecorded(ModelUnavailable):
    """The script or the recording has no reply to this request. An evaluation counts it as an error, never as an answer."""


class ScriptedModel(BaseChatModel):
    """Plays `replies` in their order, whatever it is asked; a function among them is given the messages and makes the reply.

    `asked` keeps the messages of every call. With `streaming=True` a reply comes in pieces of 24 characters.
    """

    replies: Annotated[Sequence[Reply], SkipValidation]  # pydantic would try a function as a message
    streaming: bool = False
    asked: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> ScriptedModel:
        return self

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        self.asked.append(list(messages))
        if len(self.asked) > len(self.replies):
            raise NotRecorded(f"The script has {len(self.replies)} replies, and was asked for one more.")
        reply = self.replies[len(self.asked) - 1]
        message = reply if isinstance(reply, AIMessage) else reply(messages)
        ending = {"finish_reason": "tool_calls" if message.tool_calls else "stop"}
        return message.model_copy(update={"response_metadata": {**ending, **message.response_metadata}})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for made in within_limit(ChatGenerationChunk(message=chunk) for chunk in _as_pieces(self._next(messages))):
            if run_manager:
                run_manager.on_llm_new_token(made.text, chunk=made)
            yield made


def _as_pieces(message: AIMessage) -> Iterator[AIMessageChunk]:
    """One after the other: most of a flood is never made."""
    for piece in _in_pieces(message.text):
        yield AIMessageChunk(content=piece)
    for index, call in enumerate(message.tool_calls):
        for number, piece in enumerate(_in_pieces(json.dumps(call["args"]))):
            name, identity = (None, None) if number else (call["name"], call["id"])
            yield with_parts(AIMessageChunk(content=""), [tool_call_chunk(name=name, args=piece, id=identity, index=index)])
    yield AIMessageChunk(content="", response_metadata=message.response_metadata, usage_metadata=message.usage_metadata)


def _in_pieces(text: str) -> Iterator[str]:
    return (text[start : start + PIECE] for start in range(0, len(text), PIECE))


class ReplayTransport(httpx2.BaseTransport):
    """Answers from a file of JSON lines: each a reply with the path, the digest of the request's canonical body, and how
    often that request had been made before. Headers and keys are never written.

    With `record`, what the file does not have is asked of that transport, and a whole successful reply is added to the file.
    """

    def __init__(self, file: Path, record: httpx2.BaseTransport | None = None):
        self._file, self._record = file, record
        self._seen: Counter[tuple[str, str]] = Counter()
        self._replies: dict[tuple[str, str, int], dict[str, Any]] = {}
        if file.exists():
            for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
                if line:
                    self._load(line, number)
        elif record is None:
            raise FileNotFoundError(f"no recording at {file}")

    def _load(self, line: str, number: int) -> None:
        try:
            reply = json.loads(line)
            self._replies[reply["path"], reply["digest"], reply["occurrence"]] = reply
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ValueError(f"{self._file}, line {number}: not a recorded reply") from None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = request.read()
        place = (request.url.path, canonical_digest(body))
        occurrence = self._seen[place]
        self._seen[place] += 1
        reply = self._replies.get((*place, occurrence))
        if reply is None:
            if self._record is None:
                raise NotRecorded(f"No reply is recorded in {self._file.name} for the request that ends: {last_message(body)}")
            return self._ask(self._record, request, place, occurrence)
        return httpx2.Response(
            reply["status"], headers={"content-type": reply["content_type"]}, content=reply["body"].encode(), request=request
        )

    def _ask(self, transport: httpx2.BaseTransport, request: httpx2.Request, place: tuple[str, str], occurrence: int) -> httpx2.Response:
        response = transport.handle_request(request)
        try:
            body = response.read().decode("utf-8")
        finally:
            response.close()
        kind = response.headers.get("content-type", "application/json")
        if response.is_success:
            reply = {
                "path": place[0],
                "digest": place[1],
                "occurrence": occurrence,
                "asked": _without_key(last_message(request.content), request),
                "status": response.status_code,
                "content_type": kind,
                "body": _without_key(body, request),
            }
            self._replies[(*place, occurrence)] = reply
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(reply, ensure_ascii=False) + "\n")
        return httpx2.Response(response.status_code, headers={"content-type": kind}, content=body.encode(), request=request)

    def close(self) -> None:
        if self._record is not None:
            self._record.close()


def canonical_digest(body: bytes) -> str:
    """sha256 of a JSON body, the same for every order of keys and every spacing."""
    return hashlib.sha256(json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def last_message(body: bytes) -> str:
    """The role and the beginning of a request's last message, on one line."""
    messages = json.loads(body).get("messages") or [{}]
    text = " ".join(str(messages[-1].get("content") or "").split())
    return f"{messages[-1].get('role', 'no message')}: {text[:LONGEST_SHOWN]}"


def _without_key(text: str, request: httpx2.Request) -> str:
    """Some endpoints repeat the key that they were given."""
    key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return text.replace(key, "[key]") if len(key) > 4 else text
