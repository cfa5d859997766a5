"""The gallery as pictures for the docs: one sheet for each sample, nothing selected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image as Pillow
from PIL import ImageDraw

from editor.model.image import Pixels
from inference.lab.evaluation.gallery.run import Shown, sample_image
from inference.lab.evaluation.starter.sheets import sheet_font

COLUMNS: Final = 4
_GAP: Final = 16
_TEXT: Final = 44
_QUALITY: Final = 82
_PAPER, _INK = (250, 250, 248), (40, 40, 46)


def write_gallery_sheets(shown: Sequence[Shown], folder: Path, side: int) -> list[Path]:
    """``<sample>.webp`` for each sample: the picture as it was, then its answers in their order.

    Args:
        shown: grouped by sample.
        folder: made if it is not there.
        side: of each picture on the sheet in pixels; a sample's own for full size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for sample, group in groupby(shown, key=lambda one: one.ask.sample):
        source = sample_image(sample).array()[..., :3]
        cells: list[tuple[str, Pixels | None]] = [("The sample", source)]
        cells += [(f"“{one.ask.text}”", one.result.pixels) for one in group]
        paths.append(folder / f"{Path(sample).stem.removeprefix('storybook-')}.webp")
        _sheet(cells, side).save(paths[-1], quality=_QUALITY, method=6)
    return paths


def _sheet(cells: Sequence[tuple[str, Pixels | None]], side: int) -> Pillow.Image:
    rows = -(-len(cells) // COLUMNS)
    step, tall = side + _GAP, side + _TEXT + _GAP
    paper = Pillow.new("RGB", (COLUMNS * step + _GAP, rows * tall + _GAP), _PAPER)
    draw = ImageDraw.Draw(paper)
    font = sheet_font(round(max(13, side / 32)))
    for place, (text, pixels) in enumerate(cells):
        left, top = _GAP + place % COLUMNS * step, _GAP + place // COLUMNS * tall
        draw.text((left, top), text, _INK, font)
        box = (left, top + _TEXT - 8)
        if pixels is None:
            draw.text(box, "(refused)", _INK, font)
            continue
        shown = Pillow.fromarray(pixels)
        if shown.size != (side, side):
            shown = shown.resize((side, side), Pillow.Resampling.LANCZOS)
        paper.paste(shown, box)
    return paper
