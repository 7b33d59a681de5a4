"""Reads what a parser written by others must take apart in a process of its own, with limits on time and memory.

One process reads one input after the other, as starting it takes a quarter of a second; it is replaced when an input has killed it. What
goes between the two is bytes and JSON, never pickle.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from vectorstore.article import Article
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.source import Found, Source
from vectorstore.readers.worker import MEMORY_EXIT

# One byte more than the largest of the readers' own limits, which refuse it with their reason.
LARGEST = 30_000_001
# Bytes of address space. The largest page within the readers' limits takes 310 MB, a JSON file of 30 MB with articles in it 200 MB; what
# takes more is 30 MB of "[],[],...", which nobody misses.
MEMORY = 1_000_000_000
# Of the processor, for one article or for what comes before the first: the slowest page of benchmarks/hostile.py takes 6 s, an ordinary one
# 0.01 s. The kernel ends what takes longer, at most a second later.
SECONDS = 8
# Of the clock, for a reply: only a machine that is at its limit otherwise gets there.
PATIENCE = 60.0
# A process that has read so many inputs is replaced, in case a parser does not give back all of its memory.
MOST_INPUTS = 2_000
# All that the process gets to know of the environment.
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")


class Worker:
    """One reading process. Not for use by two at a time."""

    def __init__(self, *, memory: int = MEMORY, seconds: int = SECONDS, patience: float = PATIENCE):
        self._patience, self._seconds, self._memory = patience, seconds, memory
        self.served, self.owner = 0, os.getpid()
        # -P: no module is taken from the folder that the user happens to be in.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "vectorstore.readers.worker", str(memory), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            # Ctrl-C is for the program, which then ends this process.
            start_new_session=True,
        )
        self._buffer = bytearray()

    def replies(self, kind: str, function: str, source: Source) -> Iterator[dict[str, Any]]:
        """Raises Unreadable if the input killed the process; it must not be used again then, nor before the last reply."""
        data = source.file.read(LARGEST)
        self.served += 1
        header = {
            "kind": kind,
            "function": function,
            "name": source.name,
            "columns": dict(source.columns),
            "charset": source.charset,
            "size": len(data),
        }
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(header).encode("ascii") + b"\n" + data)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Unreadable(self._why()) from None
        while "done" not in (reply := json.loads(self._line())):
            if "crashed" in reply:
                raise Unreadable(f"its reader failed on it ({reply['crashed']}); please report this")
            yield reply

    def _line(self) -> bytes:
        """The next line of the process. Raises Unreadable if none comes."""
        assert self._process.stdout
        end = time.monotonic() + self._patience
        searched = 0
        while (place := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                self.close()
                raise Unreadable(f"it took over {self._patience:g} s to read, and reading was stopped")
            data = os.read(self._process.stdout.fileno(), 1 << 20)
            if not data:
                raise Unreadable(self._why())
            self._buffer += data
        line = bytes(self._buffer[:place])
        del self._buffer[: place + 1]
        return line

    def _why(self) -> str:
        code = self._process.wait()
        self.close()
        if code == -signal.SIGXCPU:
            return f"it took over {self._seconds} s of the processor to read, and reading was stopped"
        if code == MEMORY_EXIT:
            return f"it took over {self._memory // 1_000_000:,} MB of memory to read, and reading was stopped"
        cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"the reading process ended while it read this ({cause})"

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            with suppress(BrokenPipeError):
                pipe.close()


_idle: list[Worker] = []


def read(kind: str, source: Source) -> Iterator[Found]:
    """The same as the reader's own `read`, but whatever the input does, this process goes on."""
    try:
        for reply in _replies(kind, "read", source):
            if "unreadable" in reply:
                yield reply["line"], Unreadable(reply["unreadable"])
            else:
                yield reply["line"], Article.from_metadata(reply["text"], reply["metadata"])
    except Unreadable as error:
        yield None, error


def values(kind: str, function: str, source: Source) -> list[Any]:
    """What another function of a reader's module yields, as JSON has it. Raises Unreadable."""
    found = list(_replies(kind, function, source))
    if found and "unreadable" in found[-1]:
        raise Unreadable(found[-1]["unreadable"])
    return [reply["value"] for reply in found]


def _replies(kind: str, function: str, source: Source) -> Iterator[dict[str, Any]]:
    worker = _worker()
    done = False
    try:
        yield from worker.replies(kind, function, source)
        done = True
    finally:
        if done and worker.served < MOST_INPUTS:
            _idle.append(worker)
        else:
            worker.close()


def _worker() -> Worker:
    while _idle:
        worker = _idle.pop()
        # After a fork it is another process's, and so is its end of the pipes.
        if worker.owner == os.getpid():
            return worker
    return Worker()


@atexit.register
def close_idle() -> None:
    while _idle:
        worker = _idle.pop()
        if worker.owner == os.getpid():
            worker.close()


__all__ = ["Worker", "close_idle", "read", "values"]
