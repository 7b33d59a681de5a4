"""For the whole suite: no network but this machine's own, no key of the user's, and the two embedders."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vectorstore.embed import Embedder

# RASHOMON_CACHE stays: the graph of the model is built once a machine, not once a run.
for name in list(os.environ):
    if name.startswith(("OPENAI_", "RASHOMON_", "LANGSMITH_", "LANGCHAIN_")) and name != "RASHOMON_CACHE":
        del os.environ[name]

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
_attempts: list[str] = []
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class NetworkShut(OSError):
    """A test tried to reach another machine."""


def _guard(host: object) -> None:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if host is not None and not text.startswith(_LOOPBACK):
        _attempts.append(text)
        raise NetworkShut(f"the tests are shut off from the network: {text}")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX:
        _guard(address[0])
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    if self.family != socket.AF_UNIX:
        _guard(address[0])
    return _connect_ex(self, address)


def _guarded_getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    _guard(host)
    return _getaddrinfo(host, *arguments, **options)


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Hosts that the test tried to reach. A test that expects some empties the list; any other fails, whoever swallowed the error."""
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)
    _attempts.clear()
    yield _attempts
    assert not _attempts, f"tried to reach {', '.join(_attempts)}"


def _beside(name: str) -> Any:
    """A module that stands beside the tests; they are no package and cannot import each other."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def _words(**options: Any) -> Embedder:
    embedder: Embedder = _beside("word_embedder").WordEmbedder(**options)
    return embedder


@pytest.fixture(scope="session")
def chroma_process() -> Any:
    """A real Chroma server: see tests/chroma_process.py."""
    return _beside("chroma_process")


@pytest.fixture
def hostile() -> Any:
    """What a hostile web server can do, as functions."""
    return _beside("hostile_server")


@pytest.fixture
def server(hostile: Any) -> Iterator[Any]:
    """A web server on loopback that answers what a test tells it to."""
    with hostile.hostile_server() as running:
        yield running


@pytest.fixture(scope="session")
def certificates() -> Any:
    """Makes certificates, as functions."""
    return _beside("certificates")


@pytest.fixture
def words() -> Embedder:
    """A small embedder for tests in which vectors matter little."""
    return _words()


@pytest.fixture
def other_words() -> Embedder:
    """The same with another name, dimension and budget."""
    return _words(name="test/other-words", dimension=16, max_tokens=34)


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    """The embedder that users have."""
    from vectorstore.embed import open_embedder

    return open_embedder()


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the fictional sample coverage, filled once; tests only read it."""
    from vectorstore.library import Library
    from vectorstore.readers import find_files, read_file

    folder = tmp_path_factory.mktemp("sample") / "library"
    sample = Path(__file__).parent.parent / "vectorstore" / "sample"
    with Library.open(folder, write=True) as library:
        library.ingest(item for file in find_files(sample) for item in read_file(file))
    return folder


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def rashomon(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Done]:
    """Runs the program in this process, through its entry point; the library is `tmp_path / "library"` if none is given."""
    from agent.cli import main

    def run(*arguments: str | Path, library: Path | None = None) -> Done:
        monkeypatch.setattr(sys, "argv", ["rashomon", "--library", str(library or tmp_path / "library"), *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run
