from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil
from PIL import ImageDraw, ImageFont

THUMBNAIL = 640
"""Long side of a picture on the sheet, in pixels."""

_LEAST = 320  # pictures of small models are enlarged to about this
_MARGIN = 32
_GAP = 24
_PAD = 16
_LINE = 26
_GROUND, _CARD, _EDGE = "#181818", "#242424", "#343434"
_TEXT, _TEXT2, _TEXT3 = "#EDEDED", "#BDBDBD", "#A4A4A4"
_GOLD, _ON_GOLD, _BADGE = "#E6B450", "#1E1503", "#383838"
_BELOW = 0.5  # thumbnails below the bar are dimmed, as in the window

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Card:
    """One candidate on the sheet: (h, w, 3 or 4) sRGB thumbnail, place, words, reason.

    `ranked` is False where the places are only the order in which they were asked for.
    """

    thumbnail: NDArray[np.uint8]
    rank: int
    passed: bool
    words: str
    reason: str
    ranked: bool = True


def write_sheet(
    path: Path, source: NDArray[np.uint8] | None, instruction: str, cards: Sequence[Card]
) -> None:
    """A contact sheet: the source and every candidate in rank order with words and reason.

    Args:
        path: PNG to write.
        source: thumbnail of the picture before, sRGB; None where there was none.
        instruction: what was asked for.
        cards: best first.
    """
    first = 0 if source is None else 1
    pictures = [] if source is None else [source]
    pictures += [card.thumbnail for card in cards]
    pictures = _enlarged(pictures)
    cell_width = max(_LEAST, *(p.shape[1] for p in pictures))
    cell_height = max(p.shape[0] for p in pictures)
    columns = _columns(len(pictures), cell_width, cell_height)
    inner = cell_width
    captions = [_caption(inner, "Before", "", True)] * first
    captions += [_caption(inner, c.words, c.reason, c.passed) for c in cards]
    text_height = max(len(caption) for caption in captions) * _LINE
    card_width, card_height = inner + 2 * _PAD, cell_height + text_height + 3 * _PAD
    rows = -(-len(pictures) // columns)
    width = 2 * _MARGIN + columns * card_width + (columns - 1) * _GAP
    title = _wrapped(instruction, _font("SemiBold", 26), width - 2 * _MARGIN, 3)
    head = _MARGIN + len(title) * 36 + _GAP
    height = head + rows * card_height + (rows - 1) * _GAP + _MARGIN
    sheet = Pil.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(sheet)
    for number, line in enumerate(title):
        draw.text((_MARGIN, _MARGIN + number * 36), line, _TEXT, _font("SemiBold", 26))
    for place, picture in enumerate(pictures):
        x = _MARGIN + place % columns * (card_width + _GAP)
        y = head + place // columns * (card_height + _GAP)
        card = cards[place - first] if place >= first else None
        chosen = card is not None and card.rank == 1 and card.ranked
        box = (x, y, x + card_width - 1, y + card_height - 1)
        draw.rounded_rectangle(box, 9, _CARD, _GOLD if chosen else _EDGE, 2 if chosen else 1)
        left = x + _PAD + (inner - picture.shape[1]) // 2
        top = y + _PAD + (cell_height - picture.shape[0]) // 2
        shown = _flat(picture)
        if card is not None and not card.passed:
            shown = Pil.blend(Pil.new("RGB", shown.size, _CARD), shown, _BELOW)
        sheet.paste(shown, (left, top))
        if card is not None:
            _badge(draw, x + _PAD, y + _PAD, card.rank, best=chosen)
        for number, (line, colour, font) in enumerate(captions[place]):
            at = (x + _PAD, y + cell_height + 2 * _PAD + number * _LINE)
            draw.text(at, line, colour, font)
    sheet.save(path, "PNG")


def text_card(text: str, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Words on a plain ground, (h, w, 3) sRGB; what does not fit ends in "…".

    Args:
        text: what to write.
        size: width and height in pixels.
    """
    card = Pil.new("RGB", size, _CARD)
    draw = ImageDraw.Draw(card)
    most = (size[1] - 2 * _MARGIN) // 36
    for number, line in enumerate(
        _wrapped(text, _font("Regular", 26), size[0] - 2 * _MARGIN, most)
    ):
        draw.text((_MARGIN, _MARGIN + number * 36), line, _TEXT, _font("Regular", 26))
    return np.asarray(card)


def _enlarged(pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """All pictures larger by one whole factor, if none would fill its place."""
    factor = _LEAST // max(max(p.shape[:2]) for p in pictures)
    if factor < 2:
        return list(pictures)
    made = []
    for picture in pictures:
        size = (picture.shape[1] * factor, picture.shape[0] * factor)
        made.append(np.asarray(Pil.fromarray(picture).resize(size, Pil.Resampling.BICUBIC)))
    return made


def _columns(count: int, width: int, height: int) -> int:
    """As many columns as bring the sheet nearest to 3 : 2."""

    def miss(columns: int) -> float:
        rows = -(-count // columns)
        shape = columns * (width + 2 * _PAD) / (rows * (height + 4 * _LINE + 3 * _PAD))
        return abs(math.log(shape / 1.5)) + 0.1 * (rows * columns - count)

    return min(range(1, min(count, 6) + 1), key=miss)


def _caption(width: int, words: str, reason: str, passed: bool) -> list[tuple[str, str, Font]]:
    bold, plain = _font("SemiBold", 18), _font("Regular", 17)
    lines: list[tuple[str, str, Font]] = [
        (line, _TEXT, bold) for line in _wrapped(reason or words, bold, width, 3)
    ]
    if reason and words:
        lines += [(line, _TEXT2, plain) for line in _wrapped(words, plain, width, 3)]
    if not passed:
        lines.append(("Below your bar", _TEXT3, plain))
    return lines


def _badge(draw: ImageDraw.ImageDraw, x: int, y: int, rank: int, *, best: bool) -> None:
    side = 34
    draw.rounded_rectangle((x, y, x + side, y + side), 7, _GOLD if best else _BADGE)
    colour = _ON_GOLD if best else _TEXT
    font = _font("SemiBold", 20)
    draw.text((x + side / 2, y + side / 2), str(rank), colour, font, anchor="mm")


def _flat(picture: NDArray[np.uint8]) -> Pil.Image:
    """The picture as RGB, transparency over a checkerboard."""
    if picture.shape[2] == 3:
        return Pil.fromarray(np.ascontiguousarray(picture))
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width] // 12
    board = np.where((ys + xs) % 2, 56, 40).astype(np.float32)[:, :, None]
    alpha = picture[:, :, 3:].astype(np.float32) / 255
    flat = picture[:, :, :3] * alpha + board * (1 - alpha)
    return Pil.fromarray(np.rint(flat).astype(np.uint8))


def _wrapped(text: str, font: Font, width: int, most: int) -> list[str]:
    lines: list[str] = []
    words = text.split()
    while words:
        line = words.pop(0)
        while words and font.getlength(f"{line} {words[0]}") <= width:
            line = f"{line} {words.pop(0)}"
        if len(lines) == most - 1 and (words or font.getlength(line) > width):
            while line and font.getlength(line + "…") > width:
                line = line[:-1]
            return [*lines, line.rstrip() + "…"]
        if font.getlength(line) > width:  # one very long word
            keep = len(line)
            while keep > 1 and font.getlength(line[:keep]) > width:
                keep -= 1
            words.insert(0, line[keep:])
            line = line[:keep]
        lines.append(line)
    return lines


@cache
def _font(weight: str, size: int) -> Font:
    file = resources.files("resources") / "fonts" / f"Inter-{weight}.otf"
    try:
        return ImageFont.truetype(str(file), size)
    except OSError:  # a build without FreeType or without the font still writes a sheet
        return ImageFont.load_default(size)
