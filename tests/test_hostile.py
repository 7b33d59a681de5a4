"""A corpus written to break readers: nothing raises, nothing is written beside the library, and no output acts on what it prints to."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vectorstore.library import Library
from vectorstore.readers import Read, child, read_bytes, read_path
from vectorstore.readers.child import Worker
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.source import Source


def _corpus() -> Any:
    spec = importlib.util.spec_from_file_location("hostile_corpus", Path(__file__).with_name("hostile_corpus.py"))
    assert spec
    assert spec.loader
    module = sys.modules["hostile_corpus"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Read by benchmarks/hostile.py with all the others: they take seconds each.
SLOW = (*(f"page_{name}.html" for name in "deep deep_lists deep_tables cells many_tags comments".split()), "yaml_deep.md")
# They act on a terminal, or hide.
ACTING = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as files, the big and the slow left out, and two links that lead elsewhere."""
    folder = tmp_path_factory.mktemp("hostile")
    for case in _corpus().corpus():
        if not case.big and case.name not in SLOW:
            (folder / case.name).write_bytes(case.make())
    (folder / "link.txt").symlink_to("/etc/hostname")
    (folder / "loop.txt").symlink_to("loop.txt")
    return folder


def test_the_corpus_is_as_large_as_promised() -> None:
    cases = list(_corpus().corpus())
    assert len(cases) == len({case.name for case in cases}) >= 150


def test_all_of_it_goes_into_a_library_and_comes_out_inert(
    folder: Path, tmp_path: Path, words: Any, monkeypatch: pytest.MonkeyPatch, rashomon: Callable[..., Any]
) -> None:
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.open", lambda self: words)
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.identity", lambda self: words.identity)
    monkeypatch.chdir(tmp_path)
    before = sorted(path for path in folder.parent.rglob("*") if tmp_path not in path.parents)
    items = list(read_path(folder))
    rejected = [item for item in items if not isinstance(item, Read)]
    with Library.open(tmp_path / "library", write=True, embedder=words) as library:
        report = library.ingest(iter(items))
        assert report.inputs == len(items)
        assert len(report.rejected) == len(rejected)
        assert {(one.path, one.line) for one in library.quarantine.rejected()} == {(one.path, one.line) for one in rejected}
    assert all(item.reason for item in rejected)
    assert not [item for item in rejected if "please report" in item.reason]
    for item in items:
        if isinstance(item, Read):
            item.article.text.encode("utf-8")
            assert "\x00" not in item.article.text
    read = Counter(Path(item.path).name for item in items if isinstance(item, Read))
    # What is only strange is read; what is no article is not.
    assert {"ansi.html", "bidi.jsonl", "special_tokens.md", "formula.csv", "instructions.txt", "encoding_cp1252.txt"} <= set(read)
    assert not {"link.txt", "laughs.rss", "external.rss", "empty.txt", "json_deep_array.json"} & set(read)

    pages = folder.with_name(f"{folder.name}-pages")
    pages.mkdir()
    for payload in ("ansi", "bidi", "tags", "html", "markdown", "rich", "formula", "separators", "instructions", "special_tokens"):
        (pages / f"{payload}.html").write_bytes((folder / f"{payload}.html").read_bytes())
    before += sorted([pages, *pages.iterdir()])
    for arguments in (
        ["search", "ferry engine passengers Orsbay", "--articles"],
        ["search", "ferry engine passengers Orsbay", "--explain"],
        ["ask", "What happened to the ferry between Orsbay and Hald?"],
        ["brief", str(pages)],
        ["brief", str(pages), "--json"],
        ["export"],
        ["events", "--min-articles", "1", "--min-outlets", "0"],
        ["outlets"],
        ["origins", "the ferry between Orsbay and Hald"],
        ["versions"],
        ["rejected"],
        ["status"],
    ):
        done = rashomon(*arguments)
        assert done.code in (0, 1), arguments
        printed = done.out + done.err
        assert printed.strip(), arguments
        acting = {character for character in printed if unicodedata.category(character) in ACTING and character != "\n"}
        assert not acting, (arguments, acting)
        if arguments[0] == "brief" and "--json" not in arguments:
            _assert_inert_markdown(done.out)
    assert sorted(path for path in folder.parent.rglob("*") if tmp_path not in path.parents) == sorted(before)
    assert {path.name for path in tmp_path.iterdir()} == {"library"}


