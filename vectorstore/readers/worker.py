"""The other side of child.py: a process that reads what strangers wrote and can do nothing else.

It gets bytes and gives articles, over its standard input and output. It has no more memory and time than its limits, can open no
file to write, no connection and no program, and knows no environment variable that might hold a key.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO

from vectorstore.article import Article
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.source import Reader, Source

REFUSED_EVENTS = frozenset(
    "socket.connect socket.bind socket.getaddrinfo socket.gethostbyname subprocess.Popen os.system os.exec os.fork os.forkpty "
    "os.posix_spawn os.remove os.rename os.rmdir os.mkdir os.truncate os.link os.symlink os.chmod os.kill ctypes.dlopen".split()
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def main() -> None:
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    _limit(memory)
    sys.addaudithook(_refuse)
    while header := requests.readline():
        request = json.loads(header)
        try:
            for reply in _replies(request, requests, seconds):
                replies.write(json.dumps(reply).encode("ascii") + b"\n")
                replies.flush()
        except MemoryError:
            os._exit(MEMORY_EXIT)
        # The boundary at which a mistake in a parser becomes the reason why one input was refused; the process ends all the same.
        except Exception as error:
            crashed = {"crashed": f"{type(error).__name__}: {error}"[:200]}
            replies.write(json.dumps(crashed).encode("ascii") + b"\n")
            replies.flush()
            raise


# The exit code by which the parent knows that memory was the reason.
MEMORY_EXIT = 86


def _limit(memory: int) -> None:
    for name, value in (("RLIMIT_AS", memory), ("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0)):
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError, AttributeError):  # macOS has no limit on memory
            continue


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in REFUSED_EVENTS or (event == "open" and len(arguments) > 2 and isinstance(arguments[2], int) and arguments[2] & WRITING):
        raise PermissionError(f"a reader may not do this: {event}")


def _allow_seconds(seconds: int) -> None:
    """The kernel ends this process when it has computed for so long from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, resource.RLIM_INFINITY))


def _replies(request: dict[str, Any], requests: BinaryIO, seconds: int) -> Iterator[dict[str, Any]]:
    _allow_seconds(seconds)
    data = requests.read(request["size"])
    source = Source(BytesIO(data), request["name"], request["columns"], request["charset"])
    module = import_module(f"vectorstore.readers.{request['kind']}")
    if request["function"] == "read":
        reader: Reader = module.read
        for line, found in reader(source):
            yield _reply(line, found)
            _allow_seconds(seconds)
    else:
        try:
            for value in getattr(module, request["function"])(source):
                yield {"value": value}
                _allow_seconds(seconds)
        except Unreadable as error:
            yield {"unreadable": str(error)}
    yield {"done": True}


def _reply(line: int | None, found: Article | Unreadable) -> dict[str, Any]:
    if isinstance(found, Unreadable):
        return {"line": line, "unreadable": str(found)}
    return {"line": line, "text": found.text, "metadata": found.metadata()}


if __name__ == "__main__":
    main()
