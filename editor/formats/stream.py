from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.formats.libvips import vips
from editor.model.image import TILE

_STRIP = 16
"""Rows per strip: small buffers in libtiff; a band of tiles holds a whole number of strips."""


class TileStream:
    """Pixels as an uncompressed TIFF that is made while it is read.

    libvips' encoders pull rows from it, so one band of tiles is in memory at a time, whether the
    tiles are in memory or in a document file.
    """

    def __init__(
        self,
        width: int,
        height: int,
        channels: int,
        depth: int,
        band: Callable[[int, int], NDArray[Any]],
    ) -> None:
        self.width, self.height = width, height
        self._row = width * channels * depth // 8
        self._band = band
        self._type = np.dtype("<u2" if depth == 16 else "u1")
        self._head = self._header(channels, depth)
        self._held: tuple[int, memoryview] | None = None
        self._place = 0
        self._source: Any = None
        self.error: BaseException | None = None

    def image(self) -> Any:
        """The stream as a libvips image, to be read once from top to bottom."""
        # pyvips frees the callbacks with the Python object, so it lives as long as the stream.
        self._source = vips().SourceCustom()
        self._source.on_read(self._read)
        self._source.on_seek(self._seek)
        return vips().Image.tiffload_source(self._source, access="sequential", fail_on="warning")

    def whole(self) -> NDArray[Any]:
        """All pixels, (h, w, c), for an encoder that does not read band by band."""
        tops = range(0, self.height, TILE)
        return np.concatenate([self._band(y, min(TILE, self.height - y)) for y in tops])

    @property
    def size(self) -> int:
        """Bytes of the file that never exists as a whole."""
        return len(self._head) + self._row * self.height

    def _header(self, channels: int, depth: int) -> bytes:
        strips = -(-self.height // _STRIP)
        tags = 10 + (channels in (2, 4))
        spread = (2 * channels if channels > 2 else 0, 4 * strips if strips > 1 else 0)
        heap = 8 + 2 + 12 * tags + 4
        start = heap + spread[0] + 2 * spread[1]
        offsets = [start + at * _STRIP * self._row for at in range(strips)]
        counts = [min(_STRIP, self.height - at * _STRIP) * self._row for at in range(strips)]
        rows, extra = [], b""
        for tag, code, values in (
            (256, "I", [self.width]),
            (257, "I", [self.height]),
            (258, "H", [depth] * channels),
            (259, "H", [1]),
            (262, "H", [1 if channels < 3 else 2]),
            (273, "I", offsets),
            (277, "H", [channels]),
            (278, "I", [_STRIP]),
            (279, "I", counts),
            (284, "H", [1]),
            *(((338, "H", [2]),) if channels in (2, 4) else ()),
        ):
            value = struct.pack(f"<{len(values)}{code}", *values)
            if len(value) > 4:
                value, extra = struct.pack("<I", heap + len(extra)), extra + value
            kind = 3 if code == "H" else 4
            rows.append(struct.pack("<HHI", tag, kind, len(values)) + value.ljust(4, b"\0"))
        head = b"II*\0\x08\0\0\0" + struct.pack("<H", tags) + b"".join(rows) + b"\0\0\0\0" + extra
        assert len(head) == start
        return head

    def _seek(self, offset: int, whence: int) -> int:
        base = {0: 0, 1: self._place, 2: self.size}[whence]
        self._place = max(0, min(self.size, base + offset))
        return self._place

    def _read(self, length: int) -> bytes:
        if self._place < len(self._head):
            part = self._head[self._place : self._place + length]
        else:
            try:
                part = self._pixels(self._place - len(self._head), length)
            except BaseException as error:  # must not pass through C; raised by `encode` afterwards
                self.error = error
                return b""
        self._place += len(part)
        return part

    def _pixels(self, at: int, length: int) -> bytes:
        if at >= self._row * self.height:
            return b""
        top = at // self._row // TILE * TILE
        if self._held is None or self._held[0] != top:
            self._held = None  # free the old band before the next one is made
            rows = self._band(top, min(TILE, self.height - top))
            self._held = (top, np.ascontiguousarray(rows, self._type).data.cast("B"))
        start = at - top * self._row
        return bytes(self._held[1][start : start + length])


class Sink:
    """A file that libvips writes into; the first bytes can be rewritten on their way.

    `splice(head)` gets what has come so far and returns what to write instead, or None while more
    is needed.
    """

    def __init__(
        self, file: BinaryIO, splice: Callable[[bytes], bytes | None] | None = None
    ) -> None:
        self._file = file
        self._splice = splice
        self._waiting = b""
        self._target: Any = None
        self.error: BaseException | None = None

    def target(self) -> Any:
        """The libvips target."""
        self._target = vips().TargetCustom()
        self._target.on_write(self._write)
        if self._splice is None:
            self._target.on_read(self._read)
            self._target.on_seek(self._seek)
        return self._target

    def _write(self, data: bytes) -> int:
        try:
            if self._splice is None:
                self._file.write(data)
                return len(data)
            self._waiting += data
            head = self._splice(self._waiting)
            if head is not None:
                self._file.write(head)
                self._splice, self._waiting = _through, b""
        except BaseException as error:  # must not pass through C; raised by `encode` afterwards
            self.error = error
            return -1
        return len(data)

    def _read(self, length: int) -> bytes:
        try:
            return self._file.read(length)
        except OSError as error:  # reading and seeking write out what is buffered
            self.error = error
            return b""

    def _seek(self, offset: int, whence: int) -> int:
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            self.error = error
            return -1


def _through(data: bytes) -> bytes:
    return data


def encode(stream: TileStream, sink: Sink, write: Callable[[Any, Any], None]) -> None:
    """Run an encoder; whatever went wrong in the tiles or in the file is raised as it was."""
    try:
        write(stream.image(), sink.target())
    except vips().Error:
        error = sink.error or stream.error
        if error is None:
            raise
        raise error from None
    error = sink.error or stream.error
    if error is not None:
        raise error
