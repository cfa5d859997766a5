"""Goal 14: a large canvas from the UI process to another one.

Ours: `Publisher` writes the tiles into a scratch file, only their place crosses, `TileShelf` maps
them. Baseline: Qt's PNG encoder, the bytes over loopback TCP, Qt's decoder, as image editors that
talk to a server do it. Both receivers are one other process and end with pixels of which they have
touched every page. The PNG arms run on a sixteenth of the pixels (PNG is linear in them; one full
run says how well that holds) because one full run takes a minute.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import socket
import struct
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from editor.model.image import Image
from editor.model.rect import Rect
from inference.ipc.pixel_transport import MappedTiles, Publisher
from tests.bench import measure
from tests.bench.measure import Row, Times

SIDE = 8192
PART = 2048
PAGE = 4096


def picture(side: int, seed: int = 0) -> NDArray[np.uint8]:
    """A smooth picture with a camera's noise, RGBA: neither trivial nor hopeless to pack."""
    random = np.random.default_rng(seed)
    noise = random.normal(0, 3, (1024, 1024, 4)).astype(np.float32)
    out = np.empty((side, side, 4), np.uint8)
    across = np.linspace(30, 220, side, dtype=np.float32)
    for y in range(0, side, 1024):
        rows = min(1024, side - y)
        down = np.linspace(y, y + rows, rows, dtype=np.float32)[:, None] / side * 30
        for x in range(0, side, 1024):
            columns = min(1024, side - x)
            base = (across[None, x : x + columns] + down)[:, :, None]
            block = np.roll(noise[:rows, :columns], (x + y) // 64, axis=1)
            out[y : y + rows, x : x + columns] = np.clip(base + block, 0, 255)
    out[..., 3] = 255
    return out


def receiver(connection: Connection, folder: str, port: int) -> None:
    """The other process: answers every order with a number that needed all pages."""
    QImageReader.setAllocationLimit(0)
    shelf = MappedTiles(Path(folder))
    with socket.create_connection(("127.0.0.1", port)) as wire:
        while True:
            order = connection.recv()
            if order is None:
                return
            if order == "png":
                (size,) = struct.unpack("!Q", _exactly(wire, 8))
                image = QImage.fromData(_exactly(wire, size), b"PNG")
                connection.send(_touch(np.frombuffer(image.constBits(), np.uint8)))
            elif order[0] == "drop":
                shelf.drop(order[1])
            else:
                ref = pickle.loads(order[1])
                new = {digest for digest, _ in ref.new}
                tiles = [t for t in shelf.resolve(ref).tiles if t.digest in new]
                connection.send(sum(_touch(t.pixels.reshape(-1)) for t in tiles))


def _touch(flat: NDArray[np.uint8]) -> int:
    return int(flat[::PAGE].sum(dtype=np.int64))


def _exactly(wire: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        got = wire.recv_into(view, min(len(view), 1 << 20))
        if not got:
            raise EOFError
        view = view[got:]
    return data


class Pair:
    """This process, the other one, and both ways to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        server = socket.create_server(("127.0.0.1", 0))
        self.connection, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self.process = context.Process(
            target=receiver, args=(theirs, str(folder), server.getsockname()[1])
        )
        self.process.start()
        self.wire = server.accept()[0]
        server.close()
        self.publisher = Publisher(folder)
        self.moved = 0

    def tiles(self, image: Image) -> int:
        """Ours: only tiles the other side lacks are written."""
        ref = self.publisher.publish(image)
        message = pickle.dumps(ref)
        self.moved = len(message)
        self.connection.send(("tiles", message))
        answer: int = self.connection.recv()
        if ref.file:
            self.publisher.mapped(ref.file)
        return answer

    def forget(self) -> None:
        """Both sides start afresh; not timed."""
        names = tuple(self.publisher._sizes)
        self.publisher.forget()
        self.connection.send(("drop", names))

    def png(self, pixels: NDArray[np.uint8], quality: int) -> int:
        """Baseline: encode, send, decode."""
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGBA8888)
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(b"PNG"))
        writer.setQuality(quality)
        assert writer.write(image), writer.errorString()
        self.connection.send("png")
        self.moved = data.size()
        self.wire.sendall(struct.pack("!Q", data.size()))
        self.wire.sendall(data.data())
        answer: int = self.connection.recv()
        return answer

    def close(self) -> None:
        """End the other process."""
        self.connection.send(None)
        self.process.join(10)
        self.wire.close()


def _once(arm: Callable[[], Any]) -> float:
    began = time.perf_counter()
    arm()
    return time.perf_counter() - began


def whole_canvas(pair: Pair, runs: int) -> list[Row]:
    pixels = picture(SIDE)
    image = Image.from_array(pixels)
    part = np.ascontiguousarray(pixels[:PART, :PART])
    share = (SIDE // PART) ** 2
    ours: list[float] = []
    packed: dict[str, list[float]] = {"default": [], "level 0": []}
    moved: dict[str, int] = {}
    quality = {"default": -1, "level 0": 100}
    for turn in range(1 + runs):  # one warm-up of everything: the default encoder is slow
        pair.forget()
        spent = _once(lambda: pair.tiles(image))
        moved["ours"] = pair.moved
        if turn:
            ours.append(spent)
        for name, found in packed.items():
            spent = _once(partial(pair.png, part, quality[name]))
            moved[name] = pair.moved
            if turn:
                found.append(spent * share)
    full = {name: _once(partial(pair.png, pixels, quality[name])) for name in packed}
    rows = []
    for name, target in (("default", 300), ("level 0", 15)):
        note = (
            f"{moved['ours'] / 1e3:.0f} kB in the message and {image.nbytes >> 20} MiB into the"
            f" page cache, against {moved[name] * share / 1e6:.0f} MB through the socket; PNG"
            f" figures are {PART}² × {share}; one full-size PNG run took {full[name]:.1f} s"
        )
        rows.append(
            Row(
                "14",
                f"8192² RGBA to the child, PNG {name}",
                Times.of(ours),
                Times.of(packed[name]),
                target=target,
                note=note,
            )
        )
    return rows


def one_edit(pair: Pair, runs: int) -> Row:
    """An edit of 1024² crosses as its own tiles, however large the canvas is."""
    sizes = {"8K": SIDE, "1K": 1024}
    images = {name: Image.from_array(picture(side)) for name, side in sizes.items()}
    for image in images.values():
        pair.tiles(image)
    rects = {"8K": Rect(2048, 3072, 1024, 1024), "1K": Rect(0, 0, 1024, 1024)}
    taken: dict[str, list[float]] = {name: [] for name in sizes}
    for turn in range(measure.WARM_UPS + 2 * runs):
        for name, image in images.items():
            pixels = np.roll(picture(1024, seed=turn + 1), turn, axis=0)
            pixels[0, 0, 0] = 17 if name == "8K" else 18  # the child must not know these tiles

            def cross(image: Image = image, name: str = name, pixels: Any = pixels) -> None:
                pair.tiles(image.replace(rects[name], pixels))

            spent = _once(cross)
            if turn >= measure.WARM_UPS:
                taken[name].append(spent)
    return Row(
        "14",
        "1024² edit to the child, 8K canvas against 1K",
        Times.of(taken["8K"]),
        Times.of(taken["1K"]),
        target=1.15,
        better="less",
        note="cut into tiles, hashed, written, mapped, every page of the new tiles touched",
    )


def collect(asked: Any) -> list[Row]:
    QImageReader.setAllocationLimit(0)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        pair = Pair(Path(name))
        try:
            return [*whole_canvas(pair, asked.runs), one_edit(pair, asked.runs)]
        finally:
            pair.close()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    measure.main(collect)
