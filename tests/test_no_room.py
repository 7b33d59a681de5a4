"""A full disk and folders that cannot be written, under every command that writes: one clear error, nothing half done, and on it goes.

As root a small file system in memory is mounted and swept over sizes; elsewhere a limit on the size of files takes its place. By hand, all:
ROOM_SIZES="20k 60k 100k 200k 400k 900k 2000k" ROOM_COMMANDS=all ROOM_READ_ONLY=all, and benchmarks/full_disk.py, which has a clock.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Runs commands with the small embedder of the tests, one after the other in a process of their own: a limit is the process's.
PROGRAM = """
import contextlib, importlib.util, io, json, resource, signal, sys, time
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
from agent.cli import main
done = []
for arguments in json.loads(sys.argv[3]):
    sys.argv = ["rashomon", *arguments]
    out, err, began = io.StringIO(), io.StringIO(), time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main() or 0
        except SystemExit as stop:
            code = stop.code or 0
    done.append([code, out.getvalue(), err.getvalue(), time.process_time() - began])
print(json.dumps(done))
"""
STORY = "The ferry between Orsbay and Hald stopped on Tuesday, number {}. Una Lark said that it would sail again on Friday. "
# Seconds of the processor that a fault may add to what the same command takes with room: retries without end would take more. One that
# waits takes no processor, and is caught by the clock: generously, as a busy machine needs ten times as long for the same.
ADDED, PATIENCE = 5.0, 120


@dataclass(frozen=True)
class Done:
    """`seconds` are of the processor."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float


def rashomon(*commands: Sequence[str | Path], library: Path, limit: int = 0) -> list[Done]:
    given = json.dumps([["--library", str(library), *map(str, command)] for command in commands])
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(limit), given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return [Done(*one) for one in json.loads(done.stdout)]


def clear(done: Done) -> bool:
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
    (done,) = rashomon(("ingest", inputs), library=folder)
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


def held(status: Done) -> int:
    return int(json.loads(status.stdout)["articles"]) if status.returncode == 0 else 0


STATUS, SEARCH = ("status", "--json"), ("search", "ferry number 59 Orsbay")
SIZES = tuple(int(size) for size in os.environ.get("ROOM_SIZES", "400k 900k").replace("k", "000").split())


@pytest.mark.parametrize("size", SIZES)
def test_an_ingest_into_too_little_room(size: int, small: Any, inputs: Path) -> None:
    """What was acknowledged is there, and the same command does the rest once there is room."""
    place = small(size)
    done, status = rashomon(("ingest", inputs), STATUS, library=place / "library")
    # Where the articles fit and only their index does not, all are stored, and a line says that searches do without it.
    before = held(status)
    assert clear(done) or (done.returncode == 0 and before == 60 and "index" in done.stdout), done
    more_room(place)
    again, found, after = rashomon(("ingest", inputs, "--json"), SEARCH, STATUS, library=place / "library")
    assert again.returncode == 0, again.stderr
    counts = json.loads(again.stdout)
    assert counts["unchanged"] == before
    assert counts["added"] == 60 - before
    assert (found.returncode, held(after)) == (0, 60)
    # All is stored twice at most, once in vain, beside what the fault adds.
    assert done.seconds < 2 * again.seconds + ADDED


WRITING: dict[str, tuple[tuple[str, ...], int]] = {
    # What is run in a filled library of which so much room is left, in bytes.
    "ingest": (("ingest", "{inputs}"), 20_000),
    "reindex": (("reindex",), 20_000),
    "remove": (("remove", "--outlet", "Outlet 1", "--yes"), 4_000),
    "backup": (("backup", "{place}/a.backup"), 20_000),
    "brief": (("brief", "ferry", "--out", "{place}/a.md"), 0),
    "outlets": (("outlets", "--update"), 0),
    "rejected": (("rejected", "--forget"), 0),
    "retry": (("rejected", "--retry"), 0),
    "restore": (("--library", "{place}/new", "restore", "{backup}"), 20_000),
    "eval run": (("eval", "run", "--case", "fact-tram-fare", "--results", "{place}/results.jsonl"), 0),
    "eval record": (("eval", "record", "fact-tram-fare", "--kind", "a test", "--replays", "{place}/replays"), 0),
}
CHOSEN = os.environ.get("ROOM_COMMANDS", "remove,backup,restore").split(",")


