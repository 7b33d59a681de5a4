"""A full disk and folders that cannot be written, under every command that writes: one clear error, nothing half done, and on it goes.

As root a small file system in memory is mounted and swept over sizes; elsewhere a limit on the size of files takes its place.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Runs the program with the small embedder of the tests, in a process of its own: a limit is the process's.
PROGRAM = """
import importlib.util, resource, signal, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("word_embedder", Path(sys.argv[1]) / "word_embedder.py")
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
import vectorstore.embed
vectorstore.embed.EmbedderChoice.open = lambda self: module.WordEmbedder()
vectorstore.embed.EmbedderChoice.identity = lambda self: module.WordEmbedder().identity
limit = int(sys.argv[2])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
sys.argv = ["rashomon", *sys.argv[3:]]
from agent.cli import main
main()
"""
STORY = "The ferry between Orsbay and Hald stopped on Tuesday, number {}. Una Lark said that it would sail again on Friday. "
# Seconds of the clock beyond which a command hangs: 5 are promised, and a busy machine needs ten times as many for the same.
PATIENCE = 120


def rashomon(*arguments: str | Path, limit: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(limit), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def clear(done: subprocess.CompletedProcess[str]) -> bool:
    """One sentence of what went wrong, the last, no trace of the program, and the exit code of a machine that failed."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("rashomon: ")]
    return done.returncode == 3 and errors == lines[-1:] and "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("inputs") / "a.jsonl"
    records = (
        {"title": f"Ferry {n}", "outlet": f"Outlet {n % 5}", "text": STORY.format(n) * 12, "published": "2026-11-03"} for n in range(60)
    )
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return file


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, inputs: Path) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "library"
    done = rashomon("--library", folder, "ingest", inputs)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Any]:
    """Makes a folder with so much room. A mount where that can be done; the test is left out where it cannot."""
    mounted: list[Path] = []

    def make(size: int) -> Path:
        place = tmp_path / f"small{len(mounted)}"
        place.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False).returncode:
            pytest.skip("no file system can be mounted here")
        mounted.append(place)
        return place

    yield make
    for place in mounted:
        subprocess.run(["umount", "-l", str(place)], check=False)


def more_room(place: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)


def held(folder: Path) -> int:
    done = rashomon("--library", folder, "status", "--json")
    return int(json.loads(done.stdout)["articles"]) if done.returncode == 0 else 0


SIZES = tuple(int(size) for size in os.environ.get("ROOM_SIZES", "60k 400k 900k").replace("k", "000").split())


@pytest.mark.parametrize("size", SIZES)
def test_an_ingest_into_too_little_room(size: int, small: Any, inputs: Path) -> None:
    """What was acknowledged is there, and the same command does the rest once there is room."""
    place = small(size)
    done = rashomon("--library", place / "library", "ingest", inputs)
    # Where the articles fit and only their index does not, all are stored, and a line says that searches do without it.
    before = held(place / "library")
    assert clear(done) or (done.returncode == 0 and before == 60 and "index" in done.stdout), (done.returncode, done.stderr, done.stdout)
    more_room(place)
    again = rashomon("--library", place / "library", "ingest", inputs, "--json")
    assert again.returncode == 0, again.stderr
    counts = json.loads(again.stdout)
    assert counts["unchanged"] == before
    assert counts["added"] == 60 - before
    found = rashomon("--library", place / "library", "search", "ferry number 59 Orsbay")
    assert (found.returncode, held(place / "library")) == (0, 60)


WRITING: dict[str, tuple[tuple[str, ...], int]] = {
    # What is run in a filled library of which so much room is left, in bytes.
    "ingest": (("ingest", "{inputs}"), 20_000),
    "reindex": (("reindex",), 20_000),
    "remove": (("remove", "--outlet", "Outlet 1", "--yes"), 4_000),
    "backup": (("backup", "{place}/a.backup"), 20_000),
    "brief": (("brief", "ferry", "--out", "{place}/a.md"), 0),
    "outlets": (("outlets", "--update"), 0),
    "rejected": (("rejected", "--forget"), 0),
}


