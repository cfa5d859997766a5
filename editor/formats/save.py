from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.display_name import display_name
from editor.errors import UnsupportedImage
from editor.formats import avif, exif, jpeg, png, tiff, webp
from editor.formats.opened import SourceFile
from editor.formats.place import names_place, only_place, without_place
from editor.formats.profile import grey_to_srgb
from editor.formats.sniff import WRITTEN, format_of_name
from editor.formats.stream import Sink, TileStream, encode
from editor.formats.whole_file import whole_file
from editor.messages import Message
from editor.model.image import Image, Metadata
from editor.model.rect import Rect
from editor.render.heap import give_back_memory


@dataclass(frozen=True)
class SaveOptions:
    """How a picture is written; what a format does not know is ignored.

    Attributes:
        quality: 1..100 for JPEG, AVIF and lossy WebP.
        subsampling: "4:4:4" or "4:2:0" for JPEG and AVIF.
        lossless: WebP without loss.
        depth: 8 or 16; None keeps the picture's own where the format can.
        compression: TIFF "deflate", "lzw" or "none".
        effort: 0 fast .. 9 small, for PNG.
        camera: keep EXIF, XMP and text; profile and resolution stay in any case.
        place: keep where the picture was taken (GPS and the like).
        words: written into the file for anyone to read; "" for nothing.
    """

    quality: int = 95
    subsampling: str = "4:4:4"
    lossless: bool = True
    depth: int | None = None
    compression: str = "deflate"
    effort: int = 4
    camera: bool = True
    place: bool = True
    words: str = ""


@dataclass(frozen=True)
class _Plan:
    """What will be written: shape, metadata, and what is lost on the way."""

    channels: int
    depth: int
    meta: Metadata
    notes: tuple[Message, ...]
    grey_table: NDArray[np.uint8] | None = None


def save_image(
    image: Image,
    path: Path | str,
    *,
    format: str | None = None,  # noqa: A002 - the word everyone expects here
    options: SaveOptions | None = None,
) -> tuple[Message, ...]:
    """Write a picture, whole or not at all, streaming from its tiles.

    Args:
        image: what to write.
        path: where; an existing file is replaced in one step.
        format: one of `WRITTEN`; None takes it from the name's ending.
        options: defaults if None.

    Returns:
        Sentences about what the format could not hold, as `losses` gives them.

    Raises:
        UnsupportedImage: the name's ending is no format that is written, or it cannot hold it.
        DiskFull: no room; nothing is changed.
        ExpectedError: the folder cannot be written to.
    """
    path = Path(path)
    options = options or SaveOptions()
    name = written_format(path, format)
    plan = _plan(image, name, options)
    with whole_file(path) as file:
        stream = TileStream(
            image.width, image.height, plan.channels, plan.depth, _bands(image, plan)
        )
        try:
            _ENCODERS[name](stream, file, plan, options)
        finally:
            give_back_memory()
    return plan.notes


def losses(
    image: Image,
    format: str,  # noqa: A002
    options: SaveOptions | None = None,
) -> tuple[Message, ...]:
    """What saving in this format would lose, in sentences; empty if nothing.

    Raises:
        UnsupportedImage: the format cannot hold the picture.
    """
    return _plan(image, written_format(Path("x"), format), options or SaveOptions()).notes


def save_source(source: SourceFile, path: Path | str) -> None:
    """Copy the opened file's own bytes: an unchanged JPEG is not compressed once more.

    Raises:
        ValueError: the bytes were not kept, or the name asks for another format.
        DiskFull: no room; nothing is changed.
    """
    path = Path(path)
    if source.data is None or format_of_name(path) not in (None, source.format):
        raise ValueError("only an unchanged file in its own format is copied")
    with whole_file(path) as file:
        file.write(source.data)


def written_format(path: Path, name: str | None = None) -> str:
    """The format a file is written in: `name`, or what the ending of the file says.

    Raises:
        UnsupportedImage: it is no format that is written.
    """
    found = name or format_of_name(path)
    if found not in WRITTEN:
        raise UnsupportedImage(
            Message("file.format_not_written", format=name or path.suffix or display_name(path)),
            Message("do.choose_format"),
        )
    return found


def _plan(image: Image, name: str, options: SaveOptions) -> _Plan:
    notes: list[Message] = []
    if name == "webp" and max(image.width, image.height) > webp.MAX_WEBP_SIDE:
        raise UnsupportedImage(
            Message(
                "file.webp_side", side=webp.MAX_WEBP_SIDE, width=image.width, height=image.height
            ),
            Message("do.choose_png_or_tiff"),
        )
    eight_only = name in ("jpeg", "webp", "avif")
    depth = 8 if eight_only else options.depth or image.depth
    if depth < image.depth:
        if name == "avif":
            notes.append(Message("saved.written_in_8_bit", format=_NAMES[name]))
        elif eight_only:
            notes.append(Message("saved.holds_8_bit", format=_NAMES[name]))
        else:
            notes.append(Message("saved.reduced_to_8_bit"))
    channels = image.channels
    if name == "jpeg" and image.has_alpha:
        channels -= 1
        notes.append(Message("saved.jpeg_no_alpha"))
    meta, table = image.meta, None
    if name in ("webp", "avif") and image.colour_channels == 1:
        # WebP knows only RGB, and Pillow's AVIF keeps no grey with transparency: a grey profile
        # would describe pixels that are not there.
        table = grey_to_srgb(meta.icc)
        channels += 2
        meta = replace(meta, icc=None)
    return _Plan(channels, depth, _meta_for(image, name, meta, options, notes), (*notes,), table)


_MODEST = 2_000_000
_NAMES = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP", "tiff": "TIFF", "avif": "AVIF"}


