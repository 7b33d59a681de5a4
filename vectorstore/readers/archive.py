"""Articles in a ZIP archive, read where they are: nothing is unpacked to the disk, so a member's name can lead nowhere."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from vectorstore.readers.decode import Unreadable

LARGEST_MEMBER, LARGEST_IN_ALL = 30_000_000, 1_000_000_000
MOST_MEMBERS, LARGEST_DIRECTORY = 20_000, 10_000_000
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
# Two ways of packing that need little memory to unpack; LZMA lets the sender choose how much.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNIX = 3


def members(file: BinaryIO) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Name and content of each file in the archive. Raises Unreadable for one that cannot be opened safely."""
    _check_directory(file)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(f"a damaged ZIP archive: {str(error)[:100]}") from None
    with archive:
        total, names = 0, set[str]()
        for member in archive.infolist():
            if member.is_dir():
                continue
            try:
                if member.filename in names:
                    raise Unreadable("the archive has two files of this name")
                names.add(member.filename)
                _check(member)
                content = _content(archive, member, LARGEST_IN_ALL - total)
                total += len(content)
                yield member.filename, content
            except Unreadable as error:
                yield member.filename, error
                if total >= LARGEST_IN_ALL:
                    return


def _check_directory(file: BinaryIO) -> None:
    """zipfile reads the whole list of members, however long it says that it is."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) < place + 22:
        raise Unreadable("a damaged ZIP archive: its list of files is missing; is it cut?")
    count, length = int.from_bytes(tail[place + 10 : place + 12], "little"), int.from_bytes(tail[place + 12 : place + 16], "little")
    if tail[max(0, place - 20) : place].startswith(END_64) or count > MOST_MEMBERS or length > LARGEST_DIRECTORY:
        raise Unreadable(f"a ZIP archive with over {MOST_MEMBERS:,} files, or of the large form (ZIP64): unpack it, and name its folder")


def _check(member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in member.filename:
        raise Unreadable("its name leads out of the archive")
    if member.create_system == UNIX and stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Unreadable("a link or device, not a file")
    if member.flag_bits & 0x1:
        raise Unreadable("encrypted: unpack the archive with its password first")
    if member.compress_type not in PACKED:
        raise Unreadable("packed in another way than ZIP's usual one: unpack the archive first")
    if path.suffix.lower() == ".zip":
        raise Unreadable("an archive in an archive: unpack the outer one first")
    if member.file_size > LARGEST_MEMBER:
        raise Unreadable(f"{member.file_size:,} bytes when unpacked; at most {LARGEST_MEMBER:,} are read: unpack the archive first")


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """The size that it states is not believed."""
    try:
        with archive.open(member) as packed:
            content = packed.read(min(LARGEST_MEMBER, left) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Unreadable(f"damaged in the archive: {str(error)[:100] or type(error).__name__}") from None
    if len(content) > min(LARGEST_MEMBER, left):
        raise Unreadable(f"over {LARGEST_MEMBER:,} bytes when unpacked, or {LARGEST_IN_ALL:,} with all before it")
    return content