@pytest.mark.parametrize("name", os.environ.get("ROOM_COMMANDS", "reindex remove backup brief").split())
def test_a_command_in_a_library_on_a_full_disk(name: str, small: Any, filled: Path, inputs: Path, tmp_path: Path) -> None:
    arguments, room = WRITING[name]
    size = sum(file.stat().st_size // 4096 * 4096 + 8192 for file in filled.rglob("*") if file.is_file())
    place = small(size + 2_000_000)
    shutil.copytree(filled, place / "library")
    more = tmp_path / "more.jsonl"
    more.write_text("".join(json.dumps({"title": f"New {n}", "text": STORY.format(n + 500) * 30}) + "\n" for n in range(200)))
    free = os.statvfs(place)
    (place / "filler").write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - room - 4096))
    given = [one.format(place=place, inputs=more) for one in arguments]
    done = rashomon("--library", place / "library", *given)
    assert done.returncode == 0 or clear(done), (done.returncode, done.stderr, done.stdout)
    assert not [
        path for path in place.iterdir() if path.name.startswith(".") or (path.name in ("a.backup", "a.md") and not path.stat().st_size)
    ]
    (place / "filler").unlink()
    assert held(place / "library") in (60, 48)
    again = rashomon("--library", place / "library", *given)
    assert again.returncode in (0, 1) or "already" in again.stderr, again.stderr
    assert rashomon("--library", place / "library", "search", "ferry number 59 Orsbay").returncode == 0


@pytest.mark.parametrize("limit", [8_192, 300_000])
def test_files_that_may_not_grow(limit: int, tmp_path: Path, inputs: Path) -> None:
    """The same without root: no file may become larger than this."""
    done = rashomon("--library", tmp_path / "library", "ingest", inputs, limit=limit)
    assert clear(done), (done.returncode, done.stderr, done.stdout)
    before = held(tmp_path / "library")
    again = rashomon("--library", tmp_path / "library", "ingest", inputs, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["unchanged"] == before


READ_ONLY: dict[str, tuple[str, ...]] = {
    "ingest": ("ingest", "{inputs}"),
    "reindex": ("reindex",),
    "remove": ("remove", "--outlet", "Outlet 1", "--yes"),
    "watch": ("watch", "https://feeds.invalid/a"),
    "rejected": ("rejected", "--forget"),
    "outlets": ("outlets", "--update"),
    "backup": ("backup", "{place}/a.backup"),
    "brief": ("brief", "ferry", "--out", "{place}/a.md"),
    "restore": ("restore", "{backup}"),
}
READING: tuple[tuple[str, ...], ...] = (
    ("status",), ("search", "ferry"), ("events",), ("outlets",), ("export",), ("rejected",), ("versions",), ("origins", "ferry"),
    ("ask", "When will the ferry sail again?"), ("brief", "ferry"),
)  # fmt: skip


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Iterator[Path]:
    """A copy of the library that nobody may write: a mount that is read-only, as root may write anything else."""
    place = tmp_path_factory.mktemp("readonly")
    shutil.copytree(filled, place / "library")
    rashomon("--library", filled, "backup", place / "given.backup")
    mounted = os.geteuid() == 0 and not subprocess.run(["mount", "--bind", place, place], capture_output=True, check=False).returncode
    if mounted:
        subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
    elif os.geteuid() == 0:
        pytest.skip("no read-only mount can be made here")
    else:
        for path in (place, *place.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
    yield place
    if mounted:
        subprocess.run(["umount", "-l", place], check=False)
    else:
        for path in (place, *place.rglob("*")):
            path.chmod(0o755)


@pytest.mark.parametrize("name", os.environ.get("ROOM_READ_ONLY", "ingest reindex remove watch backup brief restore").split())
def test_a_command_that_writes_says_that_it_cannot(name: str, read_only: Path, inputs: Path) -> None:
    library = read_only / ("library" if name != "restore" else "other")
    given = [one.format(place=read_only, inputs=inputs, backup=read_only / "given.backup") for one in READ_ONLY[name]]
    done = rashomon("--library", library, *given)
    assert clear(done), (done.returncode, done.stderr, done.stdout)
    assert held(read_only / "library") == 60


@pytest.mark.parametrize("arguments", READING[: None if os.environ.get("ROOM_READ_ONLY") else 3], ids=lambda one: one[0])
def test_a_command_that_reads_reads_on(arguments: tuple[str, ...], read_only: Path) -> None:
    done = rashomon("--library", read_only / "library", *arguments)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.strip()
