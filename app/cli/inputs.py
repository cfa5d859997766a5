"""What commands are given by path: a picture and a selection of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from editor.errors import ExpectedError
from editor.formats import OpenedImage, open_image
from editor.model.image import Image
from editor.model.selection import Selection


def opened_for(args: argparse.Namespace) -> tuple[OpenedImage, Selection | None]:
    """The picture a command was given, and the selection of `--selection`."""
    opened = open_image(args.image)
    return opened, open_selection(args.selection, opened.image) if args.selection else None


def open_selection(path: Path, source: Image) -> Selection:
    """A mask file as a selection: white acts, black does not; same size as the picture."""
    mask = open_image(path).image
    if (mask.width, mask.height) != (source.width, source.height):
        raise ExpectedError(
            f"The selection is {mask.width} × {mask.height}, the picture "
            f"{source.width} × {source.height}.",
            "Give a mask of the picture's size.",
        )

    def coverage(rect: Any) -> Any:
        pixels = mask.read(rect).astype(np.float32) / mask.maximum
        colours = pixels[:, :, : mask.colour_channels].mean(axis=2)
        if mask.has_alpha:
            colours *= pixels[:, :, -1]
        return np.rint(colours * 255).astype(np.uint8)[:, :, None]

    selection = Selection(Image.build(mask.width, mask.height, 1, "uint8", coverage))
    if selection.is_empty:
        raise ExpectedError("The selection is empty.", "Paint white where the edit may act.")
    return selection
