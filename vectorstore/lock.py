"""One process at a time: an advisory lock on a file, with the holder's process id in it. It goes with the process that held it."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from vectorstore.errors import LibraryInUse


class FileLock:
    """Raises LibraryInUse if the lock can't be had within `wait_s` seconds, and OSError if the file can't be written."""

    def __init__(self, path: Path, wait_s: float = 0.5):
        self._path, self._wait_s = path, wait_s
        self._file: int | None = None

    def __enter__(self) -> FileLock:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._wait(descriptor)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except BaseException:
            os.close(descriptor)
            raise
        self._file = descriptor
        return self

    @property
    def descriptor(self) -> int:
        """Of the open file; another process that inherits it holds the lock too."""
        assert self._file is not None
        return self._file

    def _wait(self, descriptor: int) -> None:
        end = time.monotonic() + self._wait_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= end:
                    holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
                    raise LibraryInUse(f"library in use by process {holder}; wait until it has ended, then try again") from None
                time.sleep(0.05)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
