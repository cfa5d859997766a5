from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.model.rect import Rect

Pixels = NDArray[Any]
"""(H, W, C) `uint8` or `uint16`; C is 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha."""

TILE = 256
"""Side of a tile in pixels: the knee of speed against memory for undo (docs/benchmarks.md)."""

DIGEST_BYTES = 20
_DIGEST_VERSION = b"pentimento-pixels-1"
_DTYPES: dict[str, np.dtype[Any]] = {"uint8": np.dtype(np.uint8), "uint16": np.dtype(np.uint16)}


class TileSource(Protocol):
    """Where a tile's pixels come back from once they have left memory."""

    def load_tile(self, digest: bytes) -> Pixels:
        """Return the pixels of the tile with this digest, read-only, (h, w, C)."""
        ...


def tile_digest(pixels: Pixels) -> bytes:
    """BLAKE2b of a tile's shape, dtype and bytes (20 bytes)."""
    head = f"{pixels.shape[0]},{pixels.shape[1]},{pixels.shape[2]},{pixels.dtype.name};".encode()
    state = hashlib.blake2b(head, digest_size=DIGEST_BYTES)
    state.update(np.ascontiguousarray(pixels).data)
    return state.digest()


class Tile:
    """A square of immutable pixels, at most 256 × 256, cropped at the picture's edges.

    Pixels are held in memory until `release`; then they are read from a `TileSource` on demand.
    """

    __slots__ = ("_pixels", "_source", "digest", "dtype", "shape")

    def __init__(self, pixels: Pixels) -> None:
        owned = np.ascontiguousarray(pixels)
        if owned.base is not None or owned is pixels:
            owned = owned.copy()
        owned.flags.writeable = False
        self._pixels: Pixels | None = owned
        self._source: TileSource | None = None
        self.shape: tuple[int, int, int] = (owned.shape[0], owned.shape[1], owned.shape[2])
        self.dtype: str = owned.dtype.name
        self.digest = tile_digest(owned)

    @classmethod
    def stored(
        cls, digest: bytes, shape: tuple[int, int, int], dtype: str, source: TileSource
    ) -> Tile:
        """A tile whose pixels lie in `source` and are read on first use."""
        tile = cls.__new__(cls)
        tile._pixels = None
        tile._source = source
        tile.shape, tile.dtype, tile.digest = shape, dtype, digest
        return tile

    @property
    def pixels(self) -> Pixels:
        """The pixels, read-only, (h, w, C)."""
        pixels = self._pixels  # one read: another thread may release in between
        if pixels is not None:
            return pixels
        if self._source is None:
            raise RuntimeError("tile has neither pixels nor a source")
        return self._source.load_tile(self.digest)

    @property
    def in_memory(self) -> bool:
        """True while the tile itself holds its pixels."""
        return self._pixels is not None

    @property
    def nbytes(self) -> int:
        """Size of the pixels in bytes, in memory or not."""
        height, width, channels = self.shape
        return height * width * channels * _DTYPES[self.dtype].itemsize

    def release(self, source: TileSource) -> None:
        """Drop the pixels from memory; later reads come from `source`, which must hold them."""
        self._source = source
        self._pixels = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What travels with the pixels: profile, resolution, EXIF, XMP, text entries.

    `icc`, `exif` and `xmp` are the raw blocks; `dpi` is dots per inch (x, y). EXIF orientation
    has been applied to the pixels and reset to 1 when a file was opened.
    """

    icc: bytes | None = None
    dpi: tuple[float, float] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    text: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """Hex BLAKE2b over all fields."""
        state = hashlib.blake2b(b"pentimento-meta-1", digest_size=DIGEST_BYTES)
        for block in (self.icc, self.exif, self.xmp):
            state.update(b"-" if block is None else len(block).to_bytes(8, "big") + block)
        state.update(repr((self.dpi, self.text)).encode())
        return state.hexdigest()


@dataclass(frozen=True, eq=False)
class Image:
    """Immutable pixels as a grid of shared 256-px tiles, with profile and metadata kept.

    Attributes:
        width: pixels across.
        height: pixels down.
        channels: 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha (straight, not premultiplied).
        dtype: "uint8" or "uint16"; values are encoded (not linear) in the profile's space.
        tiles: row-major grid.
        meta: profile, resolution, EXIF and the rest.
    """

    width: int
    height: int
    channels: int
    dtype: str
    tiles: tuple[Tile, ...] = field(repr=False)
    meta: Metadata = field(default_factory=Metadata, repr=False)

    def __post_init__(self) -> None:
        if self.dtype not in _DTYPES or self.channels not in (1, 2, 3, 4):
            raise ValueError(f"no such pixel format: {self.channels} × {self.dtype}")
        if len(self.tiles) != self.columns * self.rows or not self.tiles:
            raise ValueError("tile count does not match the size")

    @classmethod
    def from_array(cls, pixels: Pixels, meta: Metadata | None = None) -> Image:
        """Cut an array (H, W), (H, W, 1..4), `uint8` or `uint16` into tiles (copies)."""
        if pixels.ndim == 2:
            pixels = pixels[:, :, None]
        height, width, channels = pixels.shape
        return cls.build(
            width,
            height,
            channels,
            pixels.dtype.name,
            lambda r: pixels[r.y : r.bottom, r.x : r.right],
            meta,
        )

    @classmethod
    def build(
        cls,
        width: int,
        height: int,
        channels: int,
        dtype: str,
        read: Callable[[Rect], Pixels],
        meta: Metadata | None = None,
    ) -> Image:
        """Make an image tile by tile; `read(rect)` gives (h, w, C) for each tile in order."""
        tiles = tuple(Tile(read(rect)) for rect in tile_rects(width, height))
        return cls(width, height, channels, dtype, tiles, meta or Metadata())

    @property
    def columns(self) -> int:
        """Tiles across."""
        return -(-self.width // TILE)

    @property
    def rows(self) -> int:
        """Tiles down."""
        return -(-self.height // TILE)

    @property
    def bounds(self) -> Rect:
        """The whole picture."""
        return Rect(0, 0, self.width, self.height)

    @property
    def has_alpha(self) -> bool:
        """True if the last channel is coverage."""
        return self.channels in (2, 4)

    @property
    def colour_channels(self) -> int:
        """1 for grey, 3 for RGB."""
        return 1 if self.channels < 3 else 3

    @property
    def maximum(self) -> int:
        """Largest sample value: 255 or 65535."""
        return int(np.iinfo(_DTYPES[self.dtype]).max)

    @property
    def depth(self) -> int:
        """Bits per sample: 8 or 16."""
        return _DTYPES[self.dtype].itemsize * 8

    @property
    def nbytes(self) -> int:
        """Size of all pixels in bytes."""
        return self.width * self.height * self.channels * _DTYPES[self.dtype].itemsize

    def tile(self, column: int, row: int) -> Tile:
        """The tile at grid place (column, row)."""
        return self.tiles[row * self.columns + column]

    def tile_rect(self, column: int, row: int) -> Rect:
        """The pixels that tile (column, row) covers."""
        return Rect(column * TILE, row * TILE, TILE, TILE).intersect(self.bounds)

    def grid(self) -> Iterator[tuple[int, int, Rect]]:
        """All grid places, row-major: column, row, rectangle."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield column, row, self.tile_rect(column, row)

    def touched(self, rect: Rect) -> Iterator[tuple[int, int, Rect]]:
        """Grid places whose tile meets `rect`: column, row, the tile's rectangle."""
        rect = rect.intersect(self.bounds)
        if rect.is_empty:
            return
        for row in range(rect.y // TILE, (rect.bottom - 1) // TILE + 1):
            for column in range(rect.x // TILE, (rect.right - 1) // TILE + 1):
                yield column, row, self.tile_rect(column, row)

    def read(self, rect: Rect) -> Pixels:
        """Copy of a rectangle inside the picture, (h, w, C)."""
        if rect != rect.intersect(self.bounds):
            raise ValueError(f"{rect} leaves the picture of {self.width} × {self.height}")
        out = np.empty((rect.height, rect.width, self.channels), _DTYPES[self.dtype])
        for column, row, place in self.touched(rect):
            part = place.intersect(rect)
            out[part.y - rect.y : part.bottom - rect.y, part.x - rect.x : part.right - rect.x] = (
                self.tile(column, row).pixels[
                    part.y - place.y : part.bottom - place.y,
                    part.x - place.x : part.right - place.x,
                ]
            )
        return out

    def array(self) -> Pixels:
        """Copy of all pixels, (H, W, C); for small pictures and tests."""
        return self.read(self.bounds)

    def replace(self, rect: Rect, pixels: Pixels) -> Image:
        """A new image with `rect` set to `pixels` (h, w, C); all other tiles are shared."""
        changed: dict[tuple[int, int], Tile] = {}
        for column, row, place in self.touched(rect):
            part = place.intersect(rect)
            patch = pixels[
                part.y - rect.y : part.bottom - rect.y, part.x - rect.x : part.right - rect.x
            ]
            if part == place:
                changed[column, row] = Tile(patch)
                continue
            whole = self.tile(column, row).pixels.copy()
            whole[
                part.y - place.y : part.bottom - place.y, part.x - place.x : part.right - place.x
            ] = patch
            changed[column, row] = Tile(whole)
        return self.with_tiles(changed)

    def with_tiles(self, changed: Mapping[tuple[int, int], Tile]) -> Image:
        """A new image with these grid places replaced; equal tiles keep the old object."""
        tiles = list(self.tiles)
        for (column, row), tile in changed.items():
            index = row * self.columns + column
            if tiles[index].digest != tile.digest:
                tiles[index] = tile
        return Image(self.width, self.height, self.channels, self.dtype, tuple(tiles), self.meta)

    @cached_property
    def pixel_digest(self) -> str:
        """Hex BLAKE2b over version, size, dtype, channels and the tile digests in row order."""
        state = hashlib.blake2b(_DIGEST_VERSION, digest_size=DIGEST_BYTES)
        state.update(f"{self.width},{self.height},{self.dtype},{self.channels};".encode())
        state.update(b"".join([tile.digest for tile in self.tiles]))
        return state.hexdigest()

    @property
    def meta_digest(self) -> str:
        """Hex digest of profile, resolution, EXIF and the rest."""
        return self.meta.digest

    def equals(self, other: Image) -> bool:
        """True if every pixel is the same (metadata is not compared)."""
        return self.pixel_digest == other.pixel_digest


def tile_rects(width: int, height: int) -> Iterator[Rect]:
    """Tile rectangles of a picture, row-major, cropped at the edges."""
    whole = Rect(0, 0, width, height)
    for y in range(0, height, TILE):
        for x in range(0, width, TILE):
            yield Rect(x, y, TILE, TILE).intersect(whole)
