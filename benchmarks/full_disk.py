"""Every command that writes, on a disk that is full or fills up meanwhile, and in a folder that nobody may write.

    sudo python benchmarks/full_disk.py [--room BYTES]... [COMMAND...]

Mounts small file systems in memory, so it needs root. For each command and each amount of room: how it ends, the last line it prints, how
many seconds by the clock pass between the moment at which the disk is full and its end, what it takes of the processor, whether what was
stored is still there, and whether the same command works once there is room. Ends with 1 if a command hangs for over 5 s, ends without a
sentence, or loses something.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The program with the small embedder of the tests, and a server on loopback for what is fetched.
PROGRAM = """
import contextlib, importlib.util, json, os, sys
from pathlib import Path
def beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(sys.argv[1]) / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
    return module
import vectorstore.embed
words = beside("word_embedder").WordEmbedder()
vectorstore.embed.EmbedderChoice.open = lambda self: words
vectorstore.embed.EmbedderChoice.identity = lambda self: words.identity
from agent.cli import main
arguments = json.loads(sys.argv[2])
with contextlib.ExitStack() as stack:
    if "{web}" in " ".join(arguments):
        hostile = beside("hostile_server")
        server = stack.enter_context(hostile.hostile_server())
        story = "The ferry between Orsbay and Hald stopped on Tuesday. Una Lark said that it would sail again on Friday. " * 20
        item = "<item><title>T{0}</title><link>{1}/{0}</link><description>{0} {2}</description></item>"
        items = "".join(item.format(n, server.url(""), story) for n in range(80))
        feed = f'<rss version="2.0"><channel><title>Orsbay Courier</title>{items}</channel></rss>'
        server.answers["/feed"] = hostile.page(feed)
        page = f"<html><head><title>T</title></head><body><article><h1>T</h1><p>{story}</p></article></body></html>"
        server.answers["/a"] = hostile.page(page, "Content-Type: text/html")
        arguments = [one.replace("{web}", server.url("")) for one in arguments]
        vectorstore_fetch = __import__("vectorstore.fetching.fetch", fromlist=["Fetcher"])
        vectorstore_fetch.Fetcher = lambda: server.fetcher()
    sys.argv = ["rashomon", *arguments]
    main()
"""
STORY = "The ferry between Orsbay and Hald stopped on Tuesday, number {}. Una Lark said that it would sail again on Friday. "
PATIENCE, LONGEST = 120, 5.0
NEW = "new"  # a folder without a library
COMMANDS: dict[str, tuple[str, ...]] = {
    "ingest, first": ("--library", "{place}/first", "ingest", "{more}"),
    "ingest": ("ingest", "{more}"),
    "ingest, address": ("ingest", "{web}/a"),
    "watch": ("watch", "{web}/feed"),
    "reindex": ("reindex",),
    "remove": ("remove", "--outlet", "Outlet 1", "--yes"),
    "rejected --retry": ("rejected", "--retry"),
    "rejected --forget": ("rejected", "--forget"),
    "outlets --update": ("outlets", "--update"),
    "backup": ("backup", "{place}/a.backup"),
    "restore": ("--library", "{place}/restored", "restore", "{backup}"),
    "brief .md": ("brief", "ferry", "--out", "{place}/a.md"),
    "brief .html": ("brief", "ferry", "--out", "{place}/a.html"),
    "brief .json": ("brief", "ferry", "--out", "{place}/a.json"),
    "brief .csv": ("brief", "ferry", "--out", "{place}/a.csv"),
    "brief .docx": ("brief", "ferry", "--out", "{place}/a.docx"),
    "export >": ("export", ">"),
    "compare --json >": ("compare", "ferry", "--json", ">"),
    "status >": ("status", ">"),
    "search": ("search", "ferry"),
    "ask": ("ask", "When will the ferry sail again?"),
    "events": ("events",),
    "chat": ("chat",),
    "demo": ("demo",),
    "doctor": ("doctor",),
    "eval run": ("eval", "run", "--case", "fact-tram-fare", "--results", "{place}/results.jsonl"),
    "eval bench": ("eval", "bench", "injection", "--data", "{bench}", "--out", "{place}/predictions.jsonl"),
    "eval gate --update": ("eval", "gate", "--update", "--baseline", "{place}/baseline.json"),
    "eval record": ("eval", "record", "fact-tram-fare", "--kind", "a test", "--replays", "{place}/replays"),
}
# Bytes that are free when the command starts.
ROOMS = (0, 8_192, 65_536, 300_000)


@dataclass(frozen=True)
class Ended:
    code: int
    told: str
    seconds: float
    """Between the moment at which the disk was full and the end; None of it if there was room throughout."""
    processor: float


class Disk:
    """A mount of so many bytes, which tells when it is full."""

    def __init__(self, place: Path, size: int):
        self.place = place
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)

    def free(self) -> int:
        room = os.statvfs(self.place)
        return room.f_bavail * room.f_frsize

    def leave(self, room: int) -> None:
        (self.place / "filler").write_bytes(b"x" * max(0, self.free() - room - room % 4096))

    def close(self) -> None:
        subprocess.run(["umount", "-l", str(self.place)], check=False)


def run(arguments: list[str], place: Path, disk: Disk | None = None) -> Ended:
    """With TMPDIR on the disk too. Its output goes into a file there if the arguments end in ">"."""
    into = (place / "printed").open("wb") if arguments[-1] == ">" else subprocess.PIPE
    given = [one for one in arguments if one != ">"]
    if "--library" not in given:
        given = ["--library", str(place / "library"), *given]
    environment = {**os.environ, "TMPDIR": str(place), "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    if "record" in given:
        environment["RASHOMON_MODEL"] = "m"
    full: list[float] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(ROOT / "tests"), json.dumps(given)],
        stdin=subprocess.PIPE, stdout=into, stderr=subprocess.PIPE, env=environment, cwd=ROOT,
    )  # fmt: skip

    def watch() -> None:
        while process.poll() is None and not full:
            if disk is not None and disk.free() < 4_096:
                full.append(time.monotonic())
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        out, err = process.communicate(b"When will the ferry sail again?\n", timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    ended = time.monotonic()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = (err or b"").decode() or (out or b"").decode()
    last = [line for line in said.splitlines() if line.strip()][-1:]
    return Ended(process.returncode, last[0] if last else "", ended - full[0] if full else 0.0, took)


def held(place: Path) -> int | None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT / "tests"), json.dumps(["--library", str(place / "library"), "export"])],
        capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip
    return len(done.stdout.splitlines()) if done.returncode == 0 else None


def fault_of(name: str, room: int, ended: Ended, kept: int | None, again: Ended) -> str:
    """What the promise does not allow, or an empty text. A command that starts on a full disk does first what needs no room: of it the
    processor's time is held against that of the same command with room."""
    if ended.code not in (0, 1, 2, 3) or (ended.code and not ended.told):
        return f"ended with {ended.code}"
    if "Error:" in ended.told or "Traceback" in ended.told:
        return "no sentence for people"
    late = ended.seconds if room else ended.processor - again.processor
    if late > LONGEST:
        return f"{late:.1f} s after the disk was full"
    if kept is None or kept < (48 if name == "remove" else 60):
        return f"{kept} articles left of 60"
    if again.code not in (0, 1) and "already" not in again.told and name not in ("eval record", "eval gate --update"):
        return f"cannot be run again: {again.told}"
    return ""