@pytest.mark.parametrize("name", WRITING if CHOSEN == ["all"] else CHOSEN)
def test_a_command_in_a_library_on_a_full_disk(name: str, small: Any, filled: Path, inputs: Path, tmp_path: Path) -> None:
    arguments, room = WRITING[name]
    size = sum(file.stat().st_size // 4096 * 4096 + 8192 for file in filled.rglob("*") if file.is_file())
    place = small(size + 2_000_000)
    shutil.copytree(filled, place / "library")
    more = tmp_path / "more.jsonl"
    more.write_text("".join(json.dumps({"title": f"New {n}", "text": STORY.format(n + 500) * 30}) + "\n" for n in range(200)))
    free = os.statvfs(place)
    (place / "filler").write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - room - 4096))
    backup = tmp_path / "given.backup"
    if name == "restore":
        rashomon(("backup", backup), library=filled)
    given = [one.format(place=place, inputs=more, backup=backup) for one in arguments]
    (done,) = rashomon(given, library=place / "library")
    assert done.returncode == 0 or clear(done), done
    assert not [
        path for path in place.iterdir() if path.name.startswith(".") or (path.name in ("a.backup", "a.md") and not path.stat().st_size)
    ]
    (place / "filler").unlink()
    status, again, found = rashomon(STATUS, given, SEARCH, library=place / "library")
    assert held(status) in (60, 48)
    assert again.returncode in (0, 1) or "already" in again.stderr, again.stderr
    assert found.returncode == 0
    assert done.seconds < again.seconds + ADDED


def test_a_backup_to_another_disk_that_is_full_names_that_one(small: Any, filled: Path) -> None:
    place = small(40_000)
    (done,) = rashomon(("backup", place / "a.backup"), library=filled)
    assert clear(done), done
    assert "a.backup cannot be written" in done.stderr
    assert not list(place.iterdir())


@pytest.mark.parametrize("limit", [300_000, 8_192][: None if "ROOM_SIZES" in os.environ else 1])
def test_files_that_may_not_grow(limit: int, tmp_path: Path, inputs: Path) -> None:
    """The same without root: no file may become larger than this."""
    done, status = rashomon(("ingest", inputs), STATUS, library=tmp_path / "library", limit=limit)
    assert clear(done), done
    (again,) = rashomon(("ingest", inputs, "--json"), library=tmp_path / "library")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["unchanged"] == held(status)
    assert done.seconds < 2 * again.seconds + ADDED


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
    "retry": ("rejected", "--retry"),
    "eval run": ("eval", "run", "--case", "fact-tram-fare", "--results", "{place}/results.jsonl"),
    "eval bench": ("eval", "bench", "injection", "--data", "{bench}", "--out", "{place}/predictions.jsonl"),
}
READING: tuple[tuple[str, ...], ...] = (
    ("status",), ("search", "ferry"), ("events",), ("outlets",), ("export",), ("rejected",), ("versions",), ("origins", "ferry"),
    ("ask", "When will the ferry sail again?"), ("brief", "ferry"), ("compare", "ferry"), ("rejected", "--json"), ("doctor",), ("chat",),
)  # fmt: skip


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Iterator[Path]:
    """A copy of the library that nobody may write: a mount that is read-only, as root may write anything else."""
    place = tmp_path_factory.mktemp("readonly")
    shutil.copytree(filled, place / "library")
    rashomon(("backup", place / "given.backup"), library=filled)
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


ALL = "ROOM_READ_ONLY" in os.environ
WRITE = [name for name in READ_ONLY if ALL or name not in ("rejected", "outlets", "eval run")]


def test_commands_that_write_say_that_they_cannot(read_only: Path, inputs: Path, tmp_path: Path) -> None:
    for name in ("attacks", "benign"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"id": "1", "text": STORY * 3, "attack_text": STORY}) + "\n")
    for library, names in (("other", ["restore"]), ("library", [name for name in WRITE if name != "restore"])):
        commands = [
            [one.format(place=read_only, inputs=inputs, backup=read_only / "given.backup", bench=tmp_path) for one in READ_ONLY[name]]
            for name in names
        ]
        *done, status = rashomon(*commands, STATUS, library=read_only / library)
        for name, one in zip(names, done, strict=True):
            assert clear(one), (name, one)
        assert held(status) == (60 if library == "library" else 0)


def test_commands_that_read_read_on(read_only: Path) -> None:
    reading = READING if ALL else READING[:3]
    for arguments, done in zip(reading, rashomon(*reading, library=read_only / "library"), strict=True):
        assert done.returncode in (0, 1), (arguments, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stdout.strip(), arguments
