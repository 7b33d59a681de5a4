"""An endpoint that never ends its reply, in every way that it can: given up soon, in one sentence, and its connection let go."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from agent.model import FAILURES, Budget, ModelUnavailable, chat_model, one_reply, unavailable
from agent.settings import Settings
from agent.stream import LONGEST_STREAM, MOST_BYTES, MOST_CALLS

PATH = "/v1/chat/completions"
LONGER = "longer than any that was asked for"
# What the two sockets may hold beyond what was read.
IN_FLIGHT = 20_000_000
Events = Callable[[], Iterator[bytes]]


def event(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}).encode() + b"\n\n"


def part(arguments: str, index: int = 0, name: str | None = None) -> dict[str, Any]:
    function = {"arguments": arguments, **({"name": name} if name else {})}
    return {"tool_calls": [{"index": index, "id": f"c{index}", "type": "function", "function": function}]}


def of_content() -> Iterator[bytes]:
    return itertools.repeat(event({"content": "some words " * 5}))


def of_arguments() -> Iterator[bytes]:
    yield event(part('{"query": "', name="search_coverage"))
    yield from itertools.repeat(event(part("some words " * 5)))


def of_calls() -> Iterator[bytes]:
    return (event(part("{}", index, "list_outlets")) for index in itertools.count())


def of_nothing() -> Iterator[bytes]:
    return itertools.repeat(event({"content": ""}))


def of_comments() -> Iterator[bytes]:
    return itertools.repeat(b": still here\n\n" * 100)


def of_one_line() -> Iterator[bytes]:
    return itertools.chain([b"data: "], itertools.repeat(b"x" * 1_000))


def of_one_piece() -> Iterator[bytes]:
    return iter([event({"content": "x" * 5 * LONGEST_STREAM}), event({}, "stop")])


def of_refusals() -> Iterator[bytes]:
    return itertools.repeat(event({"refusal": "no " * 100, "function_call": {"name": "a", "arguments": "{"}}))


@pytest.fixture
def endpoint(server: Any) -> Callable[..., Any]:
    """The settings for an endpoint that sends these events; what was sent is counted in `server.sent`."""
    server.sent, server.ended = 0, threading.Event()

    def start(events: Events, pause: float = 0.0, head: str = "200 OK", timeout: float = 20.0) -> Settings:
        def send(connection: socket.socket) -> None:
            head_sent, _, body = server.heads[-1].partition("\r\n\r\n")
            (length,) = re.findall(r"content-length: (\d+)", head_sent.lower())
            left = int(length) - len(body)
            while left > 0:
                left -= len(connection.recv(65_536))
            connection.sendall(f"HTTP/1.1 {head}\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n".encode())
            try:
                for one in events():
                    connection.sendall(one)
                    server.sent += len(one)
                    time.sleep(pause)
            finally:
                server.ended.set()

        server.answers[PATH] = send
        return Settings(Path(), model="m", api_key="k", base_url=f"http://127.0.0.1:{server.port}/v1", timeout=timeout)

    return start


def reason_of(work: Callable[[], Any]) -> str:
    with pytest.raises(FAILURES) as failed:
        work()
    return str(unavailable(failed.value))


@pytest.mark.parametrize(
    "events",
    [of_content, of_arguments, of_calls, of_nothing, of_comments, of_one_line, of_one_piece, of_refusals],
    ids=lambda one: one.__name__,
)
def test_a_reply_without_end_is_broken_off(
    endpoint: Callable[..., Settings], server: Any, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.stream.MOST_LINES", 5_000)  # in pieces of nothing, 25,000 take seconds
    settings = endpoint(events)
    assert LONGER in reason_of(lambda: chat_model(settings).invoke([HumanMessage("hello")]))
    assert server.ended.wait(10)
    assert server.sent < MOST_BYTES + IN_FLIGHT


def test_so_it_is_where_one_object_is_asked_for(endpoint: Callable[..., Settings], server: Any) -> None:
    for events in (of_content, of_arguments):
        settings = endpoint(events)
        with pytest.raises(ModelUnavailable, match=LONGER):
            one_reply(chat_model(settings), "system", "asked", Budget())
        assert server.ended.wait(10)


@pytest.mark.parametrize("events", [of_content, of_comments, of_nothing], ids=lambda one: one.__name__)
def test_a_reply_that_trickles_for_ever_ends_with_its_time(endpoint: Callable[..., Settings], server: Any, events: Events) -> None:
    settings = endpoint(events, pause=0.02, timeout=0.2)
    assert "in time" in reason_of(lambda: chat_model(settings).invoke([HumanMessage("hello")]))
    assert server.ended.wait(10)


def test_a_report_of_failure_without_end_fills_no_memory(endpoint: Callable[..., Settings], server: Any) -> None:
    settings = endpoint(lambda: itertools.repeat(b"x" * 10_000), head="400 Bad Request")
    assert LONGER in reason_of(lambda: chat_model(settings).invoke([HumanMessage("hello")]))
    assert server.sent < MOST_BYTES + IN_FLIGHT


def test_a_compressed_reply_is_not_unpacked(server: Any, hostile: Any) -> None:
    server.answers[PATH] = hostile.page(gzip.compress(b"data: " + b"0" * 50_000_000), "Content-Encoding: gzip")
    settings = Settings(Path(), model="m", api_key="k", base_url=f"http://127.0.0.1:{server.port}/v1", timeout=5)
    assert "compressed" in reason_of(lambda: chat_model(settings).invoke([HumanMessage("hello")]))
    assert "accept-encoding: identity" in server.heads[0].lower()


def reply_to(settings: Settings) -> AIMessage:
    reply = chat_model(settings).invoke([HumanMessage("hello")])
    assert isinstance(reply, AIMessage)
    return reply


def test_calls_come_whole_however_they_were_cut(endpoint: Callable[..., Settings]) -> None:
    def events() -> Iterator[bytes]:
        yield event(part("", 0, "search_coverage"))
        for character in '{"query": "a \\u00e9"}':
            yield event(part(character))
            yield event(part("", 1, "list_" if character == "{" else None))
        yield event(part("", 1, "outlets"))
        # Another call under the same index, as some endpoints number them.
        yield event({"tool_calls": [{"index": 0, "id": "other", "function": {"name": "list_outlets", "arguments": "{}"}}]})
        yield event({}, "tool_calls")

    reply = reply_to(endpoint(events))
    assert [(call["name"], call["args"], call["id"]) for call in reply.tool_calls] == [
        ("search_coverage", {"query": "a é"}, "c0"),
        ("list_outlets", {}, "c1"),
        ("list_outlets", {}, "other"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        '{"query": "half of it',
        '["a list"]',
        "9" * 5_000,
        "[" * 40_000,
        # Taken apart from its end, character by character, it would be read some 20,000 times.
        '{"query": [' + "1," * (LONGEST_STREAM // 5) + '"a" "a"' * (LONGEST_STREAM // 25),
    ],
    ids=("half", "list", "digits", "deep", "slow"),
)
def test_what_is_no_json_object_is_an_invalid_call(endpoint: Callable[..., Settings], arguments: str) -> None:
    reply = reply_to(endpoint(lambda: iter([event(part(arguments, 0, "search_coverage")), event({}, "tool_calls")])))
    assert (reply.tool_calls, [call["name"] for call in reply.invalid_tool_calls]) == ([], ["search_coverage"])


def test_as_many_calls_as_are_allowed(endpoint: Callable[..., Settings]) -> None:
    def events() -> Iterator[bytes]:
        yield from itertools.islice(of_calls(), MOST_CALLS)
        yield event({}, "tool_calls")

    assert len(reply_to(endpoint(events)).tool_calls) == MOST_CALLS
