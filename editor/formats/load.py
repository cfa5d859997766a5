from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from editor.display_name import display_name
from editor.errors import ExpectedError, OutOfMemory, UnsupportedImage
from editor.formats import archive, avif, exif, jpeg, png, psd, simple, tiff, webp
from editor.formats.limits import MAX_SOURCE_BYTES, cannot_read, check_size, damaged, not_a_picture
from editor.formats.opened import Header, OpenedImage, Probe, SourceFile
from editor.formats.profile import settle_profile
from editor.formats.row_decoders import RowDecoder, assemble, decoder
from editor.formats.sniff import open_regular, sniff_file
from editor.messages import Message
from editor.model.image import Image
from editor.render.heap import give_back_memory

_PARSERS: dict[str, Callable[[BinaryIO], Header]] = {
    "png": png.read_header,
    "jpeg": jpeg.read_header,
    "webp": webp.read_header,
    "tiff": tiff.read_header,
    "avif": avif.read_header,
    "gif": simple.read_gif,
    "bmp": simple.read_bmp,
    "psd": psd.read_header,
    "kra": lambda file: archive.read_header(file, "Krita"),
    "ora": lambda file: archive.read_header(file, "OpenRaster"),
}

BROKEN: tuple[type[Exception], ...] = (
    ValueError,
    LookupError,
    ArithmeticError,
    EOFError,
    SyntaxError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    struct.error,
    zlib.error,
)
"""What parsers and decoders raise on hostile input; the artist is shown one thing, a damaged file.
"""


def open_image(path: Path | str) -> OpenedImage:
    """Open a picture file.

    Raises:
        UnsupportedImage: not a picture, damaged, too large, or of a kind that is not opened.
        OutOfMemory: the picture does not fit.
        ExpectedError: the file cannot be read.
    """
    path = Path(path)
    with _Sentences(display_name(path)), open_regular(path) as file:
        name = _known(file)
        header = _PARSERS[name](file)
        rows = decoder(name, path, file, header)
        check_size(rows.width, rows.height)
        data = _original(file, header)
        return _opened(path, name, header, rows, data)


def probe(path: Path | str) -> Probe:
    """Size, depth and format of a picture file, without decoding it.

    Raises:
        ExpectedError: as `open_image`; damage behind the header is not seen.
    """
    path = Path(path)
    with _Sentences(display_name(path)), open_regular(path) as file:
        name = _known(file)
        header = _PARSERS[name](file)
        turned = (header.orientation or exif.orientation(header.exif, header.xmp)) >= 5
        if name == "avif":
            turned = False
        size = (header.height, header.width) if turned else (header.width, header.height)
        return Probe(name, *size, header.depth, header.frames)


def _known(file: BinaryIO) -> str:
    name = sniff_file(file)
    if name is None and not file.read(1):
        raise UnsupportedImage(Message("image.empty_file"), Message("do.copy_again"))
    if name is None:
        raise not_a_picture()
    return name


class _Sentences:
    """Turns whatever a decoder throws at us into one of the expected errors."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is None or isinstance(error, ExpectedError):
            return
        if isinstance(error, MemoryError) or "out of memory" in str(error):
            raise OutOfMemory(Message("image.no_memory"), Message("do.close_programs")) from error
        if isinstance(error, OSError) and error.errno is not None:
            raise cannot_read(self.name, error) from error
        if isinstance(error, (*BROKEN, OSError)) or type(error).__module__.startswith("pyvips"):
            raise damaged() from error


def _original(file: BinaryIO, header: Header) -> bytes | None:
    if not header.lossy:
        return None
    size = file.seek(0, 2)
    if size > MAX_SOURCE_BYTES:
        return None
    file.seek(0)
    return file.read(size)


def _opened(
    path: Path, name: str, header: Header, rows: RowDecoder, data: bytes | None
) -> OpenedImage:
    orientation = header.orientation or exif.orientation(header.exif, header.xmp)
    try:
        tiles = assemble(rows, orientation)
    finally:
        give_back_memory()
    if header.exif is not None and not exif.is_sound(header.exif):
        header.exif = None
        header.notes.append(Message("opened.bad_exif"))
    header.exif = exif.upright(header.exif)
    header.xmp = exif.upright_xmp(header.xmp)
    header.dpi = header.dpi or exif.dpi(header.exif)
    if orientation in (5, 6, 7, 8) and header.dpi:
        header.dpi = (header.dpi[1], header.dpi[0])
    settle_profile(header, rows.channels)
    size = (rows.height, rows.width) if orientation >= 5 else (rows.width, rows.height)
    image = Image(*size, rows.channels, rows.dtype, tiles, header.metadata())
    notes = (*_frames_note(name, header.frames), *dict.fromkeys((*rows.notes, *header.notes)))
    return OpenedImage(image, notes, SourceFile(path.name, name, data))


def _frames_note(name: str, frames: int) -> tuple[Message, ...]:
    if frames == 1:
        return ()
    kind = {"tiff": "page", "jpeg": "picture"}.get(name, "frame")
    if frames < 1:
        return (Message(f"opened.only_first_{kind}"),)
    return (Message(f"opened.first_{kind}_of", count=frames),)
