from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from editor.formats.limits import MAX_BLOCK, MAX_ENTRIES

# TIFF's tagged directories, which are EXIF's too. Only raw values are moved: what this program does
# not understand survives.

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_UNITS = {3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4, 16: 8}

ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 274, 282, 283, 296
EXIF_IFD, GPS_IFD, INTEROP_IFD = 34665, 34853, 40965
PIXEL_X, PIXEL_Y = 40962, 40963
_POINTERS = (EXIF_IFD, GPS_IFD, INTEROP_IFD)


class BadDirectory(ValueError):
    """A directory that points outside its file or is far too large."""


@dataclass(frozen=True)
class IfdEntry:
    """One tag: TIFF type, number of values, the raw bytes in `order` ("<" or ">")."""

    type: int
    count: int
    raw: bytes
    order: str
    place: int = 0
    """Where the raw bytes lie in the file they came from."""

    def numbers(self) -> tuple[float, ...]:
        """The values as numbers; rationals are divided."""
        code = {1: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
        if self.type in code:
            return struct.unpack(f"{self.order}{self.count}{code[self.type]}", self.raw)
        if self.type == 16:
            return struct.unpack(f"{self.order}{self.count}Q", self.raw)
        if self.type in (5, 10):
            kind = "I" if self.type == 5 else "i"
            pairs = struct.unpack(f"{self.order}{2 * self.count}{kind}", self.raw)
            return tuple(a / b if b else 0.0 for a, b in zip(pairs[::2], pairs[1::2], strict=True))
        return ()

    def number(self, default: int = 0) -> int:
        """The first value as a whole number."""
        values = self.numbers()
        return int(values[0]) if values else default

    def text(self) -> str:
        """An ASCII value."""
        return self.raw.split(b"\0")[0].decode("utf-8", "replace").strip()

    def in_order(self, order: str) -> bytes:
        """The raw bytes with numbers in another byte order."""
        unit = _UNITS.get(self.type)
        if order == self.order or unit is None:
            return self.raw
        parts = (self.raw[at : at + unit][::-1] for at in range(0, len(self.raw), unit))
        return b"".join(parts)


Directory = dict[int, IfdEntry]


@dataclass(frozen=True)
class TiffLayout:
    """How a TIFF file counts: byte order, 8-byte offsets or not, place of the first directory."""

    order: str
    big: bool
    first: int


def layout(file: BinaryIO) -> TiffLayout:
    """Read a TIFF header at the file's start."""
    file.seek(0)
    head = file.read(16)
    if len(head) < 8 or head[:2] not in (b"II", b"MM"):
        raise BadDirectory("no TIFF header")
    order = "<" if head[:2] == b"II" else ">"
    magic = struct.unpack(order + "H", head[2:4])[0]
    if magic == 42:
        return TiffLayout(order, False, struct.unpack(order + "I", head[4:8])[0])
    if magic == 43 and len(head) == 16:
        return TiffLayout(order, True, struct.unpack(order + "Q", head[8:16])[0])
    raise BadDirectory("no TIFF header")


def read_directory(file: BinaryIO, how: TiffLayout, place: int) -> tuple[Directory, int]:
    """The directory at `place` and the place of the next one (0 for none)."""
    counter, entry, link = ("Q", "HHQ8s", "Q") if how.big else ("H", "HHI4s", "I")
    file.seek(place)
    number = _unpack(file, how.order + counter)[0]
    if number > MAX_ENTRIES:
        raise BadDirectory("too many tags")
    size = struct.calcsize(how.order + entry)
    body = file.read(number * size)
    if len(body) < number * size:
        raise BadDirectory("directory breaks off")
    tail = file.read(struct.calcsize(link))
    following = struct.unpack(how.order + link, tail)[0] if len(tail) == len_of(link) else 0
    found: Directory = {}
    budget = MAX_BLOCK
    inline = 8 if how.big else 4
    for index in range(number):
        tag, kind, count, value = struct.unpack_from(how.order + entry, body, index * size)
        nbytes = SIZES.get(kind, 0) * count
        if nbytes == 0 or nbytes > budget:
            continue  # unknown type or far too large: skip the tag, the pixels may still be good
        if nbytes <= inline:
            at = place + struct.calcsize(counter) + index * size + (size - inline)
            found[tag] = IfdEntry(kind, count, value[:nbytes], how.order, at)
            continue
        at = struct.unpack(how.order + ("Q" if how.big else "I"), value)[0]
        if at > 1 << 62:
            continue
        file.seek(at)
        raw = file.read(nbytes)
        if len(raw) == nbytes:
            budget -= nbytes
            found[tag] = IfdEntry(kind, count, raw, how.order, at)
    return found, following


def len_of(code: str) -> int:
    """Bytes of one packed number."""
    return struct.calcsize("<" + code)


def _unpack(file: BinaryIO, code: str) -> tuple[int, ...]:
    data = file.read(struct.calcsize(code))
    if len(data) < struct.calcsize(code):
        raise BadDirectory("directory breaks off")
    return struct.unpack(code, data)


def short(value: int, order: str = "<") -> IfdEntry:
    """A tag of one 16-bit number."""
    return IfdEntry(3, 1, struct.pack(order + "H", value), order)


def rational(value: float, order: str = "<") -> IfdEntry:
    """A tag of one positive fraction."""
    from fractions import Fraction

    fraction = Fraction(value).limit_denominator(10_000)
    return IfdEntry(
        5, 1, struct.pack(order + "II", fraction.numerator, fraction.denominator), order
    )


def block(data: bytes, kind: int = 7) -> IfdEntry:
    """A tag of raw bytes (7 undefined, 1 bytes)."""
    return IfdEntry(kind, len(data), data, "<")


def resolution_tags(dpi: tuple[float, float]) -> Directory:
    """Dots per inch as TIFF and EXIF say it."""
    return {
        X_RESOLUTION: rational(dpi[0]),
        Y_RESOLUTION: rational(dpi[1]),
        RESOLUTION_UNIT: short(2),
    }


def dpi_of(tags: Directory) -> tuple[float, float] | None:
    """Dots per inch from the resolution tags, None where they say nothing."""
    if X_RESOLUTION not in tags or Y_RESOLUTION not in tags:
        return None
    unit = tags[RESOLUTION_UNIT].number(2) if RESOLUTION_UNIT in tags else 2
    scale = {2: 1.0, 3: 2.54}.get(unit)
    x, y = tags[X_RESOLUTION].numbers(), tags[Y_RESOLUTION].numbers()
    if scale is None or not x or not y or not (0 < x[0] < 1e6 and 0 < y[0] < 1e6):
        return None
    return (tidy_dpi(x[0] * scale), tidy_dpi(y[0] * scale))


def tidy_dpi(value: float) -> float:
    """Whole dots per inch where a file could only store them per metre."""
    return float(round(value)) if abs(value - round(value)) < 0.02 else round(value, 4)


def read_tree(file: BinaryIO, how: TiffLayout, tags: Directory) -> dict[int, Directory]:
    """The EXIF, GPS and interoperability directories that `tags` point to."""
    found: dict[int, Directory] = {}
    todo = [tags]
    while todo:
        for pointer in _POINTERS:
            holder = todo[0].get(pointer)
            if holder is None or pointer in found:
                continue
            try:
                inner, _ = read_directory(file, how, holder.number())
            except (BadDirectory, OSError, OverflowError):
                continue
            found[pointer] = inner
            todo.append(inner)
        todo.pop(0)
    return found


def serialise(
    tags: Directory,
    tree: dict[int, Directory],
    place: int,
    order: str = "<",
    pointers: tuple[int, ...] = (EXIF_IFD, GPS_IFD),
) -> bytes:
    """A directory with its sub-directories, as written at `place` of a classic TIFF.

    Args:
        tags: the directory's own tags, without pointers.
        tree: sub-directories by the tag that points to them.
        place: even offset at which the bytes will be written.
        order: byte order of the file.
        pointers: which of `tree` belong right below this directory.
    """
    own = {tag: entry for tag, entry in tags.items() if tag not in _POINTERS}
    nested = [pointer for pointer in pointers if pointer in tree]
    number = len(own) + len(nested)
    heap_at = place + 2 + 12 * number + 4
    heap = bytearray()
    rows: list[tuple[int, bytes]] = []
    for tag, entry in own.items():
        raw = entry.in_order(order)
        if len(raw) <= 4:
            value = raw.ljust(4, b"\0")
        else:
            value = struct.pack(order + "I", heap_at + len(heap))
            heap += raw + b"\0" * (len(raw) % 2)
        rows.append((tag, struct.pack(order + "HHI", tag, entry.type, entry.count) + value))
    for pointer in nested:
        at = heap_at + len(heap)
        below = (INTEROP_IFD,) if pointer == EXIF_IFD else ()
        heap += serialise(tree[pointer], tree, at, order, below)
        rows.append((pointer, struct.pack(order + "HHII", pointer, 4, 1, at)))
    body = b"".join(row for _, row in sorted(rows))
    data = struct.pack(order + "H", number) + body + b"\0\0\0\0" + bytes(heap)
    return data + b"\0" * (len(data) % 2)


def standalone(tags: Directory, tree: dict[int, Directory]) -> bytes:
    """An EXIF block (little-endian TIFF header and directories)."""
    return b"II*\0\x08\0\0\0" + serialise(tags, tree, 8)


def without(tags: Directory, drop: Iterable[int]) -> Directory:
    """The tags that are not in `drop`."""
    gone = set(drop)
    return {tag: entry for tag, entry in tags.items() if tag not in gone}
