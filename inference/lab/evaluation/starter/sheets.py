"""Contact sheets of the figures: the best, the middle and the worst examples, as small WebP files.

``pentimento evaluate starter --sheets DIR`` writes them; ``docs/images/starter`` shows some.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from inference.lab.evaluation.starter.figures import Example

EACH: Final = 3
_GAP: Final = 8
_LINE: Final = 13
_PAPER: Final = (250, 250, 248)
_INK: Final = (40, 40, 46)
_QUALITY: Final = 80


def choose(examples: Sequence[Example], each: int = EACH) -> dict[str, list[Example]]:
    """The best, the middle and the worst by merit; fewer when there are not enough, none twice."""
    ordered = sorted(examples, key=lambda e: -e.merit)
    middle = max(each, (len(ordered) - each) // 2)
    best, worst = ordered[:each], ordered[max(each, len(ordered) - each) :]
    between = ordered[middle : min(middle + each, max(each, len(ordered) - each))]
    named = {"best": best, "middle": between, "worst": worst}
    return {name: chosen for name, chosen in named.items() if chosen}


def sheet(title: str, chosen: dict[str, list[Example]]) -> Image.Image:
    """One row of examples for each name, their pictures side by side and their words below."""
    first = next(iter(chosen.values()))[0]
    side = first.pictures[0].shape[0]
    lines = max(len(_wrapped(e, side)) for row in chosen.values() for e in row)
    wide = len(first.pictures) * (side + 2) - 2
    tall = side + lines * _LINE + _GAP
    columns = max(map(len, chosen.values()))
    left = 54
    width = left + columns * (wide + _GAP)
    height = 24 + len(chosen) * (tall + _GAP)
    image = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((_GAP, 5), title, _INK, sheet_font(13))
    for y, (name, examples) in enumerate(chosen.items()):
        top = 24 + y * (tall + _GAP)
        draw.text((_GAP, top), name, _INK, sheet_font(11))
        for x, example in enumerate(examples):
            start = left + x * (wide + _GAP)
            for i, pixels in enumerate(example.pictures):
                image.paste(Image.fromarray(pixels), (start + i * (side + 2), top))
            text = "\n".join(_wrapped(example, side))
            draw.multiline_text((start, top + side + 2), text, _INK, sheet_font(10), spacing=1)
    return image


def sheet_font(size: int) -> ImageFont.FreeTypeFont:
    """The program's own typeface, `size` pixels high."""
    data = (files("resources") / "fonts" / "Inter-Regular.otf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size)


def _wrapped(example: Example, side: int) -> list[str]:
    """The words in lines as wide as the pictures."""
    font, room = sheet_font(10), len(example.pictures) * (side + 2) - 4
    lines: list[str] = []
    for words in example.words:
        line = ""
        for word in words.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def write_sheets(examples: Sequence[Example], folder: Path) -> list[Path]:
    """One file for each figure, ``<figure>.webp``; returns their paths."""
    by_figure: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_figure[example.figure].append(example)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for figure, found in by_figure.items():
        path = folder / f"{figure}.webp"
        count = max(len(found), *(example.of for example in found))
        title = f"{figure}: best, middle and worst of {count}"
        sheet(title, choose(found)).save(path, quality=_QUALITY, method=6)
        paths.append(path)
    return paths
