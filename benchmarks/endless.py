"""What a reply without end costs: seconds of the processor until it is broken off, beside replies of a half and a quarter of the length.

    python benchmarks/endless.py

The endpoint is a process of its own on loopback, so that only the reading of what it sends is counted.
"""

from __future__ import annotations

import json
import multiprocessing
import socket
import time
from pathlib import Path
from typing import Any

from agent import stream
from agent.model import FAILURES, chat_model, unavailable
from agent.settings import Settings


def event(delta: dict[str, Any]) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}).encode() + b"\n\n"


def part(arguments: str) -> dict[str, Any]:
    return {"tool_calls": [{"index": 0, "id": "c", "function": {"name": None, "arguments": arguments}}]}


PIECES = {
    "content, 4 characters a piece": event({"content": "word"}),
    "content, 1 character a piece": event({"content": "x"}),
    "a call, 4 characters a piece": event(part("word")),
    "a call that is half JSON, 4 a piece": event(part('"a" ')),
    "pieces of nothing": event({"content": ""}),
}


def serve(ports: Any, piece: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    ports.put(listener.getsockname()[1])
    while True:
        connection, _ = listener.accept()
        connection.recv(1_000_000)
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            while True:
                connection.sendall(piece * 100)
        except OSError:
            connection.close()


def main() -> None:
    ports: Any = multiprocessing.Queue()
    longest, lines = stream.LONGEST_STREAM, stream.MOST_LINES
    for name, piece in PIECES.items():
        server = multiprocessing.Process(target=serve, args=(ports, piece), daemon=True)
        server.start()
        model = chat_model(Settings(Path(), model="m", api_key="k", base_url=f"http://127.0.0.1:{ports.get()}/v1", timeout=300))
        for share in (4, 2, 1):
            stream.LONGEST_STREAM, stream.MOST_LINES = longest // share, lines // share
            began = time.process_time()
            try:
                model.invoke("hello")
            except FAILURES as error:
                print(f"{name}: 1/{share} of the limit, {time.process_time() - began:.2f} s: {unavailable(error)}", flush=True)
        server.terminate()


if __name__ == "__main__":
    main()
