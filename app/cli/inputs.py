"""What commands are given by path: a picture and a selection of it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.cli.output import UsageError
from editor.errors import ExpectedError
from editor.formats import OpenedImage, open_image
from editor.messages import Message, verbatim
from editor.model.image import Image
from editor.model.selection import Selection

FAINT = 0.1
"""Masks whose brightest value is below this share of white are remarked on."""

_NAMED = 8
"""Most labels that a message lists."""


def add_selection(parser: argparse.ArgumentParser, text: str) -> None:
    """Declare `--selection`, with `text` as its help, and `--label`."""
    parser.add_argument("--selection", type=Path, metavar="MASK.png", help=text)
    parser.add_argument(
        "--label", type=int, metavar="N", help="the mask holds labels: where it is N"
    )


def opened_for(args: argparse.Namespace) -> tuple[OpenedImage, Selection | None]:
    """The picture a command was given, with remarks, and the selection of `--selection`.

    Raises:
        UsageError: `--label` without `--selection`.
        ExpectedError: as `open_selection`.
    """
    opened = open_image(args.image)
    if args.selection is None:
        if args.label is not None:
            raise UsageError("--label needs --selection.", "Give a mask that holds labels.")
        return opened, None
    selection, remarks = open_selection(args.selection, opened.image, args.label)
    return replace(opened, notes=(*opened.notes, *remarks)), selection


def open_selection(
    path: Path, source: Image, label: int | None = None
) -> tuple[Selection, tuple[Message, ...]]:
    """A mask file as a selection of the picture, and remarks on it.

    Args:
        path: white acts, black does not; same size as the picture.
        source: the picture.
        label: the file is grey and holds a number for each pixel; those with this one are
            selected.

    Raises:
        ExpectedError: no mask of this size, nothing is selected, or labels that are not grey.
    """
    mask = open_image(path).image
    if (mask.width, mask.height) != (source.width, source.height):
        raise ExpectedError(
            f"The selection is {mask.width} × {mask.height}, the picture "
            f"{source.width} × {source.height}.",
            "Give a mask of the picture's size.",
        )
    if label is not None:
        return _labelled(mask, label), ()

    def coverage(rect: Any) -> Any:
        pixels = mask.read(rect).astype(np.float32) / mask.maximum
        colours = pixels[:, :, : mask.colour_channels].mean(axis=2)
        if mask.has_alpha:
            colours *= pixels[:, :, -1]
        return np.rint(colours * 255).astype(np.uint8)[:, :, None]

    brightest = max(int(tile.pixels[:, :, : mask.colour_channels].max()) for tile in mask.tiles)
    remarks: tuple[Message, ...] = ()
    if 0 < brightest < FAINT * mask.maximum:
        remarks = (verbatim(_faint(brightest, mask)),)
    selection = Selection(Image.build(mask.width, mask.height, 1, "uint8", coverage))
    if selection.is_empty:
        fix = "Paint white where the edit may act."
        raise ExpectedError("The selection is empty.", f"{fix} {remarks[0]}" if remarks else fix)
    return selection, remarks


def _faint(brightest: int, mask: Image) -> str:
    text = (
        f"The brightest value of the selection is {brightest} of {mask.maximum}, "
        "so the edit hardly acts."
    )
    if mask.colour_channels == 1:
        text += f" If its values are labels, choose one: --label {brightest}."
    return text


def _labelled(mask: Image, label: int) -> Selection:
    if mask.colour_channels != 1:
        raise ExpectedError(
            "The selection is in colour, so its values are no labels.",
            "Give a grey mask with a number for each label.",
        )
    values = np.unique(np.concatenate([np.unique(tile.pixels[:, :, 0]) for tile in mask.tiles]))
    if label not in values:
        listed = ", ".join(map(str, values[:_NAMED])) + (", …" if len(values) > _NAMED else "")
        raise ExpectedError(f"No pixel has the label {label}.", f"The labels are {listed}.")

    def coverage(rect: Any) -> Any:
        return np.where(mask.read(rect)[:, :, :1] == label, 255, 0).astype(np.uint8)

    return Selection(Image.build(mask.width, mask.height, 1, "uint8", coverage))