def _meta_for(
    image: Image, name: str, meta: Metadata, options: SaveOptions, notes: list[Message]
) -> Metadata:
    if not options.place and names_place(meta):
        meta = without_place(meta)
        notes.append(Message("saved.place_left_out"))
    if not options.camera:
        meta = only_place(meta)
    if options.words:
        entry = "Comment" if name == "jpeg" else "Description"
        meta = replace(meta, text=((entry, options.words), *_without(meta.text, entry)))
    block = exif.for_export(meta.exif, image.width, image.height)
    kept_text: tuple[tuple[str, str], ...] = meta.text
    if name == "jpeg":
        kept_text = tuple(entry for entry in meta.text if entry[0] == "Comment")
        if block and not jpeg.fits_exif(block):
            block = None
            notes.append(Message("saved.exif_too_large"))
        if meta.xmp and not jpeg.fits_xmp(meta.xmp):
            meta = replace(meta, xmp=None)
            notes.append(Message("saved.xmp_too_large"))
        if meta.icc and not jpeg.fits_icc(meta.icc):
            meta = replace(meta, icc=None)
            notes.append(Message("saved.icc_too_large"))
    elif name == "tiff":
        kept_text = tuple(entry for entry in meta.text if entry[0] == "Description")
    elif name in ("webp", "avif"):
        kept_text = ()
        if meta.dpi and not block:
            block = exif.only_resolution(meta.dpi)
    if lost := len(meta.text) - len(kept_text):
        if lost == 1:
            notes.append(Message("saved.lost_text", format=_NAMES[name]))
        else:
            notes.append(Message("saved.lost_texts", format=_NAMES[name], count=lost))
    return replace(meta, exif=block, text=kept_text)


def _without(text: tuple[tuple[str, str], ...], entry: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in text if pair[0] != entry)


def _bands(image: Image, plan: _Plan) -> Any:
    flatten = image.has_alpha and plan.channels in (1, 3)
    reduce = image.depth == 16 and plan.depth == 8
    widen = image.depth == 8 and plan.depth == 16

    def band(y: int, height: int) -> NDArray[Any]:
        rows = image.read(Rect(0, y, image.width, height))
        if flatten:
            rows = _over_white(rows)
        if reduce:
            rows = ((rows.astype(np.uint32) + 128) // 257).astype(np.uint8)
        elif widen:
            rows = rows.astype(np.uint16) * np.uint16(257)
        if plan.grey_table is not None:
            rows = np.concatenate([plan.grey_table[rows[:, :, 0]], rows[:, :, 1:]], axis=2)
        return rows

    return band


def _over_white(rows: NDArray[Any]) -> NDArray[Any]:
    top = np.uint32(np.iinfo(rows.dtype).max)
    alpha = rows[:, :, -1:].astype(np.uint32)
    colour = rows[:, :, :-1].astype(np.uint32)
    # top·top is below 2³², so whole numbers do it without rounding twice
    return ((colour * alpha + (top - alpha) * top + top // 2) // top).astype(rows.dtype)


def _encode_png(stream: TileStream, file: BinaryIO, plan: _Plan, options: SaveOptions) -> None:
    chunks = png.metadata_chunks(plan.meta)
    encode(
        stream,
        Sink(file, lambda head: png.with_chunks(head, chunks)),
        lambda image, target: image.pngsave_target(
            target, compression=options.effort, filter="up", keep="none"
        ),
    )


def _encode_jpeg(stream: TileStream, file: BinaryIO, plan: _Plan, options: SaveOptions) -> None:
    segments = jpeg.metadata_segments(plan.meta)
    encode(
        stream,
        Sink(file, lambda head: jpeg.with_segments(head, segments)),
        lambda image, target: image.jpegsave_target(
            target,
            Q=max(1, min(100, options.quality)),
            subsample_mode="off" if options.subsampling == "4:4:4" else "on",
            keep="none",
        ),
    )


def _encode_tiff(stream: TileStream, file: BinaryIO, plan: _Plan, options: SaveOptions) -> None:
    predictor = "none" if options.compression == "none" else "horizontal"
    encode(
        stream,
        Sink(file),
        lambda image, target: image.tiffsave_target(
            target, compression=options.compression, predictor=predictor, keep="none"
        ),
    )
    tiff.append_metadata(file, plan.meta)


def _encode_webp(stream: TileStream, file: BinaryIO, plan: _Plan, options: SaveOptions) -> None:
    """The encoder wants the whole picture anyway; its compressed bytes are wrapped afterwards."""
    out = io.BytesIO()
    size = stream.width, stream.height
    encode(
        stream,
        Sink(out),
        lambda image, target: image.webpsave_target(
            target,
            lossless=options.lossless,
            exact=True,
            Q=50 if options.lossless else max(1, min(100, options.quality)),
            # The lossless search grows with the square of effort: 4 s against 50 s at 24 MP.
            effort=4 if not options.lossless else 2 if size[0] * size[1] <= _MODEST else 0,
            keep="none",
        ),
    )
    file.write(webp.with_metadata(out.getvalue(), plan.meta, *size, plan.channels == 4))


def _encode_avif(stream: TileStream, file: BinaryIO, plan: _Plan, options: SaveOptions) -> None:
    """The encoder wants the whole picture at once."""
    quality = max(1, min(100, options.quality))
    avif.write_picture(file, stream.whole(), plan.meta, quality, options.subsampling)


_ENCODERS = {
    "avif": _encode_avif,
    "png": _encode_png,
    "jpeg": _encode_jpeg,
    "tiff": _encode_tiff,
    "webp": _encode_webp,
}
