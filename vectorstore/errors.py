"""What goes wrong with a library, by who can mend it. Every message is a sentence for people and says what to do."""

from __future__ import annotations


class LibraryError(RuntimeError):
    """The library cannot be used as asked. `exit_code` is what a command ends with: 2 wrong use, 3 the machine or another process."""

    exit_code = 2


class LibraryInUse(LibraryError):
    """Another process holds the lock. The message names it."""

    exit_code = 3


class LibraryTooNew(LibraryError):
    """The library was written by a later version of the program."""


class LibraryFailed(LibraryError):
    """The machine failed: the disk is full or read-only, or a file is damaged. What was acknowledged before is kept."""

    exit_code = 3