def prepared(folder: Path) -> dict[str, str]:
    (folder / "a.jsonl").write_text(
        "".join(
            json.dumps({"title": f"Ferry {n}", "outlet": f"Outlet {n % 5}", "text": STORY.format(n) * 12, "published": "2026-11-03"}) + "\n"
            for n in range(60)
        )
        + "no json\n"
    )
    (folder / "more.jsonl").write_text(
        "".join(json.dumps({"title": f"New {n}", "text": STORY.format(n + 500) * 30}) + "\n" for n in range(300))
    )
    (folder / "bench").mkdir()
    record = {"id": "1", "text": STORY.format(1) * 5, "attack_text": STORY.format(2)}
    for name in ("attacks", "benign"):
        (folder / "bench" / f"{name}.jsonl").write_text(json.dumps(record) + "\n")
    run(["ingest", str(folder / "a.jsonl")], folder)
    run(["backup", str(folder / "a.backup")], folder)
    return {"more": str(folder / "more.jsonl"), "bench": str(folder / "bench"), "backup": str(folder / "a.backup")}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("commands", nargs="*", metavar="COMMAND")
    parser.add_argument("--room", type=int, action="append", help="bytes that are free when a command starts")
    options = parser.parse_args()
    chosen, rooms = options.commands or list(COMMANDS), options.room or ROOMS
    faults = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        places = prepared(folder)
        size = sum(file.stat().st_size // 4096 * 4096 + 8192 for file in (folder / "library").rglob("*") if file.is_file())
        for name in chosen:
            for room in rooms:
                disk = Disk(folder / "disk", size + 1_000_000)
                try:
                    shutil.copytree(folder / "library", disk.place / "library")
                    disk.leave(room)
                    given = [one.replace("{place}", str(disk.place)) for one in COMMANDS[name]]
                    for key, value in places.items():
                        given = [one.replace(f"{{{key}}}", value) for one in given]
                    ended = run(given, disk.place, disk)
                    litter = [file.name for file in disk.place.iterdir() if file.name.startswith(".") or file.suffix == ".part"]
                    (disk.place / "filler").unlink()
                    subprocess.run(["mount", "-o", "remount,size=300m", str(disk.place)], check=True)
                    kept = held(disk.place)
                    again = run(given, disk.place)
                    fault = fault_of(name, room, ended, kept, again) or (f"left {litter}" if litter else "")
                finally:
                    disk.close()
                faults += bool(fault)
                told = ended.told.replace(str(disk.place), "")[:110]
                after = f"{ended.seconds:.1f} s after it was full" if room else "full from the start"
                cost = f"processor {ended.processor:.1f} s, with room {again.processor:.1f} s"
                print(f"{name}, {room:,} bytes: {ended.code}, {after}, {cost}, {kept} kept: {told}", flush=True)
                if fault:
                    print(f"  FAULT: {fault}", flush=True)
    print(f"{len(chosen)} commands, {faults} faults")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