def _assert_inert_markdown(text: str) -> None:
    """What a renderer makes of it holds no link, image or HTML."""
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").render(text)
    assert not re.search(r"<(?:a|img|script|iframe|svg)\b", html, re.IGNORECASE)


def worker_reads(worker: Worker, kind: str, data: bytes) -> list[dict[str, Any]]:
    return list(worker.replies(kind, "read", Source(io.BytesIO(data), "a")))


def test_an_input_that_takes_too_long_is_given_up() -> None:
    worker = Worker(seconds=0)
    page = b"<html><body>" + b"<table><tr><td>" * 3_000 + b"the ferry between Orsbay and Hald stopped on Tuesday"
    with pytest.raises(Unreadable, match="over 0 s of the processor"):
        worker_reads(worker, "html", page)


def test_an_input_that_takes_too_much_memory_is_given_up() -> None:
    worker = Worker(memory=200_000_000)
    with pytest.raises(Unreadable, match=r"MB of memory|reader failed"):
        worker_reads(worker, "json_document", b"[" + b"[]," * 4_000_000 + b"[]]")


def test_a_process_that_does_not_answer_is_given_up() -> None:
    import signal

    worker = Worker(patience=0.3)
    os.kill(worker._process.pid, signal.SIGSTOP)
    with pytest.raises(Unreadable, match=r"over 0\.3 s"):
        worker_reads(worker, "json_document", b"[]")


def test_after_a_crash_the_next_input_is_read_by_a_new_process(tmp_path: Path) -> None:
    child.close_idle()
    worker = Worker()
    child._idle.append(worker)
    worker._process.kill()
    worker._process.wait()
    (item,) = read_bytes(b'[{"text": "The ferry stopped on Tuesday."}]', "a", name="a.json")
    assert not isinstance(item, Read)
    assert "the reading process ended" in item.reason
    (item,) = read_bytes(b'[{"text": "The ferry stopped on Tuesday."}]', "a", name="a.json")
    assert isinstance(item, Read)


def test_the_reading_process_can_do_nothing_but_read() -> None:
    from vectorstore.readers.worker import _refuse

    for event, arguments in (
        ("socket.connect", ()),
        ("subprocess.Popen", ()),
        ("os.system", ()),
        ("open", ("/tmp/x", "w", os.O_WRONLY | os.O_CREAT)),
        ("os.remove", ()),
    ):
        with pytest.raises(PermissionError, match="may not"):
            _refuse(event, arguments)
    _refuse("open", ("/tmp/x", "r", os.O_RDONLY))
    _refuse("import", ("x",))


def test_the_reading_process_knows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    worker = Worker()
    environment = Path(f"/proc/{worker._process.pid}/environ")
    if not environment.exists():
        pytest.skip("no /proc here")
    assert b"canary" not in environment.read_bytes()
    worker.close()


def test_half_an_iteration_does_not_disturb_the_next() -> None:
    data = b'[{"text": "The ferry stopped on Tuesday."}, {"text": "It sailed again on Friday."}]'
    first = read_bytes(data, "a", name="a.json")
    second = read_bytes(data, "b", name="b.json")
    assert {item.path for item in (next(first), next(second), next(first), next(second))} == {"a", "b"}
    third = read_bytes(data, "c", name="c.json")
    next(third)
    third.close()  # type: ignore[attr-defined]
    assert len(list(read_bytes(data, "d", name="d.json"))) == 2
