from __future__ import annotations

from dataclasses import dataclass, field

from editor.model.image import Metadata


@dataclass(frozen=True)
class ImageRef:
    """An `Image` on its way to the child: its tiles, and where the new ones are.

    The child keeps tiles by digest, so `new` names only those it does not hold yet.

    Attributes:
        width, height, channels, dtype, meta: as in `Image`.
        digest: its pixel digest.
        tiles: digests of all tiles, row-major.
        file: name of the scratch file with the new tiles, "" if none is new.
        new: (digest, byte offset in the file) of each new tile.
    """

    width: int
    height: int
    channels: int
    dtype: str
    meta: Metadata
    digest: str
    tiles: tuple[bytes, ...] = field(repr=False)
    file: str = ""
    new: tuple[tuple[bytes, int], ...] = field(default=(), repr=False)
