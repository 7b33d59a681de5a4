"""A model's reply as it comes, held to limits that cost no more than reading it once. Whoever runs the endpoint may send what they like.

LangChain reads the arguments of a call anew with each piece that it is given, and where they are no JSON, once more for each character
that it takes off. So calls are kept back here until they are whole.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import ToolCallChunk, tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk

# Characters of any reply, tool calls included. An answer of twenty sentences with their quotes has a half of it.
LONGEST_STREAM = 50_000
# A question has 12 tool calls; a reply with more than this is no reader's.
MOST_CALLS = 64
# Bytes of a response, its lines, and bytes of one of them. A piece has some 300 bytes on two lines; what a model thinks comes in pieces
# as well, 100 a second, and 25,000 are all the time that a question has by default. One that is taken in costs 0.15 ms of the processor
# (benchmarks/endless.py). A reply that comes whole has six bytes for a character that is escaped.
MOST_BYTES = 20_000_000
MOST_LINES = 50_000
LONGEST_LINE = 8 * LONGEST_STREAM
# In place of arguments that are no JSON object: a closing mark alone is refused at its first character.
NOT_JSON = "}"
# Where the parts of calls are put until LangChain has made a message of the rest.
PARTS = "parts_of_calls"


class TooLong(Exception):
    """More than any reply that was asked for."""


class Compressed(Exception):
    """A reply was compressed, though that was not asked for: what it unpacks to has no limit."""


def hold_to_limits(response: httpx2.Response, seconds: float) -> None:
    """Breaks off a response that goes on for more than so many seconds, or bytes. Raises Compressed at once."""
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Compressed
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Bounded(response.stream, time.monotonic() + seconds)


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, end: float):
        self._stream, self._end = stream, end

    def __iter__(self) -> Iterator[bytes]:
        total = lines = line = 0
        for block in self._stream:
            first, *others = block.split(b"\n")
            line += len(first)
            longest = max((line, *map(len, others)))
            line = len(others[-1]) if others else line
            total += len(block)
            # To the client a carriage return ends a line as well.
            lines += len(others) + block.count(b"\r") - block.count(b"\r\n")
            if total > MOST_BYTES or lines > MOST_LINES or longest > LONGEST_LINE:
                raise TooLong
            if time.monotonic() > self._end:
                raise httpx2.ReadTimeout("the reply goes on for too long")
            yield block

    def close(self) -> None:
        self._stream.close()


def without_calls(delta: dict[str, Any]) -> tuple[dict[str, Any], list[ToolCallChunk]]:
    """A piece of a reply as an endpoint sends it, and the parts of calls that were in it. Raises what a piece of another form brings."""
    rest = {name: value for name, value in delta.items() if name not in ("tool_calls", "function_call")}
    try:
        parts = [
            tool_call_chunk(
                name=part["function"].get("name"), args=part["function"].get("arguments"), id=part.get("id"), index=part["index"]
            )
            for part in delta.get("tool_calls") or ()
        ]
    except KeyError:
        parts = []
    return rest, parts


def with_parts(message: AIMessageChunk, parts: list[ToolCallChunk]) -> AIMessageChunk:
    """For `within_limit`, which takes them out again."""
    if parts:
        message.additional_kwargs[PARTS] = parts
    return message


def within_limit(chunks: Iterable[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
    """The chunks of a reply as they come, the calls in one last chunk. Raises TooLong as soon as they are more than a reply may have."""
    total, calls = 0, _Calls()
    for chunk in chunks:
        if isinstance(chunk.message, AIMessageChunk):
            parts = chunk.message.additional_kwargs.pop(PARTS, ())
            for part in parts:
                calls.add(part)
            total += len(chunk.message.text) + sum(len(part["args"] or "") + len(part["name"] or "") for part in parts)
        if total > LONGEST_STREAM:
            raise TooLong
        yield chunk
    if calls.begun:
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=calls.whole()))


@dataclass(slots=True)
class _Call:
    name: str = ""
    identity: str | None = None
    arguments: list[str] = field(default_factory=list)

    @property
    def read(self) -> str:
        """The arguments, if they are a JSON object. Half of one is none: closed by us it would look whole."""
        whole = "".join(self.arguments)
        try:
            return whole if not whole or isinstance(json.loads(whole), dict) else NOT_JSON
        except (ValueError, RecursionError):  # a number may have too many digits
            return NOT_JSON


class _Calls:
    """Calls by their index. Some endpoints give each the same index and another id."""

    def __init__(self) -> None:
        self.begun: list[_Call] = []
        self._by_index: dict[int | None, _Call] = {}

    def add(self, part: ToolCallChunk) -> None:
        call = self._by_index.get(part["index"])
        if call is None or (part["id"] and call.identity and part["id"] != call.identity):
            if len(self.begun) == MOST_CALLS:
                raise TooLong
            call = self._by_index[part["index"]] = _Call()
            self.begun.append(call)
        call.name += part["name"] or ""
        call.identity = call.identity or part["id"]
        call.arguments.append(part["args"] or "")

    def whole(self) -> list[ToolCallChunk]:
        return [tool_call_chunk(name=call.name, args=call.read, id=call.identity, index=number) for number, call in enumerate(self.begun)]
