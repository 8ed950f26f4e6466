"""What a program or library says of itself, in the format of Linux."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, Optional

#: The numbers of machines.
_MACHINES = {
    3: "i386",
    20: "ppc",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "x86_64",
    183: "aarch64",
    243: "riscv64",
    258: "loongarch64",
}
_LOADED, _DYNAMIC = 1, 2
_NEEDED, _NAMES = 1, 5
#: No table that is looked at is longer, but where a file is damaged.
_LONGEST = 65536


class Segment(NamedTuple):
    """A part of the file that the system's loader looks at."""

    type: int
    offset: int
    address: int
    size: int


class ElfFile:
    """Raises `struct.error` where the file ends before it has said what is asked."""

    def __init__(self, file: BinaryIO, head: bytes) -> None:
        self._file = file
        self._order = ">" if head[5] == 2 else "<"
        self.bits = 64 if head[4] == 2 else 32
        self._head = head

    @classmethod
    def of(cls, file: BinaryIO) -> Optional[ElfFile]:
        """`None` where the file begins otherwise."""
        head = file.read(64)
        return cls(file, head) if head.startswith(b"\x7fELF") and len(head) == 64 else None

    def machine(self) -> str:
        """As `platform.machine()` names it."""
        (number,) = struct.unpack_from(f"{self._order}H", self._head, 18)
        name = _MACHINES.get(number, f"machine {number}")
        return f"{name}le" if number == 21 and self._order == "<" else name

    def end(self) -> int:
        """Where the file ends by its own account: after its last section or segment."""
        (start,) = self._long(40 if self.bits == 64 else 32)
        size, count = self._unpack("HH", 58 if self.bits == 64 else 46)
        ends = (segment.offset + segment.size for segment in self._segments())
        return max(start + size * count, *ends)

    def libc(self) -> Optional[str]:
        """The C library that it needs, `gnu` or `musl`; `None` where that cannot be told."""
        for name in self._needed():
            if name.startswith(("libc.so.", "ld-linux")):
                return "gnu"
            if name == "libc.so" or name.startswith("libc.musl"):
                return "musl"
        return None

    def _needed(self) -> list[str]:
        segments = list(self._segments())
        entries = [
            entry
            for segment in segments
            if segment.type == _DYNAMIC
            for entry in self._entries(segment)
        ]
        names = dict(entries).get(_NAMES, 0)
        for segment in segments:
            into = names - segment.address
            if segment.type == _LOADED and 0 <= into < segment.size:
                start = segment.offset + into
                return [self._text(start + value) for tag, value in entries if tag == _NEEDED]
        return []

    def _segments(self) -> Iterator[Segment]:
        wide = self.bits == 64
        (start,) = self._long(32 if wide else 28)
        size, count = self._unpack("HH", 54 if wide else 42)
        for at in range(start, start + size * count, max(1, size)):
            if wide:
                yield Segment(*self._unpack("I4xQQ8xQ", at))
            else:
                yield Segment(*self._unpack("III4xI", at))

    def _entries(self, segment: Segment) -> Iterator[tuple[int, int]]:
        layout = "QQ" if self.bits == 64 else "II"
        size = struct.calcsize(f"={layout}")
        for at in range(segment.offset, segment.offset + min(segment.size, _LONGEST), size):
            tag, value = self._unpack(layout, at)
            yield tag, value

    def _long(self, offset: int) -> tuple[int, ...]:
        return self._unpack("Q" if self.bits == 64 else "I", offset)

    def _unpack(self, layout: str, offset: int) -> tuple[int, ...]:
        whole = self._order + layout
        self._file.seek(offset)
        return struct.unpack(whole, self._file.read(struct.calcsize(whole)))

    def _text(self, offset: int) -> str:
        self._file.seek(offset)
        return self._file.read(64).partition(b"\0")[0].decode("ascii", "replace")
