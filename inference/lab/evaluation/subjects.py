"""How well subjects are found in photographs that were outlined by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.formats import open_image
from editor.model.image import Image
from inference.lab.evaluation.picture_files import picture_files
from inference.request.cancel import CancelCheck
from inference.vision.segmentation import Segmentation, find_subject

OUTLINES: Final = Path(__file__).parent / "subject_outlines.json"
_SIDE: Final = 1000
"""The longest side of a picture in the units of its outline."""

Polygon = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class OutlinedPhotograph:
    """A photograph and its subject.

    Attributes:
        file: name of the file.
        kind: "person" or "other".
        licence: of the photograph, and where it comes from.
        outlines: polygons around the subject, on a picture whose longest side is 1000.
        holes: polygons inside them that do not belong to it.
    """

    file: str
    kind: str
    licence: str
    outlines: tuple[Polygon, ...]
    holes: tuple[Polygon, ...] = ()

    def mask(self, width: int, height: int) -> NDArray[np.bool_]:
        """Where the subject is in the picture at this size, (height, width)."""
        scale, filled = max(width, height) / _SIDE, np.zeros((height, width), np.uint8)
        for polygons, value in ((self.outlines, 1), (self.holes, 0)):
            for polygon in polygons:
                cv2.fillPoly(filled, [np.rint(np.array(polygon) * scale).astype(np.int32)], value)
        return filled > 0


@dataclass(frozen=True)
class SubjectFigure:
    """What was measured on one photograph: intersection over union, and the confidence."""

    photograph: OutlinedPhotograph
    iou: float
    confidence: float


def read_outlines(path: Path = OUTLINES) -> tuple[OutlinedPhotograph, ...]:
    """The photographs that were outlined."""

    def polygons(rows: list[str]) -> tuple[Polygon, ...]:
        return tuple(
            tuple((int(x), int(y)) for x, y in (point.split(",") for point in row.split()))
            for row in rows
        )

    return tuple(
        OutlinedPhotograph(
            row["file"], row["kind"], row["licence"],
            polygons(row["outlines"]), polygons(row.get("holes", [])),
        )
        for row in json.loads(path.read_text("utf-8"))
    )  # fmt: skip


def evaluate_subjects(
    folder: Path, network: Segmentation, check: CancelCheck
) -> Iterator[SubjectFigure]:
    """Find the subject of every outlined photograph in a folder and below."""
    files = {path.name: path for path in picture_files(folder)}
    for photograph in read_outlines():
        if photograph.file not in files:
            continue
        image: Image = open_image(files[photograph.file]).image
        found = find_subject(network, image, check)
        marked, truth = found.coverage > 127, photograph.mask(image.width, image.height)
        both, either = np.count_nonzero(marked & truth), np.count_nonzero(marked | truth)
        yield SubjectFigure(photograph, both / either if either else 0.0, found.confidence)
