from __future__ import annotations

from dataclasses import dataclass, field

from editor.messages import Message
from editor.model.image import Image, Metadata


@dataclass(frozen=True)
class SourceFile:
    """The file a picture was opened from.

    Attributes:
        name: file name without folder.
        format: one of `FORMATS`, e.g. "jpeg".
        data: the file's own bytes for lossy formats up to 64 MB, so that an unchanged picture is
            saved without another loss; else None.
    """

    name: str
    format: str
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class OpenedImage:
    """What `open_image` gives: the picture, sentences about what opening changed, the file."""

    image: Image
    notes: tuple[Message, ...]
    source: SourceFile


@dataclass(frozen=True)
class Probe:
    """What a file says about its picture, read without decoding it.

    `width` and `height` are as shown, that is after the EXIF orientation; `depth` is bits per
    sample as opened, 8 or 16; `frames` counts the pictures inside (0 if that is not known).
    """

    format: str
    width: int
    height: int
    depth: int
    frames: int = 1


@dataclass
class Header:
    """What a container parser found before any pixel is decoded (internal)."""

    width: int
    height: int
    bits: int = 8
    model: str = "rgb"
    """ "grey", "rgb", "palette", "cmyk" or "lab"."""
    icc: bytes | None = None
    named: str | None = None
    """A profile of libvips' own, where the file names its colours by number."""
    dpi: tuple[float, float] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    text: list[tuple[str, str]] = field(default_factory=list)
    orientation: int = 0
    """1..8 where the container itself says; 0 leaves it to EXIF and XMP."""
    frames: int = 1
    lossy: bool = False
    extra_channels: int = 0
    photometric: tuple[int, bytes] = (0, b"")
    """TIFF: where the photometric value lies, and its bytes for "RGB"."""
    signed_lab: bool = True
    """Lab's a and b are signed (TIFF's CIELab), not around 128 (ICC Lab)."""
    notes: list[Message] = field(default_factory=list)
    content: bytes | None = None
    """The picture inside an archive; None where the file itself is the picture."""

    @property
    def depth(self) -> int:
        """Bits per sample as opened."""
        return 16 if self.bits > 8 else 8

    def metadata(self) -> Metadata:
        """The blocks as the `Image` keeps them."""
        return Metadata(self.icc, self.dpi, self.exif, self.xmp, tuple(self.text))
