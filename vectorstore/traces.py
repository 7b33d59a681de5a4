"""Traces: whether words that were removed still stand in a file, byte for byte.

What to look for is cut into runs of RUN bytes. A rolling hash finds them at any place of any file, so that it makes no difference how a
database lays its pages out; every find is compared byte by byte.

As a program (`python -m vectorstore.traces FOLDER`, what to look for on standard input) it reads the files of a folder. It must be another
process than the one that has the catalog open: to close a file takes away the locks that SQLite holds on it in the same process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Long enough that articles on other subjects don't share one by chance, short enough to fit a page of a database many times.
RUN, EVERY = 24, 8
# Above this many runs, fewer are looked for in each text.
MOST_RUNS = 500_000
# Shorter texts are in any library.
SHORTEST = 8
CHUNK = 1024 * 1024
BASE = 0x9E3779B1
TABLE_BITS = np.uint32(24)


def _hashes(content: bytes) -> NDArray[np.uint32]:
    """Of every run of RUN bytes; made from those of runs of 1, 2, 4, 8 and 16."""
    runs = {1: np.frombuffer(content, np.uint8).astype(np.uint32)}
    for length in (1, 2, 4, 8):
        half = runs[length]
        runs[2 * length] = half[:-length] * _power(length) + half[length:]
    longest, rest = runs[16], runs[8]
    places = len(content) - RUN + 1
    return longest[:places] * _power(8) + rest[16 : 16 + places]


def _power(exponent: int) -> np.uint32:
    return np.uint32(pow(BASE, exponent, 1 << 32))


def runs_of(contents: Iterable[bytes]) -> frozenset[bytes]:
    """What to look for to find a longer part of any of the contents again."""
    contents = [content for content in contents if len(content) >= SHORTEST]
    every = max(EVERY, sum(map(len, contents)) // MOST_RUNS)
    return frozenset(
        content[start : start + RUN]
        for content in contents
        for start in (*range(0, max(1, len(content) - RUN), every), max(0, len(content) - RUN))
    )


class Finder:
    """Looks for runs in contents."""

    def __init__(self, runs: Iterable[bytes]):
        wanted = frozenset(runs)
        self._runs = {run for run in wanted if len(run) == RUN}
        self._short = [run for run in wanted if len(run) < RUN]
        self._table = np.zeros(1 << int(TABLE_BITS), np.bool_)
        if self._runs:
            self._table[_hashes(b"".join(self._runs))[::RUN] >> (np.uint32(32) - TABLE_BITS)] = True

    def within(self, content: bytes) -> set[bytes]:
        """Those of the runs that the content holds."""
        found = {run for run in self._short if run in content}
        if self._runs and len(content) >= RUN:
            places = np.flatnonzero(self._table[_hashes(content) >> (np.uint32(32) - TABLE_BITS)])
            found |= self._runs & {content[place : place + RUN] for place in places.tolist()}
        return found


@dataclass(frozen=True, slots=True)
class Search:
    """Files and bytes read, and the files that hold some of what was looked for."""

    files: int
    size: int
    holding: tuple[str, ...]


def search_folder(folder: Path, runs: Iterable[bytes]) -> Search:
    """In a process of its own. Raises OSError if a file can't be read, or the process fails."""
    asked = "\n".join(run.hex() for run in runs)
    command = [sys.executable, "-m", "vectorstore.traces", str(folder.absolute())]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent)
    if done.returncode != 0:
        raise OSError(done.stderr.strip().rpartition("\n")[2] or "the files could not be searched")
    answer = json.loads(done.stdout)
    if not answer["files"]:
        raise OSError("there is no file in the folder")
    return Search(answer["files"], answer["size"], tuple(answer["holding"]))


def _chunks(path: Path) -> Iterator[bytes]:
    """Each begins with the last bytes of the one before, so that no run is cut."""
    with path.open("rb") as file:
        last = b""
        while content := file.read(CHUNK):
            yield last + content
            last = (last + content)[-RUN + 1 :]


def main() -> None:
    folder = Path(sys.argv[1])
    finder = Finder(bytes.fromhex(line) for line in sys.stdin.read().split())
    files, size, holding = 0, 0, []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        files += 1
        size += path.stat().st_size
        if any(finder.within(content) for content in _chunks(path)):
            holding.append(str(path.relative_to(folder)))
    sys.stdout.write(json.dumps({"files": files, "size": size, "holding": holding}))


if __name__ == "__main__":
    main()
