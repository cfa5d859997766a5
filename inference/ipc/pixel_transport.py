from __future__ import annotations

import itertools
import mmap
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from editor.errors import DiskFull, is_disk_full
from editor.messages import Message
from editor.model.image import TILE, Image, Pixels, Tile
from inference.request.cancel import Cancelled
from inference.request.image_ref import ImageRef

SUFFIX = ".tiles"
BUDGET = 1 << 30
"""Bytes of tiles that the child may keep; one gigabyte holds six states of a 24-MP photograph."""

_ALIGN = 64
_counter = itertools.count()


class Publisher:
    """The UI's end of pixels in transit: writes what the child lacks into scratch files.

    It creates the files and only it removes them: as soon as the child has mapped one its name
    goes (the mapping lives on), so that a crash leaves nothing but files of a dead process,
    which the next start removes.
    """

    def __init__(self, folder: Path, budget: int = BUDGET) -> None:
        self._folder = folder
        self._budget = budget
        self._place: dict[bytes, str] = {}  # tile digest → file that brought it
        self._sizes: dict[str, int] = {}  # file → bytes, least recently used first
        folder.mkdir(parents=True, exist_ok=True)
        remove_stale_files(folder)

    def publish(self, image: Image, stopped: Callable[[], bool] | None = None) -> ImageRef:
        """Write the tiles the child does not hold and return where they are.

        Plain writes, so that a full disk is an error here and never a bus error in a mapping.

        Args:
            image: any picture; its tiles may lie in the document file.
            stopped: called before each tile; True raises `Cancelled`.

        Raises:
            DiskFull: the scratch folder has no room.
            Cancelled: `stopped` returned True; nothing is left behind.
        """
        digests = tuple([tile.digest for tile in image.tiles])
        missing = {
            digest: tile
            for digest, tile in zip(digests, image.tiles, strict=True)
            if digest not in self._place
        }
        name, new = "", []
        if missing:
            name = f"{os.getpid()}-{next(_counter)}{SUFFIX}"
            path = self._folder / name
            try:
                new = _write(path, list(missing.values()), stopped)
            except BaseException:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                raise
            self._sizes[name] = sum(t.nbytes for t in missing.values())
            self._place.update(dict.fromkeys(missing, name))
        for used in set(map(self._place.__getitem__, digests)):
            self._sizes[used] = self._sizes.pop(used)  # now the most recently used
        return ImageRef(
            image.width,
            image.height,
            image.channels,
            image.dtype,
            image.meta,
            image.pixel_digest,
            digests,
            name,
            tuple(new),
        )

    def over_budget(self, keep: tuple[ImageRef, ...]) -> tuple[str, ...]:
        """Files the child should drop, oldest first, sparing what these pictures need."""
        needed = {self._place[d] for ref in keep for d in ref.tiles if d in self._place}
        excess = sum(self._sizes.values()) - self._budget
        dropped: list[str] = []
        for name, size in list(self._sizes.items()):
            if excess <= 0:
                break
            if name not in needed:
                dropped.append(name)
                excess -= size
        for name in dropped:
            del self._sizes[name]
            self.mapped(name)
        gone = set(dropped)
        self._place = {d: n for d, n in self._place.items() if n not in gone}
        return tuple(dropped)

    def mapped(self, name: str) -> None:
        """The child has mapped this file: its name may go (Windows keeps it until closed)."""
        if name in self._sizes or name.startswith(f"{os.getpid()}-"):
            with suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)

    def forget(self) -> None:
        """The child is gone, and with it every tile it held."""
        for name in self._sizes:
            self.mapped(name)
        self._sizes.clear()
        self._place.clear()


class MappedTiles:
    """The child's end: mapped scratch files, tiles by digest. A `TileSource`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._maps: dict[str, mmap.mmap] = {}
        self._places: dict[bytes, tuple[str, int]] = {}  # tile digest → file, offset
        # Made once for each digest, so that a picture costs only the tiles that are new in it.
        self._tiles: dict[bytes, Tile] = {}

    def resolve(self, ref: ImageRef) -> Image:
        """The picture a reference names; its tiles stay in the mapped files."""
        if ref.file:
            self._map(ref.file)
            shapes = _shapes(ref, {digest for digest, _ in ref.new})
            for digest, offset in ref.new:
                self._places[digest] = (ref.file, offset)
                self._tiles[digest] = Tile.stored(digest, shapes[digest], ref.dtype, self)
        try:
            tiles = tuple(map(self._tiles.__getitem__, ref.tiles))
        except KeyError as error:
            raise LookupError(f"tile {error.args[0].hex()} never arrived") from error
        return Image(ref.width, ref.height, ref.channels, ref.dtype, tiles, ref.meta)

    def load_tile(self, digest: bytes) -> Pixels:
        """Read-only view into the mapped file, which it keeps alive."""
        name, offset = self._places[digest]
        tile = self._tiles[digest]
        count = tile.shape[0] * tile.shape[1] * tile.shape[2]
        return np.frombuffer(self._maps[name], tile.dtype, count, offset).reshape(tile.shape)

    def drop(self, files: tuple[str, ...]) -> None:
        """Drop these files; their pages are freed once nothing reads them."""
        gone = set(files)
        lost = [digest for digest, (name, _) in self._places.items() if name in gone]
        for digest in lost:
            del self._places[digest], self._tiles[digest]
        for name in gone:
            self._maps.pop(name, None)

    def _map(self, name: str) -> None:
        if Path(name).name != name:
            raise ValueError("a scratch file lies in the scratch folder")
        with (self._folder / name).open("rb") as file:
            self._maps[name] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def remove_stale_files(folder: Path) -> None:
    """Remove the scratch files of processes that have ended."""
    for path in folder.glob(f"*{SUFFIX}"):
        owner = path.name.partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            with suppress(OSError):
                path.unlink()


def _alive(pid: int) -> bool:
    if sys.platform == "win32":
        return pid == os.getpid()  # a file still mapped cannot be unlinked there anyway
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write(
    path: Path, tiles: list[Tile], stopped: Callable[[], bool] | None
) -> list[tuple[bytes, int]]:
    placed: list[tuple[bytes, int]] = []
    offset = 0
    try:
        with path.open("xb", buffering=0) as file:
            for tile in tiles:
                if stopped is not None and stopped():
                    raise Cancelled
                data = np.ascontiguousarray(tile.pixels).reshape(-1).view(np.uint8)
                padding = -data.nbytes % _ALIGN
                _write_all(file.fileno(), data.data)
                if padding:
                    _write_all(file.fileno(), memoryview(bytes(padding)))
                placed.append((tile.digest, offset))
                offset += data.nbytes + padding
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(
                Message("engine.disk_full"),
                Message("do.make_room"),
            ) from error
        raise
    return placed


def _write_all(descriptor: int, data: memoryview) -> None:
    while data:  # a raw write may be short, on a nearly full disk above all
        data = data[os.write(descriptor, data) :]


def _shapes(ref: ImageRef, wanted: set[bytes]) -> dict[bytes, tuple[int, int, int]]:
    """Shapes (h, w, c) of some of a picture's tiles, by digest."""
    columns = -(-ref.width // TILE)
    found: dict[bytes, tuple[int, int, int]] = {}
    for number, digest in enumerate(ref.tiles):
        if digest in wanted:
            row, column = divmod(number, columns)
            height = min(TILE, ref.height - row * TILE)
            width = min(TILE, ref.width - column * TILE)
            found[digest] = (height, width, ref.channels)
    return found
