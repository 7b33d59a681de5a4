"""The real OpenAI client against a loopback server that behaves in every way an endpoint can."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from agent.model import Budget, Cancelled, ModelUnavailable, chat_model
from agent.model_reader import Draft, ModelReader
from agent.quote import to_reported
from agent.settings import Settings
from agent.statement import Evidence, Ledger, Reported
from vectorstore.article import Article, Field
from vectorstore.library import Outlet
from vectorstore.outlets import HeldOutlets
from vectorstore.plan import SearchPlan
from vectorstore.planned import Found, Grade
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.search import Hit

KEY = "canary-6f1d"
ARTICLE = Article(
    "A fire shut the ferry terminal on Thursday.\nAt least four people were taken to hospital, the coastguard said.",
    title=Field("Fire shuts ferry terminal", "given"),
    outlet=Field("Harbour Post", "given"),
)
PASSAGE = Evidence(ARTICLE, 44, len(ARTICLE.text))
QUOTE = "At least four people were taken to hospital, the coastguard said"
GOOD = {
    "sentences": [
        {
            "text": "Harbour Post reports that at least four people were taken to hospital, the coastguard said.",
            "citations": [{"key": PASSAGE.key, "quote": QUOTE}],
        }
    ],
    "not_found": False,
}


class OneArticle:
    """A library of one article that finds its second paragraph, whatever is asked."""

    def articles(self, **_: Any) -> list[Article]:
        return [ARTICLE]

    def article(self, article_id: str) -> Article:
        return ARTICLE

    def outlets(self) -> list[Outlet]:
        return [Outlet("Harbour Post", 1, None, None)]

    as_of = None

    def held_outlets(self) -> HeldOutlets:
        return HeldOutlets.of(["Harbour Post"])

    def search_plan(self, plan: SearchPlan, scope: Scope = EVERYTHING, limit: int = 10) -> list[Found]:
        return [Found(Hit(ARTICLE, PASSAGE.start, PASSAGE.end, 1.0), Grade(0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0))]


def call(name: str, arguments: dict[str, Any] | str, number: int = 0) -> dict[str, Any]:
    raw = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": raw}}


def calls(*made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"tool_calls": list(made), "finish": "tool_calls", **more}


SEARCH = calls(call("search_coverage", {"query": "hurt in the fire"}))
ANSWER = calls(call("DraftAnswer", GOOD, 1))


class Endpoint:
    """Answers request number n with `replies[n]`, the last one for ever: a dict is streamed, a function does as it likes."""

    def __init__(self, *replies: dict[str, Any] | Callable[[BaseHTTPRequestHandler], None]):
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.requests.append(body)
                endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
                reply = replies[min(len(endpoint.requests), len(replies)) - 1]
                try:
                    stream(self, reply) if isinstance(reply, dict) else reply(self)
                except (BrokenPipeError, ConnectionResetError):
                    return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def settings(self, timeout: float = 10) -> Settings:
        return Settings(Path(), model="some-model", api_key=KEY, base_url=self.url, timeout=timeout)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def stream(handler: BaseHTTPRequestHandler, reply: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "some-model"}

    def event(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> None:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
        handler.wfile.write(f"data: {json.dumps({**head, 'choices': choices, **more})}\n\n".encode())
        handler.wfile.flush()
        time.sleep(reply.get("pause", 0))

    event({"role": "assistant", "content": ""})
    for piece in reply.get("content", []):
        event({"content": piece})
    if "refusal" in reply:
        event({"refusal": reply["refusal"]})
    for index, made in enumerate(reply.get("tool_calls", [])):
        raw = made["function"]["arguments"]
        event({"tool_calls": [{"index": index, **made, "function": {"name": made["function"]["name"], "arguments": ""}}]})
        for start in range(0, len(raw), 16):
            event({"tool_calls": [{"index": index, "function": {"arguments": raw[start : start + 16]}}]})
            if reply.get("cut") and start > len(raw) // 2:
                return
    if reply.get("cut"):
        return
    event({}, reply.get("finish", "stop"))
    event(None, usage={"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120})
    handler.wfile.write(b"data: [DONE]\n\n")


def fails(status: int, body: str = "", kind: str = "application/json", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        data = body.encode() or json.dumps({"error": {"message": f"you sent {KEY}", "type": "t"}}).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return reply


@pytest.fixture
def serve() -> Iterator[Callable[..., Endpoint]]:
    opened: list[Endpoint] = []

    def start(*replies: Any) -> Endpoint:
        opened.append(Endpoint(*replies))
        return opened[-1]

    yield start
    for endpoint in opened:
        endpoint.close()


def ask(settings: Settings, **options: Any) -> tuple[Draft, Ledger]:
    ledger = Ledger()
    reader = ModelReader(chat_model(settings), OneArticle(), ledger, **options)
    return reader.propose("How many were hurt?"), ledger


def reason_of(settings: Settings, **options: Any) -> str:
    with pytest.raises(ModelUnavailable) as failed:
        ask(settings, **options)
    assert KEY not in str(failed.value)
    assert "Traceback" not in failed.value.reason
    return failed.value.reason


def test_a_conversation_with_a_tool_call_ends_in_a_draft_with_its_cost(serve: Callable[..., Endpoint]) -> None:
    endpoint = serve(SEARCH, ANSWER)
    draft, ledger = ask(endpoint.settings())
    [sentence] = draft.sentences
    reported = to_reported(sentence, ledger)
    assert isinstance(reported, Reported)
    assert reported.citations[0].quote == QUOTE
    assert reported.citations[0].outlet == "Harbour Post"
    assert (draft.usage.model_calls, draft.usage.tool_calls) == (2, 1)
    assert (draft.usage.input_tokens, draft.usage.output_tokens) == (200, 40)
    first, second = endpoint.requests
    assert first["stream_options"] == {"include_usage": True}
    assert {tool["function"]["name"] for tool in first["tools"]} == {
        "search_coverage", "list_outlets", "read_article", "DraftAnswer"
    }  # fmt: skip
    shown = second["messages"][-1]["content"]
    assert f"key: {PASSAGE.key}" in shown
    assert f"| {QUOTE}" in shown


def test_a_sign_of_life_comes_with_each_piece(serve: Callable[..., Endpoint]) -> None:
    endpoint = serve(SEARCH, ANSWER)
    threads: list[int] = []
    ask(endpoint.settings(), on_piece=lambda: threads.append(threading.get_ident()))
    assert len(threads) > 10
    assert set(threads) == {threading.get_ident()}


def test_an_endpoint_without_tool_calls_may_write_the_answer_as_text(serve: Callable[..., Endpoint]) -> None:
    endpoint = serve(SEARCH, {"content": ["```json\n", json.dumps(GOOD), "\n```"]})
    draft, _ = ask(endpoint.settings())
    assert len(draft.sentences) == 1


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (fails(401), "refused the key (status 401)"),
        (fails(403), "does not allow this"),
        (fails(404), "knows no such model or address"),
        (fails(400), "did not accept the request (status 400)"),
        (fails(429, **{"Retry-After": "0"}), "takes no more requests"),
        (fails(500), "failed (status 500)"),
        (fails(503, "<html>busy</html>", "text/html"), "failed (status 503)"),
        (fails(302, "moved", "text/html", Location="http://127.0.0.1:9/login"), "did not accept the request (status 302)"),
        (fails(200, "<html>log in</html>", "text/html"), "web page"),
        (fails(200, "{}"), "not a reply of the chat completions API"),
        (fails(200, "not json", "text/event-stream"), "not a reply of the chat completions API"),
        (fails(200, 'data: {"error": {"message": "boom"}}\n\n', "text/event-stream"), "in the middle of its reply"),
        (fails(200, 'data: {"choices": 7}\n\n', "text/event-stream"), "not a reply of the chat completions API"),
        (calls(call("DraftAnswer", GOOD), cut=True), "broke off"),
        ({"content": ["Harbour Post reports"], "cut": True}, "broke off"),
        (calls(call("DraftAnswer", GOOD), finish="length"), "length limit"),
        ({"content": [json.dumps(GOOD)], "finish": "length"}, "length limit"),
        ({"content": ["no"], "finish": "content_filter"}, "content filter"),
        ({"refusal": "I can't help with that."}, "refused to answer"),
        ({"content": ["  "]}, "empty"),
    ],
)
def test_every_failure_is_one_human_sentence(serve: Callable[..., Endpoint], reply: Any, reason: str) -> None:
    assert reason in reason_of(serve(reply).settings())


def test_a_failure_after_a_good_search_is_a_failure_too(serve: Callable[..., Endpoint]) -> None:
    assert "broke off" in reason_of(serve(SEARCH, {**ANSWER, "cut": True}).settings())


def test_a_connection_that_is_dropped_in_the_middle(serve: Callable[..., Endpoint]) -> None:
    def drop(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b'data: {"choices": []}\n\n')
        handler.close_connection = True

    assert "broke off" in reason_of(serve(drop).settings())


def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(Path(), model="m", base_url=f"http://127.0.0.1:{port}/v1", timeout=2)
    assert "cannot be reached" in reason_of(settings)


def test_a_slow_endpoint_is_given_up(serve: Callable[..., Endpoint]) -> None:
    def sleep(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(2)

    assert "did not answer in time" in reason_of(serve(sleep).settings(timeout=0.2))


def test_the_budget_ends_a_reply_that_trickles_for_ever(serve: Callable[..., Endpoint]) -> None:
    endpoint = serve({"content": ["word "] * 400, "pause": 0.05})
    started = time.monotonic()
    assert "within 0.5 seconds" in reason_of(endpoint.settings(), budget=Budget(seconds=0.5))
    assert time.monotonic() - started < 5


def test_a_cancelled_answer_ends_at_once_and_its_request_with_it(serve: Callable[..., Endpoint]) -> None:
    ended = threading.Event()

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        try:
            stream(handler, {"content": ["word "] * 400, "pause": 0.05})
        finally:
            ended.set()

    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        ask(serve(trickle).settings(), cancelled=stop.is_set)
    assert time.monotonic() - started < 5
    assert ended.wait(5)


def test_an_endless_loop_of_tool_calls_is_stopped_within_the_limits(serve: Callable[..., Endpoint]) -> None:
    many = calls(*(call("search_coverage", {"query": "more"}, number) for number in range(5)))
    endpoint = serve(many)
    ledger = Ledger()
    reader = ModelReader(chat_model(endpoint.settings()), OneArticle(), ledger)
    with pytest.raises(ModelUnavailable, match="no answer within 8 turns"):
        reader.propose("How many were hurt?")
    assert len(endpoint.requests) == 8
    assert len(ledger.searches) == 12
    assert (reader.usage.model_calls, reader.usage.tool_calls) == (8, 12)
    assert [tool["function"]["name"] for tool in endpoint.requests[5]["tools"]] == ["DraftAnswer"]


def test_an_unknown_tool_is_answered_and_the_conversation_goes_on(serve: Callable[..., Endpoint]) -> None:
    endpoint = serve(calls(call("run_shell", {"command": "id"})), SEARCH, ANSWER)
    draft, _ = ask(endpoint.settings())
    assert len(draft.sentences) == 1
    assert "run_shell is not a valid tool" in endpoint.requests[1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    "wrong",
    [
        calls(call("DraftAnswer", '{"sentences": [{"text": "Harbour Post reports", "citations": ['), finish="tool_calls"),
        calls(call("DraftAnswer", "not json"), finish="tool_calls"),
        calls(call("DraftAnswer", {"sentences": "four"}), finish="tool_calls"),
        calls(call("DraftAnswer", '{"not_found": true, "x": ' + "9" * 5_000 + "}"), finish="tool_calls"),
        calls(call("DraftAnswer", "[" * 5_000), finish="tool_calls"),
        {"content": ['{"not_found": true, "x": ' + "9" * 5_000 + "}"]},
        calls(call("DraftAnswer", GOOD, 1), call("DraftAnswer", GOOD, 2)),
        {"content": ["At least four, I think."]},
        {"content": ['{"sentences": [{"text": 4}]}']},
        {"content": ["{" * 30]},
        {"content": ['{"sentences": ' + "[" * 5000]},
    ],
)
def test_an_answer_in_the_wrong_form_is_mended_once_and_then_given_up(serve: Callable[..., Endpoint], wrong: Any) -> None:
    endpoint = serve(SEARCH, wrong, ANSWER)
    draft, _ = ask(endpoint.settings())
    assert len(draft.sentences) == 1
    assert "in exactly this form" in endpoint.requests[2]["messages"][-1]["content"]
    assert "could not be read" in reason_of(serve(SEARCH, wrong, wrong).settings())


def test_the_key_is_sent_to_the_endpoint_and_no_further(serve: Callable[..., Endpoint]) -> None:
    elsewhere = serve(ANSWER)
    endpoint = serve(fails(307, "moved", Location=elsewhere.url + "/chat/completions"))
    reason_of(endpoint.settings())
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    assert elsewhere.requests == []


def test_a_local_endpoint_needs_no_key(serve: Callable[..., Endpoint]) -> None:
    endpoint = serve(SEARCH, ANSWER)
    draft, _ = ask(replace(endpoint.settings(), api_key=None))
    assert len(draft.sentences) == 1


def test_without_a_model_or_a_key_there_is_a_reason() -> None:
    with pytest.raises(ModelUnavailable, match="RASHOMON_MODEL"):
        chat_model(Settings(Path()))
    with pytest.raises(ModelUnavailable, match="OPENAI_API_KEY"):
        chat_model(Settings(Path(), model="m"))


def test_no_variable_of_the_environment_sends_a_question_elsewhere(serve: Callable[..., Endpoint], monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere, endpoint = serve(ANSWER), serve(SEARCH, ANSWER)
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    for name in ("LANGSMITH_ENDPOINT", "LANGSMITH_GATEWAY", "OPENAI_API_BASE", "OPENAI_PROXY", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    ask(endpoint.settings())
    assert len(endpoint.requests) == 2
    assert elsewhere.requests == []
    assert os.environ["LANGSMITH_TRACING"] == "false"


def refused_history(messages: list[dict[str, Any]]) -> str:
    """Why OpenAI answers 400 to a history; "" if it does not: each call of an assistant's is answered before anything else is said."""
    waiting: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return f"no call before the answer {message['tool_call_id']}"
            waiting.remove(message["tool_call_id"])
            continue
        if waiting:
            return f"no answer to {waiting}"
        for made in message.get("tool_calls") or []:
            if not isinstance(made["id"], str) or not made["id"]:
                return "a call without an id"
            waiting.add(made["id"])
    return f"no answer to {waiting}" if waiting else ""


