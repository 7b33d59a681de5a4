from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from langchain_core.messages import AIMessage, HumanMessage

from agent.model import chat_model
from agent.replay import NotRecorded, ReplayTransport, ScriptedModel, canonical_digest
from agent.settings import Settings

KEY = "canary-91ab77"
SETTINGS = Settings(Path(), model="some-model", api_key=KEY, base_url="http://127.0.0.1:9/v1")


def chunk(content: str, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": finish}
    return f"data: {json.dumps({'id': '1', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'm', 'choices': [choice]})}\n\n"


class Upstream:
    """An endpoint that numbers its replies, echoes the key and sends headers that nobody may keep."""

    def __init__(self, status: int = 200) -> None:
        self.count, self.status = 0, status

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.count += 1
        body = chunk(f"reply {self.count} “naïve” to {request.headers['authorization']}") + chunk("", "stop") + "data: [DONE]\n\n"
        headers = {"content-type": "text/event-stream", "set-cookie": "session=canary-cookie"}
        return httpx2.Response(self.status, headers=headers, content=body.encode())


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., str]:
    def asking(*questions: str, upstream: Upstream | None = None, settings: Settings = SETTINGS) -> str:
        record = httpx2.MockTransport(upstream) if upstream else None
        model = chat_model(settings, ReplayTransport(tmp_path / "replies.jsonl", record))
        return " | ".join(model.invoke([HumanMessage(question)]).text for question in questions)

    return asking


def test_what_was_recorded_is_played_again_without_the_endpoint(ask: Callable[..., str], tmp_path: Path) -> None:
    upstream = Upstream()
    recorded = ask("a", "b", "a", upstream=upstream)
    assert upstream.count == 3
    assert recorded.replace(KEY, "[key]") == ask("a", "b", "a")
    assert ask("a") == "reply 1 “naïve” to Bearer [key]"
    assert ask("b") == "reply 2 “naïve” to Bearer [key]"
    assert ask("a", "a").endswith("reply 3 “naïve” to Bearer [key]")
    lines = [json.loads(line) for line in (tmp_path / "replies.jsonl").read_text().splitlines()]
    assert [line["occurrence"] for line in lines] == [0, 0, 1]
    assert lines[0]["asked"] == "user: a"
    assert {line["path"] for line in lines} == {"/v1/chat/completions"}


def test_a_recording_holds_no_key_and_no_header(ask: Callable[..., str], tmp_path: Path) -> None:
    ask("a", f"my key is {KEY}", upstream=Upstream())
    kept = (tmp_path / "replies.jsonl").read_text()
    assert "canary" not in kept
    assert "authorization" not in kept.lower()
    assert set(json.loads(kept.splitlines()[0])) == {"path", "digest", "occurrence", "asked", "status", "content_type", "body"}


def test_recording_goes_on_where_it_was_left(ask: Callable[..., str]) -> None:
    upstream = Upstream()
    ask("a", upstream=upstream)
    ask("a", "b", upstream=upstream)
    assert upstream.count == 2


def test_a_miss_names_the_message_and_the_file(ask: Callable[..., str]) -> None:
    ask("a", upstream=Upstream())
    with pytest.raises(NotRecorded, match=r"replies\.jsonl .* user: another question"):
        ask("another\nquestion")
    with pytest.raises(NotRecorded):
        ask("a", "a")


def test_another_model_is_another_request(ask: Callable[..., str]) -> None:
    ask("a", upstream=Upstream())
    with pytest.raises(NotRecorded):
        ask("a", settings=Settings(Path(), model="other-model", api_key=KEY, base_url=SETTINGS.base_url))


def test_a_failure_of_the_endpoint_is_not_recorded(ask: Callable[..., str], tmp_path: Path) -> None:
    with pytest.raises(Exception, match="503"):
        ask("a", upstream=Upstream(503))
    assert not (tmp_path / "replies.jsonl").exists()


def test_no_recording_and_a_broken_one_are_errors(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no recording"):
        ReplayTransport(tmp_path / "none.jsonl")
    broken = tmp_path / "broken.jsonl"
    for text in ("not json\n", '{"path": "/v1"}\n', "[1]\n"):
        broken.write_text("\n" + text)
        with pytest.raises(ValueError, match="line 2: not a recorded reply"):
            ReplayTransport(broken)


def test_the_digest_is_of_the_content_not_of_its_spelling() -> None:
    assert canonical_digest(b'{"a": 1, "b": [2]}') == canonical_digest(b'{"b":[2],"a":1}')
    assert canonical_digest(b'{"a": 1}') != canonical_digest(b'{"a": 2}')


@pytest.mark.parametrize("streaming", [False, True])
def test_a_script_plays_its_replies_in_order(streaming: bool) -> None:
    call = {"name": "search_coverage", "args": {"query": "a long query, longer than one piece"}, "id": "1", "type": "tool_call"}
    usage = {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}
    model = ScriptedModel(
        replies=[
            AIMessage("one", usage_metadata=usage),
            AIMessage("", tool_calls=[call]),
            lambda messages: AIMessage(f"you said {messages[-1].text}"),
            AIMessage("cut", response_metadata={"finish_reason": "length"}),
        ],
        streaming=streaming,
    )
    replies = [model.bind_tools([]).invoke([HumanMessage(f"message {n}")]) for n in range(4)]
    assert [reply.text for reply in replies] == ["one", "", "you said message 2", "cut"]
    assert replies[1].tool_calls == [call]
    assert replies[0].usage_metadata == usage
    assert [reply.response_metadata["finish_reason"] for reply in replies] == ["stop", "tool_calls", "stop", "length"]
    assert [messages[0].text for messages in model.asked] == [f"message {n}" for n in range(4)]
    with pytest.raises(NotRecorded, match="has 4 replies"):
        model.invoke([HumanMessage("more")])