NO_JSON = call("search_coverage", '{"query": "hurt')
NO_ANSWER = call("DraftAnswer", '{"sentences": [', 5)


@pytest.mark.parametrize(
    "made",
    [
        [NO_JSON],
        [NO_ANSWER],
        [call("run_shell", {"command": "id"})],
        [call("run_shell", "id")],
        [call("search_coverage", {"query": "hurt"}, 1), NO_JSON],
        [NO_JSON, call("search_coverage", {"query": "hurt"}, 1)],
        [NO_JSON, NO_ANSWER],
        [call("search_coverage", {"wrong": 1}), NO_ANSWER],
        [call("search_coverage", {"query": "hurt"}, 1), call("DraftAnswer", {"sentences": "none"}, 2)],
        [call("DraftAnswer", {"sentences": "none"}, 1), call("DraftAnswer", {"sentences": "none"}, 2), NO_JSON],
        [call("DraftAnswer", {"sentences": "none"}, 1), NO_JSON],
        [{**NO_JSON, "id": None}],
        [{**call("search_coverage", {"query": "hurt"}), "id": None}, NO_JSON],
        [NO_JSON, {**NO_JSON, "id": "call_0"}],
    ],
    ids=str,
)
def test_after_any_mistaken_call_the_history_is_one_that_an_endpoint_takes(
    serve: Callable[..., Endpoint], made: list[dict[str, Any]]
) -> None:
    refused: list[str] = []

    def strictly(reply: dict[str, Any]) -> Callable[[BaseHTTPRequestHandler], None]:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            if why := refused_history(endpoint.requests[-1]["messages"]):
                refused.append(why)
                fails(400)(handler)
            else:
                stream(handler, reply)

        return answer

    endpoint = serve(*map(strictly, (calls(*made), SEARCH, ANSWER)))
    draft, _ = ask(endpoint.settings())
    assert not refused
    assert len(draft.sentences) == 1
